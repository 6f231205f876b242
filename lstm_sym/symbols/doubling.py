"""Activations as the logistic function of twice the argument: tanh(z) = 2 sigma(2 z) - 1.

Law: each record checks itself when it is built, as an identity of polynomials in e = exp(z), where exp(2 z) = e^2.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.activations import ACTIVATIONS, SIGMA, Coefficients


@dataclass(frozen=True)
class Doubling:
    """function(z) = constant + factor * sigma(2 z)."""

    function: str
    constant: Fraction
    factor: Fraction

    def __post_init__(self) -> None:
        record = ACTIVATIONS[self.function]
        top, bottom = (_in_square(side) for side in (SIGMA.numerator, SIGMA.denominator))
        combined = _plus(_scaled(bottom, self.constant), _scaled(top, self.factor))
        if _times(record.numerator, bottom) != _times(combined, record.denominator):
            raise UnsupportedError(
                f"doubling of {self.function}",
                got=f"{self.constant} + {self.factor} sigma(2 z), which is another function",
                expected=f"{self.function}(z)",
            )


def _in_square(coefficients: Coefficients) -> Coefficients:
    """The polynomial at e^2."""
    spread = [Fraction(0)] * (2 * len(coefficients) - 1)
    spread[::2] = coefficients
    return tuple(spread)


def _scaled(coefficients: Coefficients, factor: Fraction) -> Coefficients:
    return tuple(factor * coefficient for coefficient in coefficients)


def _plus(left: Coefficients, right: Coefficients) -> Coefficients:
    size = max(len(left), len(right))
    padded = [side + (Fraction(0),) * (size - len(side)) for side in (left, right)]
    return tuple(a + b for a, b in zip(*padded, strict=True))


def _times(left: Coefficients, right: Coefficients) -> Coefficients:
    product = [Fraction(0)] * (len(left) + len(right) - 1)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            product[i + j] += a * b
    return tuple(product)


DOUBLINGS: dict[str, Doubling] = {"tanh": Doubling("tanh", Fraction(-1), Fraction(2))}
"""The doublings by function."""

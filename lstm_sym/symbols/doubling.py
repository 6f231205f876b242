"""Activations as the logistic function of twice the argument: tanh(z) = 2 sigma(2 z) - 1.

Law: each record checks itself when it is built, as an identity of polynomials in e = exp(z), where exp(2 z) = e^2.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.activations import ACTIVATIONS, SIGMA
from lstm_sym.symbols.polynomials import at_power, plus, product, scaled


@dataclass(frozen=True)
class Doubling:
    """function(z) = constant + factor * sigma(2 z)."""

    function: str
    constant: Fraction
    factor: Fraction

    def __post_init__(self) -> None:
        record = ACTIVATIONS[self.function]
        top, bottom = (at_power(side, 2) for side in (SIGMA.numerator, SIGMA.denominator))
        combined = plus(scaled(bottom, self.constant), scaled(top, self.factor))
        if product(record.numerator, bottom) != product(combined, record.denominator):
            raise UnsupportedError(
                f"doubling of {self.function}",
                got=f"{self.constant} + {self.factor} sigma(2 z), which is another function",
                expected=f"{self.function}(z)",
            )


DOUBLINGS: dict[str, Doubling] = {"tanh": Doubling("tanh", Fraction(-1), Fraction(2))}
"""The doublings by function."""

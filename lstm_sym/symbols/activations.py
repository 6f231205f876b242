"""Activation functions as a table of records: name, definition in exponentials, slope in terms of the own output.

Law: each record checks itself when it is built: with e = exp(z) the definition is a quotient of polynomials in e, and the
slope polynomial at that quotient equals e times its derivative by e, and the reflection the quotient at 1/e, as identities of
polynomials. The table is closed under differentiation, because a slope is a polynomial in the output itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.polynomials import Coefficients, coefficients, diff, plus, product, trim


@dataclass(frozen=True)
class Activation:
    """y(z) = numerator(e) / denominator(e) with e = exp(z), y'(z) = slope(y), y(-z) = reflection(y).

    Coefficients from the constant term up.
    """

    name: str
    latex: str
    text: str
    numerator: Coefficients
    denominator: Coefficients
    slope: Coefficients
    reflection: Coefficients
    at_zero: Fraction

    def __post_init__(self) -> None:
        if not slope_identity_holds(self.numerator, self.denominator, self.slope):
            raise UnsupportedError(f"activation {self.name}", got="a slope that is not the derivative", expected="y' = slope(y)")
        if not _reflection_holds(self.numerator, self.denominator, self.reflection):
            raise UnsupportedError(
                f"activation {self.name}", got="a reflection that does not hold", expected="y(-z) = reflection(y)"
            )
        if Fraction(sum(self.numerator)) / Fraction(sum(self.denominator)) != self.at_zero:
            raise UnsupportedError(
                f"activation {self.name}", got=f"y(0) = {self.at_zero}", expected="numerator(1)/denominator(1)"
            )

    @property
    def slope_name(self) -> str:
        return self.name + "'"


@dataclass(frozen=True)
class SlopeSides:
    """The two sides of y' = slope(y) over the common denominator D^power, as polynomials in e = exp(z)."""

    derivative: Coefficients
    in_output: Coefficients
    power: int


def slope_sides(numerator: Coefficients, denominator: Coefficients, slope: Coefficients) -> SlopeSides:
    """With y = N/D: y' = e (N' D - N D') / D^2 by the quotient rule and de/dz = e; slope(y) with N/D put in for y."""
    power = max(2, len(slope) - 1)
    in_output: Coefficients = ()
    for exponent, coefficient in enumerate(slope):
        term = product((coefficient,), *[numerator] * exponent, *[denominator] * (power - exponent))
        in_output = plus(in_output, term)
    quotient_rule = plus(product(diff(numerator), denominator), product((Fraction(-1),), numerator, diff(denominator)))
    derivative = product((Fraction(0), Fraction(1)), quotient_rule, *[denominator] * (power - 2))
    return SlopeSides(trim(derivative), trim(in_output), power)


def slope_identity_holds(numerator: Coefficients, denominator: Coefficients, slope: Coefficients) -> bool:
    """Whether y' = slope(y), as an identity of polynomials in e."""
    sides = slope_sides(numerator, denominator, slope)
    return sides.derivative == sides.in_output


def _reflection_holds(numerator: Coefficients, denominator: Coefficients, reflection: Coefficients) -> bool:
    """Whether N(1/e) / D(1/e) = r + s N/D for reflection (r, s), as an identity of polynomials in e."""
    size = max(len(numerator), len(denominator))
    mirrored = [tuple(reversed(side + (Fraction(0),) * (size - len(side)))) for side in (numerator, denominator)]
    constant, factor = reflection
    claimed = plus(product((constant,), denominator), product((factor,), numerator))
    return trim(product(mirrored[0], denominator)) == trim(product(claimed, mirrored[1]))


SIGMA = Activation(
    name="sigma",
    latex=r"\sigma",
    text="σ",
    numerator=coefficients([0, 1]),
    denominator=coefficients([1, 1]),
    slope=coefficients([0, 1, -1]),
    reflection=coefficients([1, -1]),
    at_zero=Fraction(1, 2),
)
TANH = Activation(
    name="tanh",
    latex=r"\tanh",
    text="tanh",
    numerator=coefficients([-1, 0, 1]),
    denominator=coefficients([1, 0, 1]),
    slope=coefficients([1, 0, -1]),
    reflection=coefficients([0, -1]),
    at_zero=Fraction(0),
)

ACTIVATIONS: dict[str, Activation] = {record.name: record for record in (SIGMA, TANH)}


def activation(name: str) -> Activation:
    """The record of that name; raises UnsupportedError that names the table to extend."""
    if name not in ACTIVATIONS:
        raise UnsupportedError(
            f"activation {name!r}",
            got="no record of that name",
            expected=f"one of {', '.join(ACTIVATIONS)}",
            advice="add an Activation to ACTIVATIONS in lstm_sym/symbols/activations.py",
        )
    return ACTIVATIONS[name]

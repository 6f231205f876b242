"""What 1 - y becomes where y may round to 1: products of sigmoids, which keep their relative accuracy in the tails.

    1 - sigma(z)   = sigma(-z)
    1 - tanh(z)^2  = 4 sigma(2 z) sigma(-2 z) = sech(z)^2

Of the forms of sech(z)^2 this one is off by the fewest ulps: with functions that round correctly by 2.1 at most, over all numbers
of float16. (1/cosh(z))^2 is off by 3.3 at most and goes on to the last subnormal number, where this one ends a factor 4 before;
1/cosh(z)^2 squares first, overflows, and is off by hundreds. So this is the form that is printed and proved; NumPy code takes
(1/cosh(z))^2, one function in place of two; nothing squares first.

Law: a record checks itself when it is built, as an identity of polynomials in e = exp(z).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Integer

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.activations import ACTIVATIONS, SIGMA
from lstm_sym.symbols.applied import Apply, sigma
from lstm_sym.symbols.nodes import Expression, Ones, Power, Scaled, Sum, odot, scale
from lstm_sym.symbols.polynomials import Coefficients, at_power, coefficients, plus, product, scaled, trim


def _sigma_at(multiple: int) -> tuple[Coefficients, Coefficients]:
    """Numerator and denominator of sigma(k z) in e; for a negative k both are multiplied by e^|k|."""
    denominator = at_power(SIGMA.denominator, abs(multiple))
    return (at_power(SIGMA.numerator, multiple) if multiple > 0 else coefficients([1])), denominator


def _times(multiple: int, argument: str) -> str:
    return {1: argument, -1: f"-{argument}"}.get(multiple, f"{multiple} * {argument}")


@dataclass(frozen=True)
class Complement:
    """1 - function(z)^power = factor * the product of sigma(k z) over the multiples k."""

    function: str
    power: int
    factor: int
    multiples: tuple[int, ...]

    def __post_init__(self) -> None:
        record = ACTIVATIONS[self.function]
        bottom = product(*[record.denominator] * self.power)
        top = plus(bottom, scaled(product(*[record.numerator] * self.power), -1))
        sides = [_sigma_at(multiple) for multiple in self.multiples]
        claimed = scaled(product(*(numerator for numerator, _ in sides)), self.factor)
        if trim(product(top, *(denominator for _, denominator in sides))) != trim(product(claimed, bottom)):
            raise UnsupportedError(
                f"stable form of 1 - {self.function}(z)^{self.power}",
                got=f"{self.factor} times sigma at {', '.join(map(str, self.multiples))} z, which is another function",
                expected="the same function",
            )

    @property
    def is_slope(self) -> bool:
        """Whether it is the slope of its own function, as 1 - tanh(z)^2 is."""
        return ACTIVATIONS[self.function].slope == (1, *[0] * (self.power - 1), -1)

    def stable(self, argument: Expression) -> Expression:
        """The stable form at an argument."""
        factors = [sigma(scale(Integer(multiple), argument)) for multiple in self.multiples]
        return scale(Integer(self.factor), odot(*factors)) if len(factors) > 1 else scale(Integer(self.factor), factors[0])

    def for_code(self, argument: Expression) -> Expression:
        """The stable form as one function where there is one: the slope of tanh at its argument, for code that knows slopes."""
        return Apply(f"{self.function}'", argument) if self.is_slope else self.stable(argument)

    def code(self, function: str, argument: str) -> str:
        """The stable form as text, with a function of that name for sigma."""
        calls = [f"{function}({_times(multiple, argument)})" for multiple in self.multiples]
        return " * ".join([*([str(self.factor)] if self.factor != 1 else []), *calls])


COMPLEMENTS: tuple[Complement, ...] = (Complement("sigma", 1, 1, (-1,)), Complement("tanh", 2, 4, (2, -2)))
"""The complements that have a stable form. To add one, write its row."""


@dataclass(frozen=True)
class Occurrence:
    """A complement as it stands in a formula, and the argument of its function."""

    node: Sum
    form: Complement
    argument: Expression


Activated = Callable[[Expression], Expression | None]
"""What an operand is equal to where it is an activation: sigma(net_i) for i."""


def occurrence(node: Expression, activated: Activated) -> Occurrence | None:
    """1 - y or 1 - y^2 with a stable form; None for anything else."""
    if not isinstance(node, Sum) or len(node.parts) != 2:
        return None
    one, taken = node.parts
    if type(one) is not Ones or not isinstance(taken, Scaled) or taken.coefficient != -1:
        return None
    base, power = (taken.body.base, taken.body.exponent) if isinstance(taken.body, Power) else (taken.body, 1)
    found = base if isinstance(base, Apply) else activated(base)
    if not isinstance(found, Apply):
        return None
    for form in COMPLEMENTS:
        if (form.function, form.power) == (found.function, power):
            return Occurrence(node, form, found.body)
    return None

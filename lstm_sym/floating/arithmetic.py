"""Arithmetic of a format with every operation correctly rounded: + - * / exactly; exp, tanh, cosh and sigma by balls.

Law: an operation is decided by an enclosure at ever more bits. Of a rational other than zero these functions are transcendental
(Lindemann 1882), so no value is a tie and the search ends. Infinities follow IEEE 754; what is not a number is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flint

from lstm_sym.errors import UnsupportedError
from lstm_sym.floating.formats import Format
from lstm_sym.floating.rounding import rounded, rounded_enclosure, value_of

AT_ZERO = {"exp": flint.fmpq(1), "tanh": flint.fmpq(0), "sigma": flint.fmpq(1, 2), "cosh": flint.fmpq(1)}
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "exp": lambda z: z.exp(),
    "tanh": lambda z: z.tanh(),
    "cosh": lambda z: z.cosh(),
    "sigma": lambda z: 1 / (1 + (-z).exp()),
}
LIMITS = {"exp": (0, None), "tanh": (-1, 1), "sigma": (0, 1), "cosh": (None, None)}
"""Values at minus and plus infinity; None is infinity."""
FIRST_PRECISION = 128


def enclosure(function: str, argument: Any, precision: int) -> Any:
    """The ball of a function of a rational at that many bits."""
    with flint.ctx.workprec(precision):
        return FUNCTIONS[function](flint.arb(argument))


class Arithmetic:
    """Numbers are the bits of a format."""

    def __init__(self, format: Format) -> None:
        self.format = format

    def number(self, value: int) -> int:
        return rounded(flint.fmpq(value), self.format)

    def apply(self, function: str, argument: int) -> int:
        """The correctly rounded value of a function of FUNCTIONS."""
        value = value_of(argument, self.format)
        if value is None:
            limit = LIMITS[function][0 if argument & self.format.sign else 1]
            return self.format.infinity if limit is None else self.number(limit)
        if value == 0:
            return argument if function == "tanh" else rounded(AT_ZERO[function], self.format)
        return rounded_function(function, value, self.format)

    def negated(self, number: int) -> int:
        return number ^ self.format.sign

    def add(self, left: int, right: int) -> int:
        a, b = value_of(left, self.format), value_of(right, self.format)
        if a is not None and b is not None:
            return rounded(a + b, self.format)
        if a is None and b is None and left != right:
            raise self._undefined("infinity minus infinity")
        return left if a is None else right

    def subtract(self, left: int, right: int) -> int:
        return self.add(left, self.negated(right))

    def times(self, left: int, right: int) -> int:
        a, b = value_of(left, self.format), value_of(right, self.format)
        sign = (left ^ right) & self.format.sign
        if a is not None and b is not None:
            return rounded(a * b, self.format) | sign
        if a == 0 or b == 0:
            raise self._undefined("zero times infinity")
        return self.format.infinity | sign

    def divide(self, left: int, right: int) -> int:
        """left / right for a finite left; a finite number by infinity is zero."""
        a, b = value_of(left, self.format), value_of(right, self.format)
        sign = (left ^ right) & self.format.sign
        if a is None or b == 0:
            raise self._undefined("division by zero or of infinity")
        return sign if b is None else rounded(a / b, self.format) | sign

    def _undefined(self, what: str) -> UnsupportedError:
        return UnsupportedError(f"arithmetic of {self.format.name}", got=what, expected="an operation with a value")


def rounded_function(function: str, argument: Any, format: Format) -> int:
    """A function of FUNCTIONS of a rational other than zero, correctly rounded; the result is one of the format."""
    far = _far(function, argument, format)
    if far is not None:
        return far
    precision = FIRST_PRECISION
    while True:
        ball = enclosure(function, argument, precision)
        bits = rounded_enclosure(*ends(ball), format)
        if bits is not None:
            return bits
        precision *= 2


def _far(function: str, argument: Any, format: Format) -> int | None:
    """What is sure for arguments so large that a ball would be needlessly wide."""
    bound = 2 * (format.greatest + format.precision)
    if -bound < argument < bound:
        return None
    limit = LIMITS[function][0 if argument < 0 else 1]
    return format.infinity if limit is None else rounded(flint.fmpq(limit), format)


def ends(ball: Any) -> tuple[Any, Any]:
    """The exact ends of a finite ball."""
    middle, radius = (_dyadic(part) for part in (ball.mid(), ball.rad()))
    return middle - radius, middle + radius


def _dyadic(number: Any) -> Any:
    mantissa, exponent = number.man_exp()
    return flint.fmpq(mantissa << int(exponent)) if exponent >= 0 else flint.fmpq(mantissa, flint.fmpz(1) << -int(exponent))

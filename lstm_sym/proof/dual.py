"""Dual numbers over exact rationals or Arb balls: a value and its derivatives in many directions at once.

Laws: over the rationals an activation is an arbitrary function: each argument gets a rational value of its own, drawn
once, and the slope that the activation's record gives to that value. What holds exactly there uses nothing about an
activation but its slope, its value at zero and its reflection, tanh(-z) = -tanh(z). Over balls activations are the
true functions, enclosed.
"""

from __future__ import annotations

import random
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import flint

from lstm_sym.evaluate.systems.system import EntrywiseSystem
from lstm_sym.symbols.activations import activation

Direction = tuple[object, int, int]
"""A key, and the row and column of the entry in whose direction is differentiated."""


class Dual(NamedTuple):
    """A value and its derivative in each direction in which it is not zero."""

    value: Any
    tangent: Mapping[Direction, Any] = {}


class DualNumbers(EntrywiseSystem):
    """Matrices of dual numbers; a subclass says what a number is and how activations act on it."""

    def plus(self, left: Dual, right: Dual) -> Dual:
        return Dual(left.value + right.value, _merged(left.tangent, right.tangent))

    def times(self, left: Dual, right: Dual) -> Dual:
        tangent = _merged(_scaled(left.tangent, right.value), _scaled(right.tangent, left.value))
        return Dual(left.value * right.value, tangent)

    def dot(self, left: Sequence[Dual], right: Sequence[Dual]) -> Dual:
        total: dict[Direction, Any] = {}
        value = left[0].value * right[0].value
        for position, (a, b) in enumerate(zip(left, right, strict=True)):
            value = value + a.value * b.value if position else value
            for tangent, factor in ((a.tangent, b.value), (b.tangent, a.value)):
                for direction, slope in tangent.items():
                    total[direction] = total[direction] + slope * factor if direction in total else slope * factor
        return Dual(value, total)

    def activate(self, function: str, argument: Dual) -> Dual:
        value = self.activated(function, argument.value)
        slope = value * 0
        for coefficient in reversed(activation(function).slope):
            slope = slope * value + self.number(coefficient)
        return Dual(value, _scaled(argument.tangent, slope))

    def scalar(self, value: Fraction) -> Dual:
        return Dual(self.number(value))

    @abstractmethod
    def number(self, value: Fraction) -> Any: ...

    @abstractmethod
    def activated(self, function: str, argument: Any) -> Any: ...

    @abstractmethod
    def differ(self, left: Any, right: Any) -> bool:
        """Whether two numbers are certainly different."""


def _scaled(tangent: Mapping[Direction, Any], factor: Any) -> dict[Direction, Any]:
    return {direction: slope * factor for direction, slope in tangent.items()}


def _merged(left: Mapping[Direction, Any], right: Mapping[Direction, Any]) -> Mapping[Direction, Any]:
    if not left or not right:
        return left or right
    merged = dict(left)
    for direction, slope in right.items():
        merged[direction] = merged[direction] + slope if direction in merged else slope
    return merged


class AbstractRationals(DualNumbers):
    """Exact rationals, with activations as arbitrary functions drawn from a seed."""

    name = "exact rationals, activations as free values"

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._drawn: dict[tuple[str, Any], Any] = {}

    def number(self, value: Fraction) -> Any:
        return flint.fmpq(value.numerator, value.denominator)

    def activated(self, function: str, argument: Any) -> Any:
        if argument == 0:
            return self.number(activation(function).at_zero)
        if argument < 0:
            offset, factor = (self.number(part) for part in activation(function).reflection)
            return offset + factor * self.activated(function, -argument)
        key = (function, argument)
        if key not in self._drawn:
            low = 1 if function == "sigma" else -12
            self._drawn[key] = flint.fmpq(self._random.randint(low, 12) or 5, 13)
        return self._drawn[key]

    def differ(self, left: Any, right: Any) -> bool:
        return bool(left != right)


class Balls(DualNumbers):
    """Arb balls at a working precision in bits that the caller sets, with the true activations."""

    name = "balls"

    def number(self, value: Fraction) -> Any:
        return flint.arb(flint.fmpq(value.numerator, value.denominator))

    def activated(self, function: str, argument: Any) -> Any:
        return argument.tanh() if function == "tanh" else 1 / (1 + (-argument).exp())

    def differ(self, left: Any, right: Any) -> bool:
        return not left.overlaps(right)

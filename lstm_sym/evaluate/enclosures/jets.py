"""Values with their derivatives by what a step reads from the step before, for many steps at once, enclosed in float64.

    (x y)' = x' y + x y',    (A x)' = A' x + A x',    tanh(z)' = slope(tanh z) z'

Law: a jet is right for every argument inside the ball of its value. Activations are not evaluated here: the value of a whole line
is given, and its slope is a polynomial in that value. A derivative that is None is zero; a value is looked up only if needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy

from lstm_sym.errors import UnsupportedError
from lstm_sym.evaluate.enclosures.midrad import TINY, UNIT, UP, MidRad, norm, stacked
from lstm_sym.evaluate.systems.givens import Matrix
from lstm_sym.evaluate.systems.printer import nearest_float
from lstm_sym.evaluate.systems.system import InterpretedSystem
from lstm_sym.symbols.activations import activation


class Jet:
    """A value, found when it is first asked for, and its derivative: None for zero, or `inner`, times factors for each entry.

    Factors that follow one another are multiplied first, as they have no directions: (x y z)' = (y z) x' for constant y, z.
    """

    def __init__(self, find: Callable[[], MidRad], inner: MidRad | None = None, factors: MidRad | None = None) -> None:
        self._find, self.inner, self.factors = find, inner, factors

    @cached_property
    def value(self) -> MidRad:
        return self._find()

    @cached_property
    def derivative(self) -> MidRad | None:
        return self.inner if self.inner is None or self.factors is None else self.factors * self.inner

    def times(self, factors: MidRad, find: Callable[[], MidRad]) -> Jet:
        """The jet of the value that is given, whose derivative is entrywise that many times this one's."""
        if self.inner is None:
            return Jet(find)
        return Jet(find, self.inner, factors if self.factors is None else self.factors * factors)

    def widths(self, errors: Any) -> Any:
        """At each moment how far the value may move, at most, when what the step reads moves by the errors."""
        assert self.inner is not None
        moved = self.inner.moved(errors)
        return (moved if self.factors is None else moved * self.factors.bound() * UP).max(axis=(1, 2, 3)) + TINY


def constant(number: Fraction) -> MidRad:
    """The number in one entry, which is broadcast."""
    return enclosed(numpy.full((1, 1, 1, 1), nearest_float(number)))


def enclosed(nearest: Any) -> MidRad:
    """Exact numbers, of which the nearest floats are given."""
    return MidRad(nearest, UNIT * norm(nearest) * UP + TINY)


class Jets(InterpretedSystem[Jet]):
    """The rules of differentiation over MidRad arrays."""

    name = "derivatives in float64 with error bounds"

    def matrix(self, rows: Matrix) -> Jet:
        values = enclosed(numpy.array([[[[nearest_float(entry)] for entry in row] for row in rows]]))
        return Jet(lambda: values)

    def entries(self, matrix: Jet) -> list[list[Any]]:
        rows: list[list[Any]] = matrix.value.mid[0, :, :, 0].tolist()
        return rows

    def add(self, left: Jet, right: Jet) -> Jet:
        return Jet(lambda: left.value + right.value, _sum(left.derivative, right.derivative))

    def scale(self, coefficient: Fraction, matrix: Jet) -> Jet:
        factor = constant(coefficient)
        return matrix.times(factor, lambda: factor * matrix.value)

    def product(self, left: Jet, right: Jet) -> Jet:
        first = None if left.derivative is None else left.derivative @ right.value
        second = None if right.derivative is None else left.value @ right.derivative
        return Jet(lambda: left.value @ right.value, _sum(first, second))

    def hadamard(self, left: Jet, right: Jet) -> Jet:
        def find() -> MidRad:
            return left.value * right.value

        if right.inner is None:
            return left.times(right.value, find) if left.inner is not None else Jet(find)
        second = right.times(left.value, find)
        return second if left.inner is None else Jet(find, _sum(left.times(right.value, find).derivative, second.derivative))

    def power(self, base: Jet, exponent: int) -> Jet:
        result = base
        for _ in range(exponent - 1):
            result = self.hadamard(result, base)
        return result

    def transpose(self, matrix: Jet) -> Jet:
        return Jet(lambda: matrix.value.transposed(), None if matrix.derivative is None else matrix.derivative.transposed())

    def stack(self, blocks: Sequence[Jet]) -> Jet:
        derivative = None
        known = [block.derivative for block in blocks if block.derivative is not None]
        if known:
            directions = known[0].mid.shape[3]
            derivative = stacked([b.derivative or _zeros(b.value.mid.shape[1:3], directions) for b in blocks])
        return Jet(lambda: stacked([block.value for block in blocks]), derivative)

    def apply(self, function: str, matrix: Jet) -> Jet:
        raise UnsupportedError(
            f"derivative of {function} inside an equation", got="no value for it", expected="an equation of its own"
        )

    def sloped(self, function: str, output: Jet, body: Jet) -> Jet:
        """The activation whose value is given as a jet without derivative, of `body`."""
        if body.inner is None:
            return output
        coefficients = [constant(c) for c in activation(function).slope]
        slope = coefficients[-1]
        for coefficient in reversed(coefficients[:-1]):
            slope = slope * output.value + coefficient
        return body.times(slope, lambda: output.value)


def _sum(left: MidRad | None, right: MidRad | None) -> MidRad | None:
    return left + right if left is not None and right is not None else left if right is None else right


def _zeros(shape: tuple[int, int], directions: int) -> MidRad:
    return MidRad(numpy.zeros((1, *shape, directions)), numpy.zeros((1, 1, 1, 1)))

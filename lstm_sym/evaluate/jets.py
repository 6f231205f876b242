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
from lstm_sym.evaluate.givens import Matrix
from lstm_sym.evaluate.midrad import TINY, UNIT, UP, MidRad, norm, stacked
from lstm_sym.evaluate.printer import nearest_float
from lstm_sym.evaluate.system import InterpretedSystem
from lstm_sym.symbols.activations import activation


class Jet:
    """A value, found when it is first asked for, and its derivative or None."""

    def __init__(self, find: Callable[[], MidRad], derivative: MidRad | None = None) -> None:
        self._find, self.derivative = find, derivative

    @cached_property
    def value(self) -> MidRad:
        return self._find()


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
        return Jet(lambda: factor * matrix.value, None if matrix.derivative is None else factor * matrix.derivative)

    def product(self, left: Jet, right: Jet) -> Jet:
        return _bilinear(lambda a, b: a @ b, left, right)

    def hadamard(self, left: Jet, right: Jet) -> Jet:
        return _bilinear(lambda a, b: a * b, left, right)

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
        if body.derivative is None:
            return output
        coefficients = [constant(c) for c in activation(function).slope]
        slope = coefficients[-1]
        for coefficient in reversed(coefficients[:-1]):
            slope = slope * output.value + coefficient
        return Jet(lambda: output.value, slope * body.derivative)


def _sum(left: MidRad | None, right: MidRad | None) -> MidRad | None:
    return left + right if left is not None and right is not None else left if right is None else right


def _bilinear(times: Callable[[MidRad, MidRad], MidRad], left: Jet, right: Jet) -> Jet:
    first = None if left.derivative is None else times(left.derivative, right.value)
    second = None if right.derivative is None else times(left.value, right.derivative)
    return Jet(lambda: times(left.value, right.value), _sum(first, second))


def _zeros(shape: tuple[int, int], directions: int) -> MidRad:
    return MidRad(numpy.zeros((1, *shape, directions)), numpy.zeros((1, 1, 1, 1)))

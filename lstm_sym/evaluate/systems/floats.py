"""NumPy in float32 or float64: generated code, one function for each equation, by SymPy's lambdify with the package's printer.

Law: floats show and compare; they certify nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy
from sympy import lambdify

from lstm_sym.evaluate.systems.givens import Matrix
from lstm_sym.evaluate.systems.printer import MatrixNumPyPrinter, nearest_float, renamed
from lstm_sym.evaluate.systems.system import NumberSystem
from lstm_sym.symbols.nodes import Expression

Array = Any


def sigma(z: Array) -> Array:
    """1 / (1 + exp(-z)) by exp(-|z|), which cannot overflow and keeps the relative accuracy of small values."""
    e = numpy.exp(-numpy.abs(z))
    return numpy.where(z >= 0, 1, e) / (1 + e)


class Floats(NumberSystem[Array]):
    """Matrices are arrays of `dtype`, numpy.float32 or numpy.float64."""

    def __init__(self, dtype: Any = numpy.float64) -> None:
        self.dtype = numpy.dtype(dtype).type
        self.name = f"NumPy {numpy.dtype(dtype).name}"

    def compile(
        self, expression: Expression, arguments: Sequence[Expression], scalars: Mapping[str, Fraction]
    ) -> Callable[[Sequence[Array]], Array]:
        body, names = renamed(expression, tuple(arguments))
        namespace = {"sigma": sigma, "tanh": numpy.tanh, "vstack": numpy.vstack, "full": numpy.full, "real": self.dtype}
        function = lambdify(names, body, modules=[namespace], printer=MatrixNumPyPrinter(scalars))
        return lambda values: function(*values)

    def matrix(self, rows: Matrix) -> Array:
        return numpy.array([[nearest_float(entry) for entry in row] for row in rows], dtype=self.dtype)

    def entries(self, matrix: Array) -> list[list[Any]]:
        rows: list[list[Any]] = matrix.tolist()
        return rows

    def add(self, left: Array, right: Array) -> Array:
        return left + right

    def outer_sum(self, lefts: Sequence[Array], rights: Sequence[Array]) -> Array:
        return numpy.hstack(lefts) @ numpy.hstack(rights).T

"""Matrices of blocks over the nodes of the proof: the algebra in which a formula becomes a statement.

Law: concatenations and stacks are taken apart into blocks as they arise, so every entry of a grid is a plain expression;
what has no plain expression (softmax, a quotient by a matrix, a free function) raises UnsupportedError and stays with the
samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sympy import Rational

from lstm_sym.errors import UnsupportedError
from lstm_sym.notes.sampling.values import ShapeError
from lstm_sym.symbols.activations import ACTIVATIONS
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.nodes import Expression, Ones, Zeros, add, odot, product, scale, transpose


class Grid:
    """Blocks in rows; `shape` is compared only: 1 where a side is one block of size 1, else the sizes of its blocks."""

    def __init__(self, blocks: Sequence[Sequence[Expression]]) -> None:
        self.blocks = tuple(tuple(row) for row in blocks)
        rows = tuple(row[0].shape[0] for row in self.blocks)
        columns = tuple(block.shape[1] for block in self.blocks[0])
        self.shape = (1 if rows == (1,) else rows), (1 if columns == (1,) else columns)

    @property
    def single(self) -> Expression | None:
        return self.blocks[0][0] if len(self.blocks) == 1 and len(self.blocks[0]) == 1 else None

    def map(self, function: Any) -> Grid:
        return Grid([[function(block) for block in row] for row in self.blocks])


class Grids:
    """The operations of the interpreter on grids."""

    def number(self, value: Any) -> Any:
        return Rational(value.numerator, value.denominator)

    def constant(self, value: Fraction, shape: Any = (1, 1)) -> Grid:
        sides = [(1,) if side == 1 else side for side in shape]
        return Grid([[scale(self.number(value), Ones(r, c)) if value else Zeros(r, c) for c in sides[1]] for r in sides[0]])

    def add(self, left: Grid, right: Grid, sign: int = 1) -> Grid:
        return self._each(left, right, lambda a, b: add(a, b if sign == 1 else scale(Rational(-1), b)))

    def scale(self, factor: Any, value: Grid) -> Grid:
        return value.map(lambda block: scale(Rational(factor), block))

    def scaled_by(self, scalar: Grid, value: Grid) -> Grid:
        raise UnsupportedError("a product with a named number", expected="matrices and plain numbers")

    def hadamard(self, left: Grid, right: Grid) -> Grid:
        return self._each(left, right, odot)

    def _each(self, left: Grid, right: Grid, join: Any) -> Grid:
        if left.shape != right.shape:
            raise ShapeError(f"shapes {left.shape} and {right.shape}")
        return Grid([[join(a, b) for a, b in zip(u, v, strict=True)] for u, v in zip(left.blocks, right.blocks, strict=True)])

    def matmul(self, left: Grid, right: Grid) -> Grid:
        if left.shape[1] != right.shape[0]:
            raise ShapeError(f"a product of shapes {left.shape} and {right.shape}")
        columns = list(zip(*right.blocks, strict=True))
        return Grid(
            [[_sum([_times(a, b) for a, b in zip(row, column, strict=True)]) for column in columns] for row in left.blocks]
        )

    def transpose(self, value: Grid) -> Grid:
        return Grid([[transpose(block) for block in column] for column in zip(*value.blocks, strict=True)])

    def apply(self, function: str, value: Grid) -> Grid:
        if function not in ACTIVATIONS:
            raise UnsupportedError(f"the function {function}", expected=", ".join(ACTIVATIONS))
        return value.map(lambda block: Apply(function, block))

    def slope(self, function: str, value: Grid) -> Grid:
        if function not in ACTIVATIONS:
            raise UnsupportedError(f"the slope of {function}", expected=", ".join(ACTIVATIONS))
        return value.map(lambda block: Apply(function + "'", block))

    def stack(self, parts: Sequence[Grid]) -> Grid:
        return Grid([row for part in parts for row in part.blocks])

    def part(self, value: Grid, position: int, count: int) -> Grid:
        if len(value.blocks) % count:
            raise ShapeError(f"{count} equal parts of {len(value.blocks)} blocks")
        height = len(value.blocks) // count
        return Grid(value.blocks[position * height : (position + 1) * height])

    def diagonal(self, value: Grid) -> Any:
        if value.single is None:
            raise UnsupportedError("diag of a stack")
        return Diagonal(value)

    def invert(self, value: Grid) -> Grid:
        raise UnsupportedError("a quotient by a matrix")

    def total(self, value: Grid) -> Grid:
        raise UnsupportedError("a sum of entries")


class Diagonal(Grid):
    """diag(v), which only ever multiplies: diag(v) B scales the rows of B."""

    def __init__(self, vector: Grid) -> None:
        self.vector = vector
        size = vector.shape[0] if vector.shape[1] == 1 else vector.shape[1]
        self.blocks, self.shape = vector.blocks, (size, size)


class DiagonalGrids(Grids):
    """Grids that also know how a diagonal matrix multiplies a vector."""

    def matmul(self, left: Grid, right: Grid) -> Grid:
        if isinstance(left, Diagonal) and not isinstance(right, Diagonal) and right.shape == left.vector.shape:
            return self.hadamard(left.vector, right)
        if (
            isinstance(right, Diagonal)
            and not isinstance(left, Diagonal)
            and left.shape == (right.vector.shape[1], right.vector.shape[0])
        ):
            return self.hadamard(left, self.transpose(right.vector))
        if isinstance(left, Diagonal) or isinstance(right, Diagonal):
            raise ShapeError("a diagonal matrix that is no factor of a vector")
        return super().matmul(left, right)

    def transpose(self, value: Grid) -> Grid:
        return value if isinstance(value, Diagonal) else super().transpose(value)


def _times(left: Expression, right: Expression) -> Expression:
    if isinstance(left, Zeros) or isinstance(right, Zeros):
        return Zeros(left.shape[0], right.shape[1])
    return product(left, right)


def _sum(terms: Sequence[Expression]) -> Expression:
    return terms[0] if len(terms) == 1 else add(*terms)

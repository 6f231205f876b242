"""Arb balls in the form that runs fast: a column is a list of balls, and weights stay exact integers over a common denominator.

    W x = (100 W) x / 100        W x + U h = [W U] [x; h]        a odot b - c = list(map(sub, map(mul, a, b), c))

Laws: the true value lies in the ball. An integer times a ball of many digits costs far less than a ball times a ball. Entrywise
operations of one equation run in one pass, without a matrix in between. What is built from parameters alone is built once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from functools import cached_property, reduce
from itertools import chain
from math import lcm
from operator import add, mul, neg
from typing import Any

import flint

from lstm_sym.errors import UnsupportedError
from lstm_sym.evaluate.columns.column_code import block_function
from lstm_sym.evaluate.systems.addresses import Address, Assignment
from lstm_sym.evaluate.systems.balls import ACTIVATIONS
from lstm_sym.evaluate.systems.givens import Matrix
from lstm_sym.evaluate.systems.rationals import fmpq
from lstm_sym.evaluate.systems.system import InterpretedSystem
from lstm_sym.symbols.nodes import Expression

LARGEST_DENOMINATOR = 10**18
"""Beyond it, numbers with no common denominator of one machine word, weights are balls like everything else."""

RULES: dict[str, Callable[[Any], Any]] = {**ACTIVATIONS, "tanh": flint.arb.tanh}


class Exact:
    """The matrix numerators / denominator, of exact integers."""

    def __init__(self, numerators: Any, denominator: int) -> None:
        self.numerators, self.denominator = numerators, denominator

    @cached_property
    def plain(self) -> Any:
        """The quotients as balls, at the precision of the first use."""
        return self.numerators / self.denominator

    @cached_property
    def flat(self) -> list[Any]:
        """The numerators row by row."""
        entries: list[Any] = self.numerators.entries()
        return entries

    @cached_property
    def divisor(self) -> Any:
        return flint.arb(self.denominator)

    def transposed(self) -> Exact:
        return Exact(self.numerators.transpose(), self.denominator)


class ColumnBalls(InterpretedSystem[Any]):
    """A matrix is a list of balls if it has one column, else Exact or a flint.arb_mat; `precision` is in bits."""

    def __init__(self, precision: int) -> None:
        self.name = f"columns of balls at {precision} bits"
        self.precision = precision

    def session(self) -> AbstractContextManager[Any]:
        context: AbstractContextManager[Any] = flint.ctx.workprec(self.precision)
        return context

    def compile(
        self, expression: Expression, arguments: Sequence[Expression], scalars: Mapping[str, Fraction]
    ) -> Callable[[Sequence[Any]], Any]:
        function = super().compile(expression, arguments, scalars)
        return lambda values: finished(function(values))

    def compile_block(
        self, assignments: Sequence[Assignment], sources: Sequence[Address], scalars: Mapping[str, Fraction]
    ) -> Callable[[Sequence[Any]], Sequence[Any]]:
        return block_function(self, assignments, sources, scalars)

    def functions(self) -> dict[str, Any]:
        """What generated code calls by name."""
        return {
            **RULES,
            "apart": apart,
            "arb_mat": flint.arb_mat,
            "gathered": gathered,
            "outer_sum": outer_sum,
            "finished": finished,
            "plain": plain,
            "one": flint.arb(1),
            "zero": flint.arb(0),
        }

    def number(self, value: Fraction) -> Any:
        return flint.arb(fmpq(value))

    def matrix(self, rows: Matrix) -> Any:
        if len(rows[0]) == 1:
            return [flint.arb(fmpq(entry)) for (entry,) in rows]
        denominator = lcm(*{entry.denominator for row in rows for entry in row})
        if denominator > LARGEST_DENOMINATOR:
            return flint.arb_mat([[flint.arb(fmpq(entry)) for entry in row] for row in rows])
        integers = [[entry.numerator * (denominator // entry.denominator) for entry in row] for row in rows]
        return Exact(flint.arb_mat(flint.fmpz_mat(integers)), denominator)

    def entries(self, matrix: Any) -> list[list[Any]]:
        if isinstance(matrix, list):
            return [[entry] for entry in matrix]
        with self.session():
            rows: list[list[Any]] = plain(matrix).tolist()
        return rows

    def add(self, left: Any, right: Any) -> Any:
        return plus(left, right) if _is_matrix(left) or _is_matrix(right) else map(add, left, right)

    def scale(self, coefficient: Fraction, matrix: Any) -> Any:
        if _is_matrix(matrix):
            return plain(matrix) * self.number(coefficient)
        if coefficient == -1:
            return map(neg, matrix)
        factor = self.number(coefficient)
        return [factor * entry for entry in matrix]

    def product(self, left: Any, right: Any) -> Any:
        if isinstance(left, Exact) and not _is_matrix(right):
            return apart(left, column(right))
        return _unwrapped(_wrapped(left) * _wrapped(right))

    def hadamard(self, left: Any, right: Any) -> Any:
        if _is_matrix(left) or _is_matrix(right):
            left, right = plain(left), plain(right)
            return flint.arb_mat(left.nrows(), left.ncols(), list(map(mul, left.entries(), right.entries())))
        return map(mul, left, right)

    def power(self, base: Any, exponent: int) -> Any:
        base = plain(base) if _is_matrix(base) else column(base)
        result = base
        for _ in range(exponent - 1):
            result = self.hadamard(result, base)
        return result

    def transpose(self, matrix: Any) -> Any:
        if isinstance(matrix, Exact) and matrix.numerators.nrows() > 1:
            return matrix.transposed()
        return _unwrapped(_wrapped(matrix).transpose())

    def apply(self, function: str, matrix: Any) -> Any:
        if function not in RULES:
            raise UnsupportedError(
                f"activation {function} over balls",
                got="no rule",
                expected=f"one of {', '.join(RULES)}",
                advice="add it to ACTIVATIONS in lstm_sym/evaluate/systems/balls.py",
            )
        if _is_matrix(matrix):
            matrix = plain(matrix)
            return flint.arb_mat(matrix.nrows(), matrix.ncols(), list(map(RULES[function], matrix.entries())))
        return list(map(RULES[function], matrix))

    def stack(self, blocks: Sequence[Any]) -> Any:
        if any(_is_matrix(block) for block in blocks):
            return above([_weights(block) for block in blocks])
        return list(chain.from_iterable(blocks))

    def beside(self, blocks: Sequence[Any]) -> Any:
        """The blocks beside one another, exact where all of them are."""
        return above([_weights(block).transposed() for block in blocks]).transposed()

    def stack_exact(self, blocks: Sequence[Exact]) -> Exact:
        return blocks[0] if len(blocks) == 1 else above(blocks)

    def total(self, zero: Any, terms: Sequence[Any]) -> Any:
        if _is_matrix(zero):
            return reduce(self.add, terms, zero)
        return [reduce(add, entries) for entries in zip(*terms, strict=True)] if terms else zero

    def gathered(self, columns: Sequence[Any]) -> Any:
        """The columns as the rows of one matrix."""
        return gathered(columns)

    def outer_sum(self, lefts: Any, rights: Any) -> Any:
        return outer_sum(lefts, rights)


MATRICES = (Exact, flint.arb_mat)


def _is_matrix(value: Any) -> bool:
    return isinstance(value, MATRICES)


def column(value: Iterable[Any]) -> list[Any]:
    """A column that may be read more than once."""
    return value if isinstance(value, list) else list(value)


def plain(value: Any) -> Any:
    return value.plain if isinstance(value, Exact) else value


def plus(left: Any, right: Any) -> Any:
    if isinstance(left, list):
        return list(map(add, left, right))
    return plain(left) + plain(right)


def finished(value: Any) -> Any:
    """A value in its final form, from one that may still be an iterator."""
    if isinstance(value, list | flint.arb_mat):
        return value
    return value.plain if isinstance(value, Exact) else list(value)


def _wrapped(value: Any) -> Any:
    """As flint's matrix, whatever the form."""
    if _is_matrix(value):
        return plain(value)
    entries = column(value)
    return flint.arb_mat(len(entries), 1, entries)


def _unwrapped(matrix: Any) -> Any:
    return matrix.entries() if matrix.ncols() == 1 else matrix


def _weights(value: Any) -> Exact:
    return value if isinstance(value, Exact) else Exact(_wrapped(value), 1)


def apart(weights: Exact, entries: list[Any]) -> list[Any]:
    """Weights times a column: a product with integers, and one division for each entry of the shorter side."""
    right, divisor = flint.arb_mat(len(entries), 1, entries), weights.divisor
    if len(entries) < weights.numerators.nrows():
        product = weights.numerators * (right / divisor)
    else:
        product = weights.numerators * right / divisor
    products: list[Any] = product.entries()
    return products


def gathered(columns: Sequence[list[Any]]) -> Any:
    """The columns as the rows of one matrix."""
    return flint.arb_mat(len(columns), len(columns[0]), list(chain.from_iterable(columns)))


def outer_sum(lefts: Any, rights: Any) -> Any:
    """sum_k left_k right_k^T as one matrix product."""
    return _unwrapped(lefts.transpose() * rights)


def above(blocks: Sequence[Exact]) -> Exact:
    """The blocks above one another over their common denominator; integers stay exact."""
    common = lcm(*(block.denominator for block in blocks))
    if common > LARGEST_DENOMINATOR:
        return Exact(flint.arb_mat([row for block in blocks for row in block.plain.tolist()]), 1)
    scaled = [(block.numerators, flint.arb(common // block.denominator)) for block in blocks]
    return Exact(
        flint.arb_mat([[entry * factor for entry in row] for numerators, factor in scaled for row in numerators.tolist()]), common
    )

"""The interface of a number system: what the interpreter and the schedule ask of it.

Law: a system is a plain object with its own precision; it changes no global setting outside `session()`. A matrix of a system is
opaque to its callers, who build it from exact rationals and read its entries. To add a system, write one file with a subclass.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from fractions import Fraction
from functools import reduce
from typing import Any, Generic, TypeVar

from lstm_sym.evaluate.systems import interpret
from lstm_sym.evaluate.systems.addresses import Address, Assignment
from lstm_sym.evaluate.systems.givens import Matrix
from lstm_sym.symbols.nodes import Expression

M = TypeVar("M")


class NumberSystem(ABC, Generic[M]):
    """Matrices over one kind of number."""

    name: str

    def session(self) -> AbstractContextManager[Any]:
        """Holds while values of this system are computed."""
        return nullcontext()

    @abstractmethod
    def compile(
        self, expression: Expression, arguments: Sequence[Expression], scalars: Mapping[str, Fraction]
    ) -> Callable[[Sequence[M]], M]:
        """A function from the values of the arguments, in order, to the value of the expression."""

    def compile_block(
        self, assignments: Sequence[Assignment], sources: Sequence[Address], scalars: Mapping[str, Fraction]
    ) -> Callable[[Sequence[M]], Sequence[M]]:
        """A function from the values of the sources to those of all assignments, which may read one another in order."""
        places = {address: place for place, address in enumerate((*sources, *(a.target for a in assignments)))}
        lines = [
            (self.compile(a.expression, a.arguments, scalars), [places[source] for source in a.sources]) for a in assignments
        ]

        def block(values: Sequence[M]) -> Sequence[M]:
            known = list(values)
            for function, read in lines:
                known.append(function([known[place] for place in read]))
            return known[len(values) :]

        return block

    @abstractmethod
    def matrix(self, rows: Matrix) -> M: ...

    @abstractmethod
    def entries(self, matrix: M) -> list[list[Any]]: ...

    @abstractmethod
    def add(self, left: M, right: M) -> M: ...

    def total(self, zero: M, terms: Sequence[M]) -> M:
        """zero + the sum of the terms, in order."""
        return reduce(self.add, terms, zero)

    def gathered(self, columns: Sequence[M]) -> Any:
        """Columns in the form in which `outer_sum` takes them, which several sums may share."""
        return columns

    @abstractmethod
    def outer_sum(self, lefts: Any, rights: Any) -> M:
        """The sum over k of left_k right_k^T, of columns that are gathered."""


class InterpretedSystem(NumberSystem[M]):
    """A system with an operation for each node type, run by the shared interpreter."""

    def compile(
        self, expression: Expression, arguments: Sequence[Expression], scalars: Mapping[str, Fraction]
    ) -> Callable[[Sequence[M]], M]:
        return interpret.compile_expression(self, expression, arguments, scalars)

    def outer_sum(self, lefts: Any, rights: Any) -> M:
        pairs = zip(lefts, rights, strict=True)
        return reduce(self.add, (self.product(left, self.transpose(right)) for left, right in pairs))

    @abstractmethod
    def scale(self, coefficient: Fraction, matrix: M) -> M: ...

    @abstractmethod
    def product(self, left: M, right: M) -> M: ...

    @abstractmethod
    def hadamard(self, left: M, right: M) -> M: ...

    @abstractmethod
    def power(self, base: M, exponent: int) -> M: ...

    @abstractmethod
    def transpose(self, matrix: M) -> M: ...

    @abstractmethod
    def apply(self, function: str, matrix: M) -> M: ...

    @abstractmethod
    def stack(self, blocks: Sequence[M]) -> M: ...


class EntrywiseSystem(InterpretedSystem[list[list[Any]]]):
    """A system whose matrices are lists of rows of scalars; a subclass says what a scalar can do."""

    @abstractmethod
    def scalar(self, value: Fraction) -> Any: ...

    @abstractmethod
    def plus(self, left: Any, right: Any) -> Any: ...

    @abstractmethod
    def times(self, left: Any, right: Any) -> Any: ...

    @abstractmethod
    def activate(self, function: str, value: Any) -> Any: ...

    def dot(self, left: Sequence[Any], right: Sequence[Any]) -> Any:
        total = self.times(left[0], right[0])
        for a, b in zip(left[1:], right[1:], strict=True):
            total = self.plus(total, self.times(a, b))
        return total

    def matrix(self, rows: Matrix) -> list[list[Any]]:
        return [[self.scalar(entry) for entry in row] for row in rows]

    def entries(self, matrix: list[list[Any]]) -> list[list[Any]]:
        return matrix

    def add(self, left: list[list[Any]], right: list[list[Any]]) -> list[list[Any]]:
        return _entry_by_entry(self.plus, left, right)

    def hadamard(self, left: list[list[Any]], right: list[list[Any]]) -> list[list[Any]]:
        return _entry_by_entry(self.times, left, right)

    def scale(self, coefficient: Fraction, matrix: list[list[Any]]) -> list[list[Any]]:
        factor = self.scalar(coefficient)
        return [[self.times(factor, entry) for entry in row] for row in matrix]

    def product(self, left: list[list[Any]], right: list[list[Any]]) -> list[list[Any]]:
        columns = list(zip(*right, strict=True))
        return [[self.dot(row, column) for column in columns] for row in left]

    def power(self, base: list[list[Any]], exponent: int) -> list[list[Any]]:
        result = base
        for _ in range(exponent - 1):
            result = self.hadamard(result, base)
        return result

    def transpose(self, matrix: list[list[Any]]) -> list[list[Any]]:
        return [list(column) for column in zip(*matrix, strict=True)]

    def apply(self, function: str, matrix: list[list[Any]]) -> list[list[Any]]:
        return [[self.activate(function, entry) for entry in row] for row in matrix]

    def stack(self, blocks: Sequence[list[list[Any]]]) -> list[list[Any]]:
        return [row for block in blocks for row in block]


def _entry_by_entry(operation: Callable[[Any, Any], Any], left: list[list[Any]], right: list[list[Any]]) -> list[list[Any]]:
    return [[operation(a, b) for a, b in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]

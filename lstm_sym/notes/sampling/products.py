"""What a written product means: Hadamard, matrix, outer or scalar product, by its signs and the shapes of its factors.

Laws: the ways to group a mixed product are tried in one fixed order, and the first that conforms is taken: Hadamard signs
bind last, then from left to right, then Hadamard first, then from right to left.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from lstm_sym.notes.formula.tree import Big, Derivative, Factors, Formula, Group
from lstm_sym.notes.model.manner import HADAMARD, Manner
from lstm_sym.notes.sampling.values import ShapeError


class Products(ABC):
    """The part of the interpreter that multiplies."""

    algebra: Any
    scope: Any
    manner: Manner

    @abstractmethod
    def __call__(self, node: Formula) -> Any:
        """The value of a node."""

    def factors(self, node: Factors) -> Any:
        if any(isinstance(factor, Derivative | Big | Group) for factor in node.factors):
            chain = self.scope.chain(node, self)
            if chain is not None:
                return chain
        values = [self(factor) for factor in node.factors]
        problem: ShapeError | None = None
        for grouping in (self._hadamard_last, self._left_to_right, self._hadamard_first, self._right_to_left):
            try:
                return grouping(values, node.signs)
            except ShapeError as error:
                problem = problem or error
        assert problem is not None
        raise problem

    def _hadamard_last(self, values: Sequence[Any], signs: Sequence[str]) -> Any:
        return self._grouped(values, signs, lambda sign: sign in HADAMARD or sign == "otimes")

    def _hadamard_first(self, values: Sequence[Any], signs: Sequence[str]) -> Any:
        return self._grouped(values, signs, lambda sign: sign not in HADAMARD)

    def _left_to_right(self, values: Sequence[Any], signs: Sequence[str]) -> Any:
        total = values[0]
        for sign, value in zip(signs, values[1:], strict=True):
            total = self.times_by(sign, total, value)
        return total

    def _right_to_left(self, values: Sequence[Any], signs: Sequence[str]) -> Any:
        total = values[-1]
        for sign, value in zip(reversed(signs), reversed(values[:-1]), strict=True):
            total = self.times_by(sign, value, total)
        return total

    def _grouped(self, values: Sequence[Any], signs: Sequence[str], splits: Callable[[str], bool]) -> Any:
        groups: list[tuple[list[Any], list[str]]] = [([values[0]], [])]
        between: list[str] = []
        for sign, value in zip(signs, values[1:], strict=True):
            if splits(sign):
                groups.append(([value], []))
                between.append(sign)
            else:
                groups[-1][0].append(value)
                groups[-1][1].append(sign)
        inner = [self._chain(*group) for group in groups]
        return self._left_to_right(inner, between)

    def _chain(self, values: Sequence[Any], signs: Sequence[str]) -> Any:
        try:
            return self._left_to_right(values, signs)
        except ShapeError:
            return self._right_to_left(values, signs)

    def times_by(self, sign: str, left: Any, right: Any) -> Any:
        """left sign right, by the sign and the shapes."""
        algebra = self.algebra
        if isinstance(left, Fraction) or isinstance(right, Fraction):
            if isinstance(left, Fraction) and isinstance(right, Fraction):
                return left * right
            return (
                algebra.scale(algebra.number(left), right)
                if isinstance(left, Fraction)
                else algebra.scale(algebra.number(right), left)
            )
        if sign == "otimes" and self.manner.otimes == "outer":
            return self._outer(left, right)
        if left.shape == right.shape and (sign in HADAMARD or sign == "otimes" or 1 in left.shape or sign in ("star", "times")):
            return algebra.hadamard(left, right)
        if left.shape == (1, 1):
            return algebra.scaled_by(left, right)
        if right.shape == (1, 1):
            return algebra.scaled_by(right, left)
        if sign in HADAMARD:
            raise ShapeError(f"a Hadamard product of shapes {_said(left)} and {_said(right)}")
        return algebra.matmul(left, right)

    def _outer(self, left: Any, right: Any) -> Any:
        column = left if left.shape[1] == 1 else self.algebra.transpose(left)
        row = right if right.shape[0] == 1 and right.shape[1] != 1 else self.algebra.transpose(right)
        if column.shape[1] != 1 or row.shape[0] != 1:
            raise ShapeError(f"an outer product of shapes {_said(left)} and {_said(right)}")
        return self.algebra.matmul(column, row)


def _said(value: Any) -> str:
    return f"{value.shape[0]} x {value.shape[1]}"

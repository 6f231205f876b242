"""What brackets, blocks and stacks mean: above one another or side by side, as the document writes its vectors.

Law: columns stand above one another and rows side by side; only the manner of the document and the shapes decide.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from lstm_sym.notes.formula.tree import Block, Formula, Group, Slice
from lstm_sym.notes.model.manner import Manner
from lstm_sym.notes.text.bounds import UnreadableError


class Stacking(ABC):
    """The part of the interpreter that puts values together and takes them apart."""

    algebra: Any
    scope: Any
    manner: Manner

    @abstractmethod
    def __call__(self, node: Formula) -> Any:
        """The value of a node."""

    @abstractmethod
    def matrix(self, value: Any, shape: Any = (1, 1)) -> Any:
        """A number as the matrix of that number; a matrix as itself."""

    def group(self, node: Group) -> Any:
        if len(node.items) == 1:
            return self(node.items[0])
        if node.kind == "|":
            raise UnreadableError("bars around several things", node.start)
        return self.stacked([self(item) for item in node.items])

    def block(self, node: Block) -> Any:
        rows = [self._beside([self(cell) for cell in row]) for row in node.rows]
        return rows[0] if len(rows) == 1 else self._above(rows)

    def stacked(self, values: Sequence[Any]) -> Any:
        """[h, x]: above one another for columns, side by side for rows and for weights."""
        known = [self.matrix(value) for value in values]
        columns = all(value.shape[1] == 1 for value in known)
        return self._above(known) if columns and not self.manner.row else self._beside(known)

    def stacked_rows(self, values: Sequence[Any], wide: bool = False) -> Any:
        """The blocks of a stack above one another; side by side for row vectors and for the weights that stand to their
        right, and the other way for the parts of a weight along the stack that it multiplies.
        """
        known = [self.matrix(value) for value in values]
        return self._above(known) if self.manner.row == wide else self._side_by_side(known)

    def _above(self, values: Sequence[Any]) -> Any:
        return self.algebra.stack([self.matrix(value) for value in values])

    def _beside(self, values: Sequence[Any]) -> Any:
        if len(values) == 1:
            return values[0]
        known = [self.matrix(value) for value in values]
        if (
            all(value.shape[1] == 1 and value.shape[0] != 1 for value in known)
            and not self.manner.row
            and self.scope.stacks_vectors
        ):
            return self._above(known)
        return self._side_by_side(known)

    def _side_by_side(self, known: Sequence[Any]) -> Any:
        return self.algebra.transpose(self.algebra.stack([self.algebra.transpose(value) for value in known]))

    def slice(self, node: Slice) -> Any:
        value = self.matrix(self(node.body))
        if not self.manner.row:
            return self.algebra.part(value, node.position, node.count)
        return self.algebra.transpose(self.algebra.part(self.algebra.transpose(value), node.position, node.count))

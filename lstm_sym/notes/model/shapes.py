"""Sizes by unification: what every name's shape must be for the document's forward equations to conform.

Laws: a timed name is a vector, a column where weights stand on the left (W x) and a row where they stand on the right (x
W); an untimed name beside a vector is a matrix, alone in a sum or Hadamard product a vector. A size that stays free is a
size of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from lstm_sym.notes.formula.names import Reference, reference
from lstm_sym.notes.formula.tree import (
    Block,
    Call,
    Factors,
    Formula,
    Fraction,
    Group,
    Indexed,
    Name,
    Number,
    NumberMatrix,
    Slice,
    Terms,
)
from lstm_sym.notes.model.manner import HADAMARD
from lstm_sym.notes.model.sizes import Shape, Size, number, unify


class Shapes:
    """The shapes of the names of one document; `row` tells the convention."""

    def __init__(self, timed: frozenset[str], row: bool, scalars: frozenset[str]) -> None:
        self.timed, self.row, self.scalars = timed, row, scalars
        self.hadamard = HADAMARD
        """The signs that multiply entry by entry in this document whatever stands on their sides."""
        self.known: dict[str, Shape] = {}
        self.sliced: dict[int, Size] = {}

    def vector(self, size: Size) -> Shape:
        return (number(1), size) if self.row else (size, number(1))

    def learn(self, left: str, body: Formula) -> None:
        """What left = body says about shapes."""
        shape = self.of_key(left, self.vector(Size(left)))
        found = self.of(body, shape)
        if found is not None:
            self._same(shape, found)

    def stack(self, key: str, items: Sequence[Formula], wide: bool = False) -> None:
        """What a stack of blocks says: its parts give its shape, or where they are new, it gives them one width."""
        row = self.row != wide
        known = self.known.get(key)
        for item in items:
            read = reference(item, self.timed) if isinstance(item, Name | Indexed) else None
            if read is not None and known is not None and read.key not in self.known:
                self.known[read.key] = (known[0], Size(read.key)) if row else (Size(read.key), known[1])
        along = 1 if row else 0
        parts = [shape for shape in map(self.of, items) if shape is not None]
        if known is None and parts:
            total = Size(key)
            total.bound = tuple(shape[along] for shape in parts)
            self.known[key] = (parts[0][0], total) if row else (total, parts[0][1])

    def of_key(self, key: str, default: Shape) -> Shape:
        return self.known.setdefault(key, default)

    def _same(self, left: Shape, right: Shape) -> None:
        unify(left[0], right[0])
        unify(left[1], right[1])

    def of(self, node: Formula, want: Shape | None = None) -> Shape | None:
        """The shape of a formula; None for numbers and for what has no shape of its own."""
        if isinstance(node, Number):
            return None
        if isinstance(node, NumberMatrix):
            return number(len(node.rows)), number(len(node.rows[0]))
        if isinstance(node, Name | Indexed):
            return self._of_name(node, want)
        if isinstance(node, Terms):
            return self._of_terms(node.terms, want)
        if isinstance(node, Factors):
            return self._of_factors(node, want)
        if isinstance(node, Call):
            return self.of(node.arguments[0], want) if len(node.arguments) == 1 else None
        if isinstance(node, Group):
            return self.of(node.items[0], want) if len(node.items) == 1 else self._of_stack(node.items)
        if isinstance(node, Block):
            return self._of_block(node)
        if isinstance(node, Fraction):
            return self.of(node.above, want)
        if isinstance(node, Slice):
            return self._of_slice(node)
        return None

    def _of_slice(self, node: Slice) -> Shape | None:
        """One of equal parts: the whole is the sum of their sizes, and all parts have one size."""
        parts = self.sliced.get(id(node.body))
        if parts is None:
            one = Size()
            total = Size()
            total.bound = (one,) * node.count
            whole = self.of(node.body)
            if whole is None:
                return None
            unify(total, whole[1 if self.row else 0])
            parts = self.sliced[id(node.body)] = one
        return self.vector(parts)

    def _of_name(self, node: Name | Indexed, want: Shape | None) -> Shape | None:
        read = reference(node, self.timed)
        if read is None:
            return self.of(node.base, want) if isinstance(node, Indexed) else None
        if read.key in self.scalars and read.time is None and read.key not in self.timed:
            return None
        shape = self._of_reference(read, want)
        return (shape[1], shape[0]) if read.transposed else shape

    def _of_reference(self, read: Reference, want: Shape | None) -> Shape:
        if read.key in self.known:
            return self.known[read.key]
        if read.key in self.timed or read.time is not None:
            return self.of_key(read.key, self.vector(Size(read.key)))
        turned = (want[1], want[0]) if want and read.transposed else want
        return self.of_key(read.key, turned or self.vector(Size(read.key)))

    def _of_terms(self, terms: Sequence[Formula], want: Shape | None) -> Shape | None:
        found = want
        for term in terms:
            shape = self.of(term, found)
            if shape is not None and found is not None:
                self._same(found, shape)
            found = found or shape
        return found

    def _of_factors(self, node: Factors, want: Shape | None) -> Shape | None:
        chains: list[list[Formula]] = [[node.factors[0]]]
        for sign, factor in zip(node.signs, node.factors[1:], strict=True):
            if sign in self.hadamard or (sign == "otimes"):
                chains.append([factor])
            else:
                chains[-1].append(factor)
        found = want
        for chain in chains:
            shape = self._of_chain([factor for factor in chain if not self._scalar(factor)], found if len(chains) > 1 else want)
            if shape is not None and found is not None:
                self._same(found, shape)
            found = found or shape
        return found

    def _scalar(self, factor: Formula) -> bool:
        if isinstance(factor, Number):
            return True
        read = reference(factor, self.timed) if isinstance(factor, Name | Indexed) else None
        return read is not None and read.key in self.scalars and read.time is None and read.key not in self.timed

    def _of_chain(self, chain: Sequence[Formula], want: Shape | None) -> Shape | None:
        if not chain:
            return None
        if len(chain) == 1:
            return self.of(chain[0], want)
        if not any(self._is_matrix(factor) for factor in chain):
            return self._of_terms(chain, want)
        shapes = [self._link(factor) for factor in chain]
        for left, right in itertools.pairwise(shapes):
            unify(left[1], right[0])
        return shapes[0][0], shapes[-1][1]

    def _is_matrix(self, factor: Formula) -> bool:
        if isinstance(factor, Name | Indexed):
            read = reference(factor, self.timed)
            return read is not None and read.time is None and read.key not in self.timed
        if isinstance(factor, Block):
            return any(len(row) > 1 for row in factor.rows) or all(self._is_matrix(row[0]) for row in factor.rows)
        return isinstance(factor, Group) and bool(factor.items) and all(self._is_matrix(item) for item in factor.items)

    def _link(self, factor: Formula) -> Shape:
        """The shape of a factor in a chain of matrix products; an unknown weight gets two free sizes."""
        if isinstance(factor, Name | Indexed):
            read = reference(factor, self.timed)
            if read is not None and read.key not in self.known and read.time is None and read.key not in self.timed:
                self.known[read.key] = (Size(read.key), Size(read.key))
        return self.of(factor) or (Size(), Size())

    def _of_stack(self, items: Sequence[Formula]) -> Shape | None:
        shapes = [self.of(item) for item in items if not isinstance(item, Number)]
        ones = [number(1) for item in items if isinstance(item, Number)]
        if any(shape is None for shape in shapes):
            return None
        along = 1 if self.row or self._is_matrix(items[0]) else 0
        if along == 1 and not self.row and all(self._is_matrix(item) for item in items):
            along = 1
        total = Size()
        total.bound = tuple(shape[along] for shape in shapes if shape) + tuple(ones)
        across = next(shape[1 - along] for shape in shapes if shape)
        for shape in shapes:
            if shape:
                unify(across, shape[1 - along])
        return (across, total) if along else (total, across)

    def _of_block(self, node: Block) -> Shape | None:
        columns = len(node.rows[0])
        rows = [self._beside(row) for row in node.rows if len(row) == columns]
        if any(row is None for row in rows) or not rows:
            return None
        known = [row for row in rows if row is not None]
        if len(known) == 1:
            return known[0]
        total = Size()
        total.bound = tuple(shape[0] for shape in known)
        for shape in known[1:]:
            unify(known[0][1], shape[1])
        return total, known[0][1]

    def _beside(self, cells: Sequence[Formula]) -> Shape | None:
        shapes = [self.of(cell) for cell in cells]
        known = [shape for shape in shapes if shape is not None]
        if len(known) != len(shapes) or not known:
            return None
        if len(known) == 1:
            return known[0]
        total = Size()
        total.bound = tuple(shape[1] for shape in known)
        for shape in known[1:]:
            unify(known[0][0], shape[0])
        return known[0][0], total

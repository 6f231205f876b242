"""Matrices over one number system that remember how they were made, for derivatives in reverse mode.

Laws: an operation checks shapes and raises ShapeError that names both; `backward` gives the exact derivative of the pairing
with the seeds by every node, so a sample network needs no derivation of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lstm_sym.notes.sampling.numbers import Entry, activate, slope

Rows = tuple[tuple[Entry, ...], ...]


class ShapeError(Exception):
    """Shapes that do not fit, in words."""


class Value:
    """Rows of entries, and the values it was made from with the map of its cotangent to each of theirs."""

    __slots__ = ("order", "parents", "rows", "shape")
    counter = 0

    def __init__(
        self, rows: Rows, parents: tuple[tuple[Value, Callable[[Rows], Rows]], ...] = (), columns: int | None = None
    ) -> None:
        self.rows, self.parents = rows, parents
        self.shape = len(rows), (len(rows[0]) if rows else columns or 0)
        Value.counter += 1
        self.order = Value.counter


def said(value: Value) -> str:
    return f"{value.shape[0]} x {value.shape[1]}"


class Matrices:
    """The operations on values over one number system."""

    def __init__(self, numbers: Any) -> None:
        self.numbers, self.norm = numbers, numbers.norm

    def constant(self, number: Any, shape: tuple[int, int] = (1, 1)) -> Value:
        entry = self.numbers.number(number)
        return Value(((entry,) * shape[1],) * shape[0])

    def number(self, value: Any) -> Entry:
        return self.numbers.number(value)

    def same(self, value: Value) -> Value:
        return Value(value.rows, ((value, lambda c: c),))

    def add(self, left: Value, right: Value, sign: int = 1) -> Value:
        if left.shape != right.shape:
            raise ShapeError(f"a sum of shapes {said(left)} and {said(right)}")
        rows = self._zip(left.rows, right.rows, (lambda a, b: a + b) if sign == 1 else (lambda a, b: a - b))
        return Value(rows, ((left, lambda c: c), (right, lambda c: c if sign == 1 else self._map(c, lambda a: -a))))

    def scale(self, factor: Entry, value: Value) -> Value:
        return Value(self._map(value.rows, lambda a: factor * a), ((value, lambda c: self._map(c, lambda a: factor * a)),))

    def scaled_by(self, scalar: Value, value: Value) -> Value:
        """A 1 x 1 value times a matrix, differentiable in both."""
        factor = scalar.rows[0][0]

        def to_scalar(c: Rows) -> Rows:
            pairs = zip(c, value.rows, strict=True)
            return ((self.norm(sum(a * b for u, v in pairs for a, b in zip(u, v, strict=True))),),)

        rows = self._map(value.rows, lambda a: factor * a)
        return Value(rows, ((value, lambda c: self._map(c, lambda a: factor * a)), (scalar, to_scalar)))

    def hadamard(self, left: Value, right: Value) -> Value:
        if left.shape != right.shape:
            raise ShapeError(f"a Hadamard product of shapes {said(left)} and {said(right)}")

        def times(a: Rows, b: Rows) -> Rows:
            return self._zip(a, b, lambda u, v: u * v)

        parents = ((left, lambda c: times(c, right.rows)), (right, lambda c: times(c, left.rows)))
        return Value(times(left.rows, right.rows), parents)

    def matmul(self, left: Value, right: Value) -> Value:
        if left.shape[1] != right.shape[0]:
            raise ShapeError(f"a product of shapes {said(left)} and {said(right)}")
        rows = self._product(left.rows, right.rows)
        parents = (
            (left, lambda c: self._product(c, flip(right.rows))),
            (right, lambda c: self._product(flip(left.rows), c)),
        )
        return Value(rows, parents)

    def transpose(self, value: Value) -> Value:
        return Value(flip(value.rows), ((value, flip),))

    def apply(self, function: str, value: Value) -> Value:
        image = self._map(value.rows, lambda z: activate(self.numbers, function, z))

        def back(c: Rows) -> Rows:
            slopes = self._zip(value.rows, image, lambda z, y: slope(self.numbers, function, z, y))
            return self._zip(c, slopes, lambda a, s: a * s)

        return Value(image, ((value, back),))

    def slope(self, function: str, value: Value) -> Value:
        """The slope of the function at the value; not differentiated further."""
        return Value(self._map(value.rows, lambda z: slope(self.numbers, function, z, activate(self.numbers, function, z))))

    def stack(self, blocks: Iterable[Value]) -> Value:
        parts = list(blocks)
        if len({part.shape[1] for part in parts}) != 1:
            raise ShapeError("blocks of different widths above one another")
        parents, first = [], 0
        for part in parts:
            last = first + part.shape[0]
            parents.append((part, lambda c, a=first, b=last: c[a:b]))
            first = last
        return Value(tuple(row for part in parts for row in part.rows), tuple(parents))

    def rows_of(self, value: Value, first: int, last: int) -> Value:
        def back(c: Rows) -> Rows:
            zero = ((0,) * value.shape[1],)
            return zero * first + c + zero * (value.shape[0] - last)

        return Value(value.rows[first:last], ((value, back),))

    def part(self, value: Value, position: int, count: int) -> Value:
        """One of `count` blocks of equal height."""
        if value.shape[0] % count:
            raise ShapeError(f"{count} equal parts of a matrix of shape {said(value)}")
        height = value.shape[0] // count
        return self.rows_of(value, position * height, (position + 1) * height)

    def invert(self, value: Value) -> Value:
        """The entrywise reciprocal."""
        image = self._map(value.rows, self.numbers.inverse)
        return Value(image, ((value, lambda c: self._zip(c, image, lambda a, y: -a * y * y)),))

    def diagonal(self, value: Value) -> Value:
        if 1 not in value.shape:
            raise ShapeError(f"diag of a matrix of shape {said(value)}")
        entries = [entry for row in value.rows for entry in row]
        rows = tuple(tuple(entry if i == j else 0 for j in range(len(entries))) for i, entry in enumerate(entries))
        column = value.shape[1] == 1
        return Value(
            rows,
            (
                (
                    value,
                    lambda c: tuple((c[i][i],) for i in range(len(c))) if column else (tuple(c[i][i] for i in range(len(c))),),
                ),
            ),
        )

    def total(self, value: Value) -> Value:
        """The sum of all entries."""
        entry = self.norm(sum(entry for row in value.rows for entry in row))
        return Value(((entry,),), ((value, lambda c: self._map(value.rows, lambda _: c[0][0])),))

    def equal(self, left: Value, right: Value) -> bool:
        return left.shape == right.shape and all(
            self.norm(a - b) == 0 for u, v in zip(left.rows, right.rows, strict=True) for a, b in zip(u, v, strict=True)
        )

    def plus(self, left: Rows, right: Rows) -> Rows:
        return self._zip(left, right, lambda a, b: a + b)

    def _map(self, rows: Rows, function: Callable[[Entry], Entry]) -> Rows:
        norm = self.norm
        return tuple(tuple(norm(function(entry)) for entry in row) for row in rows)

    def _zip(self, left: Rows, right: Rows, function: Callable[[Entry, Entry], Entry]) -> Rows:
        norm = self.norm
        return tuple(tuple(norm(function(a, b)) for a, b in zip(u, v, strict=True)) for u, v in zip(left, right, strict=True))

    def _product(self, left: Rows, right: Rows) -> Rows:
        norm, columns = self.norm, flip(right)
        return tuple(tuple(norm(sum(a * b for a, b in zip(row, column, strict=True))) for column in columns) for row in left)

    def backward(self, seeds: Mapping[Value, Rows], blocked: frozenset[int] = frozenset()) -> dict[int, Rows]:
        """The cotangent of every node that the seeds depend on, by its `order`; nothing passes through a blocked node."""
        cotangents: dict[int, Rows] = {}
        nodes = _reachable(seeds)
        for node, seed in seeds.items():
            known = cotangents.get(node.order)
            cotangents[node.order] = seed if known is None else self.plus(known, seed)
        for node in nodes:
            cotangent = cotangents.get(node.order)
            if cotangent is None or node.order in blocked:
                continue
            for parent, back in node.parents:
                part = back(cotangent)
                known = cotangents.get(parent.order)
                cotangents[parent.order] = part if known is None else self.plus(known, part)
        return cotangents


def flip(rows: Rows) -> Rows:
    return tuple(zip(*rows, strict=True))


def _reachable(seeds: Iterable[Value]) -> list[Value]:
    """Every node below the seeds, each after all nodes that use it: nodes are numbered in the order of their making."""
    seen: dict[int, Value] = {}
    queue = list(seeds)
    while queue:
        node = queue.pop()
        if node.order not in seen:
            seen[node.order] = node
            queue.extend(parent for parent, _ in node.parents)
    return [seen[order] for order in sorted(seen, reverse=True)]

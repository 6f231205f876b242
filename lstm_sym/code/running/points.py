"""Arguments of the user's functions and the plan of points at which they run.

A leaf is an array or float inside the arguments; its path is the name by which the report speaks of it. Integers, truth
values, texts and arrays of integers are passed through. A tuple of integers or size names is a shape: letters stand for sizes
chosen so that mistakes show (T = 4, n = 3, m = 2, batch 2; any other letter gets a size of its own).

Law: values are rationals; those drawn are multiples of 1/16 between 1/4 and 5/4 in size, of both signs, so that no entry is
zero or tiny.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from lstm_sym.code.scalars.array import ScalarArray
from lstm_sym.code.scalars.graph import Graph, rational
from lstm_sym.errors import InputError

SIZES = {"T": 4, "n": 3, "m": 2, "B": 2, "b": 2, "N": 2, "D": 2, "H": 3, "h": 3, "d": 2, "k": 2, "V": 5, "t": 4}
OTHER_SIZES = (5, 6, 7, 8, 9)


@dataclass(frozen=True)
class Leaf:
    """An array (or one number) among the arguments: path, shape, given values if there are any, and whether they look like
    labels.
    """

    path: str
    shape: tuple[int, ...]
    given: tuple[Fraction, ...] | None
    scalar: bool = False

    @property
    def label_like(self) -> bool:
        """Whether it is an array of zeros and ones with one 1 along an axis: classes, which are not to be varied."""
        if self.given is None or not self.shape or set(self.given) != {Fraction(0), Fraction(1)}:
            return False
        array = np.array([int(value) for value in self.given]).reshape(self.shape)
        return any((array.sum(axis=axis) == 1).all() for axis in range(array.ndim) if self.shape[axis] > 1)


@dataclass(frozen=True)
class Point:
    """Values for all leaves, by path, with the name under which the report mentions them."""

    name: str
    values: Mapping[str, tuple[Fraction, ...]]


class Arguments:
    """The user's arguments as a tree with leaves."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        if not isinstance(given, Mapping) or not given:
            raise InputError(
                "arguments", got=type(given).__name__, expected="a dictionary of arrays, or of shapes such as (3, 2)"
            )
        self._sizes = dict(SIZES)
        self._spare = iter(OTHER_SIZES)
        self.leaves: dict[str, Leaf] = {}
        self.tree = {name: self._read(value, name) for name, value in given.items()}
        self.shapes_only = bool(self.leaves) and all(leaf.given is None for leaf in self.leaves.values())

    def _read(self, value: Any, path: str) -> Any:
        """The value with each array replaced by its Leaf."""
        if _is_shape(value):
            return self._leaf(Leaf(path, tuple(self._size(part) for part in value), None))
        if hasattr(value, "detach"):
            value = value.detach().cpu().numpy()
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            return self._leaf(Leaf(path, value.shape, tuple(rational(float(entry)) for entry in value.flat)))
        if isinstance(value, float):
            return self._leaf(Leaf(path, (), (rational(value),), scalar=True))
        if isinstance(value, Mapping):
            return {key: self._read(part, f"{path}.{key}") for key, part in value.items()}
        if isinstance(value, list) and value and all(isinstance(part, list | float | np.ndarray) for part in value):
            array = _regular(value)
            if array is not None:
                return self._read(array, path)
        if isinstance(value, list | tuple):
            return type(value)(self._read(part, f"{path}.{index}") for index, part in enumerate(value))
        return value

    def _size(self, part: int | str) -> int:
        if isinstance(part, str) and part not in self._sizes:
            self._sizes[part] = next(self._spare, 4)
        return self._sizes[part] if isinstance(part, str) else int(part)

    def _leaf(self, leaf: Leaf) -> Leaf:
        self.leaves[leaf.path] = leaf
        return leaf

    def build(self, graph: Graph, point: Point, fixed: frozenset[str]) -> dict[str, Any]:
        """Fresh arguments for one call: leaves as arrays of the graph's arguments, those in `fixed` as constants."""

        def made(value: Any) -> Any:
            if isinstance(value, Leaf):
                return _array(graph, value, point.values[value.path], value.path in fixed)
            if isinstance(value, Mapping):
                return {key: made(part) for key, part in value.items()}
            if isinstance(value, list | tuple):
                return type(value)(made(part) for part in value)
            return copy.deepcopy(value)

        return {name: made(value) for name, value in self.tree.items()}

    def points(self, seed: int, fixed: frozenset[str]) -> Iterator[Point]:
        """The plan: the values as given, values of order one, saturated gates, small values."""
        if not self.shapes_only:
            yield self._point("as given", seed, fixed, lambda rng, leaf: None)
        yield self._point("values of order one", seed + 1, fixed, lambda rng, leaf: _order_one(rng))
        yield self._point("small values", seed + 2, fixed, lambda rng, leaf: _order_one(rng) / 16)
        yield self._point("saturated gates", seed + 3, fixed, lambda rng, leaf: 12 * _order_one(rng))

    def _point(
        self, name: str, seed: int, fixed: frozenset[str], draw: Callable[[random.Random, Leaf], Fraction | None]
    ) -> Point:
        rng = random.Random(seed)
        values: dict[str, tuple[Fraction, ...]] = {}
        for leaf in self.leaves.values():
            count = int(np.prod(leaf.shape, dtype=int))
            drawn = [draw(rng, leaf) for _ in range(count)]
            keep = leaf.given is not None and (leaf.path in fixed or (drawn and drawn[0] is None))
            fresh = tuple(value if value is not None else _order_one(rng) for value in drawn)
            values[leaf.path] = leaf.given if keep and leaf.given is not None else fresh
        return Point(name, values)

    def sliced(self, size: int, axis_size: int, axis: int, paths: frozenset[str]) -> Arguments:
        """These arguments with that axis of the named leaves cut from `axis_size` to `size`."""
        result = copy.copy(self)
        result.leaves = {path: _cut(leaf, size, axis) if path in paths else leaf for path, leaf in self.leaves.items()}

        def made(value: Any) -> Any:
            if isinstance(value, Leaf):
                return result.leaves[value.path]
            if isinstance(value, Mapping):
                return {key: made(part) for key, part in value.items()}
            if isinstance(value, list | tuple):
                parts = [made(part) for part in value]
                return type(value)(parts[:size] if len(value) == axis_size and axis == 0 else parts)
            if isinstance(value, np.ndarray) and value.ndim > axis and value.shape[axis] == axis_size:
                return np.take(value, range(size), axis)
            return value

        result.tree = {name: made(value) for name, value in self.tree.items()}
        return result


def _cut(leaf: Leaf, size: int, axis: int) -> Leaf:
    shape = tuple(size if k == axis else extent for k, extent in enumerate(leaf.shape))
    given = leaf.given
    if given is not None:
        array = np.array(given, dtype=object).reshape(leaf.shape)
        given = tuple(np.take(array, range(size), axis).flat)
    return Leaf(leaf.path, shape, given, leaf.scalar)


def _order_one(rng: random.Random) -> Fraction:
    return Fraction(rng.randint(4, 20), 16) * rng.choice((-1, 1))


def _is_shape(value: Any) -> bool:
    return (
        isinstance(value, tuple)
        and bool(value)
        and all(isinstance(part, int | str) and not isinstance(part, bool) for part in value)
    )


def _regular(value: list[Any]) -> Any:
    try:
        array = np.array(value)
    except ValueError:
        return None
    return array if array.dtype.kind == "f" and not any(isinstance(part, np.ndarray) for part in value) else None


def _array(graph: Graph, leaf: Leaf, values: tuple[Fraction, ...], fixed: bool) -> Any:
    array = np.empty(leaf.shape, dtype=object)
    for index, value in zip(np.ndindex(leaf.shape), values, strict=True):
        array[index] = graph.constant(value) if fixed else graph.argument(leaf.path, index, value)
    return array.item() if leaf.scalar else array.view(ScalarArray)

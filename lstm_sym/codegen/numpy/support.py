"""Checks and small tools that every generated NumPy module carries with it: the text below the imports is copied into it.

Law: nothing here knows a cell; a value that cannot be used raises ValueError that says which, what was got and what was expected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

# the text below is copied into generated modules


def _array(what: str, value: Any, shape: Sequence[int], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """The value as an array; raises ValueError unless it has this dtype and shape."""
    array = np.asarray(value)
    if array.dtype != dtype:
        raise ValueError(f"{what}: got dtype {array.dtype}, expected {dtype}; convert it with .astype({dtype.name!r})")
    if array.shape != tuple(shape):
        raise ValueError(f"{what}: got shape {array.shape}, expected {tuple(shape)}")
    return array


def _finite(what: str, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The array; raises ValueError unless it holds finite numbers only."""
    if not np.isfinite(array).all():
        where = ", ".join(map(str, np.argwhere(~np.isfinite(array))[0]))
        raise ValueError(f"{what}: got {array[~np.isfinite(array)][0]} at [{where}], expected finite numbers")
    return array


def _steps_and_batch(what: str, value: Any, batch_first: bool) -> tuple[int, int]:
    """The number of steps and of rows of the batch of an input; raises ValueError where there are none."""
    shape = np.shape(value)
    axes = "(batch, steps, columns)" if batch_first else "(steps, batch, columns)"
    if len(shape) != 3 or 0 in shape:
        raise ValueError(f"{what}: got shape {shape}, expected {axes}, each at least 1")
    return (shape[1], shape[0]) if batch_first else (shape[0], shape[1])


def _sizes(found_in: Mapping[str, tuple[str, int]], arrays: Mapping[str, Any]) -> dict[str, int]:
    """The sizes n, m, ..., each from the axis of the array in which it is looked for."""
    sizes = {}
    for name, (where, axis) in found_in.items():
        shape = np.shape(arrays[where])
        if not -len(shape) <= axis < len(shape) or shape[axis] == 0:
            raise ValueError(f"{where}: got shape {shape}, expected an axis of length {name.removeprefix('size_')}, at least 1")
        sizes[name] = shape[axis]
    return sizes


def _named(what: str, given: Mapping[str, Any] | None, expected: Sequence[str], all_of_them: bool) -> Mapping[str, Any]:
    """The mapping; raises ValueError for names that are not expected, and for missing ones where all are needed."""
    given = {} if given is None else given
    unknown = [name for name in given if name not in expected]
    missing = [name for name in expected if name not in given] if all_of_them else []
    if unknown or missing:
        got = f"{', '.join(map(str, unknown))}, which is none of them" if unknown else f"no {', '.join(missing)}"
        raise ValueError(f"{what}: got {got}, expected {', '.join(expected)}")
    return given


def _no_overflow(what: str, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The array; raises ValueError where finite numbers overflowed."""
    if not np.isfinite(array).all():
        largest = np.finfo(array.dtype).max
        raise ValueError(
            f"{what}: got an overflow, expected numbers up to {largest:.3g}; use smaller numbers, or a module for a wider dtype"
        )
    return array


def _flat(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The same memory with steps and batch on one axis."""
    return array.reshape(*array.shape[:-3], -1, array.shape[-1])


def _across(x: np.ndarray[Any, Any], weights: np.ndarray[Any, Any], out: np.ndarray[Any, Any]) -> None:
    """x W^T of several steps for each block W: blocks side by side, or one after another where `weights` has an axis for them."""
    if weights.ndim == 2:
        np.matmul(_flat(x), weights, out=_flat(out))
    else:
        np.matmul(x[:, None], weights, out=out)


def _side_by_side(array: np.ndarray[Any, Any], blocks: int) -> np.ndarray[Any, Any]:
    """(..., batch, blocks * rows) seen as (..., blocks, batch, rows)."""
    return array.reshape(*array.shape[:-1], blocks, -1).swapaxes(-2, -3)


def _carved(dtype: np.dtype[Any], shapes: Sequence[Sequence[int]]) -> list[np.ndarray[Any, Any]]:
    """Arrays of zeros in one piece of memory, each from a new cache line on: the piece itself and then one for each shape."""
    line = 64 // dtype.itemsize
    starts = [0]
    for shape in shapes:
        starts.append(starts[-1] + -(-prod(shape) // line) * line)
    memory = np.zeros(starts[-1] + line, dtype)
    memory = memory[-memory.ctypes.data % 64 // dtype.itemsize :][: starts[-1]]
    pieces = [memory[start : start + prod(shape)].reshape(shape) for start, shape in zip(starts, shapes, strict=False)]
    return [memory, *pieces]


def _tiles(batch: int, inner: int, columns: int) -> int:
    """In how many tiles to cut the columns of a product of each step; 0 for one product of all blocks at once.

    BLAS libraries multiply matrices without packing them first where rows x inner x columns is at most a million.
    """
    for tiles in (1, 2, 4, 8):
        if (
            batch > 1
            and columns % tiles == 0
            and columns // tiles >= min(columns, 32)
            and batch * inner * (columns // tiles) <= 10**6
        ):
            return tiles
    return 0


def _in_tiles(array: np.ndarray[Any, Any], tiles: int) -> np.ndarray[Any, Any]:
    """(blocks, batch, columns) seen as (blocks, tiles, batch, columns of a tile)."""
    return array.reshape(*array.shape[:2], tiles, -1).swapaxes(1, 2)

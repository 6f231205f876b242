"""Checks and small tools that every generated NumPy module carries with it: the text below the imports is copied into it.

Law: nothing here knows a cell; a value that cannot be used raises ValueError that says which, what was got and what was expected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

DTYPE = np.dtype("float64")
"""Stands for the dtype of the generated module."""

# the text below is copied into generated modules


def _array(what: str, value: Any, shape: Sequence[int], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """The value as an array; raises ValueError unless it has this dtype and shape."""
    array = np.asarray(value)
    if array.dtype != dtype:
        raise ValueError(f"{what}: got dtype {array.dtype}, expected {dtype}; convert it with .astype({dtype.name!r})")
    if array.shape != tuple(shape):
        raise ValueError(f"{what}: got shape {array.shape}, expected {tuple(shape)}")
    return array


def _all_finite(array: np.ndarray[Any, Any]) -> bool:
    """Whether all numbers are finite: their sum of squares is, or else each of them is looked at."""
    with np.errstate(all="ignore"):
        flat = array.reshape(-1)
        return bool(np.isfinite(np.dot(flat, flat)) or np.isfinite(array).all())


def _finite(what: str, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The array; raises ValueError unless it holds finite numbers only."""
    if not _all_finite(array):
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
    if not _all_finite(array):
        largest = np.finfo(array.dtype).max
        raise ValueError(
            f"{what}: got an overflow, expected numbers up to {largest:.3g}; use smaller numbers, or a module for a wider dtype"
        )
    return array


def _flat(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The same memory with steps and batch on one axis."""
    return array.reshape(*array.shape[:-3], -1, array.shape[-1])


def _carved(dtype: np.dtype[Any], shapes: Sequence[Sequence[int]]) -> list[np.ndarray[Any, Any]]:
    """Arrays of zeros in one piece of memory, each from a new cache line on: the piece itself and then one for each shape."""
    line = 64 // dtype.itemsize
    starts = [0]
    for shape in shapes:
        starts.append(starts[-1] + -(-prod(shape) // line) * line)
    memory = np.empty(starts[-1] + line, dtype)  # np.zeros does without large pages, which cost a few per cent of the time
    memory.fill(0)
    memory = memory[-memory.ctypes.data % 64 // dtype.itemsize :][: starts[-1]]
    pieces = [memory[start : start + prod(shape)].reshape(shape) for start, shape in zip(starts, shapes, strict=False)]
    return [memory, *pieces]


WIDE = 256 // DTYPE.itemsize
"""Columns of a piece of a product: a few vectors of the processor, so that a panel of them stays in a near cache; more where
that is little work for a call."""
FEW = 8
"""Rows of a batch below which products are not cut into pieces."""


def _divisor(number: int, most: int) -> int:
    """The largest divisor up to `most`."""
    for k in range(min(number, most), 1, -1):
        if number % k == 0:
            return k
    return 1


def _height(rows: int, inner: int, wide: int) -> int:
    """Rows of a piece of so many columns: BLAS libraries multiply up to a million pairs without packing them first."""
    return _divisor(rows, min(64, 1000000 // (inner * wide)))


def _width(batch: int, inner: int, rows: int) -> int:
    """Columns of a piece of a product with a matrix of so many rows."""
    wide = _divisor(rows, max(WIDE, (1 << 17) // (batch * inner)))
    return rows if 2 * wide < WIDE or _height(batch, inner, wide) < FEW else wide


def _panels(batch: int, inner: int, rows: int, blocks: int = 1) -> tuple[int, ...]:
    """The shape of the transposed matrices of a product: (pieces, 1, inner, columns of a piece), where there are several
    matrices with an axis for these in front; with few rows of the batch (inner, blocks * rows).
    """
    if batch < FEW:
        return inner, blocks * rows
    wide = _width(batch, inner, rows)
    return (*([blocks] if blocks > 1 else []), rows // wide, 1, inner, wide)


def _block(panels: np.ndarray[Any, Any], block: int, rows: int) -> np.ndarray[Any, Any]:
    """A matrix among the panels of a product, as it was before it was transposed."""
    if panels.ndim == 2:
        return panels[:, block * rows : (block + 1) * rows].T
    return (panels[block] if panels.ndim == 5 else panels)[:, 0].swapaxes(1, 2)


def _rows(panels: np.ndarray[Any, Any], first: int, last: int) -> np.ndarray[Any, Any]:
    """Rows of a matrix in panels."""
    return panels[first:last] if panels.ndim == 2 else panels[:, 0, first:last].swapaxes(0, 1)


def _in_rows(array: np.ndarray[Any, Any], panels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """(..., rows, inner) as (..., pieces, rows of a piece, inner), for a product with the panels."""
    if panels.ndim == 2:
        return array
    rows = array.shape[-2]
    tall = _height(rows, *panels.shape[-2:])
    return array.reshape(*array.shape[:-2], -1, tall if tall >= FEW else rows, array.shape[-1])


def _in_pieces(array: np.ndarray[Any, Any], panels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """(..., rows, columns) as (..., pieces across, pieces down, rows, columns), for the result of a product with the panels."""
    if panels.ndim == 2:
        return array
    array = _in_rows(array, panels)
    return np.moveaxis(array.reshape(*array.shape[:-1], -1, panels.shape[-1]), -2, -4)


def _as_product(array: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The memory of (..., blocks, batch, rows) as a product writes it, and that with its blocks in the axis where they were."""
    *leading, blocks, batch, rows = array.shape
    if batch >= FEW:
        return array, array
    written = array.reshape(*leading, batch, blocks * rows)
    return written, _side_by_side(written, blocks)


def _side_by_side(array: np.ndarray[Any, Any], blocks: int) -> np.ndarray[Any, Any]:
    """(..., batch, blocks * rows) seen as (..., blocks, batch, rows)."""
    return array.reshape(*array.shape[:-1], blocks, -1).swapaxes(-2, -3)


def _multiply(left: np.ndarray[Any, Any], panels: np.ndarray[Any, Any], out: np.ndarray[Any, Any]) -> None:
    """out = left @ panels for the rows of several steps, blocks side by side, or in an axis of their own: out[:, k]."""
    if panels.ndim == 5:
        out = _side_by_side(out, len(panels)) if out.ndim == 3 else out
        np.matmul(_in_rows(left, panels), panels[:, :, None], out=np.moveaxis(_in_pieces(out, panels), 0, 2))
    elif out.ndim == 3:
        np.matmul(_in_rows(_flat(left), panels), panels, out=_in_pieces(_flat(out), panels))
    elif out.shape[-2] == 1:
        np.matmul(_flat(left), panels, out=out.reshape(len(out), -1))
    else:
        out[...] = _side_by_side((_flat(left) @ panels).reshape(len(left), -1, panels.shape[1]), out.shape[1])

"""Arrays of scalars where NumPy allocates arrays of floats, and what stands for `float` and the floating types.

Law: a floating dtype is ignored, an integer or boolean one is honoured; a conversion keeps every digit.
"""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np
from flint import arb

from lstm_sym.code.scalars.array import ScalarArray, as_scalar, is_float_type, plain, scalars
from lstm_sym.code.scalars.graph import Scalar, current


def filled(shape: Any, entry: Any, dtype: Any) -> Any:
    """An array with one entry throughout."""
    if not is_float_type(dtype):
        return np.full(shape, entry, dtype=np.dtype(getattr(dtype, "dtype", dtype)))
    array = np.empty(shape, dtype=object)
    array.fill(as_scalar(entry))
    return array.view(ScalarArray)


def unset(shape: Any, dtype: Any) -> Any:
    """An array whose entries are not numbers until they are set."""
    if not is_float_type(dtype):
        return np.zeros(shape, dtype=np.dtype(getattr(dtype, "dtype", dtype)))
    array = np.empty(shape, dtype=object)
    array.fill(current().special("unset", arb.nan()))
    return array.view(ScalarArray)


def like(prototype: Any, entry: Any, dtype: Any, shape: Any = None) -> Any:
    """An array of the shape of another."""
    array = np.asarray(prototype)
    kind = array.dtype if dtype is None else dtype
    return filled(array.shape if shape is None else shape, entry, kind)


def array_of(value: Any, dtype: Any = None, copy: Any = True, ndmin: int = 0, **_: Any) -> Any:
    """np.array."""
    if dtype is not None and not is_float_type(dtype):
        source = np.asarray(plain(value), dtype=object) if isinstance(value, ScalarArray | Scalar) else np.asarray(value)
        array = (
            source.view(ScalarArray).astype(dtype) if source.dtype == object else source.astype(getattr(dtype, "dtype", dtype))
        )
        return np.array(array, ndmin=ndmin)
    array = np.array(value, ndmin=ndmin)
    if array.dtype.kind == "f" or (dtype is not None and array.dtype.kind in "iub"):
        return scalars(array)
    if array.dtype.kind in "iubSU":
        return array
    return scalars(array) if array.dtype == object and _numbers(array) else array


def _numbers(array: Any) -> bool:
    return all(isinstance(entry, Scalar | int | float | np.number) for entry in array.flat)


def asarray(value: Any, dtype: Any = None, **_: Any) -> Any:
    """np.asarray: an array of scalars as it is."""
    if isinstance(value, ScalarArray) and is_float_type(dtype):
        return value
    return array_of(value, dtype)


def _identity(value: Any, *_: Any, **__: Any) -> Any:
    return as_scalar(value) if not isinstance(value, np.ndarray | list | tuple) else array_of(value, float)


class _FloatType(type):
    """Floating types as user code uses them: to convert (keeps every digit), as a dtype, in isinstance."""

    dtype: Any

    def __call__(cls, value: Any = 0.0, *_: Any, **__: Any) -> Any:
        if isinstance(value, str):
            return builtins.float(value)
        return _identity(value)

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, builtins.float | Scalar | np.floating)


def float_type(name: str) -> Any:
    """A floating type under its name."""
    return _FloatType(name, (), {"dtype": np.dtype(getattr(np, name, builtins.float))})


def square_matrix(rows: int, columns: int | None = None, k: int = 0, dtype: Any = None, **_: Any) -> Any:
    """np.eye and np.identity."""
    found = np.eye(rows, columns, k)
    return scalars(found) if is_float_type(dtype) else found.astype(dtype)

"""What stands in for `numpy` and `float` in the user's namespace while a run is in progress.

Functions that allocate give arrays of scalars where NumPy gives floats; random numbers are exact constants of the run;
everything that needs no change is NumPy's own. Law: a floating dtype is ignored, an integer or boolean one is honoured.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
from flint import arb

from lstm_sym.code.running.draws import Random, exact
from lstm_sym.code.scalars.array import (
    BINARY,
    NATIVE,
    UNARY,
    ScalarArray,
    apply_ufunc,
    as_scalar,
    clip,
    is_float_type,
    operation,
    plain,
    scalars,
    wrap,
)
from lstm_sym.code.scalars.graph import Scalar, current
from lstm_sym.code.scalars.scalar import unsupported


def _filled(shape: Any, entry: Any, dtype: Any) -> Any:
    if not is_float_type(dtype):
        return np.full(shape, entry, dtype=np.dtype(getattr(dtype, "dtype", dtype)))
    array = np.empty(shape, dtype=object)
    array.fill(as_scalar(entry))
    return array.view(ScalarArray)


def _unset(shape: Any, dtype: Any) -> Any:
    if not is_float_type(dtype):
        return np.zeros(shape, dtype=np.dtype(getattr(dtype, "dtype", dtype)))
    array = np.empty(shape, dtype=object)
    array.fill(current().special("unset", arb.nan()))
    return array.view(ScalarArray)


def _like(prototype: Any, entry: Any, dtype: Any, shape: Any = None) -> Any:
    array = np.asarray(prototype)
    kind = array.dtype if dtype is None else dtype
    return _filled(array.shape if shape is None else shape, entry, kind)


def _array(value: Any, dtype: Any = None, copy: Any = True, ndmin: int = 0, **_: Any) -> Any:
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


def _asarray(value: Any, dtype: Any = None, **_: Any) -> Any:
    if isinstance(value, ScalarArray) and is_float_type(dtype):
        return value
    return _array(value, dtype)


def _identity(value: Any, *_: Any, **__: Any) -> Any:
    return as_scalar(value) if not isinstance(value, np.ndarray | list | tuple) else _array(value, float)


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
    return _FloatType(name, (), {"dtype": np.dtype(getattr(np, name, builtins.float))})


@operation
def _einsum(pattern: str, *operands: Any, **_: Any) -> Any:
    return np.einsum(pattern, *[np.asarray(plain(operand), dtype=object) for operand in operands])


def _where(condition: Any, *values: Any) -> Any:
    if not values:
        return np.where(plain(condition))
    if isinstance(condition, ScalarArray):
        condition = condition.astype(bool)
    return np.where(condition, *[plain(_boxed_object(value)) for value in values])


def _boxed_object(value: Any) -> Any:
    array = np.empty(np.shape(value), dtype=object)
    array[...] = value
    return array


def _norm(value: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if ord not in (None, 2, "fro"):
        raise unsupported(f"norm of order {ord}")
    total = (np.multiply(value, value)).sum(axis=axis, keepdims=keepdims)
    return apply_ufunc(np.sqrt, "__call__", (total,), None, {})


def _allclose(left: Any, right: Any, rtol: float = 1e-5, atol: float = 1e-8, **_: Any) -> bool:
    balls = zip(np.broadcast_arrays(plain(scalars(left)), plain(scalars(right))), strict=False)
    a, b = (part[0].flat for part in balls)
    return all(
        abs(float(x.ball.mid()) - float(y.ball.mid())) <= atol + rtol * abs(float(y.ball.mid()))
        for x, y in zip(a, b, strict=True)
    )


def _arg_extreme(name: str) -> Callable[..., Any]:
    def function(array: Any, axis: Any = None, **_: Any) -> Any:
        middle = np.array([float(as_scalar(entry).ball.mid()) for entry in np.asarray(plain(array), dtype=object).flat])
        current().trace.branch(f"{name} chose an index")
        return getattr(np, name)(middle.reshape(np.shape(array)), axis=axis)

    return function


def _square_matrix(rows: int, columns: int | None = None, k: int = 0, dtype: Any = None, **_: Any) -> Any:
    found = np.eye(rows, columns, k)
    return scalars(found) if is_float_type(dtype) else found.astype(dtype)


class _Linalg:
    norm = staticmethod(_norm)

    def __getattr__(self, name: str) -> Any:
        raise unsupported(f"np.linalg.{name}")


def _ufunc(name: str) -> Callable[..., Any]:
    ufunc = getattr(np, name)

    def function(*args: Any, **options: Any) -> Any:
        if not any(
            isinstance(arg, Scalar | ScalarArray | builtins.float | list | tuple | np.ndarray | np.floating) for arg in args
        ):
            return _plain_numbers(ufunc, args, options)
        out = options.pop("out", None) if len(args) <= ufunc.nin else args[-1]
        where = options.pop("where", True)
        if where is not True:
            raise unsupported(f"np.{name} with where=")
        if out is not None and _all_integers(args[: ufunc.nin]):
            return ufunc(*args[: ufunc.nin], out=out, **options)
        if _all_integers(args):
            return _plain_numbers(ufunc, args, options)
        return apply_ufunc(ufunc, "__call__", tuple(_listed(arg) for arg in args[: ufunc.nin]), out, options)

    for method in ("reduce", "accumulate", "outer", "at"):
        setattr(function, method, _ufunc_method(ufunc, method))
    return function


def _ufunc_method(ufunc: Any, method: str) -> Callable[..., Any]:
    return lambda *args, **options: apply_ufunc(ufunc, method, tuple(_listed(arg) for arg in args), None, options)


def _listed(value: Any) -> Any:
    return _array(value) if isinstance(value, list | tuple) else value


def _all_integers(args: tuple[Any, ...]) -> bool:
    return all(np.asarray(arg).dtype.kind in "iub" for arg in args)


def _plain_numbers(ufunc: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Integers and truth values: NumPy's own answer where it is exact, otherwise that of scalars (exp(1), 1/3)."""
    if ufunc.__name__ in UNARY or ufunc.__name__ in ("divide", "true_divide"):
        return apply_ufunc(ufunc, "__call__", args, None, options)
    return ufunc(*args, **options)


def _method(name: str) -> Callable[..., Any]:
    def function(array: Any, *args: Any, **options: Any) -> Any:
        if name == "sum" and isinstance(array, Iterator):
            return builtins.sum(array)
        if not isinstance(array, np.ndarray | Scalar):
            array = _array(array)
        if isinstance(array, np.ndarray) and array.dtype.kind in "iub" and name in ("sum", "max", "min"):
            return getattr(np, name)(array, *args, **options)
        array = array if isinstance(array, ScalarArray) else scalars(array)
        return getattr(array, name)(*args, **options)

    return function


def _sited(name: str) -> Callable[..., Any]:
    """NumPy's own function, as one operation of the trace."""
    inner = getattr(np, name)

    @operation
    def function(*args: Any, **options: Any) -> Any:
        options.pop("dtype", None)
        return wrap(inner(*[_exact_parts(arg) for arg in args], **{key: exact(value) for key, value in options.items()}))

    return function


def _exact_parts(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_exact_parts(part) for part in value) if type(value) in (list, tuple) else value
    if isinstance(value, Scalar):
        return _boxed_object(value)
    return exact(value)


OPERATIONS = (
    "dot",
    "inner",
    "outer",
    "tensordot",
    "kron",
    "cumsum",
    "prod",
    "concatenate",
    "stack",
    "vstack",
    "hstack",
    "dstack",
    "column_stack",
    "append",
    "trace",
    "diag",
    "average",
    "roll",
    "flip",
    "tile",
    "repeat",
    "pad",
)
"""Functions that are one operation of the trace, done by NumPy."""

TABLE: dict[str, Any] = {
    **{name: _ufunc(name) for name in {*UNARY, *BINARY, *NATIVE} if isinstance(getattr(np, name, None), np.ufunc)},
    **{name: _method(name) for name in ("sum", "mean", "max", "min", "var", "std")},
    **{name: _sited(name) for name in OPERATIONS},
    **{name: float_type(name) for name in ("float64", "float32", "float16", "double", "single", "longdouble")},
    "abs": _ufunc("absolute"),
    "amax": _method("max"),
    "amin": _method("min"),
    "zeros": lambda shape, dtype=None, *_, **__: _filled(shape, 0, dtype),
    "ones": lambda shape, dtype=None, *_, **__: _filled(shape, 1, dtype),
    "empty": lambda shape, dtype=None, *_, **__: _unset(shape, dtype),
    "full": lambda shape, entry, dtype=None, *_, **__: _filled(shape, entry, dtype),
    "zeros_like": lambda a, dtype=None, *_, shape=None, **__: _like(a, 0, dtype, shape),
    "ones_like": lambda a, dtype=None, *_, shape=None, **__: _like(a, 1, dtype, shape),
    "full_like": lambda a, entry, dtype=None, *_, shape=None, **__: _like(a, entry, dtype, shape),
    "empty_like": lambda a, dtype=None, *_, **__: _unset(np.shape(a), np.asarray(a).dtype if dtype is None else dtype),
    "eye": _square_matrix,
    "identity": _square_matrix,
    "array": _array,
    "asarray": _asarray,
    "ascontiguousarray": _asarray,
    "asanyarray": _asarray,
    "matrix": _array,
    "copy": lambda value, *_, **__: _array(value),
    "einsum": _einsum,
    "where": _where,
    "clip": clip,
    "allclose": _allclose,
    "argmax": _arg_extreme("argmax"),
    "argmin": _arg_extreme("argmin"),
    "linalg": _Linalg(),
    "random": Random(np.random),
    "linspace": lambda *args, **options: exact(np.linspace(*args, **options)),
    "arange": lambda *args, dtype=None, **__: exact(np.arange(*args)) if is_float_type(dtype) else np.arange(*args, dtype=dtype),
    "nan_to_num": lambda value, *_, **__: value,
    "errstate": np.errstate,
    "seterr": np.seterr,
}


class NumpyStandIn(ModuleType):
    """The module `np` of a run: the table above, and NumPy's own members for the rest."""

    def __init__(self) -> None:
        super().__init__("numpy")
        self.__dict__.update(TABLE)

    def __getattr__(self, name: str) -> Any:
        member = getattr(np, name)
        if isinstance(member, np.ufunc):
            raise unsupported(f"np.{name}")
        return member


def expit(value: Any) -> Any:
    """scipy.special.expit, the logistic function."""
    return np.reciprocal(np.add(as_array(1), np.exp(np.negative(as_array(value)))))


def as_array(value: Any) -> Any:
    """Numbers of any kind as scalars."""
    return as_scalar(value) if np.ndim(value) == 0 and not isinstance(value, np.ndarray) else scalars(value)


NUMPY = NumpyStandIn()
FLOAT = float_type("float64")

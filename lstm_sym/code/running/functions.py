"""NumPy's functions on scalars: ufuncs and methods, and functions of NumPy's own as one operation of the trace.

Law: integers and truth values get NumPy's own answer where it is exact; an option without a rule is refused by name.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from lstm_sym.code.running.allocation import array_of
from lstm_sym.code.running.draws import exact
from lstm_sym.code.scalars.array import UNARY, ScalarArray, apply_ufunc, as_scalar, operation, plain, scalars, wrap
from lstm_sym.code.scalars.graph import Scalar, current
from lstm_sym.code.scalars.scalar import unsupported


@operation
def einsum(pattern: str, *operands: Any, **_: Any) -> Any:
    """np.einsum over entries that are objects."""
    return np.einsum(pattern, *[np.asarray(plain(operand), dtype=object) for operand in operands])


def where_of(condition: Any, *values: Any) -> Any:
    """np.where, with a condition that is decided."""
    if not values:
        return np.where(plain(condition))
    if isinstance(condition, ScalarArray):
        condition = condition.astype(bool)
    return np.where(condition, *[plain(_boxed_object(value)) for value in values])


def _boxed_object(value: Any) -> Any:
    array = np.empty(np.shape(value), dtype=object)
    array[...] = value
    return array


def norm(value: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The Euclidean norm; no other."""
    if ord not in (None, 2, "fro"):
        raise unsupported(f"norm of order {ord}")
    total = (np.multiply(value, value)).sum(axis=axis, keepdims=keepdims)
    return apply_ufunc(np.sqrt, "__call__", (total,), None, {})


def allclose(left: Any, right: Any, rtol: float = 1e-5, atol: float = 1e-8, **_: Any) -> bool:
    """np.allclose on the middles of the balls."""
    balls = zip(np.broadcast_arrays(plain(scalars(left)), plain(scalars(right))), strict=False)
    a, b = (part[0].flat for part in balls)
    return all(
        abs(float(x.ball.mid()) - float(y.ball.mid())) <= atol + rtol * abs(float(y.ball.mid()))
        for x, y in zip(a, b, strict=True)
    )


def arg_extreme(name: str) -> Callable[..., Any]:
    """np.argmax or np.argmin, told as a branch on values."""

    def function(array: Any, axis: Any = None, **_: Any) -> Any:
        middle = np.array([float(as_scalar(entry).ball.mid()) for entry in np.asarray(plain(array), dtype=object).flat])
        current().trace.branch(f"{name} chose an index")
        return getattr(np, name)(middle.reshape(np.shape(array)), axis=axis)

    return function


class Linalg:
    norm = staticmethod(norm)

    def __getattr__(self, name: str) -> Any:
        raise unsupported(f"np.linalg.{name}")


def ufunc_of(name: str) -> Callable[..., Any]:
    """A ufunc with its methods."""
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
    return array_of(value) if isinstance(value, list | tuple) else value


def _all_integers(args: tuple[Any, ...]) -> bool:
    return all(np.asarray(arg).dtype.kind in "iub" for arg in args)


def _plain_numbers(ufunc: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Integers and truth values: NumPy's own answer where it is exact, otherwise that of scalars (exp(1), 1/3)."""
    if ufunc.__name__ in UNARY or ufunc.__name__ in ("divide", "true_divide"):
        return apply_ufunc(ufunc, "__call__", args, None, options)
    return ufunc(*args, **options)


def method_of(name: str) -> Callable[..., Any]:
    """A reduction that arrays of scalars have as a method."""

    def function(array: Any, *args: Any, **options: Any) -> Any:
        if name == "sum" and isinstance(array, Iterator):
            return builtins.sum(array)
        if not isinstance(array, np.ndarray | Scalar):
            array = array_of(array)
        if isinstance(array, np.ndarray) and array.dtype.kind in "iub" and name in ("sum", "max", "min"):
            return getattr(np, name)(array, *args, **options)
        array = array if isinstance(array, ScalarArray) else scalars(array)
        return getattr(array, name)(*args, **options)

    return function


def sited(name: str) -> Callable[..., Any]:
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

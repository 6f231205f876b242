"""Arrays of scalars: a NumPy array of objects that behaves as one of float64 does in user code.

Laws: universal functions run entry by entry on scalars, so also on the plain numbers among them; a result that holds numbers
is again a ScalarArray, a result that holds truth values or integers is a plain array; `astype` to a float type keeps every
digit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from lstm_sym.code.scalars.graph import Scalar, current
from lstm_sym.code.scalars.scalar import FUNCTIONS, compare, unsupported


def _maximum(a: Scalar, b: Scalar, larger: bool) -> Scalar:
    order = compare(a, b)
    first = order >= 0 if larger else order <= 0
    if a.value is None or b.value is None:
        a.graph.trace.branch(f"{'maximum' if larger else 'minimum'} takes its {'first' if first else 'second'} operand")
    return a if first else b


def _log_add(a: Scalar, b: Scalar) -> Scalar:
    return a.graph.log(a.graph.add(a.graph.exp(a), a.graph.exp(b)))


def _finite(test: str) -> Callable[[Scalar], bool]:
    return lambda a: {"isnan": a.ball.is_nan(), "isfinite": a.ball.is_finite(), "isinf": False}[test]


UNARY: dict[str, Callable[[Scalar], Any]] = {**FUNCTIONS, **{test: _finite(test) for test in ("isnan", "isfinite", "isinf")}}
BINARY: dict[str, Callable[[Scalar, Scalar], Any]] = {
    "maximum": lambda a, b: _maximum(a, b, True),
    "minimum": lambda a, b: _maximum(a, b, False),
    "fmax": lambda a, b: _maximum(a, b, True),
    "fmin": lambda a, b: _maximum(a, b, False),
    "logaddexp": _log_add,
    "float_power": lambda a, b: a**b,  # type: ignore[operator]
}
NATIVE = frozenset(
    (
        "add",
        "subtract",
        "multiply",
        "divide",
        "true_divide",
        "negative",
        "positive",
        "power",
        "matmul",
        "vecdot",
        "matvec",
        "vecmat",
        "greater",
        "greater_equal",
        "less",
        "less_equal",
        "equal",
        "not_equal",
        "logical_and",
        "logical_or",
        "logical_not",
        "logical_xor",
    )
)
"""Universal functions that NumPy's loop over objects does rightly by calling the operators of the entries."""


def as_scalar(value: Any) -> Scalar:
    scalar = current().read(value)
    if scalar is None:
        raise unsupported(f"a number made from {type(value).__name__}")
    return scalar


def scalars(values: Any) -> ScalarArray:
    """An array whose entries are all scalars."""
    array = np.asarray(values, dtype=object)
    result = np.empty(array.shape, dtype=object)
    for index, entry in zip(np.ndindex(array.shape), array.flat, strict=True):
        result[index] = as_scalar(entry)
    return result.view(ScalarArray)


def operation(method: Callable[..., Any]) -> Callable[..., Any]:
    """The function as one operation of the trace, whose result has entries."""

    @wraps(method)
    def wrapped(*args: Any, **options: Any) -> Any:
        trace = current().trace
        trace.enter()
        try:
            result = method(*args, **options)
            trace.result(np.asarray(plain(result), dtype=object).flat if not isinstance(result, Scalar) else (result,))
            return result
        finally:
            trace.leave()

    return wrapped


def wrap(result: Any) -> Any:
    """A plain array of objects as a ScalarArray; anything else as it is."""
    if isinstance(result, tuple):
        return tuple(wrap(part) for part in result)
    if type(result) is np.ndarray and result.dtype == object:
        if result.size and isinstance(result.flat[0], bool | np.bool_):
            return result.astype(bool)
        return result.view(ScalarArray)
    return result


def is_float_type(dtype: Any) -> bool:
    """Whether a dtype argument asks for floating point numbers (or for objects, which here stand for them)."""
    if dtype is None:
        return True
    kind = np.dtype(getattr(dtype, "dtype", dtype)).kind
    return kind in "fOc"


class ScalarArray(np.ndarray):
    """An array of objects whose entries are scalars, integers or floats."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        return apply_ufunc(ufunc, method, inputs, out, options)

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        return array.item() if return_scalar and array.ndim == 0 else wrap(np.asarray(array))

    def astype(self, dtype: Any, *_: Any, **__: Any) -> Any:
        if is_float_type(dtype):
            return self.copy()
        kind = np.dtype(getattr(dtype, "dtype", dtype))
        flat = [int(entry) if kind.kind != "b" else bool(entry) for entry in self.flat]
        return np.array(flat, dtype=kind).reshape(self.shape)

    @operation
    def dot(self, other: Any, out: Any = None) -> Any:
        return _result(np.dot(plain(self), plain(_boxed(other))), out)

    @operation
    def var(self, axis: Any = None, dtype: Any = None, out: Any = None, ddof: int = 0, *, keepdims: bool = False) -> Any:
        centred = self - self.mean(axis=axis, keepdims=True)
        count = self.size if axis is None else int(np.prod([self.shape[k] for k in np.atleast_1d(axis)]))
        return (centred * centred).sum(axis=axis, keepdims=keepdims) / (count - ddof)

    @operation
    def std(self, axis: Any = None, dtype: Any = None, out: Any = None, ddof: int = 0, *, keepdims: bool = False) -> Any:
        variance = self.var(axis=axis, ddof=ddof, keepdims=keepdims)
        return apply_ufunc(np.sqrt, "__call__", (variance,), None, {})

    @operation
    def sum(self, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False, **_: Any) -> Any:
        return _result(_add_reduce(plain(self), axis=axis, keepdims=keepdims) if self.ndim else self.item(), out)

    @operation
    def mean(self, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False, **_: Any) -> Any:
        total = self.sum(axis=axis, keepdims=keepdims)
        count = self.size if axis is None else int(np.prod([self.shape[k] for k in np.atleast_1d(axis)]))
        return _result(total / count, out)

    @operation
    def max(self, axis: Any = None, out: Any = None, keepdims: bool = False, **_: Any) -> Any:
        return _extreme(self, "maximum", axis, keepdims)

    @operation
    def min(self, axis: Any = None, out: Any = None, keepdims: bool = False, **_: Any) -> Any:
        return _extreme(self, "minimum", axis, keepdims)

    @operation
    def clip(self, low: Any = None, high: Any = None, out: Any = None, **_: Any) -> Any:
        return clip(self, low, high, out)

    def tolist(self) -> Any:
        return plain(self).tolist()


_add_reduce: Callable[..., Any] = np.add.reduce


def plain(value: Any) -> Any:
    """The same array without our class, for NumPy's own loops."""
    return value.view(np.ndarray) if isinstance(value, ScalarArray) else value


def _result(value: Any, out: Any) -> Any:
    value = wrap(value)
    if out is None:
        return value
    out[...] = value
    return out


def _extreme(array: Any, name: str, axis: Any, keepdims: bool) -> Any:
    if axis is None:
        flat = plain(array).reshape(-1)
        best = flat[0]
        for entry in flat[1:]:
            best = BINARY[name](as_scalar(best), as_scalar(entry))
        return wrap(np.full((1,) * array.ndim, best, dtype=object)) if keepdims else best
    moved = np.moveaxis(plain(array), axis, 0)
    best = moved[0]
    for part in moved[1:]:
        best = _entrywise(BINARY[name], best, part)
    return wrap(np.expand_dims(best, axis) if keepdims else best)


def clip(array: Any, low: Any, high: Any, out: Any = None) -> Any:
    """np.clip; where it changes a number the trace says that it is active, and a graph without clips leaves it alone.

    Bounds that leave no interval give one number whatever is clipped: that is never set aside.
    """
    if isinstance(low, np.ndarray) or isinstance(high, np.ndarray):
        raise unsupported("clip with arrays as bounds")
    graph = current()
    empty = low is not None and high is not None and compare(as_scalar(low), as_scalar(high)) >= 0

    def one(entry: Any) -> Any:
        scalar = as_scalar(entry)
        if empty:
            graph.trace.branch(f"a clip to [{low}, {high}] gives one number for all")
            return as_scalar(high)
        for bound, sign in ((low, 1), (high, -1)):
            if bound is not None and sign * compare(scalar, as_scalar(bound)) < 0:
                graph.trace.branch(f"a clip to [{low}, {high}] is active", active=True)
                if graph.clips or graph.trace.phase == "loss":
                    return as_scalar(bound)
        return scalar

    return _result(_entrywise(one, plain(np.asarray(array, dtype=object))), out)


def _entrywise(function: Callable[..., Any], *arrays: Any) -> Any:
    """The function on the entries of broadcast arrays; an array of objects, or one entry."""
    parts = np.broadcast_arrays(*[np.asarray(plain(array), dtype=object) for array in arrays])
    result = np.empty(parts[0].shape, dtype=object)
    flat = [function(*entries) for entries in zip(*(part.flat for part in parts), strict=True)]
    if result.ndim == 0:
        return flat[0]
    for index, value in enumerate(flat):
        result.flat[index] = value
    return result


def _call(ufunc: Any, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    name = ufunc.__name__
    if name in UNARY:
        return _entrywise(lambda a: UNARY[name](as_scalar(a)), *inputs)
    if name in BINARY:
        return _entrywise(lambda a, b: BINARY[name](as_scalar(a), as_scalar(b)), *inputs)
    if name in NATIVE:
        return ufunc(*[plain(_boxed(value)) for value in inputs], **{k: plain(v) for k, v in options.items() if k != "dtype"})
    raise unsupported(f"np.{name}")


def _boxed(value: Any) -> Any:
    """A scalar as an array with no axes, so that NumPy's own loop takes it."""
    if not isinstance(value, Scalar):
        return value
    box = np.empty((), dtype=object)
    box[()] = value
    return box


def apply_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], out: Any, options: dict[str, Any]) -> Any:
    trace = current().trace
    trace.enter()
    try:
        if method == "__call__":
            result = _call(ufunc, inputs, options)
        elif method in ("reduce", "accumulate", "outer", "at") and ufunc.__name__ in NATIVE | {"maximum", "minimum"}:
            if ufunc.__name__ in BINARY and method == "reduce":
                return _extreme(inputs[0], ufunc.__name__, options.get("axis", 0), options.get("keepdims", False))
            options.pop("dtype", None)
            result = getattr(ufunc, method)(*[plain(_boxed(value)) for value in inputs], **options)
        else:
            raise unsupported(f"np.{ufunc.__name__}.{method}")
        trace.result(np.asarray(result).flat)
    finally:
        trace.leave()
    if out is None:
        return wrap(result)
    target = out[0] if isinstance(out, tuple) else out
    if target.dtype != object and np.asarray(result).dtype == object:
        raise unsupported(f"writing numbers of a run into an array of {target.dtype}")
    target[...] = wrap(result)
    return target


Scalar.__array_ufunc__ = lambda self, ufunc, method, *inputs, out=None, **options: apply_ufunc(  # type: ignore[attr-defined]
    ufunc, method, inputs, out, options
)

"""What stands in for `numpy` and `float` in the user's namespace while a run is in progress.

Law: what stands in the table is for scalars; random numbers are exact constants of the run; everything that needs no change
is NumPy's own, and a ufunc without a rule is refused by name.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from lstm_sym.code.running.allocation import array_of, asarray, filled, float_type, like, square_matrix, unset
from lstm_sym.code.running.draws import Random, exact
from lstm_sym.code.running.functions import Linalg, allclose, arg_extreme, einsum, method_of, sited, ufunc_of, where_of
from lstm_sym.code.scalars.array import (
    BINARY,
    NATIVE,
    UNARY,
    as_scalar,
    clip,
    is_float_type,
    scalars,
)
from lstm_sym.code.scalars.scalar import unsupported

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
    **{name: ufunc_of(name) for name in {*UNARY, *BINARY, *NATIVE} if isinstance(getattr(np, name, None), np.ufunc)},
    **{name: method_of(name) for name in ("sum", "mean", "max", "min", "var", "std")},
    **{name: sited(name) for name in OPERATIONS},
    **{name: float_type(name) for name in ("float64", "float32", "float16", "double", "single", "longdouble")},
    "abs": ufunc_of("absolute"),
    "amax": method_of("max"),
    "amin": method_of("min"),
    "zeros": lambda shape, dtype=None, *_, **__: filled(shape, 0, dtype),
    "ones": lambda shape, dtype=None, *_, **__: filled(shape, 1, dtype),
    "empty": lambda shape, dtype=None, *_, **__: unset(shape, dtype),
    "full": lambda shape, entry, dtype=None, *_, **__: filled(shape, entry, dtype),
    "zeros_like": lambda a, dtype=None, *_, shape=None, **__: like(a, 0, dtype, shape),
    "ones_like": lambda a, dtype=None, *_, shape=None, **__: like(a, 1, dtype, shape),
    "full_like": lambda a, entry, dtype=None, *_, shape=None, **__: like(a, entry, dtype, shape),
    "empty_like": lambda a, dtype=None, *_, **__: unset(np.shape(a), np.asarray(a).dtype if dtype is None else dtype),
    "eye": square_matrix,
    "identity": square_matrix,
    "array": array_of,
    "asarray": asarray,
    "ascontiguousarray": asarray,
    "asanyarray": asarray,
    "matrix": array_of,
    "copy": lambda value, *_, **__: array_of(value),
    "einsum": einsum,
    "where": where_of,
    "clip": clip,
    "allclose": allclose,
    "argmax": arg_extreme("argmax"),
    "argmin": arg_extreme("argmin"),
    "linalg": Linalg(),
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

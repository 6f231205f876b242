"""What every generated scalar module carries with it: activations that never raise, and checks. The text below the mark is copied.

Laws: `exp` of the math module raises where its result is too large, so that it is only called where it is not; an array is checked
in full before anything is computed, in few calls where nothing is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, isfinite
from typing import Any

import numpy as np

from lstm_sym.codegen.numpy.support import _array, _finite, _named, _no_overflow

# the text below is copied into generated modules


def _sigmoid(z: float) -> float:
    """1 / (1 + exp(-z)); below -700 that is exp(z) to the last digit, and exp(-z) would raise OverflowError further on."""
    return 1.0 / (1.0 + exp(-z)) if z > -700.0 else exp(z)


def _slope_of_tanh(z: float) -> float:
    """1 / cosh(z)^2 = 4 e / (1 + e)^2 with e = exp(-2 |z|), which is at most 1."""
    e = exp(-2.0 * abs(z))
    return 4.0 * e / ((1.0 + e) * (1.0 + e))


def _entries(what: str, value: Any, shape: Sequence[int], dtype: np.dtype[Any]) -> Any:
    """The entries of an array as nested lists; raises ValueError unless it has this dtype and shape."""
    if type(value) is not np.ndarray or value.dtype is not dtype or value.shape != shape:
        value = _array(what, value, shape, dtype)
    return value.tolist()


def _numbers(what: str, value: Any, shape: Sequence[int], dtype: np.dtype[Any]) -> Any:
    """The entries as nested lists; raises ValueError unless all of them are finite, too."""
    entries = _entries(what, value, shape, dtype)
    if not isfinite(sum(np.asarray(value).ravel().tolist())):
        _finite(what, np.asarray(value))
    return entries


def _parameters(parameters: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]], dtype: np.dtype[Any]) -> list[Any]:
    """The entries of all parameters, in their order."""
    if parameters is None or len(parameters) != len(shapes) or any(name not in parameters for name in shapes):
        parameters = _named("parameters", parameters, tuple(shapes), True)
    return [_entries(f"parameter {name}", parameters[name], shape, dtype) for name, shape in shapes.items()]

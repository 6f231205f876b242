"""What every generated scalar module carries with it: activations that never raise, and checks. What is below the mark is copied.

Laws: `exp` of the math module raises where its result is too large, so that it is only called where it is not; an array is
checked in full before anything is computed, in few calls where nothing is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, isfinite
from typing import Any

import numpy as np

from lstm_sym.codegen.numpy.support import _array, _finite, _named

DTYPE = np.dtype("float64")
"""Declared by a generated module, too."""

# the text below is copied into generated modules


def _sigmoid(z: float) -> float:
    """1 / (1 + exp(-z)); below -700 that is exp(z) to the last digit, and exp(-z) would raise OverflowError further on."""
    return 1.0 / (1.0 + exp(-z)) if z > -700.0 else exp(z)


def _slope_of_tanh(z: float) -> float:
    """1 / cosh(z)^2 = 4 e / (1 + e)^2 with e = exp(-2 |z|), which is at most 1."""
    e = exp(-2.0 * abs(z))
    return 4.0 * e / ((1.0 + e) * (1.0 + e))


def _numbers(words: Sequence[str], value: Any, shape: Sequence[int]) -> Any:
    """The entries of an array as nested lists; raises ValueError unless it has this shape and holds finite float64 only."""
    is_array = type(value) is np.ndarray and value.dtype is DTYPE and value.shape == shape
    if is_array and isfinite(sum(value.ravel().tolist())):
        return value.tolist()
    what = " ".join(words)
    return _finite(what, _array(what, value, shape, DTYPE)).tolist()


def _given(what: str, given: Mapping[str, Any], name: str, shape: tuple[int, int]) -> Any:
    """The rows of a value that may be given, else zeros."""
    if name in given:
        return _numbers((what, name), given[name], shape)
    return [(0.0,) * shape[1]] * shape[0]


def _known(what: str, given: Mapping[str, Any] | None, expected: Sequence[str]) -> Mapping[str, Any]:
    """The mapping, an empty one for None; raises ValueError for names that are not expected."""
    return {} if not given else _named(what, given, expected, False)

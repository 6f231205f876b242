"""Random numbers of a run: the same calls as numpy.random, with exact constants for what is drawn.

Law: a float becomes the simplest rational that rounds to it, and stays that number for the whole run.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_sym.code.scalars.array import ScalarArray, as_scalar, scalars
from lstm_sym.code.scalars.graph import Scalar


def exact(value: Any) -> Any:
    """Float arrays as arrays of exact constants, other things as they are."""
    if isinstance(value, np.ndarray) and not isinstance(value, ScalarArray) and value.dtype.kind == "f":
        return scalars(value)
    if isinstance(value, np.floating):
        return as_scalar(value)
    return value


class Random:
    """numpy.random: the same calls, with exact constants for what it draws. Probabilities are given as floats."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._source, name)
        if name in ("default_rng", "RandomState", "Generator"):
            return lambda *args, **options: Random(function(*args, **options))

        def draw(*args: Any, **options: Any) -> Any:
            floats = {key: _as_floats(value) for key, value in options.items()}
            return exact(_drawn(function(*[_as_floats(value) for value in args], **floats)))

        return draw


def _drawn(value: Any) -> Any:
    return as_scalar(value) if isinstance(value, float) else value


def _as_floats(value: Any) -> Any:
    if isinstance(value, ScalarArray):
        return np.array([float(as_scalar(entry).ball.mid()) for entry in value.flat]).reshape(value.shape)
    return float(value.ball.mid()) if isinstance(value, Scalar) else value

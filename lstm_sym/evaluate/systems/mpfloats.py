"""Floating point of any precision by mpmath, in a context of its own: mpmath's global precision is neither read nor changed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import mpmath

from lstm_sym.errors import UnsupportedError
from lstm_sym.evaluate.systems.system import EntrywiseSystem


class MPFloats(EntrywiseSystem):
    """Scalars are mpf numbers of the given precision in bits."""

    def __init__(self, precision: int) -> None:
        self.name = f"mpmath at {precision} bits"
        self.context = mpmath.ctx_mp.MPContext()
        self.context.prec = precision

    def scalar(self, value: Fraction) -> Any:
        return self.context.mpf(value.numerator) / value.denominator

    def plus(self, left: Any, right: Any) -> Any:
        return left + right

    def times(self, left: Any, right: Any) -> Any:
        return left * right

    def dot(self, left: Sequence[Any], right: Sequence[Any]) -> Any:
        return self.context.fdot(left, right)

    def activate(self, function: str, value: Any) -> Any:
        if function == "tanh":
            return self.context.tanh(value)
        if function == "sigma":
            return 1 / (1 + self.context.exp(-value))
        raise UnsupportedError(
            f"activation {function} over mpmath",
            got="no rule",
            expected="tanh or sigma",
            advice="add it in lstm_sym/evaluate/systems/mpfloats.py",
        )

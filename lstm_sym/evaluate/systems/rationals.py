"""Exact rationals; a value that is not known to be rational stays marked as such.

    tanh 0 = 0, sigma 0 = 1/2, 0 * unknown = 0; tanh and sigma of another rational, and what follows from it, are unknown

Law: a rational entry is the exact value, so that it decides ties and zeros that no ball decides.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint

from lstm_sym.evaluate.systems.system import EntrywiseSystem
from lstm_sym.symbols.activations import activation

UNKNOWN = None
"""The mark of a value that is not known to be rational."""


def fmpq(value: Fraction) -> Any:
    return flint.fmpq(value.numerator, value.denominator)


class ExactRationals(EntrywiseSystem):
    """Scalars are flint.fmpq or UNKNOWN."""

    name = "exact rationals"

    def scalar(self, value: Fraction) -> Any:
        return fmpq(value)

    def plus(self, left: Any, right: Any) -> Any:
        return UNKNOWN if left is UNKNOWN or right is UNKNOWN else left + right

    def times(self, left: Any, right: Any) -> Any:
        if left is UNKNOWN or right is UNKNOWN:
            known = right if left is UNKNOWN else left
            return known if known is not UNKNOWN and known == 0 else UNKNOWN
        return left * right

    def activate(self, function: str, value: Any) -> Any:
        return fmpq(activation(function).at_zero) if value is not UNKNOWN and value == 0 else UNKNOWN

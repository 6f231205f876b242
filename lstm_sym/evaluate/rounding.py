"""Correct rounding of enclosures to decimal text, half to even, only where the enclosure decides it.

    Decimals(5):     0.817754077... -> 0.81775      0 -> 0.00000
    Significant(5):  0.00176480...  -> 0.0017648    0 -> 0     1.5e-9 -> 1.5000e-9     within 3e-41 of 0 -> 0e-40

Law: rounding is monotone, so if both ends of an enclosure round to one decimal, everything between does; else the answer is None.
Text is plain decimal; with an exponent where the leading digit stands beyond the sixth decimal or the last one above the units.
All arithmetic is on flint integers, whose text has no limit of length.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import flint

from lstm_sym.errors import InputError

MAX_DIGITS = 100_000
SMALLEST_PLAIN = -6
"""The exponent of ten of the smallest leading digit that is written without an exponent."""


@lru_cache(maxsize=64)
def _ten_to(power: int) -> Any:
    return flint.fmpz(10) ** power


def _scaled(value: Any, power: int) -> Any:
    """value * 10^power, for a power of either sign."""
    return value * _ten_to(power) if power >= 0 else value / _ten_to(-power)


def nearest(value: Any) -> Any:
    """The integer nearest to a rational (fmpq), ties to even, as fmpz."""
    numerator, denominator = 2 * value.p + value.q, 2 * value.q
    floor, rest = divmod(numerator, denominator)
    return floor - 1 if rest == 0 and floor % 2 == 1 else floor


@dataclass(frozen=True)
class Rounding(ABC):
    """How many digits a number is shown with."""

    digits: int

    def __post_init__(self) -> None:
        least = self.least()
        if not (isinstance(self.digits, int) and least <= self.digits <= MAX_DIGITS):
            raise InputError(
                f"number of {self.unit()}", got=str(self.digits)[:40], expected=f"an integer from {least} to {MAX_DIGITS}"
            )

    @staticmethod
    @abstractmethod
    def least() -> int: ...

    @staticmethod
    @abstractmethod
    def unit() -> str: ...

    @abstractmethod
    def text(self, low: Any, high: Any) -> str | None:
        """The rounded text of every number from low to high (fmpq), or None where they round differently."""

    def near_zero(self, low: Any, high: Any) -> str | None:
        """What is sure of a number from low <= 0 to high >= 0 that no precision tells from zero; None: nothing is shown."""
        return None

    def words(self) -> str:
        return f"{self.digits} {self.unit()}, half to even, every digit certified"


class Decimals(Rounding):
    """A fixed number of digits after the point."""

    @staticmethod
    def least() -> int:
        return 0

    @staticmethod
    def unit() -> str:
        return "decimals"

    def text(self, low: Any, high: Any) -> str | None:
        units = nearest(_scaled(low, self.digits))
        return fixed_text(units, self.digits) if units == nearest(_scaled(high, self.digits)) else None


class Significant(Rounding):
    """A fixed number of digits from the first one that is not zero; an exact zero is 0."""

    @staticmethod
    def least() -> int:
        return 1

    @staticmethod
    def unit() -> str:
        return "significant digits"

    def text(self, low: Any, high: Any) -> str | None:
        if low == high == 0:
            return "0"
        if low <= 0 <= high:
            return None
        rounded = self._round(low)
        return self._format(*rounded) if rounded == self._round(high) else None

    def near_zero(self, low: Any, high: Any) -> str | None:
        """0e-k, where every number in between is zero to k decimals."""
        largest = max(-low, high)
        if low > 0 or high < 0 or largest == 0:
            return None
        decimals = -leading_exponent(2 * largest) - 1
        return f"0e-{decimals}" if decimals > 0 else None

    def _round(self, value: Any) -> tuple[Any, int]:
        """The digits as one signed integer, and the exponent of ten of the leading digit."""
        exponent = leading_exponent(value)
        units = nearest(_scaled(value, self.digits - 1 - exponent))
        if abs(units) == _ten_to(self.digits):
            units, exponent = units / 10, exponent + 1
        return flint.fmpz(units), exponent

    def _format(self, units: Any, exponent: int) -> str:
        decimals = self.digits - 1 - exponent
        if exponent >= SMALLEST_PLAIN and decimals >= 0:
            return fixed_text(units, decimals)
        return f"{fixed_text(units, self.digits - 1)}e{exponent}"


def leading_exponent(value: Any) -> int:
    """The exponent e with 10^e <= |value| < 10^(e+1), for a rational other than zero."""
    size = abs(value)
    bits = int(size.p.bit_length()) - int(size.q.bit_length())
    exponent = bits * 30103 // 100000 - 1
    while _scaled(size, -exponent) >= 10:
        exponent += 1
    return exponent


def fixed_text(units: Any, decimals: int) -> str:
    """units / 10^decimals in plain decimal text; zero has no sign."""
    digits = str(abs(units)).zfill(decimals + 1)
    whole, rest = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    return ("-" if units < 0 else "") + whole + ("." + rest if rest else "")

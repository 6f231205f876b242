"""Decimal text to exact rationals and back.

Law: a number is read from its text and never through a float; its length and exponent are bounded, so that no text of a few
characters asks for a number of gigabytes.
"""

from __future__ import annotations

import re
from fractions import Fraction

MAX_LENGTH = 2000
MAX_EXPONENT = 10_000
DECIMAL = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?", re.ASCII)


class DecimalText(str):
    """The text of a TOML float, kept as it stands in the file."""


class NotANumberError(ValueError):
    """Says in its message what the text is, if not a usable decimal number."""


def exact(text: str) -> Fraction:
    """The exact value of decimal text; raises NotANumberError."""
    if len(text) > MAX_LENGTH:
        raise NotANumberError(f"a number of {len(text)} characters, more than {MAX_LENGTH}")
    found = DECIMAL.fullmatch(text.strip())
    if not found:
        raise NotANumberError(f"{text[:60]!r}, which is not a finite decimal number")
    sign, digits, power = found.groups()
    exponent = int(power or 0)
    if abs(exponent) > MAX_EXPONENT:
        raise NotANumberError(f"an exponent of {power[:20]}, beyond {MAX_EXPONENT} in size")
    whole, _, rest = digits.partition(".")
    value = Fraction(int(whole + rest)) * Fraction(10) ** (exponent - len(rest))
    return -value if sign == "-" else value


def exact_text(value: Fraction) -> str:
    """The shortest decimal text of a rational that has one, with an exponent where it would be long."""
    twos, fives = _powers(value.denominator)
    decimals = max(twos, fives)
    units = value.numerator * 2 ** (decimals - twos) * 5 ** (decimals - fives)
    if decimals == 0 and abs(units) >= 10**20:
        while units % 10 == 0:
            units, decimals = units // 10, decimals - 1
    digits = str(abs(units))
    sign = "-" if units < 0 else ""
    if decimals < 0 or decimals > len(digits) + 20:
        return f"{sign}{digits}e{-decimals}"
    padded = digits.zfill(decimals + 1)
    return sign + (f"{padded[:-decimals]}.{padded[-decimals:]}" if decimals else padded)


def _powers(denominator: int) -> tuple[int, int]:
    """The exponents of 2 and 5 in a denominator of a decimal number."""
    found = []
    for prime in (2, 5):
        power = 0
        while denominator % prime == 0:
            denominator, power = denominator // prime, power + 1
        found.append(power)
    assert denominator == 1, "a decimal number"
    return found[0], found[1]

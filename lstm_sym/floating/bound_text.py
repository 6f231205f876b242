"""Upper bounds as short decimals, rounded up, so that the printed number is a bound too."""

from __future__ import annotations

from typing import Any


def rounded_up(size: Any) -> str:
    """A decimal of two digits with an exponent that is at least the rational (fmpq), which is not negative: 3.4e-41, or 0."""
    import flint

    if size == 0:
        return "0"
    exponent = (int(size.p.bit_length()) - int(size.q.bit_length())) * 30103 // 100000 - 1
    while size >= flint.fmpq(10) ** (exponent + 1):
        exponent += 1
    units = _ceiling(size * 10 / flint.fmpq(10) ** exponent)
    if units == 100:
        units, exponent = 10, exponent + 1
    return f"{units // 10}.{units % 10}e{exponent}"


def short_bound(size: Any) -> str:
    """The same, without an exponent where the number is at least one and below a thousand: 3.1, 17, 240."""
    if not 1 <= size < 1000:
        return rounded_up(size)
    if size < 10:
        tenths = _ceiling(size * 10)
        return f"{tenths // 10}.{tenths % 10}"
    return str(_ceiling(size))


def _ceiling(value: Any) -> int:
    return int(-(-value.p // value.q))

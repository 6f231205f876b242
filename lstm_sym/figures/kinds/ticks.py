"""Where an axis has its ticks: whole steps of time, powers of ten and what lies between them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10

Tick = tuple[float, str]
"""The place of a tick, as the logarithm or the number itself, and its text; an empty text is a small tick."""


def logarithm(size: str) -> float | None:
    """The logarithm to base 10 of decimal text above zero, of any size; None for zero."""
    digits, _, power = size.partition("e")
    whole, _, rest = digits.partition(".")
    figures = (whole + rest).lstrip("0")
    if not figures:
        return None
    exponent = int(power or 0) - len(rest) + len(figures)
    return log10(float(f"0.{figures[:17]}")) + exponent


def time_ticks(last: int, most: int = 12) -> list[int]:
    """Steps 0, ..., last, at most about `most` of them, at even distances, with the last one."""
    distance = next(d for power in range(9) for d in (10**power, 2 * 10**power, 5 * 10**power) if last / d <= most - 1)
    found = list(range(0, last + 1, distance))
    if found[-1] != last:
        found = [step for step in found if last - step >= 0.6 * distance] + [last]
    return found


def log_bounds(values: Sequence[float]) -> tuple[float, float]:
    """Bounds at 1, 2 or 5 times a power of ten around logarithms, with a little room, and at least a factor of ten apart."""
    low, high = min(values) - 0.08, max(values) + 0.08
    marks = sorted(power + log10(m) for power in range(floor(low) - 2, ceil(high) + 3) for m in (1, 2, 5))
    bottom, top = max(m for m in marks if m <= low), min(m for m in marks if m >= high)
    while top - bottom < 1.0 - 1e-9:
        bottom = max(m for m in marks if m < bottom - 1e-9)
    return bottom, top


def log_ticks(bottom: float, top: float, most: int = 7) -> list[Tick]:
    """Ticks of a logarithmic axis: every power of ten or, on a short axis, 2 and 5 times it as well; others small."""
    decades = range(floor(bottom + 1e-9), ceil(top - 1e-9) + 1)
    named = (1, 2, 5) if len(decades) <= 3 else (1,)
    every = 1 + max(0, len(decades) - 1) // most
    found: list[Tick] = []
    for power in decades:
        for factor in range(1, 10):
            place = power + log10(factor)
            if bottom - 1e-9 <= place <= top + 1e-9:
                has_text = factor in named and (factor > 1 or power % every == 0)
                if has_text or every == 1:
                    found.append((place, _text(factor, power) if has_text else ""))
    return found


def _text(factor: int, power: int) -> str:
    if -4 <= power <= 3:
        return str(factor * 10**power) if power >= 0 else f"{factor / 10**-power:.{-power}f}"
    return f"{factor}e{power}"

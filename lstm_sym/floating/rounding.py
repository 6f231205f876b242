"""Correct rounding of rationals and of enclosures to a format: to nearest, ties to even.

    0 -> +0        smaller than half of the smallest number -> a zero with the sign of the value
    below the smallest normal number -> subnormal, no flush        from (2 - 2^-precision) 2^greatest on -> infinity

Law: rounding is monotone, so if both ends of an enclosure round to one number of the format, everything between does; else the
answer is None. An enclosure that holds zero and another number is undecided, because the sign of its zero is.
"""

from __future__ import annotations

from typing import Any

from lstm_sym.floating.formats import Format

WORDS = (
    "to nearest, ties to even; subnormals kept; beyond the largest finite number infinity; "
    "an exact zero is +0, a value that underflows a zero with its sign"
)


def rounded(value: Any, format: Format) -> int:
    """The bits of the rational (fmpq) in the format."""
    numerator, denominator = abs(int(value.p)), int(value.q)
    if not numerator:
        return 0
    sign = format.sign if value < 0 else 0
    quantum = max(exponent_of(value) - format.precision + 1, format.least_exponent)
    up, down = (0, quantum) if quantum > 0 else (-quantum, 0)
    units = _nearest(numerator << up, denominator << down)
    magnitude = ((quantum - format.least_exponent) << (format.precision - 1)) + units
    return sign | min(magnitude, format.infinity)


def rounded_enclosure(low: Any, high: Any, format: Format) -> int | None:
    """The bits to which every number from low to high (fmpq) rounds, or None where they differ."""
    if low <= 0 <= high:
        return 0 if low == high else None
    bits = rounded(low, format)
    return bits if low == high or bits == rounded(high, format) else None


def exponent_of(value: Any) -> int:
    """The exponent e with 2^e <= |value| < 2^(e+1), for a rational other than zero."""
    numerator, denominator = abs(int(value.p)), int(value.q)
    exponent = numerator.bit_length() - denominator.bit_length()
    up, down = (0, exponent) if exponent > 0 else (-exponent, 0)
    return exponent - (numerator << up < denominator << down)


def value_of(bits: int, format: Format) -> Any:
    """The exact value (fmpq) of finite bits; None for an infinity or what is not a number."""
    import flint

    magnitude = bits & ~format.sign
    if magnitude >= format.infinity:
        return None
    field, fraction = magnitude >> (format.precision - 1), magnitude & ((1 << (format.precision - 1)) - 1)
    units = fraction + (1 << (format.precision - 1)) if field else fraction
    exponent = format.least_exponent + max(field - 1, 0)
    value = flint.fmpq(units << exponent) if exponent >= 0 else flint.fmpq(units, 1 << -exponent)
    return -value if bits & format.sign else value


def ulp(value: Any, format: Format) -> Any:
    """The unit in the last place at a rational (fmpq): the distance of the numbers of the format in its binade, largest range
    included.
    """
    import flint

    quantum = format.least_exponent
    if value != 0:
        quantum = max(exponent_of(value) - format.precision + 1, quantum)
    return flint.fmpq(1 << quantum) if quantum >= 0 else flint.fmpq(1, 1 << -quantum)


def _nearest(numerator: int, denominator: int) -> int:
    quotient, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return quotient + (twice > denominator or (twice == denominator and quotient & 1))

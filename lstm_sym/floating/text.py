"""Numbers of a format as hexadecimal floats, exactly: 0x1.8p-3, -0x0p+0, inf, nan. Every C library and Python's float.fromhex
read them.

Law: the text is normal also where the number is subnormal in its format, has no trailing zero, and is one for each number, so
that texts are equal where numbers are.
"""

from __future__ import annotations

from lstm_sym.floating.formats import Format


def hex_text(bits: int, format: Format) -> str:
    """The number with these bits."""
    sign, magnitude = "-" if bits & format.sign else "", bits & ~format.sign
    if magnitude >= format.infinity:
        return f"{sign}inf" if magnitude == format.infinity else "nan"
    fraction_bits = format.precision - 1
    field, fraction = magnitude >> fraction_bits, magnitude & ((1 << fraction_bits) - 1)
    if not magnitude:
        return f"{sign}0x0p+0"
    exponent = field - format.greatest
    if not field:
        shift = fraction_bits + 1 - fraction.bit_length()
        fraction, exponent = (fraction << shift) & ((1 << fraction_bits) - 1), format.smallest_normal - shift
    padding = -fraction_bits % 4
    digits = f"{fraction << padding:0{(fraction_bits + padding) // 4}x}".rstrip("0")
    return f"{sign}0x1{'.' + digits if digits else ''}p{exponent:+d}"

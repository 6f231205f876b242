"""The floating-point formats as a table of records: float16, bfloat16, float32, float64.

    value = (-1)^s m 2^q,   0 <= m < 2^precision,   least_exponent <= q

Law: each record checks itself when it is built: sign, exponent field and fraction fill the width. A number is held as the
integer of its bits; the bits without the sign grow with the size of the number, zero being 0 and infinity `infinity`.
"""

from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.errors import InputError


@dataclass(frozen=True)
class Format:
    """`precision` counts the bits of a significand with its leading one; `greatest` is the exponent of the largest binade."""

    name: str
    width: int
    precision: int
    greatest: int

    def __post_init__(self) -> None:
        fields = 1 + (self.greatest + 1).bit_length() + self.precision - 1
        if fields != self.width or self.greatest & (self.greatest + 1):
            raise InputError(
                f"format {self.name}", got=f"fields of {fields} bits", expected=f"{self.width} bits, 2^k - 1 as greatest"
            )

    @property
    def smallest_normal(self) -> int:
        """The exponent e of the smallest normal number 2^e."""
        return 1 - self.greatest

    @property
    def least_exponent(self) -> int:
        """The exponent q of the smallest positive number 2^q."""
        return self.smallest_normal - self.precision + 1

    @property
    def infinity(self) -> int:
        """The bits of +infinity."""
        return (2 * self.greatest + 1) << (self.precision - 1)

    @property
    def sign(self) -> int:
        """The bit of the sign."""
        return 1 << (self.width - 1)

    @property
    def largest(self) -> int:
        """The bits of the largest finite number."""
        return self.infinity - 1


FORMATS: dict[str, Format] = {
    record.name: record
    for record in (
        Format("float16", 16, 11, 15),
        Format("bfloat16", 16, 8, 127),
        Format("float32", 32, 24, 127),
        Format("float64", 64, 53, 1023),
    )
}


def floating_format(name: str) -> Format:
    """The record of that name; raises InputError that lists the names."""
    if name not in FORMATS:
        raise InputError(
            f"dtype {name[:40]!r}",
            got="no format of that name",
            expected=f"one of {', '.join(FORMATS)}",
            advice="add a Format to FORMATS in lstm_sym/floating/formats.py",
        )
    return FORMATS[name]

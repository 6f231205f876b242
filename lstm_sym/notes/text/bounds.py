"""Bounds on what strangers send: size of a text, length and depth of a formula, digits of a number, bits of a power.

Law: beyond a bound the reader raises `UnreadableError` with the bound in words; the claim becomes UNKNOWN, never silence.
"""

from __future__ import annotations

MAX_TEXT = 2_000_000
MAX_FORMULA = 6_000
MAX_TOKENS = 1_500
MAX_DEPTH = 40
MAX_DIGITS = 60
MAX_EXPONENT = 400
MAX_CLAIMS = 5_000
MAX_BITS = 4_000


class UnreadableError(Exception):
    """A formula that the reader does not understand: the reason, and the offset where it stops."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason, self.offset = reason, offset

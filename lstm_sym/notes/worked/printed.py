"""Printed numbers: what a decimal on the page claims, and how a wrong one came to be.

    0.53631  claims  [0.536305, 0.536315]        an integer claims itself

Laws: decimals are read from their text to exact rationals; the width of a claim comes from the digits that are printed. A
slip is named only where undoing it gives a number that fits.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Printed:
    """A printed number: its text, its value, and half a unit of its last digit (0 for an integer)."""

    text: str
    value: Fraction
    half: Fraction

    def fits(self, ball: Any, slack: Fraction = Fraction(0)) -> bool:
        """Whether the ball lies within half a unit of the last digit (and the slack)."""
        from lstm_sym.notes.sampling.numbers import Balls

        width = Balls().number(self.half + slack)
        return bool(abs(ball - Balls().number(self.value)) <= width)


def printed(text: str) -> Printed:
    """The printed number of a text such as -0.05349 or 1.2e-3."""
    text = text.replace("−", "-").replace(" ", "")
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    half = Fraction(1, 2) * Fraction(10) ** (int(exponent or 0) - decimals) if "." in mantissa else Fraction(0)
    return Printed(text, Fraction(text), half)


def decimals(text: str) -> int:
    """How many digits stand behind the point."""
    return len(text.lower().partition("e")[0].partition(".")[2])


def slip(text: str, true: Any, others: Iterable[tuple[str, Any]]) -> str | None:
    """How the printed number came from the true one: lost minus, power of ten, two digits exchanged, one digit, a
    neighbour's value.
    """
    number = printed(text)
    if Printed(text, -number.value, number.half).fits(true):
        return "the minus is lost" if not text.startswith("-") else "a minus too many"
    for power in (10, 100, Fraction(1, 10), Fraction(1, 100)):
        scaled = number.value * power
        if number.value and Printed(text, scaled, number.half * power).fits(true):
            return (
                f"a digit slip: it must be {power} times as large"
                if power > 1
                else f"a digit slip: it must be {1 / Fraction(power)} times smaller"
            )
    for name, value in others:
        if number.value and number.fits(value):
            return f"it is the value of {name}"
    return _digits(number, true)


def _digits(number: Printed, true: Any) -> str | None:
    text = number.text
    places = [i for i, character in enumerate(text) if character.isdigit()]
    for first, second in itertools.pairwise(places):
        swapped = list(text)
        swapped[first], swapped[second] = swapped[second], swapped[first]
        if text[first] != text[second] and printed("".join(swapped)).fits(true):
            return f"the digits {text[first]} and {text[second]} are exchanged"
    for place in places:
        for digit in "0123456789":
            changed = text[:place] + digit + text[place + 1 :]
            if digit != text[place] and printed(changed).fits(true):
                return f"the digit {text[place]} stands where {digit} belongs"
    return None


def shown(ball: Any, digits: int) -> str:
    """The ball rounded to so many decimals."""
    from flint import arb

    middle = ball if isinstance(ball, arb) else arb(ball)
    scaled = (middle.mid() * arb(10) ** digits + arb("0.5")).floor().unique_fmpz()
    if scaled is None:
        return middle.str(digits, radius=False)
    number = int(scaled)
    sign = "-" if number < 0 else ""
    whole, rest = divmod(abs(number), 10**digits)
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"

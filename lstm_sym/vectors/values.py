"""Every value of a network as a certified number: a decimal with a radius, and its correct rounding to each format.

Law: a number is given only where an exact rational or an enclosure decides every part of it; precision is doubled until all are
decided. `decimal` is correctly rounded, half to even, and `radius` is its distance from the true value, rounded up to two digits:
so the texts depend on the value alone, not on the enclosure that decided them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lstm_sym.errors import InputError
from lstm_sym.evaluate.certify import endpoints
from lstm_sym.evaluate.enclosures.enclosure import balls_run
from lstm_sym.evaluate.rounding import Significant
from lstm_sym.evaluate.schedule.program import Program
from lstm_sym.evaluate.schedule.run import run
from lstm_sym.evaluate.systems.addresses import Key
from lstm_sym.evaluate.systems.givens import Givens
from lstm_sym.evaluate.systems.rationals import UNKNOWN, ExactRationals, fmpq
from lstm_sym.floating.bound_text import rounded_up
from lstm_sym.floating.formats import Format
from lstm_sym.floating.rounding import rounded_enclosure

DIGITS = Significant(40)
FIRST_PRECISION = 256
LAST_PRECISION = 2**17


@dataclass(frozen=True)
class Number:
    """`bits` has the integer of the bits for each format; the true value is between `low` and `high`."""

    decimal: str
    radius: str
    bits: Mapping[str, int]
    low: Any
    high: Any


Matrix = tuple[tuple[Number, ...], ...]


def certified_values(
    program: Program, givens: Givens, formats: Sequence[Format], wanted: Callable[[Key], bool]
) -> dict[Key, Matrix]:
    """The certified numbers of every value whose key is wanted, givens included."""
    exact = run(program, givens, ExactRationals())
    entries = {key: exact.entries(key) for key in exact.matrices if wanted(key)}
    found: dict[tuple[Key, int, int], Number] = {}
    open_places = []
    for place, entry in _places(entries):
        number = None if entry is UNKNOWN else number_between(entry, entry, formats)
        if number is None:
            open_places.append(place)
        else:
            found[place] = number
    precision = FIRST_PRECISION
    while open_places:
        if precision > LAST_PRECISION:
            raise _undecided(open_places[0])
        values = balls_run(program, givens, precision)
        balls = {key: values.entries(key) for key in {place[0] for place in open_places}}
        open_places = [place for place in open_places if not _decide(balls, place, formats, found)]
        precision *= 2
    return {
        key: tuple(tuple(found[key, i, j] for j in range(len(row))) for i, row in enumerate(rows))
        for key, rows in entries.items()
    }


def number_between(low: Any, high: Any, formats: Sequence[Format]) -> Number | None:
    """The number that lies between two rationals (fmpq), or None where these do not decide it."""
    text = DIGITS.text(low, high)
    if text is None:
        return None
    bits = {format.name: rounded_enclosure(low, high, format) for format in formats}
    decided = {name: found for name, found in bits.items() if found is not None}
    radius = _radius(text, low, high)
    if len(decided) < len(bits) or radius is None:
        return None
    return Number(_short(text) if radius == "0" else text, radius, decided, low, high)


def _short(text: str) -> str:
    """Decimal text without zeros at the end of its digits."""
    digits, mark, exponent = text.partition("e")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) + mark + exponent


def _radius(decimal: str, low: Any, high: Any) -> str | None:
    """The distance of the decimal from the true value, rounded up to two digits; None where the enclosure does not decide it."""
    centre = fmpq(Fraction(decimal))
    if low < centre < high:
        return None
    near, far = (rounded_up(abs(centre - end)) for end in (low, high))
    return near if near == far else None


def _places(entries: Mapping[Key, list[list[Any]]]) -> Iterator[tuple[tuple[Key, int, int], Any]]:
    for key, rows in entries.items():
        for i, row in enumerate(rows):
            for j, entry in enumerate(row):
                yield (key, i, j), entry


def _decide(
    balls: Mapping[Key, list[list[Any]]], place: tuple[Key, int, int], formats: Sequence[Format], found: dict[Any, Number]
) -> bool:
    key, i, j = place
    ends = endpoints(balls[key][i][j])
    number = number_between(*ends, formats) if ends else None
    if number is not None:
        found[place] = number
    return number is not None


def _undecided(place: tuple[Key, int, int]) -> InputError:
    (name, time), i, j = place
    return InputError(
        f"entry ({i}, {j}) of {name}" + ("" if time is None else f" at t={time}"),
        got=f"no decision at {LAST_PRECISION} bits",
        expected="a value that is not zero, or is exactly zero by the zeros among the givens",
        advice="leave this case out of the grid, or choose another seed",
    )

"""Labels as runs of text: letters of a formula, numbers and words, each at its height, and how wide they are.

Laws: both outputs print these runs, so that they cannot differ; a symbol is taken apart by the notation, as everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

from lstm_sym.render.typeset.ink import TEXT
from lstm_sym.render.typeset.notation import GREEK, WORKSHEET, Notation, Written, scripted

SCRIPT = 0.72
"""The size of an index, in sizes of what it belongs to."""
CAPITALS = set("ΓΔΘΛΞΠΣΦΨΩ")
"""Greek capitals stand upright, as in LaTeX."""
UPRIGHT = {"new"}
TILDE = "\N{SMALL TILDE}"
"""Stands after the letter that it is put over; a combining one is not drawn by every font."""
SPACE = "\N{THIN SPACE}"
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Run:
    """A piece of text: `style` is italic (a name), math (numbers and signs) or text (words); level -1 stands below, 1 above."""

    text: str
    style: str = "math"
    level: int = 0


Runs = tuple[Run, ...]


def words(text: str) -> Runs:
    return (Run(text, "text"),)


def number(text: str) -> Runs:
    """Decimal text, with a minus sign and a power of ten as they are printed."""
    digits, _, power = text.partition("e")
    runs = [Run(digits.replace("-", MINUS))]
    if power:
        runs += [Run("·10"), Run(power.replace("-", MINUS), level=1)]
    return tuple(runs)


def symbol(name: str, time: str | None, notation: Notation = WORKSHEET) -> Runs:
    """A named symbol at a time."""
    named = scripted(name, time, notation)
    before, _, after = named.pattern.text.partition("#")
    runs = [*_letters(before), *_name(named.base)]
    for level, scripts in ((-1, named.below), (1, named.above)):
        for place, word in enumerate(scripts):
            if place:
                runs.append(Run(",", level=level))
            runs += [replace(run, level=level) for run in _name(word)]
    return tuple(run for run in (*runs, *_letters(after)) if run.text)


def spoken(name: str, time: str | None, notation: Notation = WORKSHEET) -> str:
    """A symbol as plain text, for descriptions."""
    return TEXT.symbol(name, time, notation).source


def _letters(text: str) -> Iterable[Run]:
    """A text of single letters and signs: letters in italics, capitals of Greek and signs upright."""
    return [Run(letter, "italic" if letter.isalpha() and letter not in CAPITALS else "math") for letter in text]


def _name(written: Written) -> Iterable[Run]:
    text = written.text.replace("-", MINUS)
    if text in UPRIGHT:
        return [Run(text, "text")]
    text = normalize("NFD", text).replace("~", TILDE).replace("\N{COMBINING TILDE}", TILDE)
    is_name = len(text) > 1 and text[0].isalpha() and all(letter.isalnum() or letter in ("_", TILDE) for letter in text)
    return [Run(text, "italic")] if is_name else _letters(text)


def joined(*parts: Sequence[Run], between: str = "") -> Runs:
    """Runs one after the other."""
    found: list[Run] = []
    for place, part in enumerate(parts):
        if place and between:
            found.append(Run(between))
        found += part
    return tuple(found)


NARROW, MIDDLE, WIDE = set("ilI.,;:!|'()[]/" + SPACE), set("fjrtsec"), set("mwMW⊙⊗+−=×←→≤≥…") | CAPITALS
GREEK_LETTERS = {written.text for written in GREEK.values()} | {"∂"}


def width_of(runs: Iterable[Run], size: float) -> float:
    """How wide the runs print, or a little more, at a size in points."""
    return sum(size * (SCRIPT * 1.06 if run.level else 1.0) * sum(_em(letter) for letter in run.text) for run in runs)


def _em(letter: str) -> float:
    if letter == TILDE:
        return 0.0
    if letter in NARROW:
        return 0.34
    if letter in MIDDLE:
        return 0.47
    if letter in WIDE:
        return 0.86
    if letter.isdigit():
        return 0.54
    if letter in GREEK_LETTERS:
        return 0.62
    if ord(letter) > 0x2E80:
        return 1.05
    return 0.77 if letter.isupper() else 0.28 if letter == " " else 0.53

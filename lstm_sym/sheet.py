"""An exercise as data: the sheet with what is asked, and what marking says of each answer. Nothing here computes or prints.

Law: an answer is one quantity at one time; it is right, follows from earlier answers, is wrong, or is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lstm_sym.derivation import Derivation
from lstm_sym.symbols.nodes import Expression
from lstm_sym.worked import Entries, Line, Solution

PARTS = {"forward": "a", "backward": "b", "gradients": "c", "update": "d"}
"""The parts of a sheet by name, and their letters."""


@dataclass(frozen=True)
class Sheet:
    """A drawn exercise. `asked` has the letters of its parts; `source` is the example as TOML."""

    name: str
    seed: int
    decimals: int
    derivation: Derivation
    solution: Solution
    asked: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Asked:
    """One quantity at one time that a student has to work out: its label, its part, and its line of the solution."""

    label: str
    part: str
    title: str
    line: Line


class Outcome(StrEnum):
    """What marking says of one answer."""

    RIGHT = "right"
    FOLLOWS = "follows"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True)
class Cause:
    """How a wrong answer came to be: a name for it, the sentence, and what stood where what belongs."""

    name: str
    words: str
    before: Expression | None = None
    after: Expression | None = None


@dataclass(frozen=True)
class Mark:
    """One answer with its outcome; `expected` is the exact value, rounded; an answer that follows or is right earns its mark."""

    asked: Asked
    outcome: Outcome
    answer: Entries | None
    expected: Entries
    cause: Cause | None = None

    @property
    def earned(self) -> int:
        return int(self.outcome in (Outcome.RIGHT, Outcome.FOLLOWS))


@dataclass(frozen=True)
class Marked:
    """All answers of one student to one sheet."""

    name: str
    marks: tuple[Mark, ...]

    def points(self, part: str | None = None) -> tuple[int, int]:
        """Marks earned and marks there are, of one part or of all."""
        counted = [mark for mark in self.marks if part in (None, mark.asked.part)]
        return sum(mark.earned for mark in counted), len(counted)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(mark.asked.part for mark in self.marks))

"""How a pair comes out on samples under a reading: it holds, it fails, or something stops the trial.

Laws: whatever stops a trial is the reason of that claim alone; a pair that has cost more than its bound is not tried again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.meaning.evidence import variants
from lstm_sym.notes.sampling.effort import TooLongError
from lstm_sym.notes.sampling.samples import SETTINGS, Samples, Setting
from lstm_sym.notes.sampling.scope import NameUnknownError, Reading

HOLDS, FAILS, UNREADABLE = 2, -1, -1


@dataclass
class Outcome:
    """How a pair came out under a reading: held or not, what stopped it, and which marked names it used."""

    holds: bool | None
    asked: frozenset[str]
    stop: Exception | None = None
    reading: Reading = field(default_factory=Reading)
    setting: Setting = SETTINGS[0]

    @property
    def score(self) -> int:
        return HOLDS if self.holds else FAILS if self.holds is False else UNREADABLE


class Trials:
    """Tries pairs of one document on its samples."""

    def __init__(self, samples: Samples) -> None:
        self.samples = samples
        self.keys: dict[str, str] = {}
        self.too_long: dict[tuple[int, int], TooLongError] = {}

    def outcome(self, pair: Pair, reading: Reading, setting: Setting, quick: bool = True) -> Outcome:
        """How the pair comes out; partial derivatives and losses of one step are taken in whichever sense makes it hold."""
        first = self.attempt(pair, reading, setting, quick)
        if first.holds or isinstance(first.stop, NameUnknownError):
            return first
        for variant in variants(pair, reading, self.samples):
            found = self.attempt(pair, variant, setting, quick)
            if found.holds:
                return found
        return first

    def attempt(self, pair: Pair, reading: Reading, setting: Setting, quick: bool) -> Outcome:
        """How the pair comes out in this one sense."""
        place = pair.relation, pair.position
        if place in self.too_long:
            return Outcome(None, frozenset(), self.too_long[place], reading, setting)
        scope = self.samples.scope(reading, setting)
        try:
            holds: bool | None = self.samples.holds_in(pair, scope, setting, quick)
            stop = None
        except Exception as error:  # whatever stops a trial is the reason of this claim alone
            holds, stop = None, error
            if isinstance(error, TooLongError):
                self.too_long[place] = error
        self.keys.update(scope.asked)
        return Outcome(holds, frozenset(scope.asked), stop, reading, setting)

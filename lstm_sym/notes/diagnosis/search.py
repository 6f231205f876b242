"""The nearest right formula to a wrong one, found by trying single edits, then two edits of different kinds.

Laws: a candidate is tried at one time of a sample, then at all times of another, and is offered only where it holds there
and, where it has a statement, where the proof package proves it. The search is bounded by the number of candidates, so that
the same text always gets the same answer; what is not found is not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from lstm_sym.notes.diagnosis.edit import Context, Correction, both
from lstm_sym.notes.diagnosis.edits import corrections
from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.formula.tree import Formula, walk
from lstm_sym.notes.sampling.samples import Samples, Setting
from lstm_sym.notes.sampling.scope import Reading
from lstm_sym.notes.sampling.values import ShapeError
from lstm_sym.notes.text.bounds import UnreadableError

CANDIDATES = 1500
"""So many corrections of one formula are tried under one reading."""
TOO_MANY = frozenset({"factor too many", "term too many"})
"""What makes a line right by saying less than it does, which a line with another meaning of its left side often is."""
CHEAP = frozenset({"time index", "transposition", "sum index", "sign", "exponent", "parenthesis", "order"})


def diagnose(
    pair: Pair,
    reading: Reading,
    setting: Setting,
    samples: Samples,
    context: Context,
    proved: Callable[[Pair], bool],
    but: frozenset[str] = frozenset(),
) -> Correction | None:
    """The first correction, of a kind that is not in `but`, under which the pair holds; `proved` has the last word."""
    trial = Trial(pair, reading, setting, samples)
    says_itself = pair.left in walk(pair.right)
    for correction in islice(candidates(pair.right, context), CANDIDATES):
        if samples.allowance().exhausted:
            return None
        if correction.kind in but or not trial(correction.formula) or correction.formula == pair.right:
            continue
        if not says_itself and pair.left in walk(correction.formula):
            continue  # v = v is right, and no correction
        if proved(replace(pair, right=correction.formula)):
            return correction
    return None


def candidates(formula: Formula, context: Context) -> Iterator[Correction]:
    """Single edits, then pairs of edits of the commonest kinds."""
    singles, indices = [], []
    for correction in corrections(formula, context):
        yield correction
        if correction.kind in CHEAP:
            singles.append(correction)
        if correction.kind == "sum index":
            indices.append(correction)
    for first in indices:  # a sum over an index that stands nowhere in it hides every other mistake
        yield from _after(first, corrections(first.formula, context), formula)
    for first in singles:
        yield from _after(first, corrections(first.formula, context, CHEAP), formula)


def _after(first: Correction, seconds: Iterator[Correction], formula: Formula) -> Iterator[Correction]:
    for second in seconds:
        kind = f"{first.kind}, {second.kind}"
        yield Correction(kind, second.formula, formula, second.formula, both(first.said, second.said))


class Trial:
    """Tries right sides of one pair on one sample, keeping the values of the parts that edits leave alone."""

    def __init__(self, pair: Pair, reading: Reading, setting: Setting, samples: Samples) -> None:
        self.pair, self.reading, self.setting, self.samples = pair, reading, setting, samples
        self.scope = samples.scope(reading, setting)
        self.scope.shared = frozenset(id(node) for side in (pair.left, pair.right) for node in walk(side))
        self.letters = samples.letters(pair)

    def __call__(self, right: Formula) -> bool:
        pair = replace(self.pair, right=right)
        try:
            return self.samples.holds_in(pair, self.scope, self.setting, quick=True, letters=self.letters) and self.samples.holds(
                pair, self.reading, self.setting, seed=2
            )
        except (UnreadableError, ShapeError, ZeroDivisionError):
            return False

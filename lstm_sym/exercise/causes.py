"""How a wrong answer came to be: slips of the pen, then mistakes in the formula, each tried out on the student's own numbers.

Laws: a cause is named only where undoing it, or making it, gives what the student wrote; the first that fits in the order of
the tables is the one that is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from lstm_sym.derivation import Derivation, Statement
from lstm_sym.errors import LstmSymError
from lstm_sym.evaluate.schedule.boundary import at_last_step
from lstm_sym.evaluate.schedule.program import Key as ValueKey
from lstm_sym.evaluate.schedule.program import vanishing_after_last
from lstm_sym.example.decimals import exact
from lstm_sym.exercise.arithmetic import Arithmetic, Matrix
from lstm_sym.proof.edits import KINDS, mutants
from lstm_sym.sheet import Asked, Cause
from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.nodes import Expression, add
from lstm_sym.symbols.scalars import T
from lstm_sym.symbols.traversal import at_time
from lstm_sym.worked import Entries

Numbers = tuple[tuple[Fraction, ...], ...]
SENTENCES = {kind.name: kind.sentence for kind in KINDS}
POWERS = tuple(Fraction(10) ** power for power in (1, -1, 2, -2))


@dataclass(frozen=True)
class Trial:
    """One wrong answer: what was asked, what was written, and the numbers that it should follow from."""

    asked: Asked
    answer: Entries
    values: Mapping[ValueKey, Matrix]
    arithmetic: Arithmetic
    derivation: Derivation
    last: int

    def follows(self, answer: Numbers, right: Expression) -> bool:
        return self.arithmetic.all_fit(answer, self.arithmetic.value(right, self.values))

    @property
    def numbers(self) -> Numbers:
        return tuple(tuple(exact(entry) for entry in row) for row in self.answer)


def cause(trial: Trial, others: Mapping[str, Matrix]) -> Cause | None:
    """The first cause that fits; `others` are the values of other quantities by label."""
    for found in (_sign(trial), _power(trial), _neighbour(trial, others), _formula(trial), _digits(trial)):
        if found is not None:
            return found
    return None


def _sign(trial: Trial) -> Cause | None:
    """All signs the other way round, or that of one entry."""
    places = [(i, j) for i, row in enumerate(trial.numbers) for j, _ in enumerate(row)]
    for flipped in (places, *([place] for place in places)):
        rows = tuple(tuple(-e if (i, j) in flipped else e for j, e in enumerate(row)) for i, row in enumerate(trial.numbers))
        if trial.follows(rows, trial.asked.line.right):
            return Cause(
                "sign", "the sign is wrong" if flipped is places or len(places) == 1 else "the sign of one entry is wrong"
            )
    return None


def _power(trial: Trial) -> Cause | None:
    """A slip of the point: a factor 10 or 100, up to what was rounded away before it."""
    if not any(entry for row in trial.numbers for entry in row):
        return None
    for power in POWERS:
        moved = tuple(tuple(entry * power for entry in row) for row in trial.numbers)
        wide = Arithmetic(trial.arithmetic.scalars, trial.arithmetic.half * max(power, Fraction(1)))
        if wide.all_fit(moved, trial.arithmetic.value(trial.asked.line.right, trial.values)):
            return Cause(
                "point", f"the decimal point is off: it must be {'times' if power > 1 else 'divided by'} {max(power, 1 / power)}"
            )
    return None


def _neighbour(trial: Trial, others: Mapping[str, Matrix]) -> Cause | None:
    numbers, half = trial.numbers, trial.arithmetic.half
    if not any(entry for row in numbers for entry in row):
        return None
    for label, matrix in others.items():
        same = (len(matrix), len(matrix[0])) == (len(numbers), len(numbers[0])) and label != trial.asked.label
        if same and all(abs(a - b[0]) <= half for u, v in zip(numbers, matrix, strict=True) for a, b in zip(u, v, strict=True)):
            return Cause("copied", f"it is the value of {label}")
    return None


def _formula(trial: Trial) -> Cause | None:
    """A single mistake in the formula that gives what was written."""
    statement = _statement(trial)
    if statement is None:
        return None
    for edit in mutants(statement.right, trial.derivation.cell):
        right = at_step(trial, edit.expression)
        if right is not None and trial.follows(trial.numbers, right):
            return Cause(edit.kind, SENTENCES[edit.kind], edit.before, edit.after)
    return None


def _statement(trial: Trial) -> Statement | None:
    line = trial.asked.line
    try:
        return trial.derivation[line.id].statement
    except KeyError:
        equations = (*trial.derivation.cell.equations, *trial.derivation.cell.split)
        return next((Statement(e.variable, e.body) for e in equations if e.name == line.id), None)


def at_step(trial: Trial, right: Expression) -> Expression | None:
    """The right side at the step of the line: sums written out, what lies after the last step left out."""
    line, last = trial.asked.line, trial.last
    try:
        if isinstance(right, SumOverTime):
            first, end = (int(limit.subs(T, last)) for limit in (right.lower, right.upper))
            return add(*[at_time(right.body, step) for step in range(first, end + 1)]) if first <= end else None
        if line.time is None:
            return right
        if line.time == last:
            right = at_last_step(right, vanishing_after_last(trial.derivation))
        return at_time(right, line.time)
    except (LstmSymError, TypeError, ValueError):
        return None


def _digits(trial: Trial) -> Cause | None:
    """Two digits exchanged or one digit wrong, in a single entry."""
    for i, row in enumerate(trial.answer):
        for j, text in enumerate(row):
            for changed, words in _slips(text):
                rows = [list(line) for line in trial.numbers]
                rows[i][j] = exact(changed)
                if trial.follows(tuple(map(tuple, rows)), trial.asked.line.right):
                    return Cause("digits", words)
    return None


def _slips(text: str) -> Iterator[tuple[str, str]]:
    places = [place for place, character in enumerate(text) if character.isdigit()]
    for first, second in pairwise(places):
        if text[first] != text[second]:
            swapped = text[:first] + text[second] + text[first + 1 : second] + text[first] + text[second + 1 :]
            yield swapped, f"the digits {text[first]} and {text[second]} are exchanged"
    for place in places:
        for digit in "0123456789":
            if digit != text[place]:
                yield text[:place] + digit + text[place + 1 :], f"the digit {text[place]} stands where {digit} belongs"

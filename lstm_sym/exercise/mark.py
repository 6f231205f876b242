"""Marking with follow-through: an answer is right, or follows from the student's own earlier answers, or is itself wrong.

Laws: an answer that is the correct rounding of the exact value earns its mark; so does one that the student's own numbers lead
to within their rounding; only what neither explains loses it, and is named as the place where the mistake was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from lstm_sym.calculus.derive import derive
from lstm_sym.derivation import Derivation
from lstm_sym.evaluate.schedule.program import Key as ValueKey
from lstm_sym.evaluate.schedule.run import given_matrices, scalars
from lstm_sym.exercise.answers import numbers
from lstm_sym.exercise.arithmetic import Arithmetic, Matrix
from lstm_sym.exercise.carried import points
from lstm_sym.exercise.causes import Trial, cause
from lstm_sym.exercise.key import Key
from lstm_sym.sheet import Asked, Mark, Marked, Outcome
from lstm_sym.symbols.names import RATE
from lstm_sym.worked import Entries


def mark(key: Key, answers: Mapping[str, Entries]) -> Marked:
    """The marks of one student's answers, by label."""
    marker = Marker(key, answers)
    return Marked(key.name, tuple(marker.mark(one) for one in key.asked))


@dataclass
class Marker:
    """Marks the answers of one student in the order of the sheet; `values` are what the student works with."""

    key: Key
    answers: Mapping[str, Entries]
    values: dict[ValueKey, Matrix] = field(init=False)
    exact: dict[ValueKey, Matrix] = field(init=False)

    def __post_init__(self) -> None:
        givens, solution = self.key.example.givens, self.key.solution
        self.half = Fraction(1, 2 * 10**self.key.example.decimals)
        self.arithmetic = Arithmetic(scalars(givens), self.half)
        self.derivation: Derivation = derive(self.key.example.cell)
        given = {
            key: tuple(tuple((e, Fraction(0)) for e in row) for row in rows)
            for key, _, rows in given_matrices(self.key.example.cell, givens)
        }
        given[RATE, None] = (((givens.rate, Fraction(0)),),)
        self.exact = {**{(v.quantity, v.time): points(v.entries, self.half) for v in solution.values}, **given}
        self.values = dict(self.exact)
        self.others = {one.label: points(one.line.value, self.half) for one in self.key.asked}
        places = {one.label: _place(one) for one in self.key.asked}
        for label, entries in self.answers.items():
            self.values[places[label]] = points(entries, self.half)

    def mark(self, one: Asked) -> Mark:
        """The mark of one answer."""
        answer = self.answers.get(one.label)
        if answer is None:
            return Mark(one, Outcome.MISSING, None, one.line.value)
        if self._is_rounding(answer, one.line.value):
            return Mark(one, Outcome.RIGHT, answer, one.line.value)
        trial = Trial(one, answer, self.values, self.arithmetic, self.derivation, self.key.example.givens.last)
        if trial.follows(trial.numbers, one.line.right):
            return Mark(one, Outcome.FOLLOWS, answer, one.line.value)
        return Mark(one, Outcome.WRONG, answer, one.line.value, cause(trial, self.others))

    def _is_rounding(self, answer: Entries, value: Entries) -> bool:
        """Whether every entry, to the decimals of the sheet, is what the key has."""
        pairs = [(a, Fraction(b)) for u, v in zip(numbers(answer), value, strict=True) for a, b in zip(u, v, strict=True)]
        return all(a == b or (a != 0 and abs(a - b) <= self.half and _longer(a, self.half)) for a, b in pairs)


def _longer(number: Fraction, half: Fraction) -> bool:
    """Whether the number has more decimals than are asked for."""
    return (number / (2 * half)).denominator != 1


def _place(one: Asked) -> ValueKey:
    left = one.line.left
    time = getattr(left, "time", None)
    return left.name, None if time is None else int(time)

"""Simulated students: each line worked out from the student's own rounded numbers, with one mistake where it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache

from lstm_sym.cells import cell
from lstm_sym.evaluate.certify import endpoints
from lstm_sym.evaluate.rounding import fixed_text, nearest
from lstm_sym.example.reader import parse_example
from lstm_sym.example.source import Source
from lstm_sym.exercise.arithmetic import Arithmetic
from lstm_sym.exercise.carried import points
from lstm_sym.exercise.causes import Trial, _statement, at_step
from lstm_sym.exercise.draw import Options
from lstm_sym.exercise.key import Key, asked, sheet
from lstm_sym.exercise.mark import Marker
from lstm_sym.proof.edits import mutants


@cache
def key_of(name="lstm", options=Options(), seed=1):  # noqa: B008
    """The key of a drawn sheet."""
    drawn = sheet(cell(name), options, seed)
    return Key(
        drawn.name, parse_example(Source("example", drawn.source), drawn.name), drawn.solution, asked(drawn.solution, drawn.asked)
    )


def rounded(found, decimals):
    def text(entry):
        low, high = endpoints(entry)
        return fixed_text(nearest((low + high) / 2 * 10**decimals), decimals)

    return tuple(tuple(text(entry) for entry in row) for row in found)


def answers(key: Key, wrong: str | None = None, mistake: Callable | None = None):
    """The answers of a student who goes on with rounded numbers; `mistake(entries, trial)` changes those of one label."""
    marker = Marker(key, {})
    arithmetic = Arithmetic(marker.arithmetic.scalars, Fraction(0))
    values = {place: tuple(tuple((e[0], Fraction(0)) for e in row) for row in rows) for place, rows in marker.exact.items()}
    found = {}
    for one in key.asked:
        entries = rounded(arithmetic.value(one.line.right, values), key.example.decimals)
        if one.label == wrong:
            trial = Trial(one, entries, values, arithmetic, marker.derivation, key.example.givens.last)
            entries = mistake(entries, trial)
            if entries is None:
                return None
        found[one.label] = entries
        left = one.line.left
        values[left.name, int(left.time) if hasattr(left, "time") else None] = points(entries)
    return found


def in_formula(kind, number=0):
    """A mistake of that kind in the formula, the one of that number; None where there is none."""

    def mistake(entries, trial):
        edits = [edit for edit in mutants(_statement(trial).right, trial.derivation.cell) if edit.kind == kind]
        if number >= len(edits):
            return None
        right = at_step(trial, edits[number].expression)
        value = trial.arithmetic.value(right, trial.values) if right is not None else None
        return None if value is None else rounded(value, len(entries[0][0].partition(".")[2]))

    return mistake


def flipped(entries, trial):
    """All signs the other way round."""
    return tuple(tuple(e[1:] if e.startswith("-") else f"-{e}" for e in row) for row in entries)

"""Numbers that a page can show with more digits or fewer: each with its certified text at every number of decimals on offer.

Law: nothing is rounded in the page. Every text that it can show is one that the program certified at that number of decimals, so
the page shows what the program prints; numbers that are the same at all of them, such as the givens, stay plain text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lstm_sym.errors import InputError
from lstm_sym.worked import Entries, Line, Part, Solution, Value

Texts = tuple[str, ...]
"""One number at each number of decimals on offer, in their order."""


class Shown(str):
    """The text of a number as it is printed first, with its texts at every number of decimals."""

    __slots__ = ("texts",)
    texts: Texts


class NumberTable:
    """Each number of a page once, in the order of first use."""

    def __init__(self) -> None:
        self._rows: dict[Texts, int] = {}

    def row(self, texts: Texts) -> int:
        return self._rows.setdefault(texts, len(self._rows))

    def rows(self) -> list[Texts]:
        return list(self._rows)


def first_decimals(solution: Solution, precisions: Mapping[int, Solution]) -> int | None:
    """The number of decimals that a page shows first: that of the solution itself, where it is one of those on offer."""
    return next((decimals for decimals, other in precisions.items() if other.rounding == solution.rounding), None)


def with_all_digits(solution: Solution, precisions: Mapping[int, Solution]) -> Solution:
    """The solution with every number as Shown; `precisions` has the same solution at each number of decimals."""
    if first_decimals(solution, precisions) is None:
        return solution
    return _Zip(tuple(precisions.values())).solution(solution)


class _Zip:
    """The same place in several solutions at a time."""

    def __init__(self, others: Sequence[Solution]) -> None:
        self.others = others

    def solution(self, first: Solution) -> Solution:
        shapes = {tuple((part.title, len(part.lines)) for part in other.parts) for other in (first, *self.others)}
        if len(shapes) != 1 or {len(other.values) for other in self.others} != {len(first.values)}:
            raise InputError("digits of a page", got="solutions of different examples", expected="one example at each precision")
        values = [_value(value, [other.values[place] for other in self.others]) for place, value in enumerate(first.values)]
        parts = [_part(part, [other.parts[place] for other in self.others]) for place, part in enumerate(first.parts)]
        return replace(first, values=tuple(values), parts=tuple(parts))


def _value(value: Value, others: Sequence[Value]) -> Value:
    return replace(value, entries=_entries(value.entries, [other.entries for other in others]))


def _part(part: Part, others: Sequence[Part]) -> Part:
    lines = [_line(line, [other.lines[place] for other in others]) for place, line in enumerate(part.lines)]
    return replace(part, lines=tuple(lines))


def _line(line: Line, others: Sequence[Line]) -> Line:
    numbers = {key: _entries(entries, [other.numbers[key] for other in others]) for key, entries in line.numbers.items()}
    return replace(line, numbers=numbers, value=_entries(line.value, [other.value for other in others]))


def _entries(entries: Entries, others: Sequence[Entries]) -> Entries:
    return tuple(
        tuple(shown(entry, tuple(other[i][j] for other in others)) for j, entry in enumerate(row))
        for i, row in enumerate(entries)
    )


def shown(first: str, texts: Texts) -> str:
    """The text with its other texts; a plain text where they are all the same."""
    if set(texts) == {first}:
        return first
    found = Shown(first)
    found.texts = texts
    return found

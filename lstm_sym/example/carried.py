"""A solution as a reader gets it who works each line out from the rounded numbers printed before it.

Laws: a line takes givens as they are given and every other symbol as it was rounded before; what it gives is enclosed and rounded
only where the enclosure decides it. A stacked line repeats others and is left out. The gap is the carried number minus the exact
value, in units of the last printed digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from sympy import Expr

from lstm_sym.errors import UnsupportedError
from lstm_sym.evaluate.certify import endpoints
from lstm_sym.evaluate.rounding import Decimals, Rounding
from lstm_sym.evaluate.schedule.run import scalars
from lstm_sym.evaluate.systems.balls import Balls
from lstm_sym.evaluate.systems.givens import Matrix
from lstm_sym.evaluate.systems.rationals import UNKNOWN, ExactRationals
from lstm_sym.evaluate.systems.system import InterpretedSystem
from lstm_sym.example.decimals import exact
from lstm_sym.example.example import Example
from lstm_sym.example.solve import solve_to
from lstm_sym.pictured import Carried, CarriedEntry, CarriedLine, CarriedPart
from lstm_sym.symbols.compound import Stack
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.traversal import symbols_in
from lstm_sym.worked import Entries, Line

MORE = 8
"""How many more decimals the exact value has than what is printed."""
PRECISIONS = (128, 512, 2048, 8192)
"""Bits of the enclosures, tried in this order."""


def carried(example: Example, decimals: int | None = None) -> Carried:
    """Every entry of every line with the number that carried rounding gives, to the example's decimals or others."""
    places = example.decimals if decimals is None else decimals
    rounding = Decimals(places)
    printed, exactly = solve_to(example, rounding), solve_to(example, Decimals(places + MORE))
    known: dict[Expr, Matrix] = {}
    numbers = scalars(example.givens)
    parts = []
    for part, exact_part in zip(printed.parts, exactly.parts, strict=True):
        lines = [
            _line(line, exact_line.value, _carry(line, known, rounding, numbers), places)
            for line, exact_line in zip(part.lines, exact_part.lines, strict=True)
            if not isinstance(line.left, Stack)
        ]
        parts.append(CarriedPart(part.title, tuple(lines)))
    return Carried(example.name, places, tuple(parts))


def _carry(line: Line, known: dict[Expr, Matrix], rounding: Rounding, numbers: Mapping[str, Fraction]) -> Entries:
    """The value of a line on the rounded numbers before it, rounded, and remembered under its left side."""
    values = {symbol: known.get(symbol) or _matrix(line.numbers[symbol]) for symbol in symbols_in(line.right)}
    entries = value_on(line.right, values, numbers, rounding)
    known[line.left] = _matrix(entries)
    return entries


def value_on(
    expression: Expression, values: Mapping[Expression, Matrix], numbers: Mapping[str, Fraction], rounding: Rounding
) -> Entries:
    """The certified text of an expression on exact values of its symbols; `numbers` are the values of scalars by name."""
    text: dict[tuple[int, int], str] = {}
    for system in (ExactRationals(), *(Balls(precision) for precision in PRECISIONS)):
        rows = _entries(system, expression, values, numbers)
        for i, row in enumerate(rows):
            for j, entry in enumerate(row):
                ends = None if entry is UNKNOWN else endpoints(entry) if isinstance(system, Balls) else (entry, entry)
                found = rounding.text(*ends) if ends else None
                if found is not None:
                    text.setdefault((i, j), found)
        if len(text) == len(rows) * len(rows[0]):
            return tuple(tuple(text[i, j] for j in range(len(row))) for i, row in enumerate(rows))
    raise UnsupportedError(
        f"the value of {str(expression)[:80]}",
        got=f"no enclosure at {PRECISIONS[-1]} bits that rounds to one decimal",
        expected="a value that is not a tie",
        advice="ask for another number of decimals",
    )


def _entries(
    system: InterpretedSystem[Any], expression: Expression, values: Mapping[Expression, Matrix], numbers: Mapping[str, Fraction]
) -> list[list[Any]]:
    with system.session():
        function = system.compile(expression, tuple(values), numbers)
        return system.entries(function([system.matrix(matrix) for matrix in values.values()]))


def _matrix(entries: Entries) -> Matrix:
    return tuple(tuple(exact(entry) for entry in row) for row in entries)


def _line(line: Line, exactly: Entries, rounded: Entries, places: int) -> CarriedLine:
    return CarriedLine(line.id, line.left, tuple(_compared(line.value, exactly, rounded, places)))


def _compared(printed: Entries, exactly: Entries, rounded: Entries, places: int) -> Iterator[CarriedEntry]:
    for i, row in enumerate(rounded):
        for j, text in enumerate(row):
            gap = (exact(text) - exact(exactly[i][j])) * 10**places
            yield CarriedEntry(i, j, exactly[i][j], printed[i][j], text, _two_decimals(gap))


def _two_decimals(gap: Fraction) -> str:
    hundredths = round(gap * 100)
    return f"{'-' if hundredths < 0 else ''}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"

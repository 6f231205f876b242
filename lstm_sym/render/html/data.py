"""What the script of a page knows: the numbers at every number of decimals, and for each symbol what it is and its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lstm_sym.render.html.digits import NumberTable, Shown
from lstm_sym.render.html.legend import Entry
from lstm_sym.worked import Entries, Solution

MOST_ROWS = 6
"""Rows and columns of a value that are shown beside a symbol; dots stand for the others."""

ByTime = dict[str, Entries]


def page_data(symbols: Mapping[str, Entry], solution: Solution | None, numbers: NumberTable) -> dict[str, Any]:
    """Rows of numbers; symbols as [what it is, shape]; values by name and time, each entry a row of the numbers or a text."""
    values = _values(symbols, solution) if solution else {}
    return {
        "symbols": {name: [entry.meaning, entry.shape] for name, entry in symbols.items()},
        "values": {
            name: {
                time: {"size": f"{len(entries)} × {len(entries[0])}", "rows": _rows(entries, numbers)}
                for time, entries in by.items()
            }
            for name, by in values.items()
        },
        "numbers": numbers.rows(),
    }


def _values(symbols: Mapping[str, Entry], solution: Solution) -> dict[str, ByTime]:
    found: dict[str, ByTime] = {}
    for value in (*solution.givens, *solution.values):
        found.setdefault(value.quantity, {})["" if value.time is None else str(value.time)] = value.entries
    for name, entry in symbols.items():
        if entry.blocks and all(block in found for block in entry.blocks):
            times = [time for time in found[entry.blocks[0]] if all(time in found[block] for block in entry.blocks)]
            found[name] = {time: _together([found[block][time] for block in entry.blocks], entry.beside) for time in times}
    return found


def _together(blocks: Sequence[Entries], beside: bool) -> Entries:
    if beside:
        return tuple(tuple(entry for row in rows for entry in row) for rows in zip(*blocks, strict=True))
    return tuple(row for block in blocks for row in block)


def _rows(entries: Entries, numbers: NumberTable) -> list[list[int | str]]:
    rows = [[_entry(entry, numbers) for entry in row] for row in entries]
    columns = len(entries[0])
    short = [[*row[:MOST_ROWS], "…"] if columns > MOST_ROWS + 1 else row for row in rows]
    return [*short[:MOST_ROWS], ["…"]] if len(rows) > MOST_ROWS + 1 else short


def _entry(entry: str, numbers: NumberTable) -> int | str:
    return numbers.row(entry.texts) if isinstance(entry, Shown) else entry

"""Tables of values: a row for each quantity, a column for each step, wide ones in several tables, long ones with dots.

Laws: every entry stands as it was given; beyond SHOWN_STEPS steps, dots stand for those between the first ones and the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lstm_sym.render.typeset.box import Box
from lstm_sym.render.typeset.ink import Ink
from lstm_sym.render.typeset.matrix import checked, is_elided, number_box
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.worked import Solution, Value

SHOWN_STEPS = 12
KEPT_STEPS = 8
TABLE_WIDTH = 70.0
LONGEST = 30


@dataclass(frozen=True)
class Table:
    """The steps of the columns (None: dots), and the rows: the name of a quantity, then a cell for each column."""

    steps: tuple[int | None, ...]
    rows: tuple[tuple[Box, tuple[Box | None, ...]], ...]


def timed_tables(values: Sequence[Value], ink: Ink, notation: Notation = WORKSHEET) -> tuple[Table, ...]:
    """The values that have a time, in as many tables as the width of the page demands."""
    by_quantity: dict[str, dict[int, Value]] = {}
    for value in values:
        if value.time is not None:
            by_quantity.setdefault(value.quantity, {})[value.time] = value
    times = sorted({time for found in by_quantity.values() for time in found})
    cells: dict[tuple[str, int | None], Box] = {
        (quantity, time): number_box(checked(value.entries, quantity), ink)
        for quantity, found in by_quantity.items()
        for time, value in found.items()
    }
    names = {quantity: ink.symbol(quantity, "t", notation) for quantity in by_quantity}
    return tuple(
        Table(tuple(steps), tuple((names[q], tuple(cells.get((q, step)) for step in steps)) for q in names))
        for steps in _split(_kept(times), cells, max((name.width for name in names.values()), default=0.0))
    )


def _kept(times: list[int]) -> list[int | None]:
    return [*times] if len(times) <= SHOWN_STEPS else [*times[:KEPT_STEPS], None, *times[-2:]]


def _split(steps: list[int | None], cells: dict[tuple[str, int | None], Box], margin: float) -> list[list[int | None]]:
    """The steps in groups whose columns fit beside the names."""
    groups: list[list[int | None]] = []
    used = TABLE_WIDTH
    for step in steps:
        width = 2.5 + max((box.width for (_, time), box in cells.items() if time == step), default=1.0)
        if not groups or used + width > TABLE_WIDTH:
            groups.append([])
            used = margin
        groups[-1].append(step)
        used += width
    return groups


def split_by_width(values: Sequence[Value]) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """The values whose numbers fit into a table, and those whose numbers are longer than LONGEST characters."""
    long = tuple(value for value in values if any(len(entry) > LONGEST for row in value.entries for entry in row))
    return tuple(value for value in values if value not in long), long


def constants(values: Sequence[Value]) -> tuple[Value, ...]:
    """The values that have no time: parameters, their gradients and updates, the learning rate."""
    return tuple(value for value in values if value.time is None)


def any_elided(solution: Solution) -> bool:
    """Whether dots stand anywhere in the printed solution."""
    given = (*solution.givens, *solution.values)
    return any(is_elided(value.entries) for value in given) or len({v.time for v in given if v.time is not None}) > SHOWN_STEPS

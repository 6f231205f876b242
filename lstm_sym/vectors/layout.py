"""How the values of a case become named arrays: the steps t = 0, ..., T of a quantity together, what is at t = -1 apart.

    out           the steps along the first axis          out_initial   the value at t = -1          W_a   no time

Law: what is declared as a column is a vector; what is declared as a matrix stays one, with one input or unit too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lstm_sym.cell import Cell
from lstm_sym.evaluate.systems.addresses import Key
from lstm_sym.symbols.names import ADJOINT

INITIAL = "_initial"


@dataclass(frozen=True)
class Place:
    """The keys of an array: those of its steps, or the one of what is no sequence."""

    keys: tuple[Key, ...]
    is_single: bool


def arrays_of(keys: Iterable[Key]) -> dict[str, Place]:
    """The name of each array with its keys."""
    times: dict[str, list[int | None]] = {}
    for name, time in keys:
        times.setdefault(name, []).append(time)
    found: dict[str, Place] = {}
    for name, moments in times.items():
        if None in moments:
            found[name] = Place(((name, None),), True)
            continue
        steps = sorted(time for time in moments if time is not None)
        if -1 in steps:
            found[name + INITIAL] = Place(((name, -1),), True)
        if steps[-1] >= 0:
            found[name] = Place(tuple((name, step) for step in steps if step >= 0), False)
    return found


def matrices(cell: Cell) -> frozenset[str]:
    """The names of arrays that have rows and columns."""
    names = [parameter.name for parameter in cell.parameters if parameter.shape[1] != 1]
    return frozenset(prefix + name for name in names for prefix in ("", ADJOINT))

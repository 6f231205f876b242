"""Floats looked up in balls, for the derivatives of a run: each is within `rho` of the true value, which is checked afterwards.

Law: nothing is proved from a float before `check` has seen the final ball of its value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy

from lstm_sym.evaluate.columns.columns import plain
from lstm_sym.evaluate.enclosures.frames import LostError
from lstm_sym.evaluate.enclosures.midrad import Array, MidRad, norm
from lstm_sym.evaluate.systems.addresses import Key
from lstm_sym.evaluate.systems.balls import ZERO

RHO = 2.0**-45
"""How far, relative to 1 + its norm, a value may be from its float: far above enclosed errors, far below what matters."""


class Lookup:
    """The floats of each symbol in one table, a row for each time from -1 to `last`; NaN where none was looked up."""

    def __init__(self, values: Mapping[Key, Any], last: int) -> None:
        self.values, self.last = values, last
        self.tables: dict[str, Array] = {}
        self.unchecked: list[tuple[str, list[int]]] = []

    def __call__(self, name: str, times: Sequence[int]) -> MidRad:
        """The values of a symbol at the times, as floats with radius rho."""
        first = self.values[name, times[0]]
        size = len(entries_of(first))
        table = self.tables.setdefault(name, numpy.full((self.last + 2, size), numpy.nan))
        places = numpy.array(times) + 1
        missing = places[numpy.isnan(table[places, 0])]
        if len(missing):
            new = (missing - 1).tolist()
            table[missing] = [list(map(float, entries_of(self.values[name, time]))) for time in new]
            self.unchecked.append((name, new))
        rows = len(first) if isinstance(first, list) else first.nrows()
        array = table[places].reshape(len(times), rows, -1, 1)
        return MidRad(array, RHO * (1 + norm(array)))

    def check(self) -> None:
        """Whether every value looked up since the last check is within rho of its float, with room to spare."""
        for name, times in self.unchecked:
            allowed = RHO / 2 * (1 + abs(self.tables[name][numpy.array(times) + 1]).max(axis=1))
            for time, most in zip(times, allowed.tolist(), strict=True):
                total = sum(entries_of(self.values[name, time]), ZERO)  # its radius is no less than any entry's
                if not total.rad() < most:
                    raise LostError
        self.unchecked.clear()


def entries_of(value: Any) -> list[Any]:
    entries: list[Any] = value if isinstance(value, list) else plain(value).entries()
    return entries

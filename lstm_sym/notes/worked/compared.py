"""Printed rows beside the true value: which entries are wrong, how each came to be so, and what should stand there.

Law: an entry is right if it is the rounding of the true value, or can be the value that follows from what was printed before;
a cause is named only where undoing it gives a number that fits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.sampling.values import Value
from lstm_sym.notes.worked.enclosed import entry_of, overlaps
from lstm_sym.notes.worked.example import TextRows, rows_of
from lstm_sym.notes.worked.printed import decimals, printed, shown, slip


@dataclass
class Compared:
    """Compares rows with values; `usual` is the usual number of decimals, `table` the values that a slip can have taken."""

    usual: int
    table: list[tuple[str, Value]] = field(default_factory=list)

    def faults(self, rows: TextRows, true: Value, carried: tuple[Value, Value] | None) -> str | None:
        """What is wrong with the printed rows, in words; None where every entry fits the true value or the carried one."""
        if (len(rows), len(rows[0])) != true.shape:
            rows = tuple(zip(*rows, strict=True))
        if (len(rows), len(rows[0])) != true.shape:
            count = true.shape[0] * true.shape[1]
            return f"{len(rows) * len(rows[0])} entries are printed, where there are {count}"
        found = []
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                if not _fits(text, true.rows[i][j], carried, (i, j)):
                    place = (
                        f"entry {i + j + 1}: "
                        if 1 in true.shape and true.shape != (1, 1)
                        else f"entry ({i + 1}, {j + 1}): "
                        if true.shape != (1, 1)
                        else ""
                    )
                    found.append(place + self._fault(text, true.rows[i][j], entry_of(carried, i, j)))
        return "; ".join(found) or None

    def _fault(self, text: str, ball: Any, carried: Any) -> str:
        others = [(name, value.rows[0][0]) for name, value in self.table if value.shape == (1, 1)]
        how = slip(text, ball, others) or (slip(text, carried, ()) if carried is not None else None)
        known = f"{text} for {shown(ball, min(max(decimals(text), 1), self.usual))}"
        return f"{known} ({how})" if how else known

    def shown(self, true: Value, rows: TextRows) -> str:
        """The value with as many digits as the rows print."""
        digits = max(decimals(text) for row in rows for text in row) or self.usual
        entries = [[shown(entry, min(digits, self.usual)) for entry in row] for row in true.rows]
        if true.shape == (1, 1):
            return entries[0][0]
        return "\\begin{bmatrix} " + " \\\\ ".join(" & ".join(row) for row in entries) + " \\end{bmatrix}"


def _fits(text: str, ball: Any, carried: tuple[Value, Value] | None, place: tuple[int, int]) -> bool:
    number = printed(text)
    if number.fits(ball):
        return True
    if carried is None:
        return False
    for value in carried:
        i, j = place if value.shape != (1, 1) else (0, 0)
        try:
            entry = value.rows[i][j]
        except IndexError:
            return False
        if overlaps(number, entry):
            return True
    return False


def usual_decimals(pairs: Iterable[Pair]) -> int:
    """The number of decimals that results are mostly printed with."""
    counts: Counter[int] = Counter()
    for pair in pairs:
        for row in rows_of(pair.right) or ():
            counts.update(decimals(text) for text in row if decimals(text) > 2)
    return counts.most_common(1)[0][0] if counts else 5

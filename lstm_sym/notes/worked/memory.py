"""What was printed for each quantity so far, so that a number copied on is known as a copy.

Law: a quantity is a mark, a name and a step; a stack is the quantities of its parts, one above the other.
"""

from __future__ import annotations

from lstm_sym.notes.formula.names import Time, reference
from lstm_sym.notes.formula.tree import Derivative, Formula, Indexed, Name, Prefixed
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.sampling.numbers import Balls
from lstm_sym.notes.sampling.values import Value
from lstm_sym.notes.worked.example import TextRows
from lstm_sym.notes.worked.printed import printed

Quantity = tuple[str, str, int | None]


class Memory:
    """Printed rows by quantity."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.known: dict[Quantity, TextRows] = {}

    def keep(self, left: Formula, rows: TextRows) -> None:
        """Remembers what is printed for a left side."""
        found = self._quantities(left, {})
        if len(found) == 1:
            self.known[found[0]] = rows
        elif found and len(rows) == len(found):
            self.known.update((quantity, (row,)) for quantity, row in zip(found, rows, strict=True))

    def value(self, quantity: Quantity) -> Value:
        """What is printed for a quantity."""
        return _value(self.known[quantity])

    def rows(self, leaf: Formula, times: dict[str, int], shape: tuple[int, int]) -> tuple[Value, Value] | None:
        """What was printed for this quantity, twice: as a point and as the interval; None where some part of it was not."""
        found = self._quantities(leaf, times)
        if not found or not any(quantity in self.known for quantity in found):
            return None
        if len(found) == 1:
            value = _value(self.known[found[0]])
            return (value, value) if value.shape == shape else None
        rows = []
        for quantity in found:
            known = self.known.get(quantity)
            if known is None or len(known) != 1:
                rows.append((None,))
            else:
                rows.append(_value(known).rows[0])
        if len(rows) != shape[0]:
            return None
        from flint import arb

        nowhere = arb("nan")
        value = Value(tuple(tuple(nowhere if entry is None else entry for entry in row) for row in rows))
        return (value, value) if value.shape == shape else None

    def _quantities(self, node: Formula, times: dict[str, int]) -> list[Quantity]:
        mark = ""
        if isinstance(node, Prefixed):
            mark, node = node.prefix, node.body
        elif isinstance(node, Derivative):
            mark, node = "partial", node.by
        read = reference(node, self.model.timed) if isinstance(node, Name | Indexed) else None
        if read is None:
            return []
        step = _step(read.time, times)
        items = self.model.stacks.get(read.key)
        if items is None:
            return [(mark, read.key, step)]
        inner = [reference(item, self.model.timed) for item in items]
        return [(mark, part.key, step) for part in inner if part is not None]


def _step(time: Time | None, times: dict[str, int]) -> int | None:
    if time is None:
        return None
    return times.get(time.base, 0) + time.offset


def _value(rows: TextRows) -> Value:
    number = Balls().number
    return Value(tuple(tuple(number(printed(text).value) for text in row) for row in rows))

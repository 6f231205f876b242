"""Names moved in time, transposed or squared, in the author's own way of writing them.

Law: only the index that is time changes; what has no time or is no name gives None.
"""

from __future__ import annotations

from dataclasses import replace

from lstm_sym.notes.formula.names import Time, reference, time_of
from lstm_sym.notes.formula.tree import Derivative, Formula, Group, Indexed, Name, Number, Prefixed, Terms


def shifted(node: Formula, step: int, timed: frozenset[str]) -> Formula | None:
    """The name one step later or sooner; None where it has no time."""
    if isinstance(node, Prefixed):
        body = shifted(node.body, step, timed)
        return None if body is None else replace(node, body=body, start=0, end=0)
    if isinstance(node, Derivative):
        by = shifted(node.by, step, timed)
        return None if by is None else replace(node, by=by, start=0, end=0)
    read = reference(node, timed) if isinstance(node, Indexed) else None
    if read is None or read.time is None or not isinstance(node, Indexed):
        return None
    for name in ("sub", "sup"):
        items = getattr(node, name)
        for position, item in enumerate(items):
            if time_of(item) == read.time:
                new = _moved(item, read.time, step)
                return _with_items(node, name, (*items[:position], new, *items[position + 1 :]))
    return None


def _moved(item: Formula, time: Time, step: int) -> Formula:
    if isinstance(item, Group):
        return replace(item, items=(_moved(item.items[0], time, step),), start=0, end=0)
    return index(Time(time.base, time.offset + step))


def index(time: Time) -> Formula:
    """t + offset as a formula."""
    number = Number(str(abs(time.offset)))
    if not time.base:
        return number if time.offset >= 0 else Terms((-1,), (number,))
    return Name(time.base) if not time.offset else Terms((1, 1 if time.offset > 0 else -1), (Name(time.base), number))


def turned(node: Formula) -> Formula:
    """The name with its transpose put on or taken off."""
    mark = Name("T")
    if isinstance(node, Indexed):
        kept = tuple(item for item in node.sup if not (isinstance(item, Name) and item.text in ("T", "transpose")))
        return replace(node, sup=kept if len(kept) < len(node.sup) else (*node.sup, mark), start=0, end=0)
    return Indexed(node, (), (mark,))


def at_time(atom: Formula, time: Time, timed: frozenset[str]) -> Formula | None:
    """The same name at another time."""
    if isinstance(atom, Prefixed):
        body = at_time(atom.body, time, timed)
        return None if body is None else replace(atom, body=body, start=0, end=0)
    if isinstance(atom, Derivative):
        by = at_time(atom.by, time, timed)
        return None if by is None else replace(atom, by=by, start=0, end=0)
    read = reference(atom, timed) if isinstance(atom, Indexed) else None
    if read is None or read.time is None or not isinstance(atom, Indexed):
        return None
    if read.time == time:
        return atom
    for name in ("sub", "sup"):
        items = getattr(atom, name)
        for position, item in enumerate(items):
            if time_of(item) == read.time:
                new = replace(item, items=(index(time),), start=0, end=0) if isinstance(item, Group) else index(time)
                return _with_items(atom, name, (*items[:position], new, *items[position + 1 :]))
    return None


def squared(node: Formula) -> Formula:
    """The name squared."""
    if isinstance(node, Indexed) and not node.sup:
        return replace(node, sup=(Number("2"),), start=0, end=0)
    return Indexed(Group("(", (node,)), (), (Number("2"),))


def _with_items(node: Indexed, name: str, items: tuple[Formula, ...]) -> Indexed:
    return replace(node, sub=items, start=0, end=0) if name == "sub" else replace(node, sup=items, start=0, end=0)

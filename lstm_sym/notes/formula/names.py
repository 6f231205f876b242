"""Names with their indices: which index is time, which is a label, which is a transpose or a power.

Laws: an index is time if t, tau or T stands in it, if it is in angle brackets, or if the name is timed elsewhere and the
index is a number or a running index; everything else is a label and part of the name. A bare T above is a transpose.
Nothing here knows a cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lstm_sym.notes.formula.tree import Big, Call, Formula, Group, Indexed, Name, Number, Relation, Terms, children

TIME_LETTERS = frozenset({"t", "tau", "T"})
RUNNING = frozenset({"k", "s", "j", "i", "n", "l", "u", "r", "m", "p", "q"})
ALWAYS_RUNNING = frozenset({"k", "s", "j"})
"""Letters that are no gate: running indices wherever a timed name has them. The others must be bound by a sum."""
BOUND = "@"
"""Stands in the set of timed keys before a letter that a sum or product of the document runs over."""
STEPS = {"prev": -1, "previous": -1, "next": 1}
TRANSPOSES = frozenset({"transpose", "T", "tr", "Tr", "top", "'", "H"})


@dataclass(frozen=True)
class Time:
    """base + offset, where base is a letter such as t or T, or '' for a number."""

    base: str
    offset: int

    def __str__(self) -> str:
        if not self.base:
            return str(self.offset)
        return f"{self.base}{self.offset:+d}" if self.offset else self.base


@dataclass(frozen=True)
class Reference:
    """A name with its time, and what stands above it besides."""

    key: str
    time: Time | None
    transposed: bool = False
    power: Formula | None = None
    primes: int = 0
    weak: bool = False
    """Whether the time is a number or running index, so that it is a label if the name is timed nowhere."""


def plain(text: str, accents: Iterable[str]) -> str:
    return "_".join((*accents, text))


def time_of(item: Formula) -> Time | None:
    """base + offset of an index, if it has that form."""
    if isinstance(item, Group) and len(item.items) == 1:
        return time_of(item.items[0])
    if isinstance(item, Number) and item.text.isdecimal() and len(item.text) < 6:
        return Time("", int(item.text))
    if isinstance(item, Name) and not item.accents and (item.text in TIME_LETTERS or item.text in RUNNING):
        return Time(item.text, 0)
    if isinstance(item, Terms) and len(item.terms) <= 3:
        base, offset = "", 0
        for sign, term in zip(item.signs, item.terms, strict=True):
            part = time_of(term)
            if part is None or (part.base and (base or sign < 0)):
                return None
            base, offset = base or part.base, offset + sign * part.offset
        return Time(base, offset)
    return None


def is_strong(item: Formula, time: Time, above: bool) -> bool:
    """Whether this index can be nothing but time."""
    if time.base in TIME_LETTERS:
        return not (above and isinstance(item, Name) and item.text == "T")
    return (isinstance(item, Group) and item.kind == "<") or (isinstance(item, Terms) and time.base == "")


def label(item: Formula) -> str:
    """An index that is not time, as part of a name."""
    if isinstance(item, Name):
        return plain(item.text, item.accents)
    if isinstance(item, Number):
        return item.text
    if isinstance(item, Indexed):
        return "".join([label(item.base), *map(label, item.sub), *map(label, item.sup)])
    if isinstance(item, Relation):
        return "".join(map(label, item.parts))
    parts: list[str] = []
    for name in ("items", "factors", "terms", "arguments"):
        parts.extend(label(part) for part in getattr(item, name, ()))
    return "".join(parts) or "?"


def reference(node: Formula, timed: frozenset[str] | set[str]) -> Reference | None:
    """The reference that a Name or an Indexed name is; `timed` holds the keys that the document indexes by time."""
    if isinstance(node, Name):
        return Reference(plain(node.text, node.accents), None)
    if not isinstance(node, Indexed) or not isinstance(node.base, Name):
        return None
    items = [(item, False) for item in node.sub] + [(item, True) for item in node.sup]
    chosen = _time_item(node.base, items, timed)
    labels, transposed, power = [], False, None
    for position, (item, above) in enumerate(items):
        if chosen is not None and position == chosen[0]:
            continue
        if above and isinstance(item, Name) and item.text in TRANSPOSES:
            transposed = not transposed
        elif above and isinstance(item, Number | Terms):
            power = item
        elif above and isinstance(item, Name) and item.text in ("star", "*", "+", "-"):
            labels.append("star")
        else:
            labels.append(label(item))
    key = "_".join([plain(node.base.text, node.base.accents), *labels])
    time = chosen[1] if chosen else None
    if labels and labels[-1] in STEPS and (time is None or labels[-1] in ("prev", "previous")):
        bare = "_".join(key.split("_")[:-1])
        if bare in timed and labels[-1] in ("prev", "previous"):
            key, time = bare, Time((time or Time("t", 0)).base or "t", -1)
    return Reference(key, time, transposed, power, node.primes, bool(chosen and chosen[2]))


def is_d_name(key: str, keys: set[str] | frozenset[str]) -> bool:
    """Whether the key is d in front of a known key, as in dW_xh or dnet."""
    return len(key) > 1 and key[0] == "d" and (key[1:] in keys or key[1:].split("_", maxsplit=1)[0] in keys)


def spelled_apart(key: str, keys: Iterable[str]) -> str | None:
    """b_a for dba: the key that a gradient's name in one word is about."""
    return next((other for other in keys if key[:1] == "d" and "_" in other and other.replace("_", "") == key[1:]), None)


def _is_mark(item: Formula) -> bool:
    """Whether what stands above is a power or a transpose, no part of the name."""
    return isinstance(item, Number | Terms) or (isinstance(item, Name) and item.text in TRANSPOSES)


def _time_item(base: Name, items: list[tuple[Formula, bool]], timed: frozenset[str] | set[str]) -> tuple[int, Time, bool] | None:
    times = [(position, time_of(item), item, above) for position, (item, above) in enumerate(items)]
    for position, time, item, above in times:
        if time is not None and is_strong(item, time, above):
            return position, time, False
    for position, time, item, above in times:
        if time is None or (above and isinstance(item, Number | Terms) and len(items) > 1):
            continue
        if above and isinstance(item, Name) and item.text in TRANSPOSES:
            continue
        if isinstance(item, Name) and item.text in RUNNING - ALWAYS_RUNNING and BOUND + item.text not in timed:
            continue
        others = [label(other) for index, (other, up) in enumerate(items) if index != position and not (up and _is_mark(other))]
        key = "_".join([plain(base.text, base.accents), *others])
        if key in timed and (time.base not in RUNNING or "_".join([key, label(item)]) not in timed):
            if above and isinstance(item, Number) and int(item.text) == 2:
                continue
            return position, time, True
    return None


def references(formula: Formula, timed: frozenset[str]) -> list[Reference]:
    """Every name in a formula, indices aside, in written order."""
    found: list[Reference] = []

    def visit(node: Formula) -> None:
        if isinstance(node, Name | Indexed):
            read = reference(node, timed)
            if read is not None:
                found.append(read)
                return
            if isinstance(node, Indexed):
                visit(node.base)
            return
        if isinstance(node, Call):
            for argument in node.arguments:
                visit(argument)
            return
        if isinstance(node, Big):
            visit(node.body)
            return
        for child in children(node):
            visit(child)

    visit(formula)
    return found

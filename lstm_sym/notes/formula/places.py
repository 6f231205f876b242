"""Every place of a formula tree, with a way to put something else there.

Law: what is put at one place shares every other node with the original, so that values already computed can be used again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from lstm_sym.notes.formula.tree import Formula

Put = Callable[[Formula], Formula]


def places(root: Formula) -> Iterator[tuple[Formula, Put, tuple[Formula, ...]]]:
    """Each node, the way to replace it, and its ancestors from the root down."""
    yield from _places(root, lambda new: new, ())


def _places(node: Formula, put: Put, above: tuple[Formula, ...]) -> Iterator[tuple[Formula, Put, tuple[Formula, ...]]]:
    yield node, put, above
    for item in fields(node):
        value = getattr(node, item.name)
        for child, rebuilt in _inside(value):
            yield from _places(child, _at(node, item.name, rebuilt, put), (*above, node))


def _at(node: Formula, name: str, rebuilt: Callable[[Formula], Any], put: Put) -> Put:
    return lambda new: put(replace(node, **{name: rebuilt(new)}, start=0, end=0))


def _inside(value: Any) -> Iterator[tuple[Formula, Callable[[Formula], Any]]]:
    if isinstance(value, Formula):
        yield value, lambda new: new
    elif isinstance(value, tuple):
        for position, part in enumerate(value):
            for child, rebuilt in _inside(part):
                yield child, _in_tuple(value, position, rebuilt)


def _in_tuple(value: tuple, position: int, rebuilt: Callable[[Formula], Any]) -> Callable[[Formula], Any]:
    return lambda new: (*value[:position], rebuilt(new), *value[position + 1 :])

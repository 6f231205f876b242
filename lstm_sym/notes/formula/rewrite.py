"""Formula trees rebuilt bottom up by a rule.

Law: a node for which the rule gives None is kept, with new children where those changed; a rule never sees a node before
its children.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from lstm_sym.notes.formula.tree import Formula, Indexed, Name, children

Rule = Callable[[Formula], Formula | None]


def rewrite(node: Formula, rule: Rule) -> Formula:
    """The formula with the rule applied at every node, children first."""
    changed: dict[str, Any] = {}
    for item in fields(node):
        value = getattr(node, item.name)
        new = _through(value, rule)
        if new is not value:
            changed[item.name] = new
    node = replace(node, **changed) if changed else node
    new_node = rule(node)
    return node if new_node is None else new_node


def rewrite_names(node: Formula, rule: Rule) -> Formula:
    """The formula with the rule applied at whole names, indices and all, outermost first; indices are left alone."""
    found = rule(node)
    if found is not None:
        return found
    if isinstance(node, Name) or (isinstance(node, Indexed) and isinstance(node.base, Name)):
        return node

    def through(value: Any) -> Any:
        if isinstance(value, Formula):
            return rewrite_names(value, rule)
        return tuple(through(part) for part in value) if isinstance(value, tuple) else value

    return replace(node, **{item.name: through(getattr(node, item.name)) for item in fields(node)})


def whole_names(node: Formula) -> Iterator[Formula]:
    """Every name in a formula with its indices, and none inside an index."""
    if isinstance(node, Name) or (isinstance(node, Indexed) and isinstance(node.base, Name)):
        yield node
        return
    for child in children(node):
        yield from whole_names(child)


def _through(value: Any, rule: Rule) -> Any:
    if isinstance(value, Formula):
        return rewrite(value, rule)
    if isinstance(value, tuple):
        new = tuple(_through(part, rule) for part in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value

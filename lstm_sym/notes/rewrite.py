"""Formula trees rebuilt bottom up by a rule.

Law: a node for which the rule gives None is kept, with new children where those changed; a rule never sees a node before
its children.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from lstm_sym.notes.formula import Formula

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


def _through(value: Any, rule: Rule) -> Any:
    if isinstance(value, Formula):
        return rewrite(value, rule)
    if isinstance(value, tuple):
        new = tuple(_through(part, rule) for part in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value

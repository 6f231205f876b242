"""The names of a document as it writes them: what an edit may put in.

Law: each name stands once, at the time t, marked ones too; a name that is never marked can carry each mark that others carry.
"""

from __future__ import annotations

from lstm_sym.notes.formula.names import reference
from lstm_sym.notes.formula.tree import Derivative, Formula, Indexed, Name, Prefixed, children


def atoms_of(formulas: list[Formula], timed: frozenset[str]) -> tuple[Formula, ...]:
    """The names with time t in the document, each once, marked ones too."""
    found: dict[str, Formula] = {}

    def visit(node: Formula) -> None:
        inner = node.body if isinstance(node, Prefixed) else node.by if isinstance(node, Derivative) else node
        if isinstance(node, Prefixed | Derivative | Indexed | Name):
            read = reference(inner, timed) if isinstance(inner, Name | Indexed) else None
            if read is not None:
                if read.time is not None and read.time.base in ("t", "tau") and read.power is None and not read.transposed:
                    mark = node.prefix if isinstance(node, Prefixed) else "partial" if isinstance(node, Derivative) else ""
                    if read.time.offset == 0 or f"{mark} {read.key}" not in found:
                        found[f"{mark} {read.key}"] = node
                return
        for child in children(node):
            visit(child)

    for formula in formulas:
        visit(formula)
    marks = {mark.partition(" ")[0] for mark, node in found.items() if isinstance(node, Prefixed)}
    for name, node in list(found.items()):
        if name.startswith(" "):
            for mark in marks:
                found.setdefault(mark + name, Prefixed(mark, node))
    return tuple(found.values())

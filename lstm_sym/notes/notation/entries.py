"""Formulas written for one entry, o_i^{(t)}, brought to vectors; and the one-hot vector of a label, \\mathbf 1_{i, y^{(t)}}.

Laws: an index runs over entries only where the same names stand without it, and where it is the name of no gate; it is then
left off throughout the line. A product of names with the index is entry by entry. The one-hot vector of y is the label.
"""

from __future__ import annotations

from collections.abc import Sequence

from lstm_sym.notes.formula.names import Reference, label, reference, time_of
from lstm_sym.notes.formula.rewrite import rewrite
from lstm_sym.notes.formula.tree import Big, Derivative, Formula, Group, Indexed, Name, Number, Relation, walk

LETTERS = ("i", "j", "k")
ONE_HOT = "onehot"


def without_entries(formulas: Sequence[Formula], timed: frozenset[str]) -> list[Formula]:
    """The formulas with entries as vectors and one-hot vectors as names."""
    formulas = [rewrite(formula, _one_hot) for formula in formulas]
    plain = {read.key for formula in formulas for node in walk(formula) for read in [_read(node, timed)] if read is not None}
    free = [letter for letter in LETTERS if letter not in timed]
    if not any(_has_entry(node, free, plain, timed) for formula in formulas for node in walk(formula)):
        return formulas
    formulas = [rewrite(formula, lambda node: _unsummed(node, free, plain, timed)) for formula in formulas]
    return [rewrite(formula, lambda node: _without(node, free, plain, timed)) for formula in formulas]


def _read(node: Formula, timed: frozenset[str]) -> Reference | None:
    return reference(node, timed) if isinstance(node, Indexed) and isinstance(node.base, Name) else None


def _one_hot(node: Formula) -> Formula | None:
    if not (isinstance(node, Indexed) and node.base == Number("1") and node.sub and not node.sup):
        return None
    for item in walk(node):
        if isinstance(item, Indexed) and isinstance(item.base, Name):
            times = tuple(part for part in (*item.sub, *item.sup) if time_of(part) is not None)
            if times:
                return Indexed(Name(ONE_HOT), times[:1], start=node.start, end=node.end)
    return None


def _has_entry(node: Formula, free: Sequence[str], plain: set[str], timed: frozenset[str]) -> bool:
    return _without(node, free, plain, timed) is not None


def _without(node: Formula, free: Sequence[str], plain: set[str], timed: frozenset[str]) -> Formula | None:
    """The name or bracket without the index of its entry; None where it has none."""
    if not isinstance(node, Indexed):
        return None
    kept = tuple(item for item in node.sub if not (isinstance(item, Name) and item.text in free))
    if len(kept) == len(node.sub) or len(node.sub) - len(kept) > 1:
        return None
    whole = Indexed(node.base, kept, node.sup, node.primes, start=node.start, end=node.end)
    if isinstance(node.base, Group):
        inside = any(isinstance(part, Derivative) for part in walk(node.base))
        return (whole if node.sup or kept else node.base) if inside else None
    read = reference(whole, timed)
    return whole if read is not None and read.time is not None and read.key in timed and read.key in plain else None


def _unsummed(node: Formula, free: Sequence[str], plain: set[str], timed: frozenset[str]) -> Formula | None:
    """The body of a sum over the entries: for vectors the product does the summing."""
    if not (isinstance(node, Big) and node.kind == "sum" and node.sub):
        return None
    first = node.sub[0].parts[0] if isinstance(node.sub[0], Relation) else node.sub[0]
    letter = label(first)
    if letter in free and any(_has_entry(part, (letter,), plain, timed) for part in walk(node.body)):
        return Group("(", (node.body,), start=node.start, end=node.end)
    return None

"""The equations inside a relation: a = b = c gives a = b and b = c; which of its times are free, and whether it is about
numbers.

Law: every = of a relation belongs to exactly one pair, so no claim is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lstm_sym.notes.formula.names import RUNNING, reference, time_of
from lstm_sym.notes.formula.tree import Big, Formula, Indexed, Name, NumberMatrix, Relation, children, walk


@dataclass(frozen=True)
class Pair:
    """left sign right, from the relation with that number; `position` counts the signs of the relation."""

    relation: int
    position: int
    left: Formula
    right: Formula
    sign: str


def pairs_of(number: int, relation: Relation) -> Iterator[Pair]:
    """The equations of a relation, in written order. The left side of all is the first part, unless that is a number."""
    for position, sign in enumerate(relation.signs):
        yield Pair(number, position, relation.parts[0 if position else position], relation.parts[position + 1], sign)


def is_numeric(node: Formula) -> bool:
    """Whether a formula holds printed numbers and no names: 0.03631 - 0.5, a matrix of numbers, tanh(0.2)."""
    found = False
    for part in walk(node):
        if isinstance(part, NumberMatrix) or type(part).__name__ == "Number":
            found = True
        if isinstance(part, Name) and part.text not in FUNCTION_WORDS:
            return False
    return found


FUNCTION_WORDS = frozenset({"sigma", "tanh", "exp", "log", "diag", "softmax", "transpose", "T", "e"})


def free_times(formula: Formula, timed: frozenset[str]) -> frozenset[str]:
    """The letters that stand as times and are bound by no sum."""
    if isinstance(formula, Big):
        bound = bound_letter(formula)
        inner = free_times(formula.body, timed) - {bound}
        limits = {
            time.base
            for item in (*formula.sub, *formula.sup)
            for part in walk(item)
            for time in [time_of(part)]
            if time and time.base
        }
        return frozenset((inner | limits) - {bound, "T"})
    if isinstance(formula, Name | Indexed):
        read = reference(formula, timed)
        if read is not None:
            base = read.time.base if read.time else ""
            return frozenset({base} - {"", "T"})
    found: set[str] = set()
    for child in children(formula):
        found |= free_times(child, timed)
    return frozenset(found)


def fixed_times(formula: Formula, timed: frozenset[str]) -> bool:
    """Whether a sum over time, or a name at a fixed time, stands in the formula."""
    for node in walk(formula):
        if isinstance(node, Big):
            return True
        read = reference(node, timed) if isinstance(node, Indexed) else None
        if read is not None and read.time is not None and read.time.base in ("", "T"):
            return True
    return False


def bound_letter(node: Big) -> str:
    """The index that a sum or product runs over."""
    if not node.sub:
        return "t"
    first = node.sub[0].parts[0] if isinstance(node.sub[0], Relation) else node.sub[0]
    return first.text if isinstance(first, Name) else ""


def running(letters: frozenset[str]) -> list[str]:
    """The free letters with t first, then running indices in order."""
    return sorted(letters, key=lambda letter: (letter in RUNNING, letter))

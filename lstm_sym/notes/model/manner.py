"""The manner of a document: rows or columns, what its tensor sign means, the layout of derivatives.

Law: it is learnt from all forward equations together and holds throughout the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lstm_sym.notes.formula.names import reference
from lstm_sym.notes.formula.tree import Block, Factors, Formula, Group, Indexed, Name, walk

HADAMARD = frozenset({"odot", "circ"})


@dataclass(frozen=True)
class Manner:
    """How a document writes: row or column vectors, what its tensor sign means, and how it lays out derivatives."""

    row: bool = False
    otimes: str = "outer"
    layout: str = "column"


def elementwise_signs(bodies: Sequence[Formula], timed: frozenset[str]) -> frozenset[str]:
    """The signs that stand between vectors and never beside a weight in capitals: there they multiply entry by entry."""
    between: set[str] = set()
    beside: set[str] = set()
    for node in (node for body in bodies for node in walk(body)):
        if isinstance(node, Factors):
            for sign, first, second in zip(node.signs, node.factors, node.factors[1:], strict=False):
                kinds = {_kind(first, timed), _kind(second, timed)}
                capital = any(isinstance(part, Name | Indexed) and _capital(part, timed) for part in (first, second))
                (beside if capital else between if kinds == {"vector"} else set()).add(sign)
    return frozenset({"star", "cdot", "times"} & (between - beside))


def _capital(node: Formula, timed: frozenset[str]) -> bool:
    read = reference(node, timed) if isinstance(node, Name | Indexed) else None
    return read is not None and read.time is None and read.key not in timed and read.key[:1].isupper()


def is_row_convention(bodies: Sequence[Formula], timed: frozenset[str]) -> bool:
    """Whether weights stand to the right of the vectors that they multiply, in most products."""
    left = right = 0
    for body in bodies:
        for node in walk(body):
            if not isinstance(node, Factors):
                continue
            for sign, first, second in zip(node.signs, node.factors, node.factors[1:], strict=False):
                if sign in HADAMARD:
                    continue
                kinds = _kind(first, timed), _kind(second, timed)
                left += kinds == ("weight", "vector")
                right += kinds == ("vector", "weight")
    return right > left


def _kind(node: Formula, timed: frozenset[str]) -> str:
    if isinstance(node, Group | Block):
        inside = node.items if isinstance(node, Group) else tuple(cell for row in node.rows for cell in row)
        kinds = {_kind(item, timed) for item in inside}
        return "vector" if "vector" in kinds else "weight" if kinds == {"weight"} else "other"
    if isinstance(node, Factors):
        return "vector" if any(_kind(factor, timed) == "vector" for factor in node.factors) else "other"
    read = reference(node, timed) if isinstance(node, Name | Indexed) else None
    if read is None:
        return "other"
    if read.key in timed or read.time is not None:
        return "vector"
    return "weight" if read.key[:1].isupper() or read.key[:1].islower() else "other"


def tensor_sign(bodies: Sequence[Formula]) -> str:
    """What the tensor sign means: between gates of a forward equation a Hadamard product."""
    found = any(isinstance(node, Factors) and "otimes" in node.signs for body in bodies for node in walk(body))
    return "hadamard" if found else "outer"

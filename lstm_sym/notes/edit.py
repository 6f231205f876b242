"""What an edit is, and what it may draw on.

Law: an edit changes one place and says what it changed, with the author's own names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lstm_sym.notes.formula import Factors, Formula, walk
from lstm_sym.notes.model import Model
from lstm_sym.notes.spelling import Speller, clean


@dataclass(frozen=True)
class Correction:
    """The whole right side after one edit; what stood where, what stands there now, and the difference in words."""

    kind: str
    formula: Formula
    old: Formula
    new: Formula
    words: str


@dataclass(frozen=True)
class Context:
    """What an edit may draw on: the document's notation, its spelling, and the forms in which names occur in it."""

    model: Model
    spell: Speller
    atoms: tuple[Formula, ...]
    """Names with time t as they stand in the document, forward and marked ones."""
    left: Formula | None = None
    """The left side of the claim."""


Changes = Iterator[tuple[Formula, str]]
Kind = Callable[[Formula, tuple[Formula, ...], Context], Changes]


def swap(old: Formula, new: Formula, context: Context) -> str:
    return f"{clean(context.spell(old))} stands where {clean(context.spell(new))} belongs"


def product_sign(context: Context, node: Formula) -> str:
    for definition in context.model.definitions.values():
        for part in walk(definition.body):
            if isinstance(part, Factors):
                for sign in part.signs:
                    if sign in ("odot", "circ", "star", "times", "otimes"):
                        return sign
    return "odot"

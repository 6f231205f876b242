"""What an edit is, and what it may draw on.

Laws: an edit changes one place and says what it changed, with the author's own names. The words are made only when they are
asked for, since nearly every candidate is dropped. What is looked up again and again for one claim is looked up once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from lstm_sym.notes.diagnosis.insertions import factors_to_add
from lstm_sym.notes.formula.names import Reference, Time, reference
from lstm_sym.notes.formula.shift import at_time
from lstm_sym.notes.formula.spelling import Speller, clean
from lstm_sym.notes.formula.tree import Derivative, Factors, Formula, Indexed, Name, Prefixed, walk
from lstm_sym.notes.model.definitions import Model

Words = str | Callable[[], str]
HADAMARD_SIGNS = ("odot", "circ", "star", "times", "otimes")


@dataclass(frozen=True)
class Correction:
    """The whole right side after one edit; what stood where, what stands there now, and the difference in words."""

    kind: str
    formula: Formula
    old: Formula
    new: Formula
    said: Words

    @property
    def words(self) -> str:
        return self.said if isinstance(self.said, str) else self.said()


@dataclass
class Context:
    """What an edit may draw on: the document's notation, its spelling, and the forms in which names occur in it."""

    model: Model
    spell: Speller
    atoms: tuple[Formula, ...]
    """Names with time t as they stand in the document, forward and marked ones."""
    left: Formula | None = None
    """The left side of the claim."""
    _kept: dict[Any, Any] = field(default_factory=dict)

    def read(self, node: Formula) -> Reference | None:
        """The name that a node is, or that it marks."""
        place = id(node)
        if place not in self._kept:
            inner = node.body if isinstance(node, Prefixed) else node.by if isinstance(node, Derivative) else node
            found = reference(inner, self.model.timed) if isinstance(inner, Name | Indexed) else None
            self._kept[place] = node, found  # the node is kept too, so that its id stays its own
        found_read: Reference | None = self._kept[place][1]
        return found_read

    def atoms_at(self, time: Time) -> tuple[tuple[Formula, Reference], ...]:
        """Every name of the document, moved to that time."""
        place = "atoms", time
        if place not in self._kept:
            moved = (at_time(atom, time, self.model.timed) for atom in self.atoms)
            found = [(atom, self.read(atom)) for atom in moved if atom is not None]
            self._kept[place] = tuple((atom, read) for atom, read in found if read is not None)
        known: tuple[tuple[Formula, Reference], ...] = self._kept[place]
        return known

    @cached_property
    def factors(self) -> tuple[Formula, ...]:
        """The factors that a product of this document can lack."""
        return tuple(factors_to_add(self.atoms, self.model, self.product_sign))

    @cached_property
    def product_sign(self) -> str:
        """The sign of the Hadamard product in the document's own equations."""
        for definition in self.model.definitions.values():
            for part in walk(definition.body):
                if isinstance(part, Factors):
                    for sign in part.signs:
                        if sign in HADAMARD_SIGNS:
                            return sign
        return "odot"


Changes = Iterator[tuple[Formula, Words]]
Kind = Callable[[Formula, tuple[Formula, ...], Context], Changes]


def say(context: Context, template: str, *nodes: Formula) -> Words:
    """The template with the nodes as their author spells them."""
    return partial(_filled, context, template, nodes)


def _filled(context: Context, template: str, nodes: tuple[Formula, ...]) -> str:
    return template.format(*(clean(context.spell(node)) for node in nodes))


def swap(old: Formula, new: Formula, context: Context) -> Words:
    return say(context, "{0} stands where {1} belongs", old, new)


def both(first: Words, second: Words) -> Words:
    """The words of two edits."""
    return partial(_joined, first, second)


def _joined(first: Words, second: Words) -> str:
    one, two = (words if isinstance(words, str) else words() for words in (first, second))
    return f"{one}, and {two}"

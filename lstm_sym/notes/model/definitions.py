"""What a document defines: its forward equations, stacks, inputs and parameters, and how it writes.

Laws: a forward equation is one whose left side is a timed name and whose right side mentions no adjoint; the first
definition of a name counts, a later one is a claim about it. A column of names that no forward equation uses is a stack, an
abbreviation. What the forward equations use and nobody defines is an input if it is timed, else a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from lstm_sym.notes.formula.names import references
from lstm_sym.notes.formula.tree import Block, Call, Formula, Group, Indexed, Name
from lstm_sym.notes.model.manner import Manner
from lstm_sym.notes.model.shapes import Shapes
from lstm_sym.notes.notation.backward import SCALARS, is_loss_name
from lstm_sym.notes.notation.blocks import Parts


@dataclass(frozen=True)
class Definition:
    """key_t = body, read at time `shift` + t; `claim` is the number of the relation where it stands."""

    key: str
    body: Formula
    shift: int
    claim: int


@dataclass
class Model:
    """The notation of one document."""

    timed: frozenset[str]
    definitions: dict[str, Definition] = field(default_factory=dict)
    stacks: dict[str, tuple[Formula, ...]] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    functions: frozenset[str] = frozenset()
    scalars: frozenset[str] = SCALARS
    manner: Manner = field(default_factory=Manner)
    shapes: Shapes = field(default_factory=lambda: Shapes(frozenset(), False, SCALARS))
    losses: dict[str, tuple[Formula, int]] = field(default_factory=dict)
    loss_step: Formula | None = None
    """The loss of the step t, where the document declares one that can be evaluated; `loss_label` is the label's name in
    it.
    """
    loss_label: str | None = None
    loss_unread: bool = False
    parts: Parts = field(default_factory=Parts)
    """The weights that the document takes apart."""
    stacked: frozenset[int] = frozenset()
    """The relations that define several names at once."""

    loss_keys: frozenset[str] = frozenset()
    """What the document takes derivatives of and defines nowhere else."""

    at_end: bool = False
    """Whether the loss is on the last step alone."""
    one_step: bool = False
    """Whether times are left out, so that the lines are about one step."""
    stepwise: frozenset[str] = frozenset()
    """The parameters whose gradients carry a time: with it they are the part of one step, without it the whole."""

    def is_loss(self, key: str) -> bool:
        """Whether the key names the loss."""
        return key not in self.names and (is_loss_name(key) or key in self.loss_keys)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every forward name: variables, inputs, parameters, stacks."""
        return frozenset((*self.definitions, *self.inputs, *self.parameters, *self.stacks))

    def activated(self, key: str) -> bool:
        """Whether the variable is an activation of something, so that it has a pre-activation."""
        found = self.definitions.get(key)
        return found is not None and isinstance(found.body, Call)

    @cached_property
    def recurrent(self) -> frozenset[str]:
        """The variables that an equation reads from the step before."""
        uses = [(read, d.shift) for d in self.definitions.values() for read in references(d.body, self.timed)]
        return frozenset(read.key for read, shift in uses if read.time is not None and read.time.offset < shift)

    @cached_property
    def used_now(self) -> frozenset[str]:
        """The variables that an equation reads at its own step."""
        uses = [(read, d.shift) for d in self.definitions.values() for read in references(d.body, self.timed)]
        return frozenset(read.key for read, shift in uses if read.time is None or read.time.offset == shift)

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """The variables that the loss reads: those that nothing else reads at the same step."""
        used_now: set[str] = set()
        used: set[str] = set()
        for definition in self.definitions.values():
            for read in references(definition.body, self.timed):
                used.add(read.key)
                if read.time is None or read.time.offset - definition.shift == 0:
                    used_now.add(read.key)
        sinks = [key for key in self.definitions if key not in used]
        return tuple(sinks or [key for key in self.definitions if key not in used_now] or list(self.definitions)[-1:])


def column_of(body: Formula) -> tuple[Formula, ...] | None:
    """The names of a column such as [a; i; f; o], else None."""
    if isinstance(body, Block):
        cells = [cell for row in body.rows for cell in row]
    elif isinstance(body, Group) and len(body.items) > 1:
        cells = list(body.items)
    else:
        return None
    return tuple(cells) if all(isinstance(cell, Name | Indexed) for cell in cells) else None

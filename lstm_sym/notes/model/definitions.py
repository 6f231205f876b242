"""What a document defines: its forward equations, stacks, inputs and parameters, and how it writes.

Laws: a forward equation is one whose left side is a timed name and whose right side mentions no adjoint; the first
definition of a name counts, a later one is a claim about it. A column of names that no forward equation uses is a stack, an
abbreviation. What the forward equations use and nobody defines is an input if it is timed, else a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lstm_sym.notes.formula.names import Reference, is_d_name, reference
from lstm_sym.notes.formula.rewrite import rewrite
from lstm_sym.notes.formula.tree import Block, Call, Derivative, Factors, Formula, Group, Indexed, Name, Prefixed, Relation, walk
from lstm_sym.notes.model.shapes import Shapes
from lstm_sym.notes.notation.blocks import Parts
from lstm_sym.notes.notation.customs import customary
from lstm_sym.notes.notation.entries import without_entries
from lstm_sym.notes.notation.letters import applied_letters, slope_of_derivative, told, with_letters
from lstm_sym.notes.notation.marks import marked
from lstm_sym.notes.notation.timing import attach_known, attach_times, timed_keys
from lstm_sym.notes.sampling.products import Manner

LOSSES = frozenset(
    {"E", "L", "J", "ell", "loss", "Loss", "cost", "Cost", "error", "L_total", "E_total", "Err", "L_tot", "E_tot", "calE"}
)
NAMED_LOSSES = LOSSES | {"C", "Q", "S", "e", "H", "O", "obj", "l"}
"""Letters that are a loss where nothing but a derivative is ever taken of them."""
SCALARS = frozenset({"lambda", "eta", "alpha", "mu", "epsilon", "lr", "gamma", "beta", "N", "infinity", "e"})
FREE_FUNCTIONS = frozenset({"f", "g", "phi", "psi", "F", "G", "act", "h", "activation"})
ADJOINT_BASES = frozenset({"delta", "Delta", "nabla"})


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


def gradient_names(formulas: Iterable[Formula], timed: frozenset[str]) -> frozenset[str]:
    """The names that a line defines by gradients, or by names that are so defined: d_1 = ..., d_2 = U^T d_1."""
    lines: dict[str, Formula] = {}
    for formula in formulas:
        left = formula.parts[0] if isinstance(formula, Relation) else None
        read = reference(left, timed) if isinstance(left, Name | Indexed) else None
        again = read is not None and any(other.key == read.key for other in references(formula, timed)[1:])
        if read is not None and isinstance(formula, Relation) and formula.signs[0] == "=" and not again:
            lines.setdefault(read.key, formula)
    keys = frozenset(lines)
    found = {key for key, line in lines.items() if is_backward(line, timed, keys)}
    while True:
        more = {
            key for key, line in lines.items() if key not in found and any(read.key in found for read in references(line, timed))
        }
        if not more:
            return frozenset(found)
        found |= more


def is_loss_name(key: str) -> bool:
    """Whether the key is a customary name of the loss: L, E, L_BCE, J_total."""
    base, _, word = key.partition("_")
    return key in LOSSES or (base in LOSSES and word.isalpha() and len(word) > 1)


def references(formula: Formula, timed: frozenset[str]) -> list[Reference]:
    """Every name in a formula, indices aside, in written order."""
    found: list[Reference] = []

    def visit(node: Formula) -> None:
        if isinstance(node, Name | Indexed):
            read = reference(node, timed)
            if read is not None:
                found.append(read)
                return
            if isinstance(node, Indexed):
                visit(node.base)
            return
        if isinstance(node, Call):
            for argument in node.arguments:
                visit(argument)
            return
        from lstm_sym.notes.formula.tree import Big, children

        if isinstance(node, Big):
            visit(node.body)
            return
        for child in children(node):
            visit(child)

    visit(formula)
    return found


def normalised(formulas: Sequence[Formula]) -> tuple[list[Formula], frozenset[str]]:
    """The formulas with times attached and free functions applied, and the timed keys."""
    attached = customary([attach_times(formula) for formula in formulas])
    timed = timed_keys(attached)
    attached = without_entries(marked(attached, timed), timed)
    timed = timed_keys(attached)
    known = [attach_known(formula, timed) for formula in attached]
    letters = FREE_FUNCTIONS | applied_letters(known)
    applied = [apply_functions(formula, timed, letters) for formula in known]
    return [rewrite(formula, slope_of_derivative) for formula in with_letters(applied, told(applied, timed))], timed


def apply_functions(formula: Formula, timed: frozenset[str], letters: frozenset[str] = FREE_FUNCTIONS) -> Formula:
    """f(z) and g'(z) as calls, where f is no timed name."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Factors):
            return None
        factors, signs = [node.factors[0]], list[str]()
        for sign, factor in zip(node.signs, node.factors[1:], strict=True):
            before = factors[-1]
            read = reference(before, timed) if isinstance(before, Name | Indexed) else None
            free = read is not None and read.key in letters and read.key not in timed and read.time is None
            if sign == "" and free and isinstance(factor, Group) and factor.kind in "([":
                factors[-1] = Call(before, factor.items, start=before.start, end=factor.end)
            else:
                factors.append(factor)
                signs.append(sign)
        if len(factors) == len(node.factors):
            return None
        if len(factors) == 1:
            return factors[0]
        return Factors(tuple(factors), tuple(signs), start=node.start, end=node.end)

    return rewrite(formula, rule)


def is_backward(formula: Formula, timed: frozenset[str], keys: set[str] | frozenset[str]) -> bool:
    """Whether an adjoint, a derivative or a loss is mentioned."""
    for node in walk(formula):
        if isinstance(node, Prefixed | Derivative):
            return True
        if isinstance(node, Name) and node.text in ADJOINT_BASES:
            return True
    return any(is_loss_name(read.key) or is_d_name(read.key, keys) for read in references(formula, timed))


def column_of(body: Formula) -> tuple[Formula, ...] | None:
    """The names of a column such as [a; i; f; o], else None."""
    if isinstance(body, Block):
        cells = [cell for row in body.rows for cell in row]
    elif isinstance(body, Group) and len(body.items) > 1:
        cells = list(body.items)
    else:
        return None
    return tuple(cells) if all(isinstance(cell, Name | Indexed) for cell in cells) else None

"""What a backward name that nothing defines can be: its possible roles, the line that gives it, and what stands beside it.

Law: options come from the form of the name and from where it stands; which of them it is, is decided by trying them.
"""

from __future__ import annotations

from collections.abc import Iterable

from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.formula.tree import Formula, Terms, walk
from lstm_sym.notes.meaning.evidence import keys_in, only_in_calls, parts_of_output, reference_of
from lstm_sym.notes.meaning.parts import STEPS, kinds_of, part_of
from lstm_sym.notes.notation.backward import is_loss_name
from lstm_sym.notes.sampling.roles import Role, exists
from lstm_sym.notes.sampling.samples import Samples


def roles_for(name: str, pairs: list[Pair], samples: Samples) -> list[Role]:
    """The roles that a name which nothing defines can have, the customary ones first."""
    model = samples.model
    marker, _, bare = name.rpartition(" ")
    if is_loss_name(bare):
        return []
    if name == "Delta" and len(model.outputs) == 1 and parts_of_output(pairs, samples):
        return [Role("direct", model.outputs[0])]
    part = part_of(bare, model.definitions)
    if part is not None and (marker or part[1] in STEPS):
        base, word = part
        kinds = kinds_of(word) if marker else ("now", "after") if word == "next" else ("value_before",)
        own = [role for role in (Role(kind, base) for kind in kinds) if exists(role, samples.model)]
        others = [Role("net", key) for key in reversed(model.definitions) if model.activated(key) and key != base]
        return own + (others if marker == "partial" else [])
    order = [*reversed(model.definitions)]
    if not marker and only_in_calls(name, pairs, samples):
        return [Role("free", name)] if bare not in model.timed else [Role("preact", key) for key in order if model.activated(key)]
    usual = ("net", "value") if marker == "partial" else ("net", "value", "direct", "arriving", "same", "preact", "label")
    roles = [Role(kind, key) for kind in usual for key in order]
    predicted = bare.startswith("hat")
    return [role for role in roles if exists(role, samples.model) and not (predicted and role.kind == "label")]


def definition_of(name: str, pairs: Iterable[Pair], samples: Samples) -> Formula | None:
    """The right side of the line that has the name alone on its left."""
    for pair in pairs:
        if pair.position == 0 and keys_in(pair.left, samples) == [name] and name not in keys_in(pair.right, samples):
            return pair.right
    return None


def beside_output(pair: Pair, name: str, samples: Samples) -> bool:
    """Whether the name stands in a sum of two terms with the output."""
    for node in walk(pair.right):
        if isinstance(node, Terms) and len(node.terms) == 2:
            reads = [reference_of(term, samples) for term in node.terms]
            keys = {read.key for read in reads if read is not None}
            if keys == {name, samples.model.outputs[0]}:
                return True
    return False

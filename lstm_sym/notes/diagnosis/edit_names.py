"""Edits of names: a transpose lost or put on, a neighbour's name.

Law: a name is exchanged with one that the document uses, at the same time; the nearest in kind is offered first.
"""

from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.notes.diagnosis.edit import Changes, Context, swap
from lstm_sym.notes.formula.names import Reference
from lstm_sym.notes.formula.shift import turned
from lstm_sym.notes.formula.tree import Block, Call, Derivative, Formula, Group, Indexed, Name, Prefixed, Terms, walk


def transposition_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if above and isinstance(above[-1], Prefixed | Derivative | Call | Indexed):
        return
    new = _turned(node, context)
    if new is not None:
        yield new, swap(node, new, context)


def _turned(node: Formula, context: Context) -> Formula | None:
    if isinstance(node, Prefixed):
        return Prefixed(node.prefix, turned(node.body))
    if isinstance(node, Derivative | Block):
        return Indexed(Group("(", (node,)), (), (Name("T"),))
    if isinstance(node, Group) and (len(node.items) > 1 or isinstance(node.items[0], Terms)):
        return Indexed(node, (), (Name("T"),))
    if not isinstance(node, Name | Indexed):
        return None
    read = context.read(node)
    if read is None:
        return turned(node) if isinstance(node, Indexed) and not node.sub and isinstance(node.base, Group | Block) else None
    known = (*context.model.parameters, *context.model.stacks)
    if read.power is not None or (isinstance(node, Name) and read.key not in known):
        return None
    return turned(node)


def neighbour_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    parent = above[-1] if above else None
    if isinstance(parent, Prefixed | Derivative) or (isinstance(parent, Call) and node is parent.function):
        return
    if not isinstance(node, Name | Indexed | Prefixed | Derivative):
        return
    own = context.read(node)
    if own is None:
        return
    if own.key in context.model.parameters and isinstance(node, Name | Indexed):
        yield from _other_parameters(node, own, context)
    elif own.time is not None:
        yield from _other_names(node, own, context)


def _other_parameters(node: Formula, own: Reference, context: Context) -> Changes:
    for key, atom in parameters(context):
        if key != own.key:
            new: Formula = turned(atom) if own.transposed else atom
            yield new, swap(node, new, context)


def _other_names(node: Formula, own: Reference, context: Context) -> Changes:
    """The other names at this time: of the same mark first, then the same name under another mark, then all others."""
    assert own.time is not None
    others = [(atom, read) for atom, read in context.atoms_at(own.time) if _mark(atom) != _mark(node) or read.key != own.key]
    for atom, _ in sorted(others, key=lambda found: _distance(node, own, *found)):
        new = Indexed(atom, (), (own.power,)) if own.power is not None else atom
        if own.power is not None and isinstance(atom, Prefixed | Derivative):
            new = Indexed(Group("(", (atom,)), (), (own.power,))
        elif own.power is not None and isinstance(atom, Indexed):
            new = Indexed(atom.base, atom.sub, (*atom.sup, own.power))
        if own.transposed:
            new = turned(new) if not isinstance(new, Prefixed) else Prefixed(new.prefix, turned(new.body))
        yield new, swap(node, new, context)


def _distance(node: Formula, own: Reference, atom: Formula, read: Reference) -> int:
    same_mark, same_key = _mark(atom) == _mark(node), read.key == own.key
    return 0 if same_mark else 1 if same_key else 2 if isinstance(atom, Indexed) else 3


def _mark(node: Formula) -> str:
    return node.prefix if isinstance(node, Prefixed) else "partial" if isinstance(node, Derivative) else ""


def parameters(context: Context) -> Iterator[tuple[str, Formula]]:
    """Every parameter as it stands in the document's equations, untransposed."""
    seen: set[str] = set()
    for definition in context.model.definitions.values():
        for node in walk(definition.body):
            read = context.read(node) if isinstance(node, Name | Indexed) else None
            if read is not None and read.key in context.model.parameters and read.key not in seen and not read.transposed:
                seen.add(read.key)
                yield read.key, node

"""Single edits of a wrong formula: the mistakes that people make, undone, as a table of named kinds.

Laws: an edit changes one place and says what it changed, in words, with the author's own names; edits are yielded likeliest
first. Which of them makes the claim right is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lstm_sym.notes.edit import Changes, Context, Correction, Kind, swap
from lstm_sym.notes.edit_factors import (
    factor_missing_edits,
    factor_too_many_edits,
    sign_edits,
    term_missing_edits,
    term_too_many_edits,
    weight_missing_edits,
)
from lstm_sym.notes.edit_order import coefficient_edits, order_edits, parenthesis_edits
from lstm_sym.notes.edit_slopes import activated_edits, exponent_edits, slope_form_back_edits, slope_form_edits
from lstm_sym.notes.formula import (
    Big,
    Call,
    Derivative,
    Formula,
    Indexed,
    Name,
    Prefixed,
    Relation,
)
from lstm_sym.notes.names import Reference, Time, reference, time_of
from lstm_sym.notes.places import places
from lstm_sym.notes.shift import at_time, index, shifted, turned
from lstm_sym.notes.spelling import clean


def corrections(formula: Formula, context: Context) -> Iterator[Correction]:
    """Every single edit of the formula, kind by kind."""
    found = list(places(formula))
    for name, kind in KINDS:
        for node, put, above in found:
            if any(isinstance(parent, Indexed) for parent in above):
                continue
            for new, words in kind(node, above, context):
                yield Correction(name, put(new), node, new, words)


# --- times -----------------------------------------------------------------------------------------------------------


def _time(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if above and isinstance(above[-1], Prefixed | Derivative):
        return
    for step in (-1, 1):
        new = shifted(node, step, context.model.timed)
        if new is not None:
            yield new, swap(node, new, context)


def _range(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if not isinstance(node, Big) or not node.sub or not isinstance(node.sub[0], Relation):
        return
    first = node.sub[0]
    lower = time_of(first.parts[1])
    for step in (-1, 1):
        if lower is not None:
            start = index(Time(lower.base, lower.offset + step))
            yield (
                replace(node, sub=(replace(first, parts=(first.parts[0], start), start=0, end=0),), start=0, end=0),
                f"the sum must start at {clean(context.spell(first.parts[0]))}={context.spell(start)}",
            )
        upper = time_of(node.sup[0]) if node.sup else None
        if upper is not None:
            stop = index(Time(upper.base, upper.offset + step))
            yield replace(node, sup=(stop,), start=0, end=0), f"the sum must end at {context.spell(stop)}"


# --- names -----------------------------------------------------------------------------------------------------------


def _transposition(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if not isinstance(node, Name | Indexed) or (above and isinstance(above[-1], Prefixed | Derivative | Call)):
        return
    read = reference(node, context.model.timed)
    if (
        read is None
        or read.power is not None
        or (isinstance(node, Name) and read.key not in context.model.parameters and read.key not in context.model.stacks)
    ):
        return
    new = turned(node)
    yield new, swap(node, new, context)


def _neighbour(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    parent = above[-1] if above else None
    if isinstance(parent, Prefixed | Derivative) or (isinstance(parent, Call) and node is parent.function):
        return
    own = _read(node, context)
    if own is None:
        return
    if isinstance(node, Name | Indexed) and own.key in context.model.parameters:
        for key, atom in _parameters(context):
            if key != own.key:
                new: Formula = turned(atom) if own.transposed else atom
                yield new, swap(node, new, context)
        return
    for atom in context.atoms:
        other = _read(atom, context)
        if other is None or other.key == own.key or (type(atom) is not type(node) and isinstance(node, Prefixed | Derivative)):
            continue
        if own.time is not None and own.power is None:
            moved = at_time(atom, own.time, context.model.timed)
            if moved is not None:
                yield moved, swap(node, moved, context)


def _read(node: Formula, context: Context) -> Reference | None:
    if isinstance(node, Prefixed):
        node = node.body
    if isinstance(node, Derivative):
        node = node.by
    return reference(node, context.model.timed) if isinstance(node, Name | Indexed) else None


def _parameters(context: Context) -> Iterator[tuple[str, Formula]]:
    from lstm_sym.notes.formula import walk

    seen: set[str] = set()
    for definition in context.model.definitions.values():
        for node in walk(definition.body):
            read = reference(node, context.model.timed) if isinstance(node, Name | Indexed) else None
            if read is not None and read.key in context.model.parameters and read.key not in seen and not read.transposed:
                seen.add(read.key)
                yield read.key, node


KINDS: tuple[tuple[str, Kind], ...] = (
    ("time index", _time),
    ("transposition", _transposition),
    ("sum range", _range),
    ("sign", sign_edits),
    ("exponent", exponent_edits),
    ("activated value", activated_edits),
    ("slope", slope_form_edits),
    ("slope", slope_form_back_edits),
    ("parenthesis", parenthesis_edits),
    ("order", order_edits),
    ("neighbour", _neighbour),
    ("term missing", term_missing_edits),
    ("factor missing", factor_missing_edits),
    ("factor missing", weight_missing_edits),
    ("factor too many", factor_too_many_edits),
    ("term too many", term_too_many_edits),
    ("coefficient", coefficient_edits),
)
"""The kinds of single edits, in the order in which they are offered."""

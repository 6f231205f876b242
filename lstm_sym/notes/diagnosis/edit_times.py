"""Edits of times and sums: a name one step late or early, the bounds of a sum, its running index.

Law: only what is time moves; a sum keeps its body.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lstm_sym.notes.diagnosis.edit import Changes, Context, say, swap
from lstm_sym.notes.formula.names import Time, time_of
from lstm_sym.notes.formula.pairs import free_times
from lstm_sym.notes.formula.shift import index, shifted
from lstm_sym.notes.formula.tree import Big, Derivative, Formula, Name, Prefixed, Relation, Terms


def time_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if above and isinstance(above[-1], Prefixed | Derivative):
        return
    for step in (-1, 1):
        new = shifted(node, step, context.model.timed)
        if new is not None:
            yield new, swap(node, new, context)


def range_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if not isinstance(node, Big) or not node.sub or not isinstance(node.sub[0], Relation):
        return
    first = node.sub[0]
    lower, upper = time_of(first.parts[1]), time_of(node.sup[0]) if node.sup else None
    for start in _bounds(lower):
        new = replace(first, parts=(first.parts[0], start), start=0, end=0)
        yield replace(node, sub=(new,), start=0, end=0), say(context, "the sum must start at {0}={1}", first.parts[0], start)
    for stop in _bounds(upper):
        yield replace(node, sup=(stop,), start=0, end=0), say(context, "the sum must end at {0}", stop)


def _bounds(time: Time | None) -> Iterator[Formula]:
    """The bounds beside one that is written: a step away, then the other customary ones."""
    if time is None:
        return
    known = [Time(time.base, time.offset - 1), Time(time.base, time.offset + 1)]
    known += [Time("", 0), Time("", 1)] if not time.base else [Time("T", 0), Time("t", 0)]
    for bound in dict.fromkeys(known):
        if bound != time:
            yield index(bound)


def index_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    """A sum whose index stands nowhere in its body: it runs over the index that does, or there is no sum."""
    if not isinstance(node, Big) or not node.sub:
        return
    first = node.sub[0]
    letter = first.parts[0] if isinstance(first, Relation) else first
    used = free_times(node.body, context.model.timed)
    if not isinstance(letter, Name) or letter.text in used:
        return
    for other in sorted(used):
        new: Formula = Name(other)
        if isinstance(first, Relation):
            new = replace(first, parts=(Name(other), *first.parts[1:]), start=0, end=0)
        words = say(context, "the sum runs over {0}, which stands nowhere in it: it must run over {1}", letter, Name(other))
        yield replace(node, sub=(new, *node.sub[1:]), start=0, end=0), words


def sum_too_many_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    """A sum over an index that stands nowhere in its body, left off."""
    if not isinstance(node, Big) or node.kind != "sum" or not node.sub:
        return
    first = node.sub[0]
    letter = first.parts[0] if isinstance(first, Relation) else first
    if isinstance(letter, Name) and letter.text not in free_times(node.body, context.model.timed):
        body = Terms((1,), (node.body,)) if above else node.body
        yield body, say(context, "the sum over {0} is too many", letter)

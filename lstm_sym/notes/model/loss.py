"""The document's own loss: the loss of one step as a formula of the output and its label, whatever sums stand around it.

Laws: sums over time and over entries are taken off, because the derivative by one output needs the loss of its step alone;
a name that nothing else defines is the label. A loss that cannot be evaluated is said to be unread, and nothing that
depends on its scale is refuted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction as Ratio

from lstm_sym.notes.formula.names import TIME_LETTERS, Time, label, reference, references
from lstm_sym.notes.formula.rewrite import rewrite
from lstm_sym.notes.formula.shift import at_time
from lstm_sym.notes.formula.tree import Big, Call, Factors, Formula, Fraction, Group, Indexed, Name, Number, Relation, Terms
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.notation.backward import LOSSES, SCALARS


@dataclass(frozen=True)
class Loss:
    """The loss of the step t, and the key of the label in it; `step` is None where the document's loss cannot be used."""

    step: Formula | None
    label: str | None = None


def loss_of(model: Model, relations: Mapping[int, Relation]) -> Loss | None:
    """The loss that the document declares; None where it declares none."""
    found = [
        relation
        for relation in relations.values()
        if _is_loss(relation.parts[0], model)
        and not _only_losses(relation.parts[1], model)
        and not half_square(relation.parts[1])
    ]
    for relation in found:
        step = _any_step(_step(relation.parts[1]), model.timed)
        if step is None:
            return Loss(None)
        unknown = {read.key for read in references(step, model.timed)} - model.names - SCALARS - {"T"}
        outputs = {read.key for read in references(step, model.timed)} & set(model.outputs)
        scale = _scale(relations, model)
        if len(unknown) == 1 and outputs and not unknown & LOSSES and scale is not None:
            return Loss(_scaled(step, scale), next(iter(unknown)))
    return Loss(None) if found else None


def _scale(relations: Mapping[int, Relation], model: Model) -> Ratio | None:
    """The factor of the loss of one step in the total: 1 where no line gives the total, None where one cannot be read."""
    for relation in relations.values():
        body = relation.parts[1]
        if _is_loss(relation.parts[0], model) and references(body, model.timed) and _only_losses(body, model):
            return _weight(body)
    return Ratio(1)


def _weight(body: Formula) -> Ratio | None:
    """The factor before each loss in a sum of losses."""
    if isinstance(body, Name | Indexed):
        return Ratio(1)
    if isinstance(body, Big):
        return _weight(body.body) if body.kind == "sum" else None
    if isinstance(body, Group) and len(body.items) == 1:
        return _weight(body.items[0])
    if isinstance(body, Terms):
        found = {weight if sign == 1 else None for sign, weight in zip(body.signs, map(_weight, body.terms), strict=True)}
        return found.pop() if len(found) == 1 else None
    if isinstance(body, Fraction) and isinstance(body.below, Number) and Ratio(body.below.text):
        above = _weight(body.above)
        return None if above is None else above / Ratio(body.below.text)
    if isinstance(body, Factors) and len(body.factors) == 2:
        number, rest = _ratio(body.factors[0]), _weight(body.factors[1])
        return None if number is None or rest is None else number * rest
    return None


def _ratio(node: Formula) -> Ratio | None:
    if isinstance(node, Number):
        return Ratio(node.text)
    if (
        isinstance(node, Fraction)
        and isinstance(node.above, Number)
        and isinstance(node.below, Number)
        and Ratio(node.below.text)
    ):
        return Ratio(node.above.text) / Ratio(node.below.text)
    return None


def _scaled(step: Formula, scale: Ratio) -> Formula:
    if scale == 1:
        return step
    return Factors((Fraction(Number(str(scale.numerator)), Number(str(scale.denominator))), Group("(", (step,))), ("",))


def _only_losses(body: Formula, model: Model) -> bool:
    """Whether the total is only said to be the sum of the losses of the steps."""
    return all(read.key.split("_")[0] in LOSSES for read in references(body, model.timed))


def half_square(body: Formula) -> tuple[Formula, ...] | None:
    """u and v of (u - v)^2 / 2 in two letters, the customary loss; None for anything else."""
    if not (isinstance(body, Fraction) and body.below == Number("2") and isinstance(body.above, Indexed)):
        return None
    inner = body.above.base
    difference = inner.items[0] if isinstance(inner, Group) and len(inner.items) == 1 else None
    if body.above.sup != (Number("2"),) or not isinstance(difference, Terms) or difference.signs != (1, -1):
        return None
    return difference.terms if all(isinstance(term, Name) for term in difference.terms) else None


def _is_loss(left: Formula, model: Model) -> bool:
    if isinstance(left, Factors) and len(left.factors) == 2 and isinstance(left.factors[1], Group):
        left = left.factors[0]
    if isinstance(left, Call):
        left = left.function
    read = reference(left, model.timed) if isinstance(left, Name | Indexed) else None
    return read is not None and read.key.split("_")[0] in LOSSES and read.key not in model.names


def _step(body: Formula) -> Formula:
    """The body without its sums; an index of entries is taken off the names in them."""
    letters = {_letter(node) for node in _sums(body)} - set(TIME_LETTERS)

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Big) and node.kind == "sum":
            return Group("(", (node.body,), start=node.start, end=node.end)
        if isinstance(node, Indexed) and letters:
            kept = tuple(item for item in node.sub if label(item) not in letters)
            if len(kept) < len(node.sub):
                return Indexed(node.base, kept, node.sup, node.primes, start=node.start, end=node.end)
        return None

    return rewrite(body, rule)


def _any_step(body: Formula, timed: frozenset[str]) -> Formula | None:
    """The loss of the step t where the body has a term for each step of an example; the body where it speaks of t already; None
    where the terms are not of one form.
    """
    terms = body.terms if isinstance(body, Terms) else (body,)
    steps = [{read.time.offset for read in references(term, timed) if read.time is not None} for term in terms]
    if any(read.time is not None and read.time.base for read in references(body, timed)) or not all(map(len, steps)):
        return body
    if any(len(step) != 1 for step in steps):
        return None

    def rule(node: Formula) -> Formula | None:
        return at_time(node, Time("t", 0), timed) if isinstance(node, Indexed) else None

    found = [rewrite(term, rule) for term in terms]
    return found[0] if all(term == found[0] for term in found) else None


def _sums(body: Formula) -> list[Big]:
    from lstm_sym.notes.formula.tree import walk

    return [node for node in walk(body) if isinstance(node, Big)]


def _letter(node: Big) -> str:
    first = node.sub[0] if node.sub else None
    if isinstance(first, Relation):
        first = first.parts[0]
    return label(first) if first is not None else ""

"""Documents that leave the time out: h = tanh(W x + U h_prev + b).

Laws: a name that is written with `prev` or `next` is timed, and so is a name whose equation uses timed names or that a
weight multiplies; the time t is put on their bare uses. The text is untouched: only the tree says t.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from lstm_sym.notes.formula.names import Reference, is_d_name, label, reference, references
from lstm_sym.notes.formula.rewrite import rewrite
from lstm_sym.notes.formula.tree import Big, Call, Factors, Formula, Group, Indexed, Name, Relation, walk
from lstm_sym.notes.notation.backward import LOSSES, SCALARS, gradient_names, is_backward, is_loss_name
from lstm_sym.notes.notation.onestep import read_bare
from lstm_sym.notes.text.lexicon import FUNCTIONS

LAST = frozenset({"tau", "N", "n", "L", "S", "K", "M"})
STEPS = frozenset({"prev", "previous", "next"})
NEVER = frozenset(FUNCTIONS.values()) | LOSSES | SCALARS | {"T", "transpose", "delta", "Delta", "d", "..."}


def with_times(formulas: Sequence[Formula], timed: frozenset[str]) -> tuple[list[Formula], frozenset[str]]:
    """The formulas with t on the bare uses of timed names, and the timed keys; as they are where no name has a `prev`."""
    formulas = [rewrite(formula, lambda node: _last_step(node, timed)) for formula in formulas]
    bases = set(_stepped(formulas)) - timed
    found = set(timed) | bases
    if bases and not timed & bases:
        for _ in range(4):
            found |= set(_more(formulas, frozenset(found)))
    found |= set(_defined_by_timed(formulas, frozenset(found)))
    gradients = gradient_names(formulas, timed)
    formulas, keys = read_bare(formulas, frozenset(found - (gradients - timed)), gradients)
    return [formula if _about_loss(formula, keys) else _put(formula, keys) for formula in formulas], keys


def _about_loss(formula: Formula, timed: frozenset[str]) -> bool:
    """Whether the formula defines a loss: its letters are its own."""
    left = formula.parts[0] if isinstance(formula, Relation) else None
    left = left.factors[0] if isinstance(left, Factors) else left.function if isinstance(left, Call) else left
    read = reference(left, timed) if isinstance(left, Name | Indexed) else None
    return read is not None and is_loss_name(read.key)


def _last_step(node: Formula, timed: frozenset[str]) -> Formula | None:
    """A sum over t up to tau or N goes to the last step, whatever its letter."""
    if not isinstance(node, Big) or len(node.sup) != 1 or not isinstance(node.sup[0], Name) or node.sup[0].text not in LAST:
        return None
    letter = node.sub[0].parts[0] if node.sub and isinstance(node.sub[0], Relation) else node.sub[0] if node.sub else Name("t")
    if not (isinstance(letter, Name) and letter.text == "t"):
        return None
    last = Name("T", start=node.sup[0].start, end=node.sup[0].end)
    return Big(node.kind, node.sub, (last,), node.body, start=node.start, end=node.end)


def _stepped(formulas: Iterable[Formula]) -> Iterable[str]:
    for formula in formulas:
        for node in walk(formula):
            if isinstance(node, Indexed) and isinstance(node.base, Name) and any(label(item) in STEPS for item in node.sub):
                text = node.base.text
                if not (text.startswith("d") and len(text) > 1) and text not in NEVER:
                    yield "_".join((*node.base.accents, text))


def _more(formulas: Sequence[Formula], timed: frozenset[str]) -> Iterable[str]:
    """Names defined by timed ones, and names that a weight multiplies beside a timed one."""
    keys = {read.key for formula in formulas for read in references(formula, timed)}
    for formula in formulas:
        if not isinstance(formula, Relation):
            continue
        read = _bare(formula.parts[0], timed)
        inside = references(formula.parts[1], timed)
        if (
            read is not None
            and _may_be_timed(read.key, keys)
            and any(other.key.removesuffix("_prev") in timed for other in inside)
        ):
            yield read.key
            yield from _inputs(formula.parts[1], timed)


def _defined_by_timed(formulas: Sequence[Formula], timed: frozenset[str]) -> Iterable[str]:
    """Small names without an index whose forward equation uses timed ones: a = W x_t + U h_{t-1}."""
    keys = {read.key for formula in formulas for read in references(formula, timed)}
    arguments = {
        node.arguments[0] for formula in formulas for node in walk(formula) if isinstance(node, Call) and len(node.arguments) == 1
    }
    for formula in formulas:
        left = _bare(formula.parts[0], timed) if isinstance(formula, Relation) else None
        if isinstance(formula, Relation) and left is not None and not left.transposed and not is_backward(formula, timed, keys):
            key = left.key
            used = [read for read in references(formula.parts[1], timed) if read.time is not None and read.time.base == "t"]
            if (
                used
                and (key[:1].islower() or formula.parts[1] in arguments)
                and _may_be_timed(key, keys)
                and not any(isinstance(n, Big) for n in walk(formula))
            ):
                yield key


def _inputs(body: Formula, timed: frozenset[str]) -> Iterable[str]:
    for node in walk(body):
        if isinstance(node, Factors) and len(node.factors) == 2:
            first, second = (_bare(factor, timed) for factor in node.factors)
            if first is not None and second is not None and first.key[:1].isupper() and second.key[:1].islower():
                yield second.key
        if isinstance(node, Group) and len(node.items) > 1:
            reads = [_bare(item, timed) for item in node.items]
            if any(read is not None and read.key.removesuffix("_prev") in timed for read in reads):
                yield from (
                    read.key for read in reads if read is not None and not read.key.endswith("_prev") and read.key[:1].islower()
                )


def _may_be_timed(key: str, keys: set[str]) -> bool:
    return key not in NEVER and not is_d_name(key, keys) and not key.startswith(("delta", "Delta", "nabla"))


def _bare(node: Formula, timed: frozenset[str]) -> Reference | None:
    read = reference(node, timed) if isinstance(node, Name | Indexed) else None
    return read if read is not None and read.time is None and read.key not in NEVER else None


def _put(node: Formula, timed: frozenset[str]) -> Formula:
    """The formula with t as the last lower index of bare timed names; indices, bounds and function words are left alone."""
    if isinstance(node, Name):
        return _with_t(node, timed)
    if isinstance(node, Indexed):
        if isinstance(node.base, Name):
            return _with_t(node, timed)
        return replace(node, base=_put(node.base, timed))
    if isinstance(node, Call):
        return replace(node, arguments=tuple(_put(argument, timed) for argument in node.arguments))
    if isinstance(node, Big):
        return replace(node, body=_put(node.body, timed))
    changed: dict[str, Any] = {item.name: _through(getattr(node, item.name), timed) for item in fields(node)}
    return replace(node, **changed)


def _through(value: Any, timed: frozenset[str]) -> Any:
    if isinstance(value, Formula):
        return _put(value, timed)
    return tuple(_through(part, timed) for part in value) if isinstance(value, tuple) else value


def _with_t(node: Name | Indexed, timed: frozenset[str]) -> Formula:
    read = reference(node, timed)
    if read is None or read.time is not None or read.key not in timed or read.key in NEVER or is_loss_name(read.key):
        return node
    mark = Name("t")
    if isinstance(node, Indexed):
        return replace(node, sub=(*node.sub, mark))
    return Indexed(node, (mark,), start=node.start, end=node.end)

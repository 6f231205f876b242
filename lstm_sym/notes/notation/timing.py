"""Which names of a document are indexed by time, and h(t), h[t] brought to the same form as h_t.

Law: a name is timed if the document writes it somewhere with an index that can be nothing but time. Brackets behind a name
become its index only where they hold such a time, or where the name is timed so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from lstm_sym.notes.formula.names import BOUND, TIME_LETTERS, is_strong, label, reference, time_of
from lstm_sym.notes.formula.tree import (
    Big,
    Derivative,
    Factors,
    Formula,
    Group,
    Indexed,
    Name,
    NumberMatrix,
    Prefixed,
    Relation,
    children,
    walk,
)
from lstm_sym.notes.text.lexicon import FUNCTIONS

NO_TIMES = frozenset(FUNCTIONS.values())


def attach_times(formula: Formula) -> Formula:
    """The formula with h(t) and h[t-1] written as indices, throughout."""
    return _attach(formula, frozenset())


def timed_keys(formulas: Iterable[Formula]) -> frozenset[str]:
    """The keys that stand somewhere with an index that is surely time."""
    found: set[str] = set()
    formulas = list(formulas)
    for formula in formulas:
        for node in walk(formula):
            if isinstance(node, Indexed) and isinstance(node.base, Name):
                _collect(node, node.base, found)
            elif isinstance(node, Big) and node.sub:
                first = node.sub[0].parts[0] if isinstance(node.sub[0], Relation) else node.sub[0]
                if isinstance(first, Name):
                    found.add(BOUND + first.text)
    return frozenset(found - _constant(formulas, found))


def _constant(formulas: Iterable[Formula], found: set[str]) -> set[str]:
    """Weights that carry a time only where the part of one step of their gradient is meant: d W^{(t)}."""
    timed, bare = set[str](), set[str]()

    def visit(node: Formula) -> None:
        if isinstance(node, Prefixed | Derivative):
            return
        if isinstance(node, Indexed) and isinstance(node.base, Name):
            own: set[str] = set()
            _collect(node, node.base, own)
            timed.update(own)
            read = reference(node, frozenset())
            if read is not None and not own:
                bare.add(read.key)
            return
        if isinstance(node, Name):
            bare.add("_".join((*node.accents, node.text)))
        for child in children(node):
            visit(child)

    for formula in formulas:
        visit(formula)
    constant = bare - timed
    gradients = {key for key in found if key[:1] == "d" and key[1:] in constant}
    return {key for key in found & constant if key[:1].isupper() or key[:1] in "bwuv"} | gradients


def _collect(node: Indexed, base: Name, found: set[str]) -> None:
    items = [(item, False) for item in node.sub] + [(item, True) for item in node.sup]
    for position, (item, above) in enumerate(items):
        time = time_of(item)
        if time is not None and is_strong(item, time, above):
            bare = Indexed(
                base,
                tuple(i for k, (i, up) in enumerate(items) if k != position and not up),
                tuple(i for k, (i, up) in enumerate(items) if k != position and up),
            )
            read = reference(bare, frozenset())
            if read is not None:
                found.add(read.key)
            return
    if any(label(item) in ("prev", "previous") for item in node.sub):
        return


def attach_known(formula: Formula, timed: frozenset[str]) -> Formula:
    """The same for h(0), once it is known which names are timed."""
    return _attach(formula, timed)


def _attach(node: Formula, timed: frozenset[str]) -> Formula:
    changed: dict[str, Any] = {}
    for item in fields(node):
        value = getattr(node, item.name)
        new = _through(value, timed)
        if new is not value:
            changed[item.name] = new
    node = replace(node, **changed) if changed else node
    return _joined(node, timed) if isinstance(node, Factors) else node


def _through(value: Any, timed: frozenset[str]) -> Any:
    if isinstance(value, Formula):
        return _attach(value, timed)
    if isinstance(value, tuple):
        new = tuple(_through(part, timed) for part in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value


def _joined(node: Factors, timed: frozenset[str]) -> Formula:
    factors, signs = [node.factors[0]], list[str]()
    for sign, factor in zip(node.signs, node.factors[1:], strict=True):
        whole = _indexed(factors[-1], factor, timed) if sign == "" else None
        if whole is None:
            factors.append(factor)
            signs.append(sign)
        else:
            factors[-1] = whole
    if len(factors) == 1:
        return factors[0]
    return replace(node, factors=tuple(factors), signs=tuple(signs))


def _indexed(base: Formula, brackets: Formula, timed: frozenset[str]) -> Formula | None:
    """`base` with the bracketed time as its index, or None."""
    if isinstance(base, Prefixed):
        body = _indexed(base.body, brackets, timed)
        return None if body is None else replace(base, body=body, end=brackets.end)
    if isinstance(base, Derivative):
        return None
    read = reference(base, timed)
    outer = brackets.base if isinstance(brackets, Indexed) else brackets
    if read is None or read.time is not None or read.key.split("_")[0] in NO_TIMES:
        return None
    item = _bracketed(outer, known=read.key in timed)
    if item is None:
        return None
    old = base if isinstance(base, Indexed) else Indexed(base, start=base.start, end=base.end)
    more = brackets if isinstance(brackets, Indexed) else Indexed(base)
    return Indexed(
        old.base, (*old.sub, item, *more.sub), old.sup + more.sup, old.primes + more.primes, start=base.start, end=brackets.end
    )


def _bracketed(brackets: Formula, known: bool) -> Formula | None:
    if isinstance(brackets, NumberMatrix) and known and len(brackets.rows) == len(brackets.rows[0]) == 1:
        from lstm_sym.notes.formula.tree import Number, Terms

        text = brackets.rows[0][0]
        number = Number(text.lstrip("+-"), start=brackets.start, end=brackets.end)
        return Terms((-1,), (number,), start=brackets.start, end=brackets.end) if text.startswith("-") else number
    if not (isinstance(brackets, Group) and brackets.kind in "([" and len(brackets.items) == 1):
        return None
    time = time_of(brackets.items[0])
    if time is None:
        return None
    return brackets.items[0] if known or time.base in TIME_LETTERS else None

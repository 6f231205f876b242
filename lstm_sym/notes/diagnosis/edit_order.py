"""Edits of order and brackets: exchanged factors, a lost parenthesis, a coefficient.

Law: factors are exchanged with their transposes, so that the product stays of one shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lstm_sym.notes.diagnosis.edit import Changes, Context, say, swap
from lstm_sym.notes.formula.shift import squared, turned
from lstm_sym.notes.formula.tree import (
    Call,
    Factors,
    Formula,
    Fraction,
    Group,
    Indexed,
    Name,
    Number,
    Prefixed,
    Terms,
)


def order_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if not isinstance(node, Factors):
        return
    for position, sign in enumerate(node.signs):
        left, right = node.factors[position], node.factors[position + 1]
        if sign == "otimes":
            swapped: tuple[Any, Any] = (right, left)
        elif sign in ("", "cdot", "times", "star", "at"):
            swapped = (_unturned(right), _with_turn(left))
            swapped = (_with_turn(right), _unturned(left)) if None in swapped else swapped
        else:
            continue
        plain = (right, left) if _is_diagonal(left) or _is_diagonal(right) else (None, None)
        for pair in (swapped, plain):
            if None not in pair:
                factors = (*node.factors[:position], *pair, *node.factors[position + 2 :])
                words = say(context, "the factors {0} and {1} are exchanged", left, right)
                yield replace(node, factors=factors, start=0, end=0), words


def _unturned(node: Formula) -> Formula | None:
    if isinstance(node, Indexed) and any(isinstance(item, Name) and item.text in ("T", "transpose") for item in node.sup):
        new = turned(node)
        return new.base if isinstance(new, Indexed) and not new.sub and not new.sup else new
    if isinstance(node, Prefixed):
        body = _unturned(node.body)
        return None if body is None else replace(node, body=body, start=0, end=0)
    return None


def _with_turn(node: Formula) -> Formula:
    if isinstance(node, Prefixed):
        return replace(node, body=turned(node.body), start=0, end=0)
    return turned(node) if isinstance(node, Name | Indexed) else Indexed(node, (), (Name("T"),))


def parenthesis_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    """1 - u * v for (1 - u) * v, u * (v - w) for u * v - w, and (1 - v)^2 for 1 - v^2."""
    yield from _square_moved(node, context)
    if isinstance(node, Terms):
        for position in range(len(node.terms) - 1):
            for new in _bracketed(node, position):
                terms = (*node.terms[:position], new, *node.terms[position + 2 :])
                signs = (*node.signs[: position + 1], *node.signs[position + 2 :])
                whole = new if len(terms) == 1 and signs[0] == 1 else Terms(signs, terms)
                yield whole, say(context, "a parenthesis is missing: {0}", new)
    if isinstance(node, Factors):
        for position, factor in enumerate(node.factors):
            inner = factor.items[0] if isinstance(factor, Group) and len(factor.items) == 1 else None
            if isinstance(inner, Terms) and len(inner.terms) == 2 and position == len(node.factors) - 1:
                first_term = Factors((*node.factors[:-1], inner.terms[0]), node.signs)
                yield (
                    Terms(inner.signs, (first_term, inner.terms[1])),
                    say(context, "the parenthesis {0} is too many", factor),
                )


def _square_moved(node: Formula, context: Context) -> Changes:
    """(1 - v^2) for (1 - v)^2."""
    group = node.base if isinstance(node, Indexed) and node.sup == (Number("2"),) and not node.sub else None
    inner = group.items[0] if isinstance(group, Group) and len(group.items) == 1 else None
    if isinstance(inner, Terms) and len(inner.terms) == 2 and isinstance(inner.terms[0], Number):
        new = Group("(", (Terms(inner.signs, (inner.terms[0], squared(inner.terms[1]))),))
        yield new, say(context, "the square stands outside the parenthesis: {0} for {1}", node, new)


def _bracketed(node: Terms, position: int) -> Iterator[Formula]:
    """u * (v - w) * x of the neighbouring terms u * v - w * x, for every way to part them."""
    sign = node.signs[position] * node.signs[position + 1]
    for head, suffix, before in _cuts(node.terms[position], from_end=True):
        for tail, prefix, after in _cuts(node.terms[position + 1], from_end=False):
            if head is None and tail is None:
                continue
            new: Formula = Group("(", (Terms((1, sign), (suffix, prefix)),))
            if head is not None:
                new = Factors((*head, new), (*before,))
            if tail is not None:
                new = (
                    Factors((*new.factors, *tail), (*new.signs, *after))
                    if isinstance(new, Factors)
                    else Factors((new, *tail), after)
                )
            yield new


def _cuts(term: Formula, from_end: bool) -> Iterator[tuple[tuple[Formula, ...] | None, Formula, tuple[str, ...]]]:
    """What stays outside a bracket, what goes inside, and the product signs outside."""
    yield None, term, ()
    if not isinstance(term, Factors):
        return
    for cut in range(1, len(term.factors)):
        left, right = term.factors[:cut], term.factors[cut:]
        inner, signs = (right, term.signs[cut:]) if from_end else (left, term.signs[: cut - 1])
        inside = inner[0] if len(inner) == 1 else Factors(inner, signs)
        yield (left, inside, term.signs[:cut]) if from_end else (right, inside, term.signs[cut - 1 :])


def coefficient_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:

    if above:
        if isinstance(node, Number) and isinstance(above[-1], Terms) and node.text in ("1", "2"):
            yield Number("2" if node.text == "1" else "1"), swap(node, Number("2" if node.text == "1" else "1"), context)
        return
    for number, words in (
        (Number("2"), "the factor 2 is missing"),
        (Fraction(Number("1"), Number("2")), "the factor 1/2 is missing"),
    ):
        body = Group("(", (node,)) if isinstance(node, Terms) else node
        yield Factors((number, body), ("",)), words


def _is_diagonal(node: Formula) -> bool:
    return isinstance(node, Call) and node.function == Name("diag")

"""Edits of sums and products: a factor or a term put in or taken out, a sign turned.

Law: a product sign that is put in is one that the document uses.
"""

from __future__ import annotations

from dataclasses import replace

from lstm_sym.notes.diagnosis.edit import Changes, Context, say
from lstm_sym.notes.diagnosis.insertions import terms_to_add, weights_to_add
from lstm_sym.notes.formula.names import Time
from lstm_sym.notes.formula.tree import (
    Big,
    Factors,
    Formula,
    Group,
    Indexed,
    Number,
    Terms,
)


def factor_missing_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if above and not isinstance(above[-1], Terms | Big | Group | Factors):
        return
    if isinstance(node, Terms | Big | Number) or (isinstance(node, Group) and len(node.items) > 1):
        return
    sign = context.product_sign
    for factor in context.factors:
        words = say(context, "the factor {0} is missing", factor)
        if isinstance(node, Factors):
            yield Factors((*node.factors, factor), (*node.signs, sign)), words
        elif above and isinstance(above[-1], Factors):
            if any(s in ("", "cdot", "otimes") for s in above[-1].signs):
                yield Group("(", (Factors((node, factor), (sign,)),)), words
        else:
            yield Factors((node, factor), (sign,)), words


def weight_missing_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if (above and not isinstance(above[-1], Terms | Big | Group)) or isinstance(node, Terms | Big | Number | Factors):
        return
    for weight in weights_to_add(context.model):
        pair = (node, weight) if context.model.manner.row else (weight, node)
        yield Factors(pair, ("",)), say(context, "the factor {0} is missing", weight)


def term_missing_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if above or context.left is None:
        if isinstance(node, Terms) and len(node.terms) == 1 and node.signs[0] < 0:
            yield Terms((1, -1), (Number("1"), node.terms[0])), "the term 1 is missing"
        return
    signs, terms = (node.signs, node.terms) if isinstance(node, Terms) else ((1,), (node,))
    for term in terms_to_add(context.left, context.atoms, context.model):
        yield Terms((*signs, 1), (*terms, term)), say(context, "the term {0} is missing", term)


def inner_term_missing_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    """u * v for u * (v - w): a factor that has lost a term."""
    if not isinstance(node, Indexed) or not above or not isinstance(above[-1], Factors):
        return
    own = context.read(node)
    if own is None or own.time is None or own.power is not None or own.transposed:
        return
    for time in dict.fromkeys((own.time, Time(own.time.base, own.time.offset + 1), Time(own.time.base, own.time.offset - 1))):
        for atom, read in context.atoms_at(time):
            if isinstance(atom, Indexed) and read.key in context.model.definitions and read.key != own.key:
                for sign in (-1, 1):
                    new = Group("(", (Terms((1, sign), (node, atom)),))
                    yield new, say(context, "the term {0} is missing beside {1}", atom, node)


def factor_too_many_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if not isinstance(node, Factors):
        return
    for position, factor in enumerate(node.factors):
        kept = (*node.factors[:position], *node.factors[position + 1 :])
        signs = node.signs[1:] if position == 0 else (*node.signs[: position - 1], *node.signs[position:])
        new = kept[0] if len(kept) == 1 else Factors(kept, signs, start=0, end=0)
        yield new, say(context, "the factor {0} is too many", factor)


def term_too_many_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if not isinstance(node, Terms) or len(node.terms) < 2:
        return
    for position, term in enumerate(node.terms):
        kept = (*node.terms[:position], *node.terms[position + 1 :])
        new = Terms((*node.signs[:position], *node.signs[position + 1 :]), kept)
        yield new, say(context, "the term {0} is too many", term)


def sign_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if isinstance(node, Terms):
        for position, term in enumerate(node.terms):
            new = (*node.signs[:position], -node.signs[position], *node.signs[position + 1 :])
            yield replace(node, signs=new, start=0, end=0), say(context, "the sign of {0} is wrong", term)
    elif not above:
        yield Terms((-1,), (Group("(", (node,)) if isinstance(node, Terms) else node,)), "the sign is wrong"

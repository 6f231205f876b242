"""Numbers in place of symbols: which printed number stands for which name.

    a_0 ⊙ i_0 + f_0 ⊙ state_{-1}   beside   0.81775 × 0.96083 + 0.85195 × 0

Law: two formulas are aligned only where they have one form; a sum over time is aligned with its terms written out. Where
the forms differ nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lstm_sym.notes.formula.tree import (
    Big,
    Call,
    Derivative,
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
from lstm_sym.notes.worked.example import rows_of

Times = tuple[tuple[str, int], ...]
Aligned = tuple[Formula, Times, Formula]
"""A symbolic leaf, the values of running indices at it, and the printed number."""


class NotAlikeError(Exception):
    """Two formulas of different form."""


def align(symbolic: Formula, numeric: Formula, bounds: Callable[[Big], tuple[str, int, int]]) -> list[Aligned]:
    """The leaves of the symbolic formula with the numbers that stand for them; empty where the forms differ."""
    try:
        return list(_align(symbolic, numeric, (), bounds))
    except NotAlikeError:
        return []


def _align(symbolic: Formula, numeric: Formula, times: Times, bounds: Callable[[Big], tuple[str, int, int]]) -> Iterator[Aligned]:
    if isinstance(symbolic, Big):
        yield from _align_sum(symbolic, numeric, times, bounds)
    elif isinstance(symbolic, Group) and len(symbolic.items) == 1:
        inner = numeric.items[0] if isinstance(numeric, Group) and len(numeric.items) == 1 else numeric
        yield from _align(symbolic.items[0], inner, times, bounds)
    elif isinstance(numeric, Group) and len(numeric.items) == 1:
        yield from _align(symbolic, numeric.items[0], times, bounds)
    elif _is_leaf(symbolic) and rows_of(numeric) is not None:
        yield symbolic, times, numeric
    elif isinstance(symbolic, Number) and isinstance(numeric, Number):
        return
    else:
        yield from _align_parts(symbolic, numeric, times, bounds)


def _align_parts(
    symbolic: Formula, numeric: Formula, times: Times, bounds: Callable[[Big], tuple[str, int, int]]
) -> Iterator[Aligned]:
    if isinstance(symbolic, Terms) and isinstance(numeric, Terms) and len(symbolic.terms) == len(numeric.terms):
        signed = zip(symbolic.signs, symbolic.terms, numeric.signs, numeric.terms, strict=True)
        for sign, left, other, right in signed:
            yield from _align(left, right if sign == other else negative(right), times, bounds)
        return
    if isinstance(symbolic, Factors):
        if (
            isinstance(numeric, Terms)
            and len(numeric.terms) == 1
            and numeric.signs[0] < 0
            and isinstance(numeric.terms[0], Factors)
        ):
            numeric = _signed_first(numeric.terms[0])
        if isinstance(numeric, Factors) and len(symbolic.factors) == len(numeric.factors):
            for left, right in zip(symbolic.factors, numeric.factors, strict=True):
                yield from _align(left, right, times, bounds)
            return
    if isinstance(symbolic, Call) and isinstance(numeric, Call) and len(symbolic.arguments) == len(numeric.arguments):
        for left, right in zip(symbolic.arguments, numeric.arguments, strict=True):
            yield from _align(left, right, times, bounds)
        return
    if isinstance(symbolic, Indexed) and isinstance(numeric, Indexed):
        power = tuple(item for item in symbolic.sup if item in numeric.sup)
        if numeric.sup and power == numeric.sup:
            kept = tuple(item for item in symbolic.sup if item not in power)
            base = (
                symbolic.base
                if not symbolic.sub and not kept
                else Indexed(symbolic.base, symbolic.sub, kept, start=symbolic.start, end=symbolic.end)
            )
            yield from _align(base, numeric.base, times, bounds)
            return
    if isinstance(symbolic, Fraction) and isinstance(numeric, Fraction):
        yield from _align(symbolic.above, numeric.above, times, bounds)
        yield from _align(symbolic.below, numeric.below, times, bounds)
        return
    raise NotAlikeError


def _signed_first(product: Factors) -> Factors:
    return Factors((negative(product.factors[0]), *product.factors[1:]), product.signs, start=product.start, end=product.end)


def negative(node: Formula) -> Formula:
    """A number or product with the minus that stands before it."""
    if isinstance(node, Factors):
        return _signed_first(node)
    return Terms((-1,), (node,), start=node.start - 1, end=node.end) if isinstance(node, Number) else node


def _align_sum(node: Big, numeric: Formula, times: Times, bounds: Callable[[Big], tuple[str, int, int]]) -> Iterator[Aligned]:
    letter, first, last = bounds(node)
    terms = numeric.terms if isinstance(numeric, Terms) else (numeric,)
    if len(terms) != last - first + 1:
        raise NotAlikeError
    for time, term in zip(range(first, last + 1), terms, strict=True):
        yield from _align(node.body, term, (*times, (letter, time)), bounds)


def _is_leaf(node: Formula) -> bool:
    return isinstance(node, Name | Indexed | Prefixed | Derivative)

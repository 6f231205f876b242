"""Single edits of a wrong formula: the mistakes that people make, undone, as a table of named kinds.

Laws: an edit changes one place and says what it changed, in words, with the author's own names; edits are yielded likeliest first. Which of
them makes the claim right is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lstm_sym.notes.formula import (
    Big,
    Call,
    Derivative,
    Factors,
    Formula,
    Group,
    Indexed,
    Name,
    Number,
    Prefixed,
    Relation,
    Terms,
)
from lstm_sym.notes.insertions import factors_to_add, one_minus, terms_to_add, weights_to_add
from lstm_sym.notes.model import Model
from lstm_sym.notes.names import Reference, Time, reference, time_of
from lstm_sym.notes.places import places
from lstm_sym.notes.shift import at_time, index, shifted, squared, turned
from lstm_sym.notes.spelling import Speller, clean


@dataclass(frozen=True)
class Correction:
    """The whole right side after one edit; what stood where, what stands there now, and the difference in words."""

    kind: str
    formula: Formula
    old: Formula
    new: Formula
    words: str


@dataclass(frozen=True)
class Context:
    """What an edit may draw on: the document's notation, its spelling, and the forms in which names occur in it."""

    model: Model
    spell: Speller
    atoms: tuple[Formula, ...]
    """Names with time t as they stand in the document, forward and marked ones."""
    left: Formula | None = None
    """The left side of the claim."""


Changes = Iterator[tuple[Formula, str]]
Kind = Callable[[Formula, tuple[Formula, ...], Context], Changes]


def corrections(formula: Formula, context: Context) -> Iterator[Correction]:
    """Every single edit of the formula, kind by kind."""
    found = list(places(formula))
    for name, kind in KINDS:
        for node, put, above in found:
            if any(isinstance(parent, Indexed) for parent in above):
                continue
            for new, words in kind(node, above, context):
                yield Correction(name, put(new), node, new, words)


def _swap(old: Formula, new: Formula, context: Context) -> str:
    return f"{clean(context.spell(old))} stands where {clean(context.spell(new))} belongs"


# --- times -----------------------------------------------------------------------------------------------------------


def _time(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if above and isinstance(above[-1], Prefixed | Derivative):
        return
    for step in (-1, 1):
        new = shifted(node, step, context.model.timed)
        if new is not None:
            yield new, _swap(node, new, context)


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
    if read is None or read.power is not None or (isinstance(node, Name) and read.key not in context.model.parameters and read.key not in context.model.stacks):
        return
    new = turned(node)
    yield new, _swap(node, new, context)


def _neighbour(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if above and isinstance(above[-1], Prefixed | Derivative | Call) and not isinstance(node, Prefixed | Derivative):
        if not isinstance(above[-1], Call) or node is above[-1].function:
            return
    own = _read(node, context)
    if own is None:
        return
    if isinstance(node, Name | Indexed) and own.key in context.model.parameters:
        for key, atom in _parameters(context):
            if key != own.key:
                new: Formula = turned(atom) if own.transposed else atom
                yield new, _swap(node, new, context)
        return
    for atom in context.atoms:
        other = _read(atom, context)
        if other is None or other.key == own.key or (type(atom) is not type(node) and isinstance(node, Prefixed | Derivative)):
            continue
        if own.time is not None and own.power is None:
            moved = at_time(atom, own.time, context.model.timed)
            if moved is not None:
                yield moved, _swap(node, moved, context)


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


# --- factors and terms -----------------------------------------------------------------------------------------------


def _product_sign(context: Context, node: Formula) -> str:
    from lstm_sym.notes.formula import walk

    for definition in context.model.definitions.values():
        for part in walk(definition.body):
            if isinstance(part, Factors):
                for sign in part.signs:
                    if sign in ("odot", "circ", "star", "times", "otimes"):
                        return sign
    return "odot"


def _factor_missing(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if above and not isinstance(above[-1], Terms | Big | Group | Factors):
        return
    if isinstance(node, Terms | Big | Number) or (isinstance(node, Group) and len(node.items) > 1):
        return
    sign = _product_sign(context, node)
    for factor in factors_to_add(context.atoms, context.model, sign):
        words = f"the factor {clean(context.spell(factor))} is missing"
        if isinstance(node, Factors):
            yield Factors((*node.factors, factor), (*node.signs, sign)), words
        elif above and isinstance(above[-1], Factors):
            if any(s in ("", "cdot", "otimes") for s in above[-1].signs):
                yield Group("(", (Factors((node, factor), (sign,)),)), words
        else:
            yield Factors((node, factor), (sign,)), words


def _weight_missing(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if (above and not isinstance(above[-1], Terms | Big | Group)) or isinstance(node, Terms | Big | Number | Factors):
        return
    for weight in weights_to_add(context.model):
        pair = (node, weight) if context.model.manner.row else (weight, node)
        yield Factors(pair, ("",)), f"the factor {clean(context.spell(weight))} is missing"


def _term_missing(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if above or context.left is None:
        if isinstance(node, Terms) and len(node.terms) == 1 and node.signs[0] < 0:
            yield Terms((1, -1), (Number("1"), node.terms[0])), "the term 1 is missing"
        return
    signs, terms = (node.signs, node.terms) if isinstance(node, Terms) else ((1,), (node,))
    for term in terms_to_add(context.left, context.atoms, context.model):
        yield Terms((*signs, 1), (*terms, term)), f"the term {clean(context.spell(term))} is missing"


def _factor_too_many(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if not isinstance(node, Factors):
        return
    for position, factor in enumerate(node.factors):
        kept = (*node.factors[:position], *node.factors[position + 1 :])
        signs = node.signs[1:] if position == 0 else (*node.signs[: position - 1], *node.signs[position:])
        new = kept[0] if len(kept) == 1 else Factors(kept, signs, start=0, end=0)
        yield new, f"the factor {clean(context.spell(factor))} is too many"


def _term_too_many(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if not isinstance(node, Terms) or len(node.terms) < 2:
        return
    for position, term in enumerate(node.terms):
        kept = (*node.terms[:position], *node.terms[position + 1 :])
        new = Terms((*node.signs[:position], *node.signs[position + 1 :]), kept)
        yield new, f"the term {clean(context.spell(term))} is too many"


def _sign(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if isinstance(node, Terms):
        for position, term in enumerate(node.terms):
            new = (*node.signs[:position], -node.signs[position], *node.signs[position + 1 :])
            yield replace(node, signs=new, start=0, end=0), f"the sign of {clean(context.spell(term))} is wrong"
    elif not above:
        yield Terms((-1,), (Group("(", (node,)) if isinstance(node, Terms) else node,)), "the sign is wrong"


def _exponent(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if above and isinstance(above[-1], Prefixed | Derivative):
        return
    if isinstance(node, Indexed) and any(isinstance(item, Number) and item.text == "2" for item in node.sup):
        kept = tuple(item for item in node.sup if not (isinstance(item, Number) and item.text == "2"))
        new: Formula = replace(node, sup=kept, start=0, end=0) if kept or node.sub else node.base
        yield new, f"the square in {clean(context.spell(node))} is too many"
    elif isinstance(node, Call):
        function = node.function if isinstance(node.function, Indexed) else Indexed(node.function)
        if not function.sup:
            yield replace(node, function=replace(function, sup=(Number("2"),), start=0, end=0), start=0, end=0), f"{clean(context.spell(node))} must be squared"
        elif isinstance(function.sup[0], Number):
            yield replace(node, function=replace(function, sup=(), start=0, end=0), start=0, end=0), f"the square in {clean(context.spell(node))} is too many"
    elif isinstance(node, Indexed) and above and isinstance(above[-1], Terms | Factors):
        read = reference(node, context.model.timed)
        if read is not None and read.time is not None and read.power is None:
            yield squared(node), f"{clean(context.spell(node))} must be squared"


def _activated(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    """tanh'(a_t) where a_t is activated already; tanh(a_t) for a_t; a slope in the form of the wrong activation."""
    model = context.model
    if isinstance(node, Call) and len(node.arguments) == 1:
        argument = node.arguments[0]
        read = reference(argument, model.timed) if isinstance(argument, Name | Indexed) else None
        function = node.function
        primes = function.primes if isinstance(function, Indexed) else 0
        if read is not None and primes and model.activated(read.key):
            new = _slope_of(argument, read.key, context)
            if new is not None:
                yield new, f"the slope is taken at {clean(context.spell(argument))}, which is activated already"
        elif not primes and read is not None:
            power = function.sup if isinstance(function, Indexed) else ()
            plain = squared(argument) if power else argument
            yield plain, f"{clean(context.spell(argument))} is activated already: {clean(context.spell(node))} stands where {clean(context.spell(plain))} belongs"
    if isinstance(node, Indexed) and not (above and isinstance(above[-1], Prefixed | Derivative | Call)):
        read = reference(node, model.timed)
        if read is not None and read.time is not None and read.key in model.definitions:
            bare = replace(node, sup=tuple(i for i in node.sup if i is not read.power), start=0, end=0) if read.power is not None else node
            inner = Indexed(Name("tanh"), (), (read.power,)) if read.power is not None else Name("tanh")
            new = Call(inner, (bare,))
            yield new, _swap(node, new, context)


def _slope_of(argument: Formula, key: str, context: Context) -> Formula | None:
    body = context.model.definitions[key].body
    assert isinstance(body, Call)
    one = Number("1")
    base = body.function.base if isinstance(body.function, Indexed) else body.function
    name = base.text if isinstance(base, Name) else ""
    if name == "tanh":
        return Group("(", (Terms((1, -1), (one, squared(argument))),))
    if name == "sigma":
        return Factors((argument, Group("(", (Terms((1, -1), (one, argument)),))), (_product_sign(context, argument),))
    return None


def _slope_form(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    """(1 - v^2) for v (1 - v) and the reverse: the slope of the other activation."""
    inner = node.items[0] if isinstance(node, Group) and len(node.items) == 1 else None
    if not (isinstance(inner, Terms) and len(inner.terms) == 2 and inner.signs == (1, -1) and isinstance(inner.terms[0], Number)):
        return
    second = inner.terms[1]
    read = reference(second, context.model.timed) if isinstance(second, Indexed) else None
    if read is None or read.time is None:
        return
    if read.power is not None and isinstance(second, Indexed):
        bare = replace(second, sup=tuple(item for item in second.sup if item is not read.power), start=0, end=0)
        new = Factors((bare, Group("(", (Terms((1, -1), (inner.terms[0], bare)),))), (_product_sign(context, bare),))
        yield Group("(", (new,)), f"{clean(context.spell(node))} is the slope of tanh, but {clean(context.spell(bare))} is a sigmoid: {clean(context.spell(new))}"


def _slope_form_back(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    """v (1 - v) for (1 - v^2)."""
    if not isinstance(node, Factors):
        return
    for position in range(len(node.factors) - 1):
        first, second = node.factors[position : position + 2]
        inner = second.items[0] if isinstance(second, Group) and len(second.items) == 1 else None
        if isinstance(inner, Terms) and len(inner.terms) == 2 and inner.signs == (1, -1) and inner.terms[1] == first:
            new = one_minus(squared(first))
            factors = (*node.factors[:position], new, *node.factors[position + 2 :])
            signs = (*node.signs[:position], *node.signs[position + 1 :])
            whole = factors[0] if len(factors) == 1 else Factors(factors, signs)
            yield whole, f"the slope of a sigmoid is taken, but {clean(context.spell(first))} is a tanh: {clean(context.spell(new))}"


def _order(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if not isinstance(node, Factors):
        return
    for position, sign in enumerate(node.signs):
        left, right = node.factors[position], node.factors[position + 1]
        if sign == "otimes":
            swapped = (right, left)
        elif sign in ("", "cdot", "times", "star", "at"):
            swapped = (_unturned(right), _with_turn(left))
        else:
            continue
        if None in swapped:
            continue
        factors = (*node.factors[:position], *swapped, *node.factors[position + 2 :])
        yield replace(node, factors=factors, start=0, end=0), f"the factors {clean(context.spell(left))} and {clean(context.spell(right))} are exchanged"  # type: ignore[arg-type]


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


def _parenthesis(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    """1 - u * v for (1 - u) * v, and u * (v - w) for u * v - w."""
    if isinstance(node, Terms):
        for position in range(len(node.terms) - 1):
            for new in _bracketed(node, position):
                terms = (*node.terms[:position], new, *node.terms[position + 2 :])
                signs = (*node.signs[: position + 1], *node.signs[position + 2 :])
                whole = new if len(terms) == 1 and signs[0] == 1 else Terms(signs, terms)
                yield whole, f"a parenthesis is missing: {clean(context.spell(new))}"
    if isinstance(node, Factors):
        for position, factor in enumerate(node.factors):
            inner = factor.items[0] if isinstance(factor, Group) and len(factor.items) == 1 else None
            if isinstance(inner, Terms) and len(inner.terms) == 2 and position == len(node.factors) - 1:
                first_term = Factors((*node.factors[:-1], inner.terms[0]), node.signs)
                yield Terms(inner.signs, (first_term, inner.terms[1])), f"the parenthesis {clean(context.spell(factor))} is too many"


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
                new = Factors((*new.factors, *tail), (*new.signs, *after)) if isinstance(new, Factors) else Factors((new, *tail), after)
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


def _coefficient(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    from lstm_sym.notes.formula import Fraction

    if above:
        if isinstance(node, Number) and isinstance(above[-1], Terms) and node.text in ("1", "2"):
            yield Number("2" if node.text == "1" else "1"), _swap(node, Number("2" if node.text == "1" else "1"), context)
        return
    for number, words in ((Number("2"), "the factor 2 is missing"), (Fraction(Number("1"), Number("2")), "the factor 1/2 is missing")):
        body = Group("(", (node,)) if isinstance(node, Terms) else node
        yield Factors((number, body), ("",)), words


KINDS: tuple[tuple[str, Kind], ...] = (
    ("time index", _time),
    ("transposition", _transposition),
    ("sum range", _range),
    ("sign", _sign),
    ("exponent", _exponent),
    ("activated value", _activated),
    ("slope", _slope_form),
    ("slope", _slope_form_back),
    ("parenthesis", _parenthesis),
    ("order", _order),
    ("neighbour", _neighbour),
    ("term missing", _term_missing),
    ("factor missing", _factor_missing),
    ("factor missing", _weight_missing),
    ("factor too many", _factor_too_many),
    ("term too many", _term_too_many),
    ("coefficient", _coefficient),
)
"""The kinds of single edits, in the order in which they are offered."""

"""Edits of powers, activations and slopes: the derivative of an activated value, a square lost, the slope of the other function.

Law: a slope fits the activation that the document gives to its name.
"""

from __future__ import annotations

from dataclasses import replace

from lstm_sym.notes.diagnosis.edit import Changes, Context, say, swap
from lstm_sym.notes.diagnosis.insertions import ONE, one_minus
from lstm_sym.notes.formula.shift import squared
from lstm_sym.notes.formula.tree import (
    Call,
    Derivative,
    Factors,
    Formula,
    Group,
    Indexed,
    Name,
    Number,
    Prefixed,
    Terms,
)


def exponent_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    if above and isinstance(above[-1], Prefixed | Derivative):
        return
    if isinstance(node, Indexed) and any(isinstance(item, Number) and item.text == "2" for item in node.sup):
        kept = tuple(item for item in node.sup if not (isinstance(item, Number) and item.text == "2"))
        new: Formula = replace(node, sup=kept, start=0, end=0) if kept or node.sub else node.base
        yield new, say(context, "the square in {0} is too many", node)
    elif isinstance(node, Call):
        function = node.function if isinstance(node.function, Indexed) else Indexed(node.function)
        if not function.sup:
            yield (
                replace(node, function=replace(function, sup=(Number("2"),), start=0, end=0), start=0, end=0),
                say(context, "{0} must be squared", node),
            )
        elif isinstance(function.sup[0], Number):
            yield (
                replace(node, function=replace(function, sup=(), start=0, end=0), start=0, end=0),
                say(context, "the square in {0} is too many", node),
            )
    elif isinstance(node, Indexed) and above and isinstance(above[-1], Terms | Factors):
        read = context.read(node)
        if read is not None and read.time is not None and read.power is None:
            yield squared(node), say(context, "{0} must be squared", node)


def activated_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    """tanh'(a_t) where a_t is activated already; tanh(a_t) for a_t; a slope in the form of the wrong activation."""
    model = context.model
    if isinstance(node, Call) and len(node.arguments) == 1:
        argument = node.arguments[0]
        read = context.read(argument) if isinstance(argument, Name | Indexed) else None
        function = node.function
        primes = function.primes if isinstance(function, Indexed) else 0
        if read is not None and primes and model.activated(read.key):
            new = _slope_of(argument, read.key, context)
            if new is not None:
                yield new, say(context, "the slope is taken at {0}, which is activated already", argument)
        elif not primes and read is not None:
            power = function.sup if isinstance(function, Indexed) else ()
            plain = squared(argument) if power else argument
            yield plain, say(context, "{0} is activated already: {1} stands where {2} belongs", argument, node, plain)
    if isinstance(node, Indexed) and not (above and isinstance(above[-1], Prefixed | Derivative | Call)):
        read = context.read(node)
        if read is not None and read.time is not None and read.key in model.definitions:
            bare = (
                replace(node, sup=tuple(i for i in node.sup if i is not read.power), start=0, end=0)
                if read.power is not None
                else node
            )
            inner = Indexed(Name("tanh"), (), (read.power,)) if read.power is not None else Name("tanh")
            new = Call(inner, (bare,))
            yield new, swap(node, new, context)


def _slope_of(argument: Formula, key: str, context: Context) -> Formula | None:
    one, name = Number("1"), _function_of(key, context)
    if name == "tanh":
        return Group("(", (Terms((1, -1), (one, squared(argument))),))
    if name == "sigma":
        return Factors((argument, Group("(", (Terms((1, -1), (one, argument)),))), (context.product_sign,))
    return None


def slope_form_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    """(1 - v^2) for v (1 - v) and the reverse: the slope of the other activation."""
    inner = node.items[0] if isinstance(node, Group) and len(node.items) == 1 else None
    if not (isinstance(inner, Terms) and len(inner.terms) == 2 and inner.signs == (1, -1) and isinstance(inner.terms[0], Number)):
        return
    second = inner.terms[1]
    if isinstance(second, Call):
        yield from _slope_of_value(node, second, context)
    read = context.read(second) if isinstance(second, Indexed) else None
    if read is None or read.time is None:
        return
    if read.power is not None and isinstance(second, Indexed):
        bare = replace(second, sup=tuple(item for item in second.sup if item is not read.power), start=0, end=0)
        new = Factors((bare, Group("(", (Terms((1, -1), (inner.terms[0], bare)),))), (context.product_sign,))
        words = say(context, "{0} is the slope of tanh, but {1} is a sigmoid: {2}", node, bare, new)
        yield Group("(", (new,)), words


def _slope_of_value(node: Formula, call: Call, context: Context) -> Changes:
    """v (1 - v) or (1 - v^2) for 1 - f(v)^2 or 1 - f(v), where v is activated already."""
    argument = call.arguments[0] if len(call.arguments) == 1 else None
    read = context.read(argument) if isinstance(argument, Indexed) else None
    slope = _slope_of(argument, read.key, context) if read is not None and argument is not None else None
    if slope is not None and argument is not None:
        words = say(context, "{0} is activated already: {1} stands where its slope {2} belongs", argument, node, slope)
        yield (slope if isinstance(slope, Group) else Group("(", (slope,))), words


def slope_form_back_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
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
            yield (
                whole,
                say(context, "the slope of a sigmoid is taken, but {0} is a tanh: {1}", first, new),
            )


def half_slope_edits(node: Formula, above: tuple[Formula, ...], context: Context) -> Changes:
    """v for v (1 - v), or (1 - v) alone, of a sigmoid v: the other half of its slope."""
    if not isinstance(node, Factors):
        return
    for factor in node.factors:
        inner = factor.items[0] if isinstance(factor, Group) and len(factor.items) == 1 else None
        is_rest = isinstance(inner, Terms) and len(inner.terms) == 2 and inner.signs == (1, -1) and inner.terms[0] == ONE
        bare = inner.terms[1] if is_rest and isinstance(inner, Terms) else factor
        read = context.read(bare) if isinstance(bare, Indexed) else None
        if read is None or read.power is not None or _function_of(read.key, context) != "sigma":
            continue
        other: Formula = bare if is_rest else one_minus(bare)
        if other not in node.factors:
            yield (
                Factors((*node.factors, other), (*node.signs, context.product_sign)),
                say(context, "the factor {0} is missing", other),
            )


def _function_of(key: str, context: Context) -> str:
    """The name of the activation that defines a name."""
    found = context.model.definitions.get(key)
    if found is None or not isinstance(found.body, Call):
        return ""
    base = found.body.function.base if isinstance(found.body.function, Indexed) else found.body.function
    return base.text if isinstance(base, Name) else ""

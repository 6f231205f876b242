"""The pass `shared`: a value that several lines need is computed once and gets a name.

    out_t = tanh(state_t) odot o_t      becomes      tanh_state_t = tanh(state_t),  out_t = tanh_state_t odot o_t
    tanh_state_t odot o_t odot (1 - o_t)      becomes      out_t odot (1 - o_t)

Law: a name stands for one expression at one time; putting the expression back gives the lines as they were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace as with_fields

from lstm_sym.codegen.plan import Line, Lines, Plan, declared_names, fresh_prefix, line, rewritten
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, VALUE_ADJOINT
from lstm_sym.symbols.nodes import Expression, Hadamard, Product, odot
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import rebuild, replace, symbols_in, walk

Names = Mapping[Expression, Timed]
Products = Mapping[Timed | Parameter, Expression]


def shared(plan: Plan) -> Plan:
    """Activations inside a forward line, columns of parameters that a matrix meets there, and matrix products that occur in two
    backward lines get lines of their own; Hadamard products that the forward pass keeps are not computed again.
    """
    prefix = fresh_prefix("shared", declared_names(plan.derivation))
    forward: dict[Expression, Timed] = {}
    for each in plan.forward:
        for node in walk(each.values[0]):
            if isinstance(node, Apply) and node != each.values[0]:
                forward.setdefault(node, _name(prefix, node, len(forward)))
            elif isinstance(node, Product) and node.shape[1] == 1 and not any(map(_has_time, symbols_in(node.args[-1]))):
                forward.setdefault(node.args[-1], _name(prefix, node.args[-1], len(forward)))
    backward: dict[Expression, Timed] = {}
    for node, count in Counter(node for each in plan.backward for node in walk(each.values[0])).items():
        if count > 1 and isinstance(node, Product) and any(_is_adjoint(symbol) for symbol in symbols_in(node)):
            backward.setdefault(node, _name(prefix, node, len(forward) + len(backward)))
    names = {**forward, **backward}
    forward_lines = _named(plan.forward, names, forward)
    products = {each.targets[0]: each.values[0] for each in forward_lines if isinstance(each.values[0], Hadamard)}
    return with_fields(
        plan,
        forward=forward_lines,
        backward=tuple(line(each.targets[0], _over(products, each.values[0])) for each in _named(plan.backward, names, backward)),
        totals=tuple(rewritten(each, names.get) for each in plan.totals),
        prefixes={**plan.prefixes, "shared": prefix},
    )


def _name(prefix: str, node: Expression, taken: int) -> Timed:
    return Timed(f"{prefix}{taken + 1}", node.shape[0], node.shape[1], t)


def _has_time(symbol: Expression) -> bool:
    return isinstance(symbol, Timed)


def _is_adjoint(symbol: Expression) -> bool:
    return isinstance(symbol, Timed) and symbol.name.startswith((ADJOINT, ARRIVING, VALUE_ADJOINT))


def _named(lines: Lines, names: Names, own: Names) -> Lines:
    """The lines over the names, with the definition of each own name before the first line that reads it."""
    found: list[Line] = []
    meanings = {name: node for node, name in own.items()}

    def define(value: Expression) -> None:
        for symbol in symbols_in(value):
            if symbol in meanings:
                node = meanings.pop(symbol)
                if not isinstance(node, Parameter):
                    node = rebuild(node, [replace(arg, names.get) if isinstance(arg, Expression) else arg for arg in node.args])
                define(node)
                found.append(line(symbol, node))

    for each in lines:
        value = replace(each.values[0], names.get)
        define(value)
        found.append(line(each.targets[0], value))
    return tuple(found)


def _over(products: Products, value: Expression) -> Expression:
    """The expression over values that are Hadamard products, where it holds all of their factors."""

    def shorter(node: Expression) -> Expression | None:
        if isinstance(node, Hadamard):
            factors: Counter[Expression] = Counter(node.args)
            for target, product in products.items():
                if Counter(product.args) <= factors:
                    order = list(node.args)
                    order.insert(order.index(product.args[0]), target)
                    return odot(*sorted((target, *(factors - Counter(product.args)).elements()), key=order.index))
        return None

    return replace(value, shorter)

"""The pass `shared`: a value that several lines need is computed once and gets a name.

    out_t = tanh(state_t) odot o_t      becomes      tanh_state_t = tanh(state_t),  out_t = tanh_state_t odot o_t

Law: a name stands for one expression at one time; putting the expression back gives the lines as they were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace as with_fields

from lstm_sym.codegen.plan import Line, Lines, Plan, declared_names, fresh_prefix, line
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Product
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import replace, symbols_in, walk


def shared(plan: Plan) -> Plan:
    """Activations inside a forward line, and matrix products that occur in two backward lines, get lines of their own."""
    prefix = fresh_prefix("shared", declared_names(plan.derivation))
    names: dict[Expression, Timed] = {}
    for each in plan.forward:
        for node in walk(each.values[0]):
            if isinstance(node, Apply) and node != each.values[0]:
                names.setdefault(node, _name(prefix, node, names))
    for node, count in Counter(node for each in plan.backward for node in walk(each.values[0])).items():
        if count > 1 and isinstance(node, Product):
            names.setdefault(node, _name(prefix, node, names))
    if not names:
        return plan
    return with_fields(
        plan,
        forward=_named(plan.forward, names),
        backward=_named(plan.backward, names),
        totals=_named(plan.totals, names),
        prefixes={**plan.prefixes, "shared": prefix},
    )


def _name(prefix: str, node: Expression, names: Mapping[Expression, Timed]) -> Timed:
    return Timed(f"{prefix}{len(names) + 1}", *node.shape, t)


def _named(lines: Lines, names: Mapping[Expression, Timed]) -> Lines:
    """The lines over the names, with the definition of each name before the first line that reads it."""
    found: list[Line] = []
    defined: set[Timed] = set()
    for each in lines:
        value = _put_in(each.values[0], names, own=each.targets[0])
        for symbol in symbols_in(value):
            if symbol in names.values() and symbol not in defined and _belongs(symbol, names, lines):
                defined.add(symbol)
                found.append(line(symbol, next(node for node, name in names.items() if name == symbol)))
        found.append(line(each.targets[0], value))
    return tuple(found)


def _belongs(symbol: Timed, names: Mapping[Expression, Timed], lines: Lines) -> bool:
    """Whether these lines write what the name stands for: its own symbols."""
    node = next(node for node, name in names.items() if name == symbol)
    needed = {s for s in symbols_in(node) if isinstance(s, Timed)}
    return needed <= {target for each in lines for target in each.targets}


def _put_in(value: Expression, names: Mapping[Expression, Timed], own: Timed | Parameter) -> Expression:
    return replace(value, lambda node: names.get(node))

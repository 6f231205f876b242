"""Passes that move work out of the loops: `hoist` before the forward one, `local` into blocks, `defer` after the backward one.

    hoist   net_t = W x_t + U h_{t-1} + b       before_t = W x_t + b for all t;  net_t = before_t + U h_{t-1}
    local   delta_t = d_t odot i_t odot (1-a_t^2)   local_t = i_t odot (1-a_t^2) for a block of t;  delta_t = d_t odot local_t
    defer   delta_x_t = W^T delta_t             nothing in the loop reads it: all t at once, after the loop

Law: what stays in a loop is what truly recurs; putting the new names back gives the lines as they were.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as with_fields

from lstm_sym.codegen.plan import Line, Plan, declared_names, fresh_prefix, is_at, line
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import ARRIVING
from lstm_sym.symbols.nodes import Expression, Hadamard, Product, Sum, add, odot
from lstm_sym.symbols.traversal import rebuild, symbols_in, walk


def hoist(plan: Plan) -> Plan:
    """Terms of a sum that hold inputs and parameters only, at least one of them a matrix product, are computed for all steps."""
    prefix = fresh_prefix("before", declared_names(plan.derivation))
    inputs = set(plan.derivation.cell.inputs)
    before, forward = [], []
    for each in plan.forward:
        value, target = each.values[0], each.targets[0]
        terms = value.args if isinstance(value, Sum) else (value,)
        early = [term for term in terms if all(not isinstance(s, Timed) or s in inputs for s in symbols_in(term))]
        if not any(isinstance(node, Product) and inputs & set(symbols_in(node)) for term in early for node in walk(term)):
            forward.append(each)
            continue
        assert isinstance(target, Timed)
        _, key = plan.prefix_and_key(target.name)
        symbol = target.named(prefix + key)
        before.append(line(symbol, add(*early)))
        forward.append(line(target, add(symbol, *[term for term in terms if term not in early])))
    if not before:
        return plan
    return with_fields(plan, before=tuple(before), forward=tuple(forward), prefixes={**plan.prefixes, "before": prefix})


def local(plan: Plan) -> Plan:
    """Factors of a backward line that hold forward values only are computed for a block of steps."""
    prefix = fresh_prefix("local", declared_names(plan.derivation))
    known = {s.name for s in (*plan.derivation.cell.inputs, *(target for each in plan.forward for target in each.targets))}
    found: list[Line] = []

    def named(factors: list[Expression], target: Timed) -> Expression:
        product = odot(*factors)
        for each in found:
            if each.values[0] == product:
                return each.targets[0]
        _, key = plan.prefix_and_key(target.name)
        taken = {each.targets[0].name for each in found}
        name = next(name for name in (prefix + key, *(f"{prefix}{k}_{key}" for k in range(2, 99))) if name not in taken)
        symbol = Timed(name, *product.shape)
        found.append(line(symbol, product))
        return symbol

    backward = tuple(line(each.targets[0], _with_local(each.values[0], each.targets[0], known, named)) for each in plan.backward)
    return with_fields(plan, backward=backward, local=tuple(found), prefixes={**plan.prefixes, "local": prefix})


def _with_local(
    node: Expression, target: Timed, known: set[str], named: Callable[[list[Expression], Timed], Expression]
) -> Expression:
    """The expression with the forward factors of each Hadamard product gathered under one name."""
    if not isinstance(node, Hadamard):
        if not node.parts or not isinstance(node, Expression):
            return node
        return rebuild(
            node, [_with_local(arg, target, known, named) if isinstance(arg, Expression) else arg for arg in node.args]
        )
    local = [factor for factor in node.args if _is_local(factor, known)]
    others = [_with_local(factor, target, known, named) for factor in node.args if factor not in local]
    if not others or not any(isinstance(s, Timed) for factor in local for s in symbols_in(factor)):
        return odot(*others, *local)
    if len(local) == 1 and isinstance(local[0], Timed):
        return odot(*others, local[0])
    return odot(*others, named(local, target))


def _is_local(node: Expression, known: set[str]) -> bool:
    return all(not isinstance(symbol, Timed) or symbol.name in known for symbol in symbols_in(node))


def defer(plan: Plan) -> Plan:
    """Backward lines that no recurrence needs, and that read nothing from it, are computed for all steps at once."""
    needed: set[Expression] = set()
    for each in reversed(plan.backward):
        if each.targets[0] in needed or _recurs(each):
            needed.update(each.reads)
    stays = [each for each in plan.backward if each.targets[0] in needed or _recurs(each)]
    return with_fields(plan, backward=tuple(stays), after=tuple(each for each in plan.backward if each not in stays))


def _recurs(each: Line) -> bool:
    """Whether the line sends something back to the step before, or reads what has arrived, of which a loop holds one step."""
    target = each.targets[0]
    sends = is_at(target, -1) and target.name.startswith(ARRIVING)
    return sends or any(isinstance(symbol, Timed) and symbol.name.startswith(ARRIVING) for symbol in each.reads)

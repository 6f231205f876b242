"""The pass `mirror`: a sigmoid is 1 / (1 + exp(-z)), so that -z is computed at once, with parameters of the other sign.

    net_i = W_i x + U_i h + b_i,  i = sigma(net_i)
    becomes     argument_i = (-W_i) x + (-U_i) h + (-b_i),  i = sigma(-argument_i)

Law: putting arguments back gives pre-activations; a pre-activation under another activation is its own argument.
"""

from __future__ import annotations

from dataclasses import replace as with_fields

from sympy import Integer

from lstm_sym.codegen.plan import Lines, Plan, declared_names, fresh_prefix, line, rewritten
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import PRE_ACTIVATION
from lstm_sym.symbols.nodes import Expression, Hadamard, Product, Scaled, Sum, add, negate, odot, product, scale

MIRRORED = ("sigma",)
"""Activations that are computed from exp(-z)."""


def mirror(plan: Plan) -> Plan:
    """Pre-activations become arguments, negative ones where they are read by a sigmoid."""
    signs = {
        each.values[0].body: -1 if each.values[0].function in MIRRORED else 1
        for each in plan.forward
        if isinstance(each.values[0], Apply) and _is_net(each.values[0].body)
    }
    if -1 not in signs.values():
        return plan
    prefix = fresh_prefix("argument", declared_names(plan.derivation))
    names = {net: net.named(prefix + net.name.removeprefix(PRE_ACTIVATION)) for net in signs}
    meanings = {net: scale(Integer(signs[net]), names[net]) for net in signs}

    def over(lines: Lines) -> Lines:
        return tuple(rewritten(each, meanings.get) for each in lines)

    forward = [
        line(names[target], signed(each.values[0], signs[target])) if (target := each.targets[0]) in names else each
        for each in plan.forward
    ]
    return with_fields(
        plan,
        forward=tuple(each if each.targets[0] in names.values() else over((each,))[0] for each in forward),
        backward=over(plan.backward),
        totals=over(plan.totals),
        prefixes={**plan.prefixes, "argument": prefix},
    )


def _is_net(node: Expression) -> bool:
    return isinstance(node, Timed) and node.name.startswith(PRE_ACTIVATION)


def signed(value: Expression, sign: int) -> Expression:
    """The value times the sign, the sign moved to a parameter in each term that has one."""
    if sign == 1:
        return value
    terms = value.args if isinstance(value, Sum) else (value,)
    return add(*[_negative(term) for term in terms])


def _negative(term: Expression) -> Expression:
    if isinstance(term, Product) and isinstance(term.args[0], Parameter):
        return product(negate(term.args[0]), *term.args[1:])
    if isinstance(term, Hadamard) and any(isinstance(factor, Parameter) for factor in term.args):
        first = next(factor for factor in term.args if isinstance(factor, Parameter))
        return odot(*[negate(factor) if factor is first else factor for factor in term.args])
    return negate(term)


def sign_and_parameter(node: Expression) -> tuple[int, Parameter] | None:
    """(-1, W) for -W, (1, W) for W, None for what is no parameter."""
    if isinstance(node, Scaled) and node.coefficient == -1 and isinstance(node.body, Parameter):
        return -1, node.body
    return (1, node) if isinstance(node, Parameter) else None

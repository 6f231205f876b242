"""The pass `stable`: slopes that keep their tails, because nothing is subtracted from 1.

    1 - i_t   with i_t = sigma(z)     becomes     sigma(-z)
    1 - a_t^2 with a_t = tanh(z)      becomes     tanh'(z), computed as 1 / cosh(z)^2

At z = 40 the first left side is 0 in double precision, the right side 4.248e-18. Law: the value is the same over the reals, by
the reflection and the slope in the table of activations, and the plan is proved with it as with any other pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as with_fields

from lstm_sym.codegen.plan import Lines, Plan, line
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.nodes import Expression, Ones, Power, Scaled, Sum, negate
from lstm_sym.symbols.traversal import replace


def stable(plan: Plan) -> Plan:
    """The backward lines with slopes over the arguments of activations."""
    activated = {each.targets[0]: each.values[0] for each in plan.forward if isinstance(each.values[0], Apply)}

    def over(lines: Lines) -> Lines:
        return tuple(line(each.targets[0], replace(each.values[0], lambda node: _rewritten(node, activated))) for each in lines)

    return with_fields(plan, backward=over(plan.backward))


def _rewritten(node: Expression, activated: Mapping[Expression, Expression]) -> Expression | None:
    """sigma(-z) for 1 - sigma(z), tanh'(z) for 1 - tanh(z)^2; None for anything else."""
    if not (isinstance(node, Sum) and len(node.args) == 2 and type(node.args[0]) is Ones):
        return None
    second = node.args[1]
    if not (isinstance(second, Scaled) and second.coefficient == -1):
        return None
    body = second.body
    if isinstance(body, Power) and body.exponent == 2:
        output = activated.get(body.base, body.base)
        return Apply("tanh'", output.body) if isinstance(output, Apply) and output.function == "tanh" else None
    output = activated.get(body, body)
    return Apply("sigma", negate(output.body)) if isinstance(output, Apply) and output.function == "sigma" else None

"""The pass `stable`: slopes that keep their tails, because nothing is subtracted from 1, by the table in symbols/complements.py.

    1 - i_t   with i_t = sigma(z)     becomes     sigma(-z)
    1 - a_t^2 with a_t = tanh(z)      becomes     tanh'(z), which a backend computes without a difference

At z = 40 the first left side is 0 in double precision, the right side 4.248e-18. Law: the value is the same over the reals, by
the table, and the plan is proved with it as with any other pass.
"""

from __future__ import annotations

from dataclasses import replace as with_fields

from lstm_sym.codegen.plan import Lines, Plan, line
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.complements import occurrence
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.traversal import replace


def stable(plan: Plan) -> Plan:
    """The lines of both passes with slopes over the arguments of activations; these arguments themselves stay as they are."""
    activated = {each.targets[0]: each.values[0] for each in plan.forward if isinstance(each.values[0], Apply)}

    arguments = {value.body for value in activated.values() if isinstance(value, Apply)}

    def rewritten(node: Expression) -> Expression | None:
        found = occurrence(node, activated.get)
        return found.form.for_code(found.argument) if found else None

    def over(lines: Lines) -> Lines:
        return tuple(
            each if each.targets[0] in arguments else line(each.targets[0], replace(each.values[0], rewritten)) for each in lines
        )

    return with_fields(plan, forward=over(plan.forward), backward=over(plan.backward))

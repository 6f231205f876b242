"""Statements at the last step: what lies after it is zero, and a zero factor takes its term with it.

    delta_state_t = delta_out_t odot o_t odot (1 - tanh(state_t)^2) + delta_state_{t+1} odot f_{t+1},   delta_state_{T+1} = 0
    gives at t = T  delta_state_T = delta_out_T odot o_T odot (1 - tanh(state_T)^2)

Law: nothing of step T+1 is left, so that no value after the last step is ever needed.
"""

from __future__ import annotations

from collections.abc import Collection

from lstm_sym.symbols.compound import Outer
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Power, Product, Scaled, Transposed, Zeros
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import rebuild

ABSORBING = (Hadamard, Product, Outer, Scaled, Power, Transposed)
"""Nodes that are zero as soon as one part is zero."""


def at_last_step(expression: Expression, zero_after_last: Collection[str]) -> Expression:
    """The expression for t = T, where the named symbols vanish at t+1."""
    if isinstance(expression, Timed):
        is_zero = expression.name in zero_after_last and expression.time == t + 1
        return Zeros(*expression.shape) if is_zero else expression
    if not expression.parts:
        return expression
    args = [at_last_step(arg, zero_after_last) if isinstance(arg, Expression) else arg for arg in expression.args]
    if isinstance(expression, ABSORBING) and any(isinstance(arg, Zeros) for arg in args):
        return Zeros(*expression.shape)
    return rebuild(expression, args)

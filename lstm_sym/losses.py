"""The losses and the update as declared statements, in the way in which cells are declared.

    E = sum_t 1/2 sum_k (out_t - label_t)_k^2            the squared loss, summed over all steps
    W_new = W - lambda delta_W                           a step of gradient descent

Law: losses are a table of one-step losses; nothing about their derivatives is typed in.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Rational, Symbol

from lstm_sym.errors import InputError
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, LABEL, LOSS, NEW, RATE
from lstm_sym.symbols.nodes import Expression, Ones, Power, product, scale, transpose

LEARNING_RATE = Symbol(RATE, positive=True)
TOTAL = Parameter(LOSS, 1, 1)
"""The symbol of the loss over all steps."""


def squared(output: Expression, label: Expression) -> Expression:
    """1/2 sum_k (output - label)_k^2, as a matrix of one entry."""
    rows = output.shape[0]
    return scale(Rational(1, 2), product(transpose(Ones(rows, 1)), Power(output - label, 2)))


LOSSES: dict[str, Callable[[Expression, Expression], Expression]] = {"squared": squared}
"""The loss of one step by its name."""


def loss_of_step(name: str, output: Timed) -> Expression:
    """The loss of step t, in the output and the label of that step; raises InputError for an unknown name."""
    if name not in LOSSES:
        raise InputError(
            f"loss {name!r}",
            got="no loss of that name",
            expected=f"one of {', '.join(LOSSES)}",
            advice="add it to LOSSES in lstm_sym/losses.py",
        )
    return LOSSES[name](output, output.named(LABEL))


def updated(parameter: Parameter) -> tuple[Parameter, Expression]:
    """The parameter after one step of gradient descent, and what it is: parameter - lambda * gradient."""
    gradient = Parameter(ADJOINT + parameter.name, *parameter.shape)
    return Parameter(parameter.name + NEW, *parameter.shape), parameter - scale(LEARNING_RATE, gradient)

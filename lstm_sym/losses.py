"""The losses and the update as declared statements, in the way in which cells are declared.

    E = sum_t 1/2 sum_k (out_t - label_t)_k^2            the squared loss, summed over all steps
    E = sum_t label_t^T out_t                            the linear loss: its derivative by the output is the label, as given
    W_new = W - lambda delta_W                           a step of gradient descent

Law: losses are a table of one-step losses; nothing about their derivatives is typed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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


def linear(output: Expression, label: Expression) -> Expression:
    """label^T output, so that a derivative by the output of one's choice can be put in."""
    return product(transpose(label), output)


@dataclass(frozen=True)
class Loss:
    """The loss of one step in output and label; and the label under which a given derivative is that by the output."""

    of_step: Callable[[Expression, Expression], Expression]
    label: Callable[[Expression, Expression], Expression]


LOSSES: dict[str, Loss] = {
    "squared": Loss(squared, lambda output, derivative: output - derivative),
    "linear": Loss(linear, lambda output, derivative: derivative),
}
"""The losses by name."""


def loss_of_step(name: str, output: Timed) -> Expression:
    """The loss of step t, in the output and the label of that step; raises InputError for an unknown name."""
    return _loss(name).of_step(output, output.named(LABEL))


def label_for(name: str, output: Timed, derivative: Timed) -> Expression:
    """The label of a step at which the loss has that derivative by the output."""
    return _loss(name).label(output, derivative)


def _loss(name: str) -> Loss:
    if name not in LOSSES:
        raise InputError(
            f"loss {name!r}",
            got="no loss of that name",
            expected=f"one of {', '.join(LOSSES)}",
            advice="add it to LOSSES in lstm_sym/losses.py",
        )
    return LOSSES[name]


def updated(parameter: Parameter) -> tuple[Parameter, Expression]:
    """The parameter after one step of gradient descent, and what it is: parameter - lambda * gradient."""
    gradient = Parameter(ADJOINT + parameter.name, *parameter.shape)
    return Parameter(parameter.name + NEW, *parameter.shape), parameter - scale(LEARNING_RATE, gradient)

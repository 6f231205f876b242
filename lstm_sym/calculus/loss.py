"""The loss and the update as declared statements: the squared loss, its derivative by SymPy, and gradient descent.

    E = sum_t 1/2 sum_k (out_t - label_t)_k^2,   Delta_t = dE/dout_t directly,   W_new = W - lambda delta_W

Law: losses are a table; the derivative of each is taken, not typed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sympy import Rational, Symbol

from lstm_sym.calculus.backward import ALL_STEPS, StepList, loss_adjoint
from lstm_sym.calculus.entrywise import vector_jacobian_product
from lstm_sym.calculus.rules import has_derivative, move_once
from lstm_sym.cell import Cell
from lstm_sym.derivation import Result
from lstm_sym.errors import InputError
from lstm_sym.symbols.names import ADJOINT, LABEL, LOSS, NEW, RATE
from lstm_sym.symbols.nodes import (
    VJP,
    Expression,
    Ones,
    Parameter,
    Power,
    SumOverTime,
    T,
    Timed,
    product,
    scale,
    t,
    transpose,
)

LEARNING_RATE = Symbol(RATE, positive=True)


def squared(output: Expression, label: Expression) -> Expression:
    """1/2 sum_k (output - label)_k^2, as a matrix of one entry."""
    rows = output.shape[0]
    return scale(Rational(1, 2), product(transpose(Ones(rows, 1)), Power(output - label, 2)))


LOSSES: dict[str, Callable[[Expression, Expression], Expression]] = {"squared": squared}
"""The loss of one step by its name."""


def loss_results(cell: Cell, loss: str = "squared") -> Iterator[Result]:
    """The loss over all steps, and its derivative by the output of one step."""
    if loss not in LOSSES:
        raise InputError(f"loss {loss!r}", got="no loss of that name", expected=f"one of {', '.join(LOSSES)}")
    label = Timed(LABEL, *cell.output.shape, t)
    body = LOSSES[loss](cell.output, label)
    total = Parameter(LOSS, 1, 1)
    yield StepList(LOSS, None).result("loss", total, SumOverTime(body, 0, T), "definition")
    yield _derivative(cell, body)


def _derivative(cell: Cell, body: Expression) -> Result:
    one = Ones(1, 1)
    derived = vector_jacobian_product(Timed(LOSS, 1, 1, t), body, cell.output, one)
    left = loss_adjoint(cell)
    steps = StepList(left.name, ALL_STEPS)
    state: Expression = VJP(body, cell.output, one)
    before = steps.add(left, state, "definition", (LOSS,))
    while has_derivative(state):
        state, rule = move_once(state)
        before = steps.add(left, state, "transposition" if rule.startswith("transposition") else rule, (before,))
    return steps.result("loss", left, derived, "entrywise derivative", (before,))


def update_results(cell: Cell) -> Iterator[Result]:
    """One step of gradient descent for every parameter."""
    for parameter in cell.parameters:
        gradient = Parameter(ADJOINT + parameter.name, *parameter.shape)
        left = Parameter(parameter.name + NEW, *parameter.shape)
        right = parameter - scale(LEARNING_RATE, gradient)
        steps = StepList(left.name, None)
        yield steps.result("update", left, right, "gradient descent", (gradient.name,))



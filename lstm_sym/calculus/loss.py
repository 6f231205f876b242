"""The derivative of a declared loss by the output of one step, taken by SymPy, and the update of every parameter.

Delta_t = dE/dout_t directly, where E is the declared loss;   W_new = W - lambda delta_W
"""

from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.calculus.backward import ALL_STEPS, StepList, loss_adjoint
from lstm_sym.calculus.entrywise import vector_jacobian_product
from lstm_sym.calculus.rules import has_derivative, move_once
from lstm_sym.cell import Cell
from lstm_sym.derivation import Result
from lstm_sym.losses import TOTAL, loss_of_step, updated
from lstm_sym.symbols.compound import VJP, SumOverTime
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import ADJOINT, LOSS
from lstm_sym.symbols.nodes import Expression, Ones
from lstm_sym.symbols.scalars import T, t


def loss_results(cell: Cell, loss: str) -> Iterator[Result]:
    """The loss over all steps, and its derivative by the output of one step."""
    body = loss_of_step(loss, cell.output)
    yield StepList(LOSS, None).result("loss", TOTAL, SumOverTime(body, 0, T), "definition")
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
        before = steps.add(left, state, rule, (before,))
    return steps.result("loss", left, derived, "entrywise derivative", (before,))


def update_results(cell: Cell) -> Iterator[Result]:
    """One step of gradient descent for every parameter."""
    for parameter in cell.parameters:
        left, right = updated(parameter)
        yield StepList(left.name, None).result("update", left, right, "gradient descent", (ADJOINT + parameter.name,))

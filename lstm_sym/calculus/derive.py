"""`derive`: from a cell to its whole derivation, as a list of named passes.

Law: the order of the passes is the order in which a lecturer writes; each pass reads only the cell and the results before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lstm_sym.calculus import backward, loss, stacked
from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation, Result

Results = tuple[Result, ...]


@dataclass(frozen=True)
class Pass:
    """A named part of the derivation and why it stands at its place."""

    name: str
    run: Callable[[Cell, str, Results], Iterable[Result]]
    reason: str


PASSES: tuple[Pass, ...] = (
    Pass("definitions", lambda cell, loss, _: _definitions(cell), "what is differentiated, before anything else"),
    Pass("loss", lambda cell, name, _: loss.loss_results(cell, name), "where the backward pass starts"),
    Pass("adjoints", lambda cell, loss, _: backward.adjoint_results(cell), "each after those that it needs"),
    Pass(
        "boundary",
        lambda cell, loss, results: backward.boundary_results(cell, results),
        "which adjoints are needed after the last step is known only now",
    ),
    Pass("inputs", lambda cell, loss, _: backward.input_results(cell), "they need the adjoints of the pre-activations"),
    Pass("arriving", lambda cell, loss, _: backward.arriving_results(cell), "what the step before receives"),
    Pass("initial", lambda cell, loss, _: backward.initial_results(cell), "what leaves the first step"),
    Pass("parameters", lambda cell, loss, _: backward.parameter_results(cell), "sums over all steps"),
    Pass(
        "stacked",
        lambda cell, loss, results: stacked.stacked_results(cell, results),
        "regroups what the passes above found gate by gate",
    ),
    Pass("update", lambda cell, name, _: loss.update_results(cell), "what the gradients are for"),
)


def derive(cell: Cell, loss: str = "squared") -> Derivation:
    """The derivation of the cell's backward pass through time, for every number of units, inputs and steps.

    Raises InputError for an unknown loss, UnsupportedError for a node without a rule.
    """
    results: Results = ()
    for step in PASSES:
        results += tuple(step.run(cell, loss, results))
    return Derivation(cell, loss, stacked.in_stacked_form(cell, results))


def _definitions(cell: Cell) -> Iterable[Result]:
    for equation in cell.split:
        steps = backward.StepList(equation.name, backward.ALL_STEPS)
        yield steps.result("definition", equation.variable, equation.body, "definition")

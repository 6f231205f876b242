"""A module that `lstm-sym codegen` wrote, as an implementation: one sequence is a batch of one.

    forward(parameters, x, initial)  ->  output, final, workspace
    backward(workspace, Delta)       ->  parameters, inputs, initial

Law: the module says itself which parameters it has, in which dtype, and in which order its axes stand; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy

from lstm_sym.accuracy.task import Implementation, Results, Task
from lstm_sym.cell import Cell
from lstm_sym.cells import CELLS, cell
from lstm_sym.errors import InputError
from lstm_sym.symbols.names import ADJOINT, ARRIVING
from lstm_sym.vectors.layout import INITIAL

BATCH_FIRST = "(batch, steps, "
"""Stands in the docstring of a module whose first axis is the batch."""


def is_generated(module: Any) -> bool:
    """Whether a module has the interface of generated code."""
    return all(hasattr(module, name) for name in ("PARAMETERS", "RECURRENT", "DTYPE", "forward", "backward"))


def from_generated(module: Any, name: str, cells: Iterable[Cell]) -> Implementation:
    """The implementation of a generated module, for those of the cells, and those of the package, that have its parameters."""
    fitting = cells_with(module.PARAMETERS, name, cells)
    format = numpy.dtype(module.DTYPE).name
    return Implementation(name, f"generated module {name}", lambda task: _run(module, task), (format,), fitting)


def cells_with(parameters: Sequence[str], name: str, cells: Iterable[Cell]) -> tuple[str, ...]:
    """The names of those cells, and of those of the package, that have these parameters; InputError where none has."""
    known = {each.name: each for each in (*map(cell, CELLS), *cells)}
    fitting = tuple(each for each in known if {p.name for p in known[each].parameters} == set(parameters))
    if not fitting:
        expected = "those of a cell of the package, or of one that --cell names"
        raise InputError(name, got=f"parameters {', '.join(parameters)}", expected=expected)
    return fitting


def _run(module: Any, task: Task) -> Results:
    given = task.given()
    axis = 0 if BATCH_FIRST in (module.__doc__ or "") else 1
    inputs = [numpy.expand_dims(given[symbol.name], axis) for symbol in task.cell.inputs]
    initial = {variable: given[variable + INITIAL][None] for variable in module.RECURRENT}
    result = module.forward({each: given[each] for each in module.PARAMETERS}, *inputs, initial=initial)
    output = task.cell.output.name
    found = {output: numpy.take(result.output, 0, axis).copy()}
    gradients = module.backward(result.workspace, numpy.expand_dims(given["label"], axis))
    found |= {ADJOINT + each: array.copy() for each, array in gradients.parameters.items()}
    found |= {ADJOINT + each: numpy.take(array, 0, axis) for each, array in gradients.inputs.items()}
    for each, array in gradients.initial.items():
        found[(ARRIVING if each == output else ADJOINT) + each + INITIAL] = array[0].copy()
    return found

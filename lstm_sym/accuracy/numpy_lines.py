"""The equations of the derivation in NumPy, line by line, as printed and in stable form.

Law: the same program runs on balls and here; only the numbers differ.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy

from lstm_sym.accuracy.task import Implementation, Results, Task
from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation
from lstm_sym.evaluate.schedule.program import Program, program
from lstm_sym.evaluate.schedule.run import run
from lstm_sym.evaluate.systems.floats import Floats
from lstm_sym.evaluate.systems.givens import Givens
from lstm_sym.stability.stable import stable_expression
from lstm_sym.vectors.draw import givens_of
from lstm_sym.vectors.layout import arrays_of, matrices
from lstm_sym.vectors.record import derivation_of, program_of


@lru_cache(maxsize=16)
def stable_program(cell: Cell, loss: str) -> Program:
    """The program with every formula in stable form."""
    derivation = derivation_of(cell, loss)
    results = tuple(
        replace(result, statement=replace(result.statement, right=stable_expression(result.statement.right, derivation.cell)))
        for result in derivation
    )
    return program(Derivation(derivation.cell, loss, results))


def _printed(task: Task) -> Results:
    return _run(program_of(task.cell, task.solved.case.loss), task)


def _stable(task: Task) -> Results:
    return _run(stable_program(task.cell, task.solved.case.loss), task)


def _run(steps: Program, task: Task) -> Results:
    givens: Givens = givens_of(task.solved.case)
    with numpy.errstate(all="ignore"):
        values = run(steps, givens, Floats(task.numpy_dtype)).matrices
    square = matrices(task.cell)
    found: dict[str, Any] = {}
    for name, place in arrays_of(key for key in values if key in task.solved.values).items():
        parts = [values[key] if name in square else values[key][:, 0] for key in place.keys]
        found[name] = parts[0] if place.is_single else numpy.stack(parts)
    return found


NUMPY = ("float16", "float32", "float64")
PRINTED = Implementation("numpy", "the printed equations in NumPy, line by line; sigma by exp(-|z|)", _printed, NUMPY)
STABLE = Implementation(
    "numpy-stable", "the same with 1 - sigma(z) as sigma(-z), 1 - tanh(z)^2 as 4 sigma(2 z) sigma(-2 z)", _stable, NUMPY
)

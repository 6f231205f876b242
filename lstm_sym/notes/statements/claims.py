"""Claims as statements over the document's cell, for the proof package to decide.

Laws: a statement says exactly what the reading says of the claim; where a claim has no statement the answer is None and the
claim stays with the samples. Nothing is PROVED or REFUTED here: `lstm_sym.proof` does.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Integer

from lstm_sym.cell import Cell
from lstm_sym.derivation import Statement
from lstm_sym.errors import LstmSymError
from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.sampling.samples import Samples, Setting
from lstm_sym.notes.sampling.scope import Reading
from lstm_sym.notes.sampling.values import ShapeError
from lstm_sym.notes.statements.grids import DiagonalGrids
from lstm_sym.notes.statements.naming import Naming
from lstm_sym.notes.statements.scope import StatementInterpreter, StatementScope
from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.symbols.nodes import Zeros

LEFT_OUT = (UnreadableError, ShapeError, LstmSymError, KeyError, RecursionError)


def statements(
    pair: Pair,
    reading: Reading,
    setting: Setting,
    samples: Samples,
    cell: Cell,
    naming: Naming,
    last: int | None = None,
) -> list[Statement] | None:
    """The claim as statements, one for each block; None where it has none. `last` is the last step where it is a number."""
    end = None if last is None else last - setting.first
    scope = StatementScope(naming, cell, reading, samples.abbreviations, samples.allowance(), end, samples.squared_loss)
    manner = replace(samples.model.manner, layout=reading.layout)
    run = StatementInterpreter(DiagonalGrids(), scope, manner)
    run.first, run.beyond = setting.first, setting.steps - setting.last
    assuming = (*(_at_rest(cell) if setting.at_rest else ()), *(_ended(cell, end) if end is not None else ()))
    try:
        right = run(pair.right)
        scope.assigned = True
        left = run.matrix(run(pair.left), getattr(right, "shape", (1, 1)))
        right = run.matrix(right, left.shape)
        if left.shape != right.shape:
            return None
        return [
            Statement(a, b, assuming=assuming)
            for u, v in zip(left.blocks, right.blocks, strict=True)
            for a, b in zip(u, v, strict=True)
        ]
    except LEFT_OUT:
        return None


def _ended(cell: Cell, last: int) -> list[Statement]:
    """Nothing comes back from after the last step."""
    adjoints = [cell.adjoint(equation.variable).at(Integer(last + 1)) for equation in cell.split]
    return [Statement(adjoint, Zeros(*adjoint.shape)) for adjoint in adjoints]


def _at_rest(cell: Cell) -> list[Statement]:
    return [Statement(variable.at(Integer(-1)), Zeros(*variable.shape)) for variable in cell.recurrent]

"""Runs a program on givens over a number system: every value of forward, loss, backward, gradients and update.

Law: a step without a label has derivative of the loss zero, and adds nothing to the loss.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation
from lstm_sym.errors import InputError
from lstm_sym.evaluate.addresses import Assignment, Key
from lstm_sym.evaluate.block import Block, blocks
from lstm_sym.evaluate.givens import Givens, Matrix, shape, zeros
from lstm_sym.evaluate.interpret import rational
from lstm_sym.evaluate.program import Program, program
from lstm_sym.evaluate.sums import Sums
from lstm_sym.evaluate.system import NumberSystem
from lstm_sym.symbols.names import LABEL, RATE

PHASES = ("forward", "loss", "boundary", "backward_last", "backward", "initial", "update")


@dataclass(frozen=True)
class Values:
    """The values by name and time, as matrices of the system: `values["out", 0]`, `values["delta_W_a", None]`."""

    system: NumberSystem[Any]
    matrices: Mapping[Key, Any]

    def __getitem__(self, key: Key) -> Any:
        return self.matrices[key]

    def entries(self, key: Key) -> list[list[Any]]:
        """The rows of the value, as scalars of the system."""
        return self.system.entries(self.matrices[key])


def evaluate(derivation: Derivation, givens: Givens, system: NumberSystem[Any]) -> Values:
    """Every value of the derivation's equations on the givens, over the number system."""
    return run(program(derivation), givens, system)


def run(program: Program, givens: Givens, system: NumberSystem[Any]) -> Values:
    """As `evaluate`, for a program that is built once and run on many givens or systems."""
    return Prepared(program, givens, system).run()


def scalars(givens: Givens) -> dict[str, Fraction]:
    """The values of the scalar symbols by name: sizes, and the learning rate."""
    return {name: Fraction(size) for name, size in givens.sizes.items()} | {RATE: givens.rate}


def given_matrices(cell: Cell, givens: Givens) -> Iterator[tuple[Key, tuple[int, int], Matrix]]:
    """Every given value of a cell with its key and the shape it must have; initial values that are not given are zero."""
    known = scalars(givens)

    def sizes(symbol: Any) -> tuple[int, int]:
        rows, columns = (int(rational(size, known)) for size in symbol.shape)
        return rows, columns

    for symbol in cell.parameters:
        yield (symbol.name, None), sizes(symbol), _given(givens.parameters, symbol.name, "parameters")
    for symbol in cell.recurrent:
        yield (symbol.name, -1), sizes(symbol), givens.initial.get(symbol.name, zeros(*sizes(symbol)))
    for step, inputs in enumerate(givens.inputs):
        for symbol in cell.inputs:
            yield (symbol.name, step), sizes(symbol), _given(inputs, symbol.name, f"inputs of step {step}")
    for step, label in enumerate(givens.labels):
        if label is not None:
            yield (LABEL, step), sizes(cell.output), label


def _given(matrices: Mapping[str, Matrix], name: str, where: str) -> Matrix:
    if name not in matrices:
        raise InputError(f"{name} in the {where}", got="no value", expected=f"a matrix for {name}")
    return matrices[name]


class Prepared:
    """A program with its equations compiled and its givens loaded over one system; `run` computes, and may be called again."""

    def __init__(self, program: Program, givens: Givens, system: NumberSystem[Any]) -> None:
        self.program, self.givens, self.system, self.last = program, givens, system, givens.last
        self.scalars = scalars(givens)
        with system.session():
            self.given = self._load()
            self.phases = {name: self.compiled(getattr(program, name)) for name in PHASES}
            labelled = [label is not None for label in givens.labels]
            self.sums = Sums(program.totals, system, self.scalars, self._zero, labelled)

    def run(self) -> Values:
        steps, values = range(self.last + 1), dict(self.given)
        with self.system.session():
            for name, times in (
                ("forward", steps),
                ("loss", steps),
                ("boundary", [0]),
                ("backward_last", [self.last]),
                ("backward", reversed(steps[:-1])),
            ):
                self.at_each(self.phases[name], times, values)
            self.finish(values)
        return Values(self.system, values)

    def finish(self, values: dict[Key, Any]) -> None:
        """What is computed once from the values of all steps: initial adjoints, sums over time, updates."""
        self.at_each(self.phases["initial"], [0], values)
        self.sums.run(values)
        self.at_each(self.phases["update"], [0], values)

    def compiled(self, lines: Sequence[Assignment]) -> list[Block]:
        found = [Block(together, self.system, self.scalars) for together in blocks(lines)]
        for block in found:
            block.bind(self.given)
        return found

    def at_each(self, lines: Sequence[Block], steps: Iterable[int], values: dict[Key, Any]) -> None:
        """Runs the blocks at each of the steps, in that order."""
        for step in steps:
            for block in lines:
                if block.needs_label and self.unlabelled(step):
                    self.put_zeros(block, step, values)
                else:
                    block.run(values, step, self.last)

    def put_zeros(self, block: Block, step: int, values: dict[Key, Any]) -> None:
        values.update(zip(block.written(step, self.last), map(self._zero, block.assignments), strict=True))

    def unlabelled(self, step: int) -> bool:
        return self.givens.labels[step] is None

    def _load(self) -> dict[Key, Any]:
        if not self.givens.inputs or len(self.givens.labels) != len(self.givens.inputs):
            raise InputError(
                "givens",
                got=f"{len(self.givens.inputs)} steps of inputs and {len(self.givens.labels)} of labels",
                expected="at least one step, and a label or None for each",
            )
        values: dict[Key, Any] = {}
        for key, expected, matrix in given_matrices(self.program.cell, self.givens):
            if shape(matrix) != expected:
                got, wanted = (f"{rows} x {columns}" for rows, columns in (shape(matrix), expected))
                raise InputError(f"value of {key[0]}", got=f"shape {got}", expected=f"shape {wanted}")
            values[key] = self.system.matrix(matrix)
        return values

    def _zero(self, line: Assignment) -> Any:
        rows, columns = (int(rational(size, self.scalars)) for size in line.shape)
        return self.system.matrix(zeros(rows, columns))

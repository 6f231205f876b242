"""Runs a program on givens over a number system: every value of forward, loss, backward, gradients and update.

Law: a step without a label has derivative of the loss zero, and adds nothing to the loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation
from lstm_sym.errors import InputError
from lstm_sym.evaluate.schedule.block import Block, Call, blocks
from lstm_sym.evaluate.schedule.program import Program, program
from lstm_sym.evaluate.schedule.sums import Sums, unrolled
from lstm_sym.evaluate.systems.addresses import Assignment, Key
from lstm_sym.evaluate.systems.givens import Givens, Matrix, shape, zeros
from lstm_sym.evaluate.systems.interpret import rational
from lstm_sym.evaluate.systems.system import NumberSystem
from lstm_sym.symbols.names import LABEL, RATE
from lstm_sym.symbols.nodes import Zeros

PHASES = ("forward", "loss", "boundary", "backward_last", "backward", "initial", "update")


FEW_STEPS = 4
"""Up to which all steps are compiled as one block: what it saves in each run, it costs once in compiling."""


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
        self.labelled = [label is not None for label in givens.labels]
        with system.session():
            self.given = self._load()
            self.phases = {name: [self.block(lines) for lines in blocks(getattr(program, name))] for name in PHASES}

    @cached_property
    def calls(self) -> list[Callable[[dict[Key, Any]], None]]:
        """All that is computed; as one block where steps are few."""
        steps = range(self.last + 1)
        placed = [
            (block, step)
            for name, times in (
                ("forward", steps),
                ("loss", steps),
                ("boundary", [0]),
                ("backward_last", [self.last]),
                ("backward", reversed(steps[:-1])),
                ("initial", [0]),
            )
            for step in times
            for block in self.phases[name]
        ]
        if len(steps) <= FEW_STEPS:
            return [self.joined(placed)]
        return [*(self.call(block, step) for block, step in placed), self.finish]

    def run(self) -> Values:
        values = dict(self.given)
        with self.system.session():
            for call in self.calls:
                call(values)
        return Values(self.system, values)

    def finish(self, values: dict[Key, Any]) -> None:
        """What is computed once from the values of all steps: sums over time, updates."""
        self.sums.run(values)
        for call in self.updates:
            call(values)

    @cached_property
    def sums(self) -> Sums:
        return Sums(self.program.totals, self.system, self.scalars, self._zero, self.labelled)

    @cached_property
    def updates(self) -> list[Call]:
        return [self.call(block, 0) for block in self.phases["update"]]

    def block(self, lines: Sequence[Assignment]) -> Block:
        block = Block(lines, self.system, self.scalars)
        block.bind(self.given)
        return block

    def joined(self, placed: Sequence[tuple[Block, int]]) -> Call:
        """The blocks at their steps, sums over time and updates as one block of all equations."""
        lines = [self._placed(line, step) for block, step in placed for line in block.assignments]
        sums = [unrolled(total, self.labelled) for total in self.program.totals]
        return self.block([*lines, *sums, *self.program.update]).at(0, self.last)

    def _placed(self, line: Assignment, step: int) -> Assignment:
        """The equation at that step; zero where it needs a label and the step has none."""
        if line.needs_label and self.unlabelled(step):
            line = replace(line, expression=Zeros(*line.shape), arguments=(), sources=())
        return line.placed(step, self.last)

    def call(self, block: Block, step: int) -> Call:
        """The block at that step; zeros in place of a block that needs a label, at a step without one."""
        if not (block.needs_label and self.unlabelled(step)):
            return block.at(step, self.last)
        values = [self._zero(line) for line in block.assignments]
        return Call(lambda _: values, [], [], block.written(step, self.last))

    def unlabelled(self, step: int) -> bool:
        return not self.labelled[step]

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

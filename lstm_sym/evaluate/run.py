"""Runs a program on givens over a number system: every value of forward, loss, backward, gradients and update.

Law: a step without a label has derivative of the loss zero, and adds nothing to the loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Expr

from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation
from lstm_sym.errors import InputError
from lstm_sym.evaluate.givens import Givens, Matrix, shape, zeros
from lstm_sym.evaluate.interpret import rational
from lstm_sym.evaluate.program import Assignment, Key, Program, Total, program
from lstm_sym.evaluate.system import NumberSystem
from lstm_sym.symbols.names import LABEL, RATE


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
    with system.session():
        return Values(system, _Machine(program, givens, system).run())


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


class _Machine:
    """One run: the values found so far, and what each phase does to them."""

    def __init__(self, program: Program, givens: Givens, system: NumberSystem[Any]) -> None:
        self.program, self.givens, self.system, self.last = program, givens, system, givens.last
        self.scalars = scalars(givens)
        self.values: dict[Key, Any] = {}

    def run(self) -> dict[Key, Any]:
        program, steps = self.program, range(self.last + 1)
        self._load()
        self._at_each(program.forward, steps)
        self._at_each(program.loss, steps)
        self._at_each(program.boundary, [0])
        self._at_each(program.backward_last, [self.last])
        self._at_each(program.backward, reversed(steps[:-1]))
        self._at_each(program.initial, [0])
        for total in program.totals:
            self._sum(total)
        self._at_each(program.update, [0])
        return self.values

    def _load(self) -> None:
        if not self.givens.inputs or len(self.givens.labels) != len(self.givens.inputs):
            raise InputError(
                "givens",
                got=f"{len(self.givens.inputs)} steps of inputs and {len(self.givens.labels)} of labels",
                expected="at least one step, and a label or None for each",
            )
        for key, expected, matrix in given_matrices(self.program.cell, self.givens):
            if shape(matrix) != expected:
                got, wanted = (f"{rows} x {columns}" for rows, columns in (shape(matrix), expected))
                raise InputError(f"value of {key[0]}", got=f"shape {got}", expected=f"shape {wanted}")
            self.values[key] = self.system.matrix(matrix)

    def _at_each(self, lines: Sequence[Assignment], steps: Any) -> None:
        """Runs the assignments at each of the steps, in that order."""
        compiled = [(line, self._compile(line), self._zero(line) if line.needs_label else None) for line in lines]
        for step in steps:
            for line, function, zero in compiled:
                value = zero if zero is not None and self._unlabelled(step) else self._value(line, function, step)
                self.values[line.target.key(step, self.last)] = value

    def _sum(self, total: Total) -> None:
        term = total.term
        function = self._compile(term)
        value = self._zero(term)
        first, last = (moment.key(0, self.last)[1] or 0 for moment in (total.lower, total.upper))
        for step in range(first, last + 1):
            if not (term.needs_label and self._unlabelled(step)):
                value = self.system.add(value, self._value(term, function, step))
        self.values[term.target.key(0, self.last)] = value

    def _compile(self, line: Assignment) -> Callable[[Sequence[Any]], Any]:
        return self.system.compile(line.expression, line.arguments, self.scalars)

    def _value(self, line: Assignment, function: Callable[[Sequence[Any]], Any], step: int) -> Any:
        return function([self.values[source.key(step, self.last)] for source in line.sources])

    def _zero(self, line: Assignment) -> Any:
        return self.system.matrix(zeros(*self._size(line.shape)))

    def _size(self, sizes: tuple[Expr, Expr]) -> tuple[int, int]:
        rows, columns = (int(rational(size, self.scalars)) for size in sizes)
        return rows, columns

    def _unlabelled(self, step: int) -> bool:
        return self.givens.labels[step] is None

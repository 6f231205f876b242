"""A cell unrolled over a few steps, with every value and every derivative of the loss found by dual numbers, forward
through time.

    E = sum_t <Delta_t, out_t>, Delta_t drawn at random;  delta v_t[k] = dE / d(v_t[k])  by a tangent put in at v_t[k]

Laws: nothing of the derived backward pass is used, so that it can be checked against these values; sizes are small, n !=
m, initial values are not zero unless a premise says so. Symbols after the last step have arbitrary values and zero adjoints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from lstm_sym.cell import Cell
from lstm_sym.errors import UnsupportedError
from lstm_sym.evaluate.systems.interpret import compile_expression
from lstm_sym.losses import label_for, loss_of_step, updated
from lstm_sym.proof.dual import Dual, DualNumbers
from lstm_sym.proof.point import Key, Matrix, Point, injected, plain
from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LABEL, LOSS, LOSS_ADJOINT, NEW, RATE
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.scalars import T, t
from lstm_sym.symbols.traversal import at_time, symbols_in


@dataclass(frozen=True)
class Size:
    """How large the unrolled network is: units, inputs, steps."""

    n: int
    m: int
    steps: int

    def __str__(self) -> str:
        return f"n={self.n}, m={self.m}, T={self.steps - 1}"


class Network(Point):
    """The cell at one size, with random parameters, inputs, initial values and loss derivatives over a number system."""

    def __init__(
        self, cell: Cell, size: Size, seed: int, system: DualNumbers, zero: Iterable[str] = (), loss: str = "squared"
    ) -> None:
        self.cell, self.size, self.loss, self.zero = cell, size, loss, frozenset(zero)
        super().__init__(system, self._scalars(), size.steps - 1, seed)
        self.forward: dict[Key, Matrix] = {}
        self._later: dict[Key, Matrix] = {}
        self._run()

    def _scalars(self) -> dict[str, Fraction]:
        """The learning rate and all sizes by name; a size other than n and m is n + 1."""
        symbols = (*self.cell.parameters, *self.cell.variables, *self.cell.inputs)
        names = {size.name for symbol in symbols for side in symbol.shape for size in side.free_symbols}
        others = {name: Fraction(self.size.n + 1) for name in names}
        return {**others, "n": Fraction(self.size.n), "m": Fraction(self.size.m), RATE: Fraction(3, 7)}

    def body(self, variable: Timed) -> Expression | None:
        for equation in self.cell.split:
            if equation.name == variable.name:
                return at_time(equation.body, variable.time)
        return None

    def _run(self) -> None:
        for parameter in self.cell.parameters:
            self.forward[parameter.name, None] = self._drawn(parameter, None)
        for variable in self.cell.recurrent:
            self.forward[variable.name, -1] = self._drawn(variable, -1)
        for time in range(self.size.steps):
            for symbol in self.cell.inputs:
                self.forward[symbol.name, time] = self._drawn(symbol, time)
            for equation in self.cell.split:
                arguments = symbols_in(equation.body)
                function = compile_expression(self.system, equation.body, arguments, self.scalars)
                value = function([self._as_read(argument, time) for argument in arguments])
                self.forward[equation.name, time] = injected(value, (equation.name, time))

    def _as_read(self, symbol: Expression, time: int) -> Matrix:
        """The value of a symbol in an equation of that step; the output of the step before carries a direction of its own."""
        if isinstance(symbol, Parameter):
            return self.forward[symbol.name, None]
        assert isinstance(symbol, Timed)
        key = (symbol.name, time + int(symbol.time - t))
        if symbol.time == t - 1 and symbol.at(t) == self.cell.output:
            return injected(self.forward[key], (ARRIVING + symbol.name, key[1]))
        return self.forward[key]

    def _drawn(self, symbol: Expression, time: int | None) -> Matrix:
        return injected(self.draw(symbol, zero=time == -1 and symbol.name in self.zero), (symbol.name, time))

    @cached_property
    def gradient(self) -> Mapping[Any, Any]:
        """dE by every direction that was put in."""
        total: dict[Any, Any] = {}
        for time in range(self.size.steps):
            for cotangent, row in zip(self.delta[time], self.forward[self.cell.output.name, time], strict=True):
                for direction, slope in row[0].tangent.items():
                    total[direction] = total.get(direction, 0) + cotangent[0].value * slope
        return total

    @cached_property
    def delta(self) -> list[Matrix]:
        """Delta_t, the derivative of the loss by the output of each step."""
        return [self.draw(self.cell.output) for _ in range(self.size.steps)]

    @cached_property
    def _injections(self) -> dict[str, str]:
        """The symbol whose tangent gives each adjoint."""
        names = {self.cell.adjoint(equation.variable).name: equation.name for equation in self.cell.split}
        others = {ADJOINT + symbol.name: symbol.name for symbol in (*self.cell.inputs, *self.cell.parameters)}
        output = self.cell.output.name
        return {**names, **others, ARRIVING + output: ARRIVING + output}

    def value(self, symbol: Expression, time: int | None) -> Matrix:
        """The value of any symbol that a statement may name."""
        name = symbol.name
        if name == LOSS_ADJOINT:
            return self.delta[time] if time is not None and 0 <= time < self.size.steps else self._zeros(symbol)
        if name == LABEL:
            output = self.cell.output
            return self.of(label_for(self.loss, output, output.named(LOSS_ADJOINT)), time)
        if name == LOSS:
            return self.of(SumOverTime(loss_of_step(self.loss, self.cell.output), 0, T), None)
        if name in self._injections:
            return self._adjoint(symbol, self._injections[name], time)
        for parameter in self.cell.parameters:
            if name == parameter.name + NEW:
                return self.of(updated(parameter)[1], None)
        return self._forward_value(symbol, time)

    def _forward_value(self, symbol: Expression, time: int | None) -> Matrix:
        known = {s.name for s in (*self.cell.parameters, *self.cell.inputs)} | {e.name for e in self.cell.split}
        if symbol.name not in known:
            raise UnsupportedError(
                f"the value of {symbol}", got="a name that the cell does not have", expected=", ".join(sorted(known))
            )
        found = self.forward.get((symbol.name, time)) or self._later.get((symbol.name, time))
        if found is None:
            found = self._later[symbol.name, time] = self._drawn(symbol, time)
        return plain(found)

    def _adjoint(self, symbol: Expression, injected: str, time: int | None) -> Matrix:
        rows, columns = self.shape(symbol)
        zero = self.system.number(Fraction(0))
        gradient = self.gradient
        name = injected
        if time == -1 and injected.startswith(ARRIVING):
            name = injected.removeprefix(ARRIVING)
        entries = [[gradient.get(((name, time), i, j), zero) for j in range(columns)] for i in range(rows)]
        return [[Dual(entry) for entry in row] for row in entries]

    def _zeros(self, symbol: Expression) -> Matrix:
        rows, columns = self.shape(symbol)
        return [[self.system.scalar(Fraction(0))] * columns for _ in range(rows)]

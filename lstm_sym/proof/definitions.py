"""What the symbols of a cell mean, as indexed polynomials: forward values by their equations, adjoints by stationarity.

    L = loss + sum_t sum_u <delta u_t, body_u(t) - u_t>,   0 = dL/dv_t  defines  delta v_t

Laws: the adjoint of a variable is the derivative of the terms of L that use it, formed here from the cell alone, without the
calculus package; so what that package derives is checked against an independent account. Beyond the last step adjoints are zero.
"""

from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.cell import Cell
from lstm_sym.losses import loss_of_step, updated
from lstm_sym.proof.indexed import ZERO, Polynomial, Symbol, entry
from lstm_sym.proof.operations import gradient, moved, summed_over_time
from lstm_sym.proof.translate import Translator, at_fixed_time, free_indices, symbol_of
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LOSS, LOSS_ADJOINT, NEW
from lstm_sym.symbols.nodes import Expression


@dataclass(frozen=True)
class AdjointRule:
    """delta v at t: the terms of the same step, those of the next step, and the symbols that stand for the latter."""

    same: Polynomial
    following: Polynomial
    arriving: Polynomial
    of_gate: bool


class Definitions:
    """The meanings of the symbols of one cell. Forward bodies stand at t; adjoint rules are formed when first asked for."""

    def __init__(self, cell: Cell, loss: str = "squared") -> None:
        self.cell, self.loss, self.translate = cell, loss, Translator(cell)
        self.bodies = {equation.name: self.translate(equation.body) for equation in cell.split}
        self.pairings = [self.translate.pairing(cell.adjoint(e.variable), e.body) for e in cell.split]
        self.variables = {cell.adjoint(e.variable).name: e.variable for e in cell.split}
        self.inputs = {ADJOINT + symbol.name: symbol for symbol in cell.inputs}
        self.parameters = {ADJOINT + symbol.name: symbol for symbol in cell.parameters}
        self.arriving = {ARRIVING + symbol.name: symbol for symbol in cell.recurrent if symbol == cell.output}
        self._rules: dict[str, AdjointRule] = {}
        self._gradients: dict[str, Polynomial] = {}

    def declared(self, symbol: Symbol) -> Polynomial | None:
        """The loss, its derivative by the output, and updated parameters; None for any other symbol."""
        if symbol.name == LOSS:
            return summed_over_time(self.translate(loss_of_step(self.loss, self.cell.output)))
        if symbol.name == LOSS_ADJOINT:
            step = self.translate(loss_of_step(self.loss, self.cell.output))
            return _at(gradient(step, symbol_of(self.cell.output), *free_indices(self.cell.output)), symbol)
        for parameter in self.cell.parameters:
            if symbol.name == parameter.name + NEW:
                return self.translate(updated(parameter)[1])
        return None

    def forward(self, symbol: Symbol) -> Polynomial | None:
        """The right side of a variable's equation at the symbol's time; None for inputs, parameters and initial values."""
        body = self.bodies.get(symbol.name)
        if body is None or (symbol.base == "" and symbol.offset < 0):
            return None
        return _at(body, symbol)

    def adjoint(self, symbol: Symbol) -> Polynomial | None:
        """The polynomial of an adjoint in those of its users; None for a symbol that is no adjoint of this cell."""
        name = symbol.name
        if name in self.parameters:
            return self._parameter_gradient(name)
        if (zero := self.after_last(symbol)) is not None:
            return zero
        if name in self.inputs:
            return _at(self._derivative(self.inputs[name], 0), symbol)
        if name in self.arriving:
            return _at(self._following(self.arriving[name]), symbol)
        if name not in self.variables:
            return None
        rule = self.rule(name)
        if symbol.base == "" and symbol.offset < 0:
            return _at(rule.following + rule.arriving, symbol)
        return _at(rule.same + rule.following + rule.arriving, symbol)

    def after_last(self, symbol: Symbol) -> Polynomial | None:
        """Zero for an adjoint after the last step, and for what would arrive there; None for any other symbol."""
        first = 0 if symbol.name in self.arriving else 1
        return ZERO if symbol.base == "T" and symbol.offset >= first and self._is_adjoint(symbol.name) else None

    def is_gate_adjoint(self, name: str) -> bool:
        """Whether the adjoint belongs to a gate or its pre-activation, so that it reduces to adjoints of the same step."""
        return name in self.variables and self.rule(name).of_gate

    def rule(self, name: str) -> AdjointRule:
        if name not in self._rules:
            self._rules[name] = self._rule(self.variables[name])
        return self._rules[name]

    def _is_adjoint(self, name: str) -> bool:
        return name in self.variables or name in self.inputs or name in self.arriving or name == LOSS_ADJOINT

    def _rule(self, variable: Timed) -> AdjointRule:
        same, arriving = self._derivative(variable, 0), ZERO
        if variable == self.cell.output:
            indices = free_indices(variable)
            same = same + entry(Symbol(LOSS_ADJOINT, "t", 0), *indices)
            if variable in self.cell.recurrent:
                arriving = entry(Symbol(ARRIVING + variable.name, "t", 0), *indices)
        following = ZERO if arriving else self._following(variable)
        return AdjointRule(same, following, arriving, not following and not arriving and variable != self.cell.output)

    def _following(self, variable: Timed) -> Polynomial:
        """What the step t+1 sends back to the variable at t."""
        return moved(self._derivative(variable, -1), lambda s: s._replace(offset=s.offset + 1) if s.base == "t" else s)

    def _derivative(self, node: Expression, offset: int) -> Polynomial:
        symbol = symbol_of(node)
        if symbol.base == "t":
            symbol = symbol._replace(offset=offset)
        return sum((gradient(pairing, symbol, *free_indices(node)) for pairing in self.pairings), ZERO)

    def _parameter_gradient(self, name: str) -> Polynomial:
        if name not in self._gradients:
            self._gradients[name] = summed_over_time(self._derivative(self.parameters[name], 0))
        return self._gradients[name]


def _at(body: Polynomial, symbol: Symbol) -> Polynomial:
    """A polynomial at t moved to the symbol's time."""
    if symbol.base == "t" and symbol.offset == 0:
        return body
    return at_fixed_time(body, symbol.base, symbol.offset)

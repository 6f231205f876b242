"""Lines of a solution: an equation at a fixed time, with the number of every symbol in its right side.

Law: a line shows no symbol without a number: what lies after the last step is left out, a sum over time is written term by term.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Expr, Integer

from lstm_sym.derivation import Derivation, Result, Statement
from lstm_sym.evaluate.schedule.boundary import at_last_step
from lstm_sym.evaluate.schedule.program import vanishing_after_last
from lstm_sym.evaluate.systems.addresses import Key
from lstm_sym.evaluate.systems.givens import Givens, shape, zeros
from lstm_sym.symbols.compound import Stack, SumOverTime
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import LABEL
from lstm_sym.symbols.nodes import Expression, Scaled, Zeros, add
from lstm_sym.symbols.scalars import T
from lstm_sym.symbols.traversal import at_time, symbols_in, walk
from lstm_sym.worked import Entries, Line


@dataclass(frozen=True)
class Lines:
    """The equations of a derivation and the text of every value."""

    derivation: Derivation
    givens: Givens
    entries: Mapping[Key, Entries]
    after_last: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "after_last", vanishing_after_last(self.derivation))

    def at_step(self, id: str, left: Expression, right: Expression, step: int) -> Line:
        """The equation at t = step; without a label at that step, an equation that needs one has right side 0."""
        if self._is_unlabelled(step) and any(symbol.name == LABEL for symbol in symbols_in(right)):
            right = Zeros(*left.shape)
        if step == self.givens.last:
            right = at_last_step(right, self.after_last)
        return self.line(id, at_time(left, step), at_time(right, step), step)

    def once(self, result: Result) -> Line:
        """An equation that holds once; a sum over time is written out."""
        left, right = (self._at_fixed_times(side) for side in (result.statement.left, result.statement.right))
        time = int(left.time) if isinstance(left, Timed) else None
        return self.line(result.id, left, right, time)

    def line(self, id: str, left: Expression, right: Expression, time: int | None) -> Line:
        numbers: dict[Expr, Entries] = {symbol: self.value(symbol) for symbol in symbols_in(right)}
        coefficients = [node.coefficient for node in walk(right) if isinstance(node, Scaled)]
        for symbol in dict.fromkeys(symbol for coefficient in coefficients for symbol in coefficient.free_symbols):
            numbers[symbol] = self.entries[symbol.name, None]
        return Line(id, time, left, right, numbers, self.value(left))

    def value(self, symbol: Expression) -> Entries:
        if isinstance(symbol, Stack):
            return tuple(row for block in symbol.blocks for row in self.value(block))
        return self.entries[symbol.name, int(symbol.time) if isinstance(symbol, Timed) else None]

    def holds(self, premise: Statement) -> bool:
        """Whether a premise of the form out_{-1} = 0 holds for the givens."""
        left = premise.left
        if not (isinstance(left, Timed) and left.time == -1 and isinstance(premise.right, Zeros)):
            return False
        matrix = self.givens.initial.get(left.name)
        return matrix is None or matrix == zeros(*shape(matrix))

    def _at_fixed_times(self, expression: Expression) -> Expression:
        if isinstance(expression, SumOverTime):
            return self._written_out(expression)
        if isinstance(expression, Timed):
            return expression.at(expression.time.subs(T, self.givens.last))
        return expression

    def _written_out(self, total: SumOverTime) -> Expression:
        first, last = (int(limit.subs(T, self.givens.last)) for limit in (total.lower, total.upper))
        needs_label = any(symbol.name == LABEL for symbol in symbols_in(total.body))
        steps = [step for step in range(first, last + 1) if not (needs_label and self._is_unlabelled(step))]
        terms = [at_time(total.body, Integer(step)) for step in steps]
        return add(*terms) if terms else Zeros(*total.shape)

    def _is_unlabelled(self, step: int) -> bool:
        return self.givens.labels[step] is None

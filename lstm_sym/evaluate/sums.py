"""The sums over time of a program: losses, and gradients of parameters as products over all steps at once.

    delta_W = sum_t outer(delta_t, x_t) = [delta_0 ... delta_T] [x_0 ... x_T]^T

Law: a step without a label adds nothing to a term that needs one; what several sums share is looked up, or computed, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from lstm_sym.evaluate.addresses import Assignment, Key
from lstm_sym.evaluate.block import Block
from lstm_sym.evaluate.program import Total
from lstm_sym.evaluate.system import NumberSystem
from lstm_sym.symbols.compound import Outer
from lstm_sym.symbols.nodes import Expression

Look = Callable[[Mapping[Key, Any]], list[Any]]


class Sums:
    """The totals compiled for one system and one number of steps; `zero` gives the zero of an assignment's shape."""

    def __init__(
        self,
        totals: Sequence[Total],
        system: NumberSystem[Any],
        scalars: Mapping[str, Fraction],
        zero: Callable[[Assignment], Any],
        labelled: Sequence[bool],
    ) -> None:
        self.system, self.scalars, self.last = system, scalars, len(labelled) - 1
        self.looks: list[Look] = []
        self.sums: list[tuple[Key, tuple[int, ...], Any]] = []
        places: dict[tuple[Expression, tuple[int, ...]], int] = {}
        for total in totals:
            first, end = (moment.key(0, self.last)[1] or 0 for moment in (total.lower, total.upper))
            steps = tuple(step for step in range(first, end + 1) if labelled[step] or not total.term.needs_label)
            columns = []
            for factor in _factors(total.term.expression) if steps else ():
                if (factor, steps) not in places:
                    places[factor, steps] = len(self.looks)
                    self.looks.append(self._look(total.term, factor, steps))
                columns.append(places[factor, steps])
            self.sums.append((total.term.target.key(0, self.last), tuple(columns), zero(total.term)))

    def run(self, values: dict[Key, Any]) -> None:
        found = [look(values) for look in self.looks]
        for key, columns, zero in self.sums:
            if len(columns) == 2:
                values[key] = self.system.outer_sum(found[columns[0]], found[columns[1]])
            else:
                values[key] = self.system.total(zero, found[columns[0]]) if columns else zero

    def _look(self, term: Assignment, factor: Expression, steps: Sequence[int]) -> Look:
        """The values of a factor of the term at the steps."""
        if factor in term.arguments:
            source = term.sources[term.arguments.index(factor)]
            keys = [source.key(step, self.last) for step in steps]
            return lambda values: [values[key] for key in keys]
        block = Block([replace(term, expression=factor, shape=factor.shape)], self.system, self.scalars)
        reads = [block.keys(step, self.last) for step in steps]
        return lambda values: [block.function([values[key] for key in keys])[0] for keys in reads]


def _factors(expression: Expression) -> tuple[Expression, ...]:
    return expression.parts if isinstance(expression, Outer) else (expression,)

"""The sums over time of a program: losses, and gradients of parameters as products over all steps at once.

    delta_W = sum_t outer(delta_t, x_t) = [delta_0 ... delta_T] [x_0 ... x_T]^T

Law: a step without a label adds nothing to a term that needs one; what several sums share is looked up, or computed, and gathered
once. Over few steps a sum is one equation with a term for each step (`unrolled`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from lstm_sym.evaluate.schedule.block import Block, Look, looked_up
from lstm_sym.evaluate.schedule.program import Total
from lstm_sym.evaluate.systems.addresses import Assignment, Key
from lstm_sym.evaluate.systems.system import NumberSystem
from lstm_sym.symbols.compound import Outer
from lstm_sym.symbols.nodes import Expression, Sum, Zeros
from lstm_sym.symbols.traversal import at_time


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
        places: dict[tuple[Expression, tuple[int, ...], bool], int] = {}
        for total in totals:
            steps = summed_steps(total, labelled)
            factors = _factors(total.term.expression) if steps else ()
            columns = []
            for factor in factors:
                key = factor, steps, len(factors) == 2
                if key not in places:
                    places[key] = len(self.looks)
                    self.looks.append(self._look(total.term, *key))
                columns.append(places[key])
            self.sums.append((total.term.target.key(0, self.last), tuple(columns), zero(total.term)))

    def run(self, values: dict[Key, Any]) -> None:
        found = [look(values) for look in self.looks]
        for key, columns, zero in self.sums:
            if len(columns) == 2:
                values[key] = self.system.outer_sum(found[columns[0]], found[columns[1]])
            else:
                values[key] = self.system.total(zero, found[columns[0]]) if columns else zero

    def _look(self, term: Assignment, factor: Expression, steps: Sequence[int], gathered: bool) -> Look:
        """The values of a factor of the term at the steps."""
        if factor in term.arguments:
            source = term.sources[term.arguments.index(factor)]
            look = looked_up([source.key(step, self.last) for step in steps])
        else:
            block = Block([replace(term, expression=factor, shape=factor.shape)], self.system, self.scalars)
            reads = [looked_up(block.keys(step, self.last)) for step in steps]

            def look(values: Mapping[Key, Any]) -> list[Any]:
                return [block.function(read(values))[0] for read in reads]

        return (lambda values: self.system.gathered(look(values))) if gathered else look


def summed_steps(total: Total, labelled: Sequence[bool]) -> tuple[int, ...]:
    """The steps that add to a total."""
    first, end = (moment.key(0, len(labelled) - 1)[1] or 0 for moment in (total.lower, total.upper))
    return tuple(step for step in range(first, end + 1) if labelled[step] or not total.term.needs_label)


def unrolled(total: Total, labelled: Sequence[bool]) -> Assignment:
    """The total as one equation: the sum of its term at each step."""
    last, term, steps = len(labelled) - 1, total.term, summed_steps(total, labelled)
    read = {
        at_time(argument, step): source.placed(step, last)
        for step in steps
        for argument, source in zip(term.arguments, term.sources, strict=True)
    }
    terms = [at_time(term.expression, step) for step in steps] or [Zeros(*term.shape)]
    expression = terms[0] if len(terms) == 1 else Sum(*terms)
    return replace(term, expression=expression, arguments=tuple(read), sources=tuple(read.values()))


def _factors(expression: Expression) -> tuple[Expression, ...]:
    return expression.parts if isinstance(expression, Outer) else (expression,)

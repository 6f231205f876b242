"""What arrives at each recurrent variable from the next step, as certified decimals: the numbers on the wires between two steps.

    delta_state_t = delta_out_t odot ... + delta_state_{t+1} odot f_{t+1}    arriving: delta_state_{t+1} odot f_{t+1}

Law: the terms are those of the derivation; one that the derivation names already (Delta_out) is taken as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from sympy import Integer

from lstm_sym.derivation import Derivation
from lstm_sym.evaluate.certify import certify
from lstm_sym.evaluate.rounding import Decimals
from lstm_sym.evaluate.schedule.program import program
from lstm_sym.evaluate.systems.addresses import Assignment, assignment
from lstm_sym.evaluate.systems.rationals import fmpq
from lstm_sym.example.example import Example
from lstm_sym.example.solve import derivation_of, solve_to
from lstm_sym.pictured import Unrolled
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import ARRIVING
from lstm_sym.symbols.nodes import Expression, Sum, Zeros, add
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import at_time, symbols_in
from lstm_sym.worked import Entries, Value


def unrolled(example: Example) -> Unrolled:
    """The example worked out to its own decimals, with every arriving adjoint at t = -1, ..., T."""
    derivation, rounding = derivation_of(example.cell), Decimals(example.decimals)
    given = {result.statement.left.name for result in derivation.of_kind("arriving")}
    steps = program(derivation)
    found = tuple(_unnamed(derivation, given))
    extended = replace(steps, backward=(*steps.backward, *found), backward_last=(*steps.backward_last, *found))
    names = {ARRIVING + variable.name for variable in example.cell.recurrent}
    certified = certify(extended, example.givens, rounding, lambda key: key[0] in names)
    arrivals = []
    for variable in example.cell.recurrent:
        name = ARRIVING + variable.name
        for time in range(-1, example.givens.last + 1):
            entries = certified.entries.get((name, time)) or _zeros(certified.entries[name, -1], rounding)
            arrivals.append(Value(name, time, (len(entries), len(entries[0])), entries))
    return Unrolled(example.cell, solve_to(example, rounding), tuple(arrivals), frozenset(names & given))


def _unnamed(derivation: Derivation, given: set[str]) -> Iterator[Assignment]:
    """The arriving terms without a name of their own, as an assignment at step t for time t-1."""
    for variable in derivation.cell.recurrent:
        name = ARRIVING + variable.name
        if name not in given:
            adjoint = derivation[derivation.cell.adjoint(variable).name].statement.right
            yield assignment(variable.named(name).prev, at_time(_from_next(adjoint), t - 1))


def _from_next(adjoint: Expression) -> Expression:
    """The terms of an adjoint in which a symbol of the next step stands."""
    terms = adjoint.args if isinstance(adjoint, Sum) else (adjoint,)
    kept = [term for term in terms if any(isinstance(s, Timed) and s.time - t == Integer(1) for s in symbols_in(term))]
    return add(*kept) if kept else Zeros(*adjoint.shape)


def _zeros(entries: Entries, rounding: Decimals) -> Entries:
    """Zeros of that shape: nothing arrives after the last step."""
    zero = rounding.text(fmpq(Fraction(0)), fmpq(Fraction(0))) or "0"
    return tuple((zero,) * len(row) for row in entries)

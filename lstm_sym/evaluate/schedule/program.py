"""A program: the equations of a derivation in the order in which they are computed.

    forward t = 0..T; derivative of the loss t = 0..T; boundary; backward t = T..0; initial values; sums over time; update

Inner activations, as in out_t = tanh(state_t) odot o_t, get assignments of their own, named as they are printed.

Law: a program is data. Where a value stands is an address (name, time relative to the step, to the last step, or fixed), found
once, so that running a step looks values up and does nothing else; the cost of a run is linear in the number of steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation, Result
from lstm_sym.evaluate.schedule.boundary import at_last_step
from lstm_sym.evaluate.schedule.shared import Known, reading, shared
from lstm_sym.evaluate.systems.addresses import Address, Assignment, Key, assignment, moment
from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.scalars import T

__all__ = ["Address", "Assignment", "Key", "Program", "Total", "assignment", "program", "vanishing_after_last"]


@dataclass(frozen=True)
class Total:
    """target = the sum over time of the term, from `lower` to `upper`."""

    term: Assignment
    lower: Address
    upper: Address


@dataclass(frozen=True)
class Program:
    """The assignments of each phase; `backward` comes with its variant for the last step."""

    cell: Cell
    forward: tuple[Assignment, ...]
    loss: tuple[Assignment, ...]
    boundary: tuple[Assignment, ...]
    backward: tuple[Assignment, ...]
    backward_last: tuple[Assignment, ...]
    initial: tuple[Assignment, ...]
    totals: tuple[Total, ...]
    update: tuple[Assignment, ...]


def program(derivation: Derivation) -> Program:
    """The program of a derivation; results of the stacked form repeat others and are left out."""
    each_step = [result for result in derivation.of_kind("loss") if isinstance(result.statement.left, Timed)]
    backward = derivation.of_kind("adjoint", "input", "arriving")
    after_last = vanishing_after_last(derivation)
    sums = [result for result in derivation.of_kind("loss", "parameter") if isinstance(result.statement.right, SumOverTime)]
    known: Known = {}
    forward = shared(_assignments(derivation.of_kind("definition")), known)
    loss = shared(_assignments(each_step), known)
    last = [assignment(result.statement.left, at_last_step(result.statement.right, after_last)) for result in backward]
    return Program(
        derivation.cell,
        forward=forward,
        loss=loss,
        boundary=_assignments(r for r in derivation.of_kind("boundary") if r.statement.left.time != T + 1),
        backward=shared(_assignments(backward), dict(known)),
        backward_last=shared(last, dict(known)),
        initial=_assignments(derivation.of_kind("initial")),
        totals=tuple(_total(result, known) for result in sums),
        update=_assignments(derivation.of_kind("update")),
    )


def vanishing_after_last(derivation: Derivation) -> frozenset[str]:
    """The names of the symbols whose value at T+1 is zero."""
    lefts = [result.statement.left for result in derivation.of_kind("boundary")]
    return frozenset(left.name for left in lefts if isinstance(left, Timed) and left.time == T + 1)


def _assignments(results: Iterable[Result]) -> tuple[Assignment, ...]:
    return tuple(assignment(result.statement.left, result.statement.right) for result in results)


def _total(result: Result, known: Known) -> Total:
    right = result.statement.right
    assert isinstance(right, SumOverTime)
    return Total(reading(assignment(result.statement.left, right.body), known), moment(right.lower), moment(right.upper))

"""A program: the equations of a derivation in the order in which they are computed.

    forward t = 0..T; derivative of the loss t = 0..T; boundary; backward t = T..0; initial values; sums over time; update

Law: a program is data. Where a value stands is an address (name, time relative to the step, to the last step, or fixed), found
once, so that running a step looks values up and does nothing else; the cost of a run is linear in the number of steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sympy import Expr

from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation, Result
from lstm_sym.errors import UnsupportedError
from lstm_sym.evaluate.boundary import at_last_step
from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import LABEL
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.scalars import T, t
from lstm_sym.symbols.traversal import symbols_in

Key = tuple[str, int | None]
"""The name and the time of a value; parameters have no time."""


@dataclass(frozen=True)
class Address:
    """A name with its time: `offset` from t, from T, or from 0; a parameter has no origin."""

    name: str
    origin: str | None
    offset: int = 0

    def key(self, step: int, last: int) -> Key:
        if self.origin is None:
            return self.name, None
        return self.name, self.offset + {"step": step, "last": last, "start": 0}[self.origin]


@dataclass(frozen=True)
class Assignment:
    """target = expression; `arguments` are the symbols of the expression and `sources` their addresses."""

    target: Address
    expression: Expression
    arguments: tuple[Expression, ...]
    sources: tuple[Address, ...]
    shape: tuple[Expr, Expr]

    @property
    def needs_label(self) -> bool:
        return any(source.name == LABEL for source in self.sources)


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
    return Program(
        derivation.cell,
        forward=_assignments(derivation.of_kind("definition")),
        loss=_assignments(each_step),
        boundary=_assignments(r for r in derivation.of_kind("boundary") if r.statement.left.time != T + 1),
        backward=_assignments(backward),
        backward_last=tuple(assignment(r.statement.left, at_last_step(r.statement.right, after_last)) for r in backward),
        initial=_assignments(derivation.of_kind("initial")),
        totals=tuple(_total(result) for result in sums),
        update=_assignments(derivation.of_kind("update")),
    )


def vanishing_after_last(derivation: Derivation) -> frozenset[str]:
    """The names of the symbols whose value at T+1 is zero."""
    lefts = [result.statement.left for result in derivation.of_kind("boundary")]
    return frozenset(left.name for left in lefts if isinstance(left, Timed) and left.time == T + 1)


def assignment(left: Expression, right: Expression) -> Assignment:
    """One equation with the addresses of its symbols."""
    arguments = symbols_in(right)
    return Assignment(_address(left), right, arguments, tuple(_address(symbol) for symbol in arguments), left.shape)


def _assignments(results: Iterable[Result]) -> tuple[Assignment, ...]:
    return tuple(assignment(result.statement.left, result.statement.right) for result in results)


def _total(result: Result) -> Total:
    right = result.statement.right
    assert isinstance(right, SumOverTime)
    return Total(assignment(result.statement.left, right.body), _moment(right.lower), _moment(right.upper))


def _address(symbol: Expression) -> Address:
    name = symbol.name
    if not isinstance(symbol, Timed):
        return Address(name, None)
    moment = _moment(symbol.time)
    return Address(name, moment.origin, moment.offset)


def _moment(time: Expr) -> Address:
    """A time alone, as an address without a name."""
    for origin, base in (("step", time - t), ("last", time - T), ("start", time)):
        if base.is_Integer:
            return Address("", origin, int(base))
    raise UnsupportedError(f"time {time}", got="an expression of its own", expected="t, T or a number, plus or minus a number")

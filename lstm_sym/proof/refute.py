"""Looks for an exact counterexample to a statement on small unrolled networks, and confirms it with the true activations
in balls.

Laws: REFUTED needs both: two rationals that differ, with activations as free values, and two disjoint balls with the true
ones (so that an identity special to tanh or sigma is never refuted). What agrees at the points tried is UNKNOWN here,
never PROVED.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import flint

from lstm_sym.cell import Cell
from lstm_sym.derivation import Statement
from lstm_sym.errors import LstmSymError
from lstm_sym.proof.dual import AbstractRationals, Balls
from lstm_sym.proof.translate import is_adjoint
from lstm_sym.proof.unrolled import Network, Size
from lstm_sym.symbols.blocks import blocks
from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import symbols_in
from lstm_sym.verdict import Status, Verdict, Witness

METHOD = "exact witness on an unrolled network"
SIZES: tuple[Size, ...] = (Size(1, 1, 2), Size(1, 2, 3), Size(2, 3, 4))
"""From the smallest to the largest; the first at which the statement fails is the witness."""
SEED = 20
BALL_PRECISION = 192


@lru_cache(maxsize=48)
def _networks(cell: Cell, size: Size, zero: frozenset[str], loss: str) -> tuple[Network, Network]:
    """The same network over exact rationals and over balls."""
    exact = Network(cell, size, SEED, AbstractRationals(SEED), zero, loss)
    with flint.ctx.workprec(BALL_PRECISION):
        balls = Network(cell, size, SEED, Balls(), zero, loss)
    return exact, balls


def refute(statement: Statement, cell: Cell, loss: str = "squared", sizes: Sequence[Size] = SIZES) -> Verdict:
    """REFUTED with the smallest witness, else UNKNOWN with the number of comparisons that agreed."""
    checks = 0
    try:
        sides = tuple(zip(blocks(statement.left), blocks(statement.right), strict=True))
        for size in sizes:
            pair = _networks(cell, size, _zero_premises(statement), loss)
            for time in inner_times(statement, size):
                for left, right in sides:
                    checks += 1
                    witness = _witness(pair, size, time, left, right)
                    if witness:
                        return Verdict(
                            Status.REFUTED, str(size), METHOD, checks, witness=witness, seed=SEED, precision=BALL_PRECISION
                        )
    except (LstmSymError, ValueError) as error:
        return Verdict(Status.UNKNOWN, "nothing", METHOD, 0, reason=str(error))
    scope = "; ".join(str(size) for size in sizes)
    return Verdict(Status.UNKNOWN, scope, METHOD, checks, reason="no counterexample at these sizes", seed=SEED)


def all_times(statement: Statement, size: Size) -> Iterator[int | None]:
    """Every step, or once where the statement does not depend on t."""
    if depends_on_time(statement):
        yield from range(size.steps)
    else:
        yield None


def inner_times(statement: Statement, size: Size) -> Iterator[int | None]:
    """The steps at which all forward values that the statement names with t are values of steps, not given or arbitrary ones.

    So a true equation that its author means for those steps only, such as state_{t+1} = ..., is never refuted at the edge.
    """
    offsets = [int(s.time - t) for s in _forward_symbols(statement) if (s.time - t).is_Integer]
    low, high = min(offsets, default=0), max(offsets, default=0)
    for time in all_times(statement, size):
        if time is None or (time + low >= 0 and time + high < size.steps):
            yield time


def _forward_symbols(statement: Statement) -> Iterator[Timed]:
    for side in (statement.left, statement.right):
        for symbol in _free_in_time(side):
            if not is_adjoint(symbol.name):
                yield symbol


def depends_on_time(statement: Statement) -> bool:
    """Whether t is free in the statement."""
    return any(t in symbol.time.free_symbols for side in (statement.left, statement.right) for symbol in _free_in_time(side))


def _free_in_time(expression: Expression) -> Iterator[Timed]:
    """The timed symbols outside sums over time, which bind t."""
    if isinstance(expression, Timed):
        yield expression
    elif not isinstance(expression, SumOverTime):
        for part in expression.parts:
            yield from _free_in_time(part)


def _zero_premises(statement: Statement) -> frozenset[str]:
    """The names whose initial value the premises set to zero."""
    names = []
    for premise in statement.assuming:
        if not (isinstance(premise.left, Timed) and premise.left.time == -1 and not symbols_in(premise.right)):
            raise ValueError(f"premise {premise.left} = {premise.right} is not an initial value set to zero")
        names.append(premise.left.name)
    return frozenset(names)


def _witness(pair: tuple[Network, Network], size: Size, time: int | None, left: Expression, right: Expression) -> Witness | None:
    exact, balls = pair
    place = _first_difference(exact, time, left, right)
    if place is None:
        return None
    with flint.ctx.workprec(BALL_PRECISION):
        if not _differ_somewhere(balls, time, left, right):
            return None
    i, j, a, b = place
    moment = "" if time is None else f", t={time}"
    return Witness(f"{size}{moment}, entry ({i + 1}, {j + 1})", str(a), str(b))


def _first_difference(
    network: Network, time: int | None, left: Expression, right: Expression
) -> tuple[int, int, Any, Any] | None:
    for i, rows in enumerate(zip(network.of(left, time), network.of(right, time), strict=True)):
        for j, (a, b) in enumerate(zip(*rows, strict=True)):
            if network.system.differ(a.value, b.value):
                return i, j, a.value, b.value
    return None


def _differ_somewhere(network: Network, time: int | None, left: Expression, right: Expression) -> bool:
    return _first_difference(network, time, left, right) is not None

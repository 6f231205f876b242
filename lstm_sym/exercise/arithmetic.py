"""What a line of a solution comes to, worked out from printed numbers: each stands for the interval of its last digit.

Law: the result is an enclosure of everything that a careful person can get who rounds to so many decimals, the argument of an
activation included; so what lies outside is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from lstm_sym.errors import LstmSymError
from lstm_sym.evaluate.schedule.program import Key
from lstm_sym.evaluate.systems.balls import Balls
from lstm_sym.evaluate.systems.interpret import compile_expression
from lstm_sym.evaluate.systems.rationals import fmpq
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.traversal import symbols_in

PRECISION = 192
Interval = tuple[Fraction, Fraction]
Matrix = tuple[tuple[Interval, ...], ...]
"""The rows of a matrix of intervals, each by its middle and its half width."""


class Printed(Balls):
    """Balls where the argument of an activation may have been rounded to so many decimals."""

    def __init__(self, half: Fraction) -> None:
        super().__init__(PRECISION)
        self.half = half

    def intervals(self, rows: Matrix) -> Any:
        return flint.arb_mat([[ball(entry) for entry in row] for row in rows])

    def apply(self, function: str, matrix: Any) -> Any:
        slack = flint.arb(0, flint.arb(fmpq(self.half)))
        wide = flint.arb_mat(matrix.nrows(), matrix.ncols(), [entry + slack for entry in matrix.entries()])
        return super().apply(function, wide)


def ball(interval: Interval) -> Any:
    middle, half = (flint.arb(fmpq(number)) for number in interval)
    return middle + flint.arb(0, 1) * half


@dataclass(frozen=True)
class Arithmetic:
    """Works lines out; `scalars` are the learning rate and the sizes, `half` is half a unit of the last decimal."""

    scalars: Mapping[str, Fraction]
    half: Fraction

    def value(self, right: Expression, values: Mapping[Key, Matrix]) -> list[list[Any]] | None:
        """The enclosure of the right side, entry by entry; None where a symbol has no value or the shapes do not fit."""
        symbols = symbols_in(right)
        keys = [(symbol.name, int(symbol.time) if isinstance(symbol, Timed) else None) for symbol in symbols]
        if any(key not in values for key in keys):
            return None
        system = Printed(self.half)
        try:
            with system.session():
                function = compile_expression(system, right, symbols, self.scalars)
                rows: list[list[Any]] = function([system.intervals(values[key]) for key in keys]).tolist()
                return rows
        except (LstmSymError, ValueError):
            return None

    def fits(self, answer: Fraction, found: Any) -> bool:
        """Whether the answer, as the rounding of something, can be what was found."""
        with Printed(self.half).session():
            return bool(ball((answer, self.half)).overlaps(found))

    def all_fit(self, answer: tuple[tuple[Fraction, ...], ...], found: list[list[Any]] | None) -> bool:
        if found is None or (len(found), len(found[0])) != (len(answer), len(answer[0])):
            return False
        pairs = ((a, b) for rows in zip(answer, found, strict=True) for a, b in zip(*rows, strict=True))
        return all(self.fits(a, b) for a, b in pairs)

"""What pictures of a worked example show, as data: arriving adjoints, sizes over time, rounding carried from line to line.

Nothing here computes or prints. Numbers are decimal text, as in `worked`.
"""

from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.cell import Cell
from lstm_sym.symbols.nodes import Expression
from lstm_sym.worked import Solution, Value


@dataclass(frozen=True)
class Unrolled:
    """A worked example with what arrives at each recurrent variable from the next step, at t = -1, ..., T.

    `arrivals` are values named Delta_state; `named` holds those of these names that the derivation itself uses.
    """

    cell: Cell
    solution: Solution
    arrivals: tuple[Value, ...]
    named: frozenset[str]


@dataclass(frozen=True)
class Point:
    """The largest entry in size of a quantity at a step, as decimal text without sign; "0" where all entries are zero."""

    time: int
    size: str


@dataclass(frozen=True)
class Series:
    """One quantity over the steps."""

    quantity: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Flow:
    """The sizes of adjoints over the steps of an example; `rounding` says in words how they are rounded."""

    name: str
    series: tuple[Series, ...]
    rounding: str


@dataclass(frozen=True)
class CarriedEntry:
    """One printed entry: the exact value to more decimals, as it is printed, as carried rounding gives it, the gap of that.

    `gap` is in units of the last printed digit, as decimal text with two decimals.
    """

    row: int
    column: int
    exact: str
    printed: str
    carried: str
    gap: str

    @property
    def changes(self) -> bool:
        """Whether carried rounding prints another number."""
        return self.printed != self.carried


@dataclass(frozen=True)
class CarriedLine:
    """The entries of one line of the solution; `left` is its left side."""

    id: str
    left: Expression
    entries: tuple[CarriedEntry, ...]


@dataclass(frozen=True)
class CarriedPart:
    """The lines under one heading of the solution."""

    title: str
    lines: tuple[CarriedLine, ...]


@dataclass(frozen=True)
class Carried:
    """A whole solution as it comes out where each line is worked out from the rounded numbers printed before it."""

    name: str
    decimals: int
    parts: tuple[CarriedPart, ...]

"""A worked example as data: every value as certified decimal text, and every line of the solution with its numbers put in.

Nothing here computes or prints. Entries are decimal text, because text is what is certified and what a reader sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Expr

from lstm_sym.symbols.nodes import Expression

Entries = tuple[tuple[str, ...], ...]
"""The rows of a matrix as decimal text."""


@dataclass(frozen=True)
class Value:
    """The value of a quantity at a time (None where it has no time); shape is (rows, columns)."""

    quantity: str
    time: int | None
    shape: tuple[int, int]
    entries: Entries


@dataclass(frozen=True)
class Line:
    """One line of the solution: left = right = right with `numbers` in place of its symbols = value.

    `left` and `right` stand at a fixed time, as in delta_f_0 = ...; `numbers` has an entry for every symbol in `right`,
    scalars such as lambda included.
    """

    id: str
    time: int | None
    left: Expression
    right: Expression
    numbers: Mapping[Expr, Entries]
    value: Entries


@dataclass(frozen=True)
class Part:
    """A part of the solution under one heading, such as `Forward @ t=0`. `key` is its letter on the sheet: a, b, c or d."""

    key: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Solution:
    """A worked example: its givens, its parts and all values, displayed to the digits that were asked for.

    `rounding` says in words how entries were rounded, such as "5 decimals, half to even, every digit certified".
    """

    name: str
    cell: str
    givens: tuple[Value, ...]
    parts: tuple[Part, ...]
    values: tuple[Value, ...]
    rounding: str

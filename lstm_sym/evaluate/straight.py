"""Tiny products as straight code: one expression for each entry, where loops and matrices would cost more than the arithmetic.

    [[a0, a1], [a2, a3]] [b0; b1]      [a0*b0 + a1*b1, a2*b0 + a3*b1]

Law: the code is made of sizes alone and is compiled once for each; operands are whatever can be multiplied and added.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

Rows = Sequence[Sequence[Any]]
Product = Callable[[Any, Any], list[Any]]


@cache
def column_product(rows: int, inner: int) -> Product:
    """The matrix, as rows, times a column."""
    left = _names("a", rows, inner)
    right = [f"b{k}" for k in range(inner)]
    return _product(_rows(left), _tuple(right), [list(zip(row, right, strict=True)) for row in left])


@cache
def outer_product(steps: int, rows: int, columns: int) -> Product:
    """The entries of sum_k left_k right_k^T, row by row, of as many pairs of columns as there are steps."""
    left, right = _names("a", steps, rows), _names("b", steps, columns)
    sums = [[(a[i], b[j]) for a, b in zip(left, right, strict=True)] for i in range(rows) for j in range(columns)]
    return _product(_rows(left), _rows(right), sums)


@cache
def column_sum(steps: int, rows: int) -> Callable[[Any], list[Any]]:
    """The sum of as many columns as there are steps."""
    names = _names("a", steps, rows)
    entries = ", ".join(" + ".join(column[i] for column in names) for i in range(rows))
    return _compiled(f"def product(columns):\n {_rows(names)} = columns\n return [{entries}]")


def _product(left: str, right: str, sums: Sequence[Sequence[tuple[str, str]]]) -> Product:
    entries = ", ".join(" + ".join(f"{a}*{b}" for a, b in terms) for terms in sums)
    return _compiled(f"def product(left, right):\n {left} = left\n {right} = right\n return [{entries}]")


def _compiled(code: str) -> Any:
    space: dict[str, Any] = {}
    exec(compile(code, "<tiny products>", "exec"), space)
    return space["product"]


def _names(letter: str, rows: int, columns: int) -> list[list[str]]:
    return [[f"{letter}{i * columns + j}" for j in range(columns)] for i in range(rows)]


def _rows(names: Sequence[Sequence[str]]) -> str:
    return _tuple([f"({_tuple(row)})" for row in names])


def _tuple(names: Sequence[str]) -> str:
    return "".join(f"{name}, " for name in names)

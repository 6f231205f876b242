"""Printed numbers against enclosures: whether a printed number can be the value in a ball, and operands put right.

Laws: a printed number stands for the interval of its digits; a ball that is no number encloses nothing.
"""

from __future__ import annotations

from typing import Any

from lstm_sym.notes.formula.tree import Formula, NumberMatrix
from lstm_sym.notes.sampling.values import Value
from lstm_sym.notes.worked.example import TextRows
from lstm_sym.notes.worked.printed import printed


def entry_of(values: tuple[Value, Value] | None, i: int, j: int) -> Any:
    if values is None or i >= values[0].shape[0] or j >= values[0].shape[1]:
        return None
    return values[0].rows[i][j]


def replaced(node: Formula, table: dict[int, NumberMatrix]) -> Formula:
    """The expression with the wrong operands put right."""
    from lstm_sym.notes.formula.rewrite import rewrite

    return rewrite(node, lambda part: table.get(id(part)))


def finite(ball: Any) -> bool:
    """Whether the ball is a number."""
    return bool(ball.is_finite()) if hasattr(ball, "is_finite") else True


def overlaps(number: Any, ball: Any) -> bool:
    """Whether the interval of the printed number and the ball have a point in common."""
    from lstm_sym.notes.sampling.numbers import Balls

    if not finite(ball):
        return False
    exact = Balls().number
    low, high = exact(number.value - number.half), exact(number.value + number.half)
    return not (ball < low or ball > high)


def follows(rows: TextRows, carried: tuple[Value, Value] | None) -> bool:
    if carried is None:
        return False
    value = carried[1]
    if (len(rows), len(rows[0])) != value.shape:
        rows = tuple(zip(*rows, strict=True))
    if (len(rows), len(rows[0])) != value.shape:
        return False
    return all(
        overlaps(printed(text), entry) for u, v in zip(rows, value.rows, strict=True) for text, entry in zip(u, v, strict=True)
    )

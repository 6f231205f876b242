"""An expression in printed numbers, evaluated twice: with the numbers as printed, and with every rounded number as the
interval it claims.

Law: a number counts as rounded where it is printed with the usual number of decimals of the document or more; others are
exact.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar

from lstm_sym.notes.formula.tree import Formula, Number, NumberMatrix
from lstm_sym.notes.sampling.effort import Effort
from lstm_sym.notes.sampling.interpret import Interpreter
from lstm_sym.notes.sampling.numbers import Balls
from lstm_sym.notes.sampling.values import Matrices, ShapeError, Value
from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.notes.worked.printed import decimals, printed


class _Scope:
    """Numbers only; no name has a meaning."""

    stacks_vectors = False
    shared: frozenset[int] = frozenset()
    memo: ClassVar[dict] = {}
    timed: frozenset[str] = frozenset()
    span = (0, 0)

    def __init__(self, rounded_at: int | None) -> None:
        self.rounded_at, self.effort = rounded_at, Effort()

    def ball(self, text: str) -> Any:
        from flint import arb

        number = printed(text)
        middle = Balls().number(number.value)
        if self.rounded_at is None or decimals(text) < self.rounded_at:
            return middle
        return arb(middle, Balls().number(number.half))

    def value(self, read: Any, run: Interpreter) -> Any:
        raise UnreadableError(f"the name {read.key} among numbers", 0)

    def numbers(self, node: NumberMatrix, run: Interpreter) -> Value:
        return Value(tuple(tuple(self.ball(entry) for entry in row) for row in node.rows))

    def function(self, name: str) -> str:
        return name

    def chain(self, node: Formula, run: Interpreter) -> None:
        return None


class _Arithmetic(Interpreter):
    """Rounded numbers become 1 x 1 balls; whole numbers stay exact."""

    def _evaluate(self, node: Formula) -> Any:
        if isinstance(node, Number) and "." in node.text:
            return Value(((self.scope.ball(node.text),),))
        return super()._evaluate(node)


def carried_value(node: Formula, usual: int) -> tuple[Value, Value] | None:
    """The value from the numbers as printed, and from the intervals that they claim; None where it is no arithmetic."""
    try:
        point, interval = (_run(node, rounded_at) for rounded_at in (None, usual))
    except (UnreadableError, ShapeError, ZeroDivisionError):
        return None
    return point, interval


def _run(node: Formula, rounded_at: int | None) -> Value:
    run = _Arithmetic(Matrices(Balls()), _Scope(rounded_at))
    value = run(node)
    return run.matrix(value) if isinstance(value, Fraction) else value

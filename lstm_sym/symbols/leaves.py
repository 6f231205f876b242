"""The symbols that expressions are made of: parameters, and symbols at a time.

Law: the arguments of a symbol hold its name, shape and time, so that two symbols are equal where these are.
"""

from __future__ import annotations

from typing import Any, cast

from sympy import Basic, Expr, sympify
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixSymbol

from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.scalars import checked_name, t


class Parameter(Expression, MatrixSymbol):
    """A matrix or vector that is the same at every time: `Parameter("W_a", n, m)`."""

    def __new__(cls, name: str | Str, rows: object, columns: object = 1) -> Parameter:
        return Basic.__new__(cls, Str(checked_name(str(name))), sympify(rows), sympify(columns))

    @property
    def name(self) -> str:
        return cast(str, self.args[0].name)

    def _sympystr(self, printer: Any) -> str:
        return self.name


class Timed(Expression, MatrixSymbol):
    """A matrix or vector at a time: `Timed("out", n, 1, t - 1)` is out_{t-1}."""

    def __new__(cls, name: str | Str, rows: object, columns: object = 1, time: object = t) -> Timed:
        return Basic.__new__(cls, Str(checked_name(str(name))), sympify(rows), sympify(columns), sympify(time))

    @property
    def name(self) -> str:
        return cast(str, self.args[0].name)

    @property
    def time(self) -> Expr:
        return cast(Expr, self.args[3])

    def at(self, time: object) -> Timed:
        """The same symbol at another time."""
        return Timed(self.name, self.args[1], self.args[2], time)

    def named(self, name: str) -> Timed:
        """A symbol of the same shape and time under another name."""
        return Timed(name, self.args[1], self.args[2], self.time)

    @property
    def prev(self) -> Timed:
        """The same symbol one step earlier."""
        return self.at(self.time - 1)

    @property
    def next(self) -> Timed:
        """The same symbol one step later."""
        return self.at(self.time + 1)

    def _sympystr(self, printer: Any) -> str:
        return f"{self.name}[{self.time}]"

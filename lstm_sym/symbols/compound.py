"""Nodes that the backward pass brings: outer products, sums over time, stacks of blocks, vector-Jacobian products."""

from __future__ import annotations

from typing import Any, cast

from sympy import Basic, Dummy, Expr, Integer, sympify
from sympy import Sum as ScalarSum
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixSymbol

from lstm_sym.errors import DeclarationError, UnsupportedError
from lstm_sym.symbols.nodes import Expression, same_shape, shape_text
from lstm_sym.symbols.scalars import checked_name, t


class Outer(Expression):
    """The outer product u v^T of two column vectors, written with the sign for tensor products."""

    def __new__(cls, left: Expression, right: Expression) -> Outer:
        for side in (left, right):
            if side.shape[1] != 1:
                raise DeclarationError(
                    f"outer product of {left} and {right}", got=f"shape {shape_text(side)} of {side}", expected="column vectors"
                )
        return Basic.__new__(cls, left, right)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0].shape[0], self.args[1].shape[0]

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        return self.args[0][i, 0] * self.args[1][j, 0]

    def _sympystr(self, printer: Any) -> str:
        return f"outer({self.args[0]}, {self.args[1]})"


class SumOverTime(Expression):
    """The sum of an expression in t over t = lower, ..., upper."""

    def __new__(cls, body: Expression, lower: object, upper: object) -> SumOverTime:
        return Basic.__new__(cls, body, sympify(lower), sympify(upper))

    @property
    def body(self) -> Expression:
        return cast(Expression, self.args[0])

    @property
    def lower(self) -> Expr:
        return cast(Expr, self.args[1])

    @property
    def upper(self) -> Expr:
        return cast(Expr, self.args[2])

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.body.shape

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        return ScalarSum(self.body[i, j], (t, self.lower, self.upper))

    def _sympystr(self, printer: Any) -> str:
        return f"sum({self.body}, t={self.lower}..{self.upper})"


class Stack(Expression):
    """Blocks of equal width above one another, under a name: `Stack("gates", a, i, f, o)`; an empty name shows the blocks."""

    def __new__(cls, name: str | Str, *blocks: Expression) -> Stack:
        widths = {block.shape[1] for block in blocks}
        if len(widths) != 1:
            raise DeclarationError(
                f"stack of {', '.join(str(block) for block in blocks)}",
                got=f"blocks of {len(widths)} widths",
                expected="blocks with equally many columns",
            )
        label = str(name)
        return Basic.__new__(cls, Str(checked_name(label) if label else ""), *blocks)

    @property
    def name(self) -> str:
        return cast(str, self.args[0].name)

    @property
    def blocks(self) -> tuple[Expression, ...]:
        return self.args[1:]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return sum((block.shape[0] for block in self.blocks), Integer(0)), self.blocks[0].shape[1]

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        raise UnsupportedError("an entry of a stack", expected="an entry of one of its blocks")

    def _sympystr(self, printer: Any) -> str:
        return self.name or "stack(" + ", ".join(str(block) for block in self.blocks) + ")"


class Beside(Expression):
    """Blocks of equal height beside one another, under a name: `Beside("UW_f", U_f, W_f)`; an empty name shows the blocks.

    Times a stack of as many blocks it is the sum of the products of their blocks.
    """

    def __new__(cls, name: str | Str, *blocks: Expression) -> Beside:
        heights = {block.shape[0] for block in blocks}
        if len(heights) != 1:
            raise DeclarationError(
                f"blocks {', '.join(str(block) for block in blocks)} beside one another",
                got=f"blocks of {len(heights)} heights",
                expected="blocks with equally many rows",
            )
        label = str(name)
        return Basic.__new__(cls, Str(checked_name(label) if label else ""), *blocks)

    @property
    def name(self) -> str:
        return cast(str, self.args[0].name)

    @property
    def blocks(self) -> tuple[Expression, ...]:
        return self.args[1:]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.blocks[0].shape[0], sum((block.shape[1] for block in self.blocks), Integer(0))

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        raise UnsupportedError("an entry of blocks beside one another", expected="an entry of one of the blocks")

    def _sympystr(self, printer: Any) -> str:
        return self.name or "beside(" + ", ".join(str(block) for block in self.blocks) + ")"


class VJP(Expression):
    """The vector-Jacobian product (d expression / d symbol)^T cotangent: by the symbol, the gradient of <cotangent,
    expression>.
    """

    def __new__(cls, expression: Expression, symbol: Expression, cotangent: Expression) -> VJP:
        if not isinstance(symbol, MatrixSymbol):
            raise DeclarationError(f"derivative by {symbol}", got=type(symbol).__name__, expected="a Timed symbol or a Parameter")
        same_shape("vector-Jacobian product", (expression, cotangent))
        return Basic.__new__(cls, expression, symbol, cotangent)

    @property
    def expression(self) -> Expression:
        return cast(Expression, self.args[0])

    @property
    def symbol(self) -> Expression:
        return cast(Expression, self.args[1])

    @property
    def cotangent(self) -> Expression:
        return cast(Expression, self.args[2])

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.symbol.shape

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        rows, columns = self.expression.shape
        k, l = Dummy("k", integer=True), Dummy("l", integer=True)
        pairing = self.cotangent[k, l] * self.expression[k, l].diff(MatrixElement(self.symbol, i, j))
        return ScalarSum(pairing, (k, 0, rows - 1), (l, 0, columns - 1))

    def _sympystr(self, printer: Any) -> str:
        return f"vjp({self.expression}, {self.symbol}, {self.cotangent})"


def outer(left: Expression, right: Expression) -> Expression:
    return Outer(left, right)

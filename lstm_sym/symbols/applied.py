"""Activations and their slopes applied to every entry of an expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from sympy import Basic, Dummy, Expr
from sympy import tanh as scalar_tanh
from sympy.core.symbol import Str

from lstm_sym.symbols.activations import activation
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.sigma import sigma as scalar_sigma

SCALAR_FUNCTIONS: dict[str, Callable[[Expr], Expr]] = {"sigma": scalar_sigma, "tanh": scalar_tanh}


class Apply(Expression):
    """An activation applied to every entry: Apply("tanh", z). Apply("tanh'", z) is its slope at z."""

    def __new__(cls, function: str | Str, body: Expression) -> Apply:
        name = str(function)
        activation(name.removesuffix("'"))
        return Basic.__new__(cls, Str(name), body)

    @property
    def function(self) -> str:
        return cast(str, self.args[0].name)

    @property
    def is_slope(self) -> bool:
        return self.function.endswith("'")

    @property
    def body(self) -> Expression:
        return cast(Expression, self.args[1])

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.body.shape

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        if self.is_slope:
            z = Dummy("z", real=True)
            return SCALAR_FUNCTIONS[self.function[:-1]](z).diff(z).subs(z, self.body[i, j])
        return SCALAR_FUNCTIONS[self.function](self.body[i, j])

    def _sympystr(self, printer: Any) -> str:
        return f"{self.function}({self.body})"


def sigma(body: Expression) -> Expression:
    """The logistic sigmoid of every entry."""
    return Apply("sigma", body)


def tanh(body: Expression) -> Expression:
    """The hyperbolic tangent of every entry."""
    return Apply("tanh", body)

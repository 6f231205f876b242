"""The scalar logistic sigmoid as a SymPy function: sigma(z) = 1 / (1 + exp(-z)).

SymPy has no such function. Its slope is in the factored form y (1 - y); a test compares it with the derivative of the definition.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Function, Rational, exp


class sigma(Function):  # noqa: N801 - SymPy names functions in lower case
    """sigma(z), with derivative sigma(z) (1 - sigma(z)) and sigma(0) = 1/2."""

    nargs = 1
    is_real = True

    @classmethod
    def eval(cls, argument: Expr) -> Expr | None:
        return Rational(1, 2) if argument.is_zero else None

    def fdiff(self, argindex: int = 1) -> Expr:
        return self * (1 - self)

    def _eval_rewrite_as_exp(self, argument: Expr, **kwargs: Any) -> Expr:
        return 1 / (1 + exp(-argument))

    def _eval_evalf(self, precision: int) -> Expr:
        return self.rewrite(exp)._eval_evalf(precision)

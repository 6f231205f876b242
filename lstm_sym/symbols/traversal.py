"""Walking through expressions: their symbols, their parts, rewriting, and moving in time.

Law: a sum over time binds t, so that neither moving nor rewriting goes below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sympy.matrices.expressions.matexpr import MatrixSymbol

from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import (
    Expression,
    Hadamard,
    Product,
    Scaled,
    Sum,
    Transposed,
    add,
    odot,
    product,
    scale,
    transpose,
)
from lstm_sym.symbols.scalars import t


def at_time(expression: Expression, time: object) -> Expression:
    """The expression with t replaced by `time`, except under a sum over time, where t is bound."""
    return replace(expression, lambda node: node.at(node.time.subs(t, time)) if isinstance(node, Timed) else None)


def replace(expression: Expression, rule: Callable[[Expression], Expression | None]) -> Expression:
    """The expression rebuilt with `rule` applied top down; a node for which it gives None is kept. Sums over time bind t."""
    new = rule(expression)
    if new is not None:
        return new
    if isinstance(expression, SumOverTime | MatrixSymbol) or not expression.parts:
        return expression
    return rebuild(expression, [replace(arg, rule) if isinstance(arg, Expression) else arg for arg in expression.args])


def rebuild(expression: Expression, args: Sequence[Any]) -> Expression:
    """A node of the same kind over other arguments, in plain form: nested sums and products flattened, factors 1 dropped."""
    plain: dict[type[Expression], Callable[..., Expression]] = {
        Sum: add,
        Product: product,
        Hadamard: odot,
        Scaled: scale,
        Transposed: transpose,
    }
    return plain.get(type(expression), type(expression))(*args)


def symbols_in(expression: Expression) -> tuple[Expression, ...]:
    """The Timed and Parameter symbols in written order, each once."""
    found: dict[Expression, None] = {}
    for node in walk(expression):
        if isinstance(node, Timed | Parameter):
            found.setdefault(node)
    return tuple(found)


def walk(expression: Expression) -> Iterator[Expression]:
    """Every node, in written order, parents first."""
    yield expression
    for part in expression.parts:
        yield from walk(part)

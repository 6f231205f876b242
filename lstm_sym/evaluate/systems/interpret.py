"""The interpreter over expression nodes that all number systems share: an expression becomes a function of its symbols' values.

Law: one entry of OPERATIONS for each node type; a node without an entry raises UnsupportedError that says where to add one.
The expression is walked once, when it is compiled; running it walks closures only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sympy import Expr, Rational

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import Outer, Stack
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros

if TYPE_CHECKING:
    from lstm_sym.evaluate.systems.system import InterpretedSystem

Function = Callable[[Sequence[Any]], Any]


def rational(scalar: Expr, scalars: Mapping[str, Fraction]) -> Fraction:
    """The exact value of a scalar expression such as -lambda or n, with the values of its symbols by name."""
    known = {symbol: scalars[symbol.name] for symbol in scalar.free_symbols if symbol.name in scalars}
    value = scalar.subs({symbol: Rational(number.numerator, number.denominator) for symbol, number in known.items()})
    if not value.is_Rational:
        raise UnsupportedError(
            f"scalar {scalar}",
            got=f"{value} after putting in the values",
            expected="a rational number",
            advice="give each of its symbols a value",
        )
    return Fraction(int(value.p), int(value.q))


@dataclass(frozen=True)
class Compiler:
    """What an operation needs to compile its node: the system, the places of the arguments, the values of scalars."""

    system: InterpretedSystem[Any]
    places: Mapping[Expression, int]
    scalars: Mapping[str, Fraction]

    def function(self, node: Expression) -> Function:
        if node in self.places:
            return itemgetter(self.places[node])
        if type(node) not in OPERATIONS:
            raise unsupported(node, "evaluating")
        return OPERATIONS[type(node)](self, node)

    def parts(self, node: Expression) -> list[Function]:
        return [self.function(part) for part in node.parts]


def unsupported(node: Expression, doing: str) -> UnsupportedError:
    return UnsupportedError(
        f"{doing} {type(node).__name__}",
        got=str(node)[:80],
        expected=f"an argument of the function or one of {', '.join(kind.__name__ for kind in OPERATIONS)}",
        advice="add the node to OPERATIONS in lstm_sym/evaluate/systems/interpret.py, and to printer.py beside it",
    )


def compile_expression(
    system: InterpretedSystem[Any], expression: Expression, arguments: Sequence[Expression], scalars: Mapping[str, Fraction]
) -> Function:
    """The function from the arguments' values, in order, to the expression's value in that number system."""
    places = {argument: place for place, argument in enumerate(arguments)}
    return Compiler(system, places, scalars).function(expression)


def _fold(operation: str) -> Callable[[Compiler, Any], Function]:
    """The node as a chain of one binary operation of the system, from left to right."""

    def compiled(compiler: Compiler, node: Expression) -> Function:
        first, *others = compiler.parts(node)
        binary = getattr(compiler.system, operation)
        return lambda values: reduce(lambda total, part: binary(total, part(values)), others, first(values))

    return compiled


def _scaled(compiler: Compiler, node: Scaled) -> Function:
    coefficient, body = rational(node.coefficient, compiler.scalars), compiler.function(node.body)
    scale = compiler.system.scale
    return lambda values: scale(coefficient, body(values))


def _power(compiler: Compiler, node: Power) -> Function:
    base, exponent, power = compiler.function(node.base), node.exponent, compiler.system.power
    return lambda values: power(base(values), exponent)


def _transposed(compiler: Compiler, node: Transposed) -> Function:
    body, transpose = compiler.function(node.body), compiler.system.transpose
    return lambda values: transpose(body(values))


def _outer(compiler: Compiler, node: Outer) -> Function:
    left, right = compiler.parts(node)
    product, transpose = compiler.system.product, compiler.system.transpose
    return lambda values: product(left(values), transpose(right(values)))


def _apply(compiler: Compiler, node: Apply) -> Function:
    if node.is_slope:
        raise UnsupportedError(
            f"evaluating {node}", got="a slope of an activation", expected="the slope written in terms of the activation's value"
        )
    body, function, apply = compiler.function(node.body), node.function, compiler.system.apply
    return lambda values: apply(function, body(values))


def _stack(compiler: Compiler, node: Stack) -> Function:
    blocks, stack = compiler.parts(node), compiler.system.stack
    return lambda values: stack([block(values) for block in blocks])


def _constant(number: int) -> Callable[[Compiler, Any], Function]:
    def compiled(compiler: Compiler, node: Expression) -> Function:
        rows, columns = (int(rational(size, compiler.scalars)) for size in node.shape)
        matrix = compiler.system.matrix(((Fraction(number),) * columns,) * rows)
        return lambda values: matrix

    return compiled


OPERATIONS: dict[type[Expression], Callable[[Compiler, Any], Function]] = {
    Sum: _fold("add"),
    Product: _fold("product"),
    Hadamard: _fold("hadamard"),
    Scaled: _scaled,
    Power: _power,
    Transposed: _transposed,
    Outer: _outer,
    Apply: _apply,
    Stack: _stack,
    Ones: _constant(1),
    Zeros: _constant(0),
}
"""How each node type is evaluated."""

"""Formula tree -> value over any algebra of matrices: samples modulo a prime, exact rationals, balls, or the nodes of the
proof.

Laws: a product means what its shapes allow: Hadamard for equal vectors, matrix product where rows meet columns, scaling for
a number. The ways to group a mixed product are tried in one fixed order, and the first that conforms is taken. A pure
number stays a Fraction until it meets a matrix, and then stands for the matrix of that number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lstm_sym.notes.formula.names import Reference, Time, reference, time_of
from lstm_sym.notes.formula.tree import (
    Big,
    Block,
    Call,
    Derivative,
    Factors,
    Formula,
    Group,
    Indexed,
    Name,
    Number,
    NumberMatrix,
    Prefixed,
    Relation,
    Slice,
    Terms,
)
from lstm_sym.notes.formula.tree import Fraction as Quotient
from lstm_sym.notes.model.manner import Manner
from lstm_sym.notes.sampling.products import Products
from lstm_sym.notes.sampling.stacking import Stacking
from lstm_sym.notes.text.bounds import MAX_BITS, UnreadableError

MAX_POWER = 16
MAX_SUM = 64


@dataclass
class Interpreter(Products, Stacking):
    """Evaluates formulas; `scope` gives the meaning of names, `times` the values of t and of running indices."""

    algebra: Any
    scope: Any
    manner: Manner = field(default_factory=Manner)
    times: dict[str, int] = field(default_factory=dict)

    def __call__(self, node: Formula) -> Any:
        self.scope.effort.spend()
        memo = self.scope.memo if id(node) in self.scope.shared else None
        if memo is None:
            return self._evaluate(node)
        place = id(node), tuple(sorted(self.times.items()))
        if place not in memo:
            memo[place] = self._evaluate(node)
        return memo[place]

    def _evaluate(self, node: Formula) -> Any:
        case = CASES.get(type(node))
        if case is None:
            raise UnreadableError(f"{type(node).__name__.lower()} is no part of an equation here", node.start)
        return case(self, node)

    def at(self, **times: int) -> Interpreter:
        return Interpreter(self.algebra, self.scope, self.manner, {**self.times, **times})

    def matrix(self, value: Any, shape: Any = (1, 1)) -> Any:
        """A number as the matrix of that number; a matrix as itself."""
        return self.algebra.constant(value, shape) if isinstance(value, Fraction) else value

    def time(self, time: Time | None, offset: int = 0) -> int | None:
        if time is None:
            return None
        if time.base and time.base not in self.times:
            raise UnreadableError(f"the index {time.base} is bound by nothing", offset)
        return self.times.get(time.base, 0) + time.offset

    # --- names -------------------------------------------------------------------------------------------------------

    def named(self, node: Name | Indexed) -> Any:
        read = reference(node, self.scope.timed)
        if read is None:
            assert isinstance(node, Indexed)
            return self._over(node, self(node.base))
        if read.key == "...":
            raise UnreadableError("an ellipsis", node.start)
        value = self.scope.value(read, self)
        return self._decorated(read, value, node)

    def _decorated(self, read: Reference, value: Any, node: Formula) -> Any:
        if read.primes:
            if read.primes == 1 and read.time is None and not isinstance(value, Fraction):
                value = self.algebra.transpose(value)
            else:
                raise UnreadableError("a prime on a name that is no function", node.start)
        if read.transposed and not isinstance(value, Fraction):
            value = self.algebra.transpose(value)
        return self.power(value, read.power, node) if read.power is not None else value

    def _over(self, node: Indexed, value: Any) -> Any:
        """A bracket, a derivative or a matrix with something above it."""
        if isinstance(node.base, Group) and node.base.kind == "|":
            return self._norm_squared(node, value)
        if node.sub or node.primes > 1:
            raise UnreadableError("an index on a bracket", node.start)
        for item in node.sup:
            if isinstance(item, Name) and item.text in ("T", "transpose", "tr", "'"):
                value = value if isinstance(value, Fraction) else self.algebra.transpose(value)
            else:
                value = self.power(value, item, node)
        if node.primes:
            value = value if isinstance(value, Fraction) else self.algebra.transpose(value)
        return value

    def _norm_squared(self, node: Indexed, value: Any) -> Any:
        """The square of a Euclidean norm; no other norm has a place in a gradient here."""
        marks = [item.text for item in (*node.sub, *node.sup) if isinstance(item, Number)]
        if marks not in (["2"], ["2", "2"]) or not node.sup or isinstance(value, Fraction):
            raise UnreadableError("a norm that is not squared", node.start)
        return self.algebra.total(self.algebra.hadamard(value, value))

    def power(self, value: Any, exponent: Formula, node: Formula) -> Any:
        raised = self(exponent)
        if not isinstance(raised, Fraction) or raised.denominator != 1 or abs(raised) > MAX_POWER:
            raise UnreadableError("an exponent that is no small whole number", node.start)
        count = int(raised)
        if isinstance(value, Fraction):
            if (value.numerator.bit_length() + value.denominator.bit_length()) * abs(count) > MAX_BITS or (
                value == 0 and count < 0
            ):
                raise UnreadableError("a power that is too large", node.start)
            return value**count
        if count == 0:
            return Fraction(1)
        if count < 0:
            value, count = self.algebra.invert(value), -count
        total = value
        for _ in range(count - 1):
            total = self.algebra.hadamard(total, value)
        return total

    # --- sums and products -------------------------------------------------------------------------------------------

    def terms(self, node: Terms) -> Any:
        total = self._signed(node.signs[0], self(node.terms[0]))
        for sign, term in zip(node.signs[1:], node.terms[1:], strict=True):
            total = self.plus(total, self(term), sign)
        return total

    def _signed(self, sign: int, value: Any) -> Any:
        if sign == 1:
            return value
        return -value if isinstance(value, Fraction) else self.algebra.scale(-1, value)

    def plus(self, left: Any, right: Any, sign: int = 1) -> Any:
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return left + sign * right
        if left is ZERO:
            return self._signed(sign, right)
        shape = right.shape if isinstance(left, Fraction) else left.shape
        left, right = self.matrix(left, shape), self.matrix(right, shape)
        return self.algebra.add(left, right, sign)

    def quotient(self, node: Quotient) -> Any:
        above, below = self(node.above), self(node.below)
        if isinstance(below, Fraction):
            if below == 0:
                raise UnreadableError("a division by zero", node.below.start)
            return above / below if isinstance(above, Fraction) else self.algebra.scale(self.algebra.number(1 / below), above)
        reciprocal = self.algebra.invert(below)
        return (
            self.times_by("times", above, reciprocal) if not isinstance(above, Fraction) else self.times_by("", above, reciprocal)
        )

    # --- functions ---------------------------------------------------------------------------------------------------

    def call(self, node: Call) -> Any:
        base = node.function.base if isinstance(node.function, Indexed) else node.function
        name = reference(node.function, frozenset())
        if name is None or not isinstance(base, Name):
            raise UnreadableError("a function without a name", node.start)
        if len(node.arguments) != 1:
            raise UnreadableError(f"{base.text} of several arguments", node.start)
        argument = self(node.arguments[0])
        function = base.text if base.text != "sigma" or name.key == "sigma" else name.key
        return self.applied(function, argument, name, node)

    def applied(self, function: str, argument: Any, name: Reference, node: Formula) -> Any:
        algebra = self.algebra
        if function == "diag":
            return algebra.diagonal(self.matrix(argument))
        argument = self.matrix(argument)
        function = self.scope.function(function)
        if function == "softmax":
            exponentials = algebra.apply("exp", argument)
            value = algebra.scaled_by(algebra.invert(algebra.total(exponentials)), exponentials)
        elif function == "sech":
            value = algebra.invert(algebra.apply("cosh", argument))
        elif name.primes == 1:
            value = algebra.slope(function, argument)
        elif name.primes:
            raise UnreadableError("a second derivative of an activation", node.start)
        else:
            value = algebra.apply(function, argument)
        if name.transposed:
            value = algebra.transpose(value)
        return self.power(value, name.power, node) if name.power is not None else value

    # --- sums over time, derivatives, adjoints -----------------------------------------------------------------------

    def big(self, node: Big) -> Any:
        name, first, last = self.bounds(node)
        if last - first > MAX_SUM:
            raise UnreadableError("a sum of too many terms", node.start)
        total: Any = ZERO if node.kind == "sum" else Fraction(1)
        for time in range(first, last + 1):
            part = self.at(**{name: time})(node.body)
            total = self.plus(total, part) if node.kind == "sum" else self.times_by("", part, total)
        return Fraction(0) if total is ZERO else total

    def bounds(self, node: Big) -> tuple[str, int, int]:
        """The running index of a sum, and its first and last value."""
        if not node.sub:
            return "t", *self.scope.span
        first = node.sub[0]
        if isinstance(first, Relation) and isinstance(first.parts[0], Name):
            lower, upper = time_of(first.parts[1]), time_of(node.sup[0]) if node.sup else None
            start = self.time(lower, node.start)
            stop = self.time(upper, node.start) if upper is not None else None
            if start is None or (node.sup and stop is None):
                raise UnreadableError("the bounds of this sum", node.start)
            return first.parts[0].text, start, self.scope.span[1] if stop is None else stop
        if isinstance(first, Name) and time_of(first) is not None:
            stop = self.time(time_of(node.sup[0]), node.start) if node.sup else self.scope.span[1]
            if stop is None:
                raise UnreadableError("the bounds of this sum", node.start)
            return first.text, self.scope.span[0], stop
        raise UnreadableError("the bounds of this sum", node.start)

    def derivative(self, node: Derivative) -> Any:
        return self.scope.derivative(node, self)

    def prefixed(self, node: Prefixed) -> Any:
        return self.scope.prefixed(node, self)


ZERO = object()


CASES: dict[type, Callable[[Interpreter, Any], Any]] = {
    Number: lambda run, node: Fraction(node.text),
    NumberMatrix: lambda run, node: run.scope.numbers(node, run),
    Name: Interpreter.named,
    Indexed: Interpreter.named,
    Group: Interpreter.group,
    Block: Interpreter.block,
    Terms: Interpreter.terms,
    Factors: Interpreter.factors,
    Quotient: Interpreter.quotient,
    Call: Interpreter.call,
    Slice: Interpreter.slice,
    Big: lambda run, node: run.big(node),
    Derivative: Interpreter.derivative,
    Prefixed: Interpreter.prefixed,
}

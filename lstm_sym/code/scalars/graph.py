"""A graph of scalars: each knows its expression, an Arb ball for its value, and its residues at two random points.

Laws: equal expressions over the same operands are one scalar; a ball contains the value of the expression at the arguments'
values; residues are those of the expression where arguments and exponentials are random elements of the field of 2^61 - 1
elements, with exp(-z) = 1/exp(z) and tanh(z) = (exp(2z) - 1)/(exp(2z) + 1). So different residues say that two expressions
differ formally, equal ones are a conjecture that `identity` proves, and a ball that excludes zero refutes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import arb, ctx, fmpq

from lstm_sym.code.scalars.trace import Trace
from lstm_sym.errors import UnsupportedError

PRIME = 2**61 - 1
ATOMIC = frozenset(("const", "arg", "exp", "tanh", "log", "sqrt", "sin", "cos", "unset", "infinite"))
TINY = Fraction(1, 100_000)

Residues = tuple[int, int]


@lru_cache(maxsize=65536)
def rational(number: float) -> Fraction:
    """The simplest rational that rounds to this float: 1/3 for 0.333..., 1/10 for 0.1, otherwise its shortest decimal."""
    exact = Fraction(number)
    if exact.denominator <= 4096:
        return exact
    near = exact.limit_denominator(4096)
    return near if near and float(near) == number else Fraction(repr(float(number)))


def inverse(residue: int) -> int:
    """The inverse in the field; of zero it is zero, which a random point meets with probability 2^-61."""
    return pow(residue, -1, PRIME) if residue else 0


class Scalar:
    """One number of the user's program. Operators and NumPy methods are added by `lstm_sym.code.scalars.scalar`."""

    __slots__ = ("args", "ball", "graph", "height", "ident", "op", "r1", "r2", "value")

    def __init__(
        self, graph: Graph, ident: int, op: str, args: tuple[Any, ...], ball: arb, residues: Residues, height: int
    ) -> None:
        self.graph, self.ident, self.op, self.args, self.ball, self.height = graph, ident, op, args, ball, height
        self.r1, self.r2 = residues
        self.value: Fraction | None = None

    def __hash__(self) -> int:
        return self.ident


class Graph:
    """All scalars of one run, with the record of its branches. `guards` False reads constants up to 1e-5 as zero."""

    def __init__(self, seed: int, precision: int, guards: bool = True, clips: bool = True) -> None:
        self.random = random.Random(seed)
        self.precision, self.guards, self.clips, self.seed = precision, guards, clips, seed
        self.scalars: list[Scalar] = []
        self.trace = Trace()
        self._known: dict[tuple[Any, ...], Scalar] = {}
        self._constants: dict[Fraction, Scalar] = {}
        self._exponents: dict[int, tuple[int, int, int]] = {}
        self._atoms: dict[tuple[Any, ...], Residues] = {}
        self.zero, self.one, self.minus_one = self.constant(Fraction(0)), self.constant(Fraction(1)), self.constant(Fraction(-1))

    # making scalars

    def _new(self, op: str, args: tuple[Any, ...], ball: arb, residues: Residues, height: int = 0) -> Scalar:
        scalar = Scalar(self, len(self.scalars), op, args, ball, residues, height)
        self.scalars.append(scalar)
        self.trace.created(scalar.ident)
        return scalar

    def constant(self, value: Fraction) -> Scalar:
        found = self._constants.get(value)
        if found is None:
            residue = value.numerator * inverse(value.denominator % PRIME) % PRIME
            found = self._new("const", (value,), arb(fmpq(value.numerator, value.denominator)), (residue, residue))
            found.value = value
            self._constants[value] = found
        return found

    def argument(self, name: str, index: tuple[int, ...], value: Fraction) -> Scalar:
        key = ("arg", name, index)
        found = self._known.get(key)
        if found is None:
            found = self._new("arg", (name, index, value), arb(fmpq(value.numerator, value.denominator)), self._fresh())
            self._known[key] = found
        return found

    def argument_at(self, name: str, index: tuple[int, ...]) -> Scalar | None:
        """The argument made for that entry in this run."""
        return self._known.get(("arg", name, index))

    def special(self, op: str, ball: arb) -> Scalar:
        """An entry that was never written, or an infinity: in no relation with anything."""
        return self._new(op, (), ball, self._fresh())

    def read(self, other: Any) -> Scalar | None:
        """A scalar of this graph for a number of any kind, or None where it is no number."""
        if isinstance(other, Scalar):
            return other
        if hasattr(other, "item") and getattr(other, "ndim", None) == 0:
            return self.read(other.item())
        if isinstance(other, bool | int | Fraction):
            return self.constant(Fraction(other))
        if isinstance(other, float):
            return self._read_float(other)
        return None

    def _read_float(self, number: float) -> Scalar:
        if number != number or number in (float("inf"), float("-inf")):
            return self.special("infinite", arb(number))
        value = rational(number)
        if not self.guards and 0 < abs(value) <= TINY:
            return self.zero
        return self.constant(value)

    def _fresh(self) -> Residues:
        return self.random.randrange(2, PRIME), self.random.randrange(2, PRIME)

    # operations

    def add(self, a: Scalar, b: Scalar) -> Scalar:
        self.trace.stepped()
        if a.value is not None:
            if b.value is not None:
                return self.constant(a.value + b.value)
            if not a.value:
                return b
        elif b.value is not None and not b.value:
            return a
        key = ("add", a.ident, b.ident) if a.ident <= b.ident else ("add", b.ident, a.ident)
        found = self._known.get(key)
        if found is None:
            residues = (a.r1 + b.r1) % PRIME, (a.r2 + b.r2) % PRIME
            found = self._known[key] = self._new("add", (a, b), a.ball + b.ball, residues, 1 + max(a.height, b.height))
        return found

    def multiply(self, a: Scalar, b: Scalar) -> Scalar:
        """The product. Zero times a scalar is kept as a product outside the derivative: causes are found along such edges."""
        self.trace.stepped()
        if a.value is not None or b.value is not None:
            known, other = (a, b) if a.value is not None else (b, a)
            if other.value is not None:
                return self.constant(known.value * other.value)  # type: ignore[operator]
            if known.value == 1:
                return other
            if not known.value and self.trace.phase == "derivative" and other.ball.is_finite():
                return known
        key = ("mul", a.ident, b.ident) if a.ident <= b.ident else ("mul", b.ident, a.ident)
        found = self._known.get(key)
        if found is None:
            residues = a.r1 * b.r1 % PRIME, a.r2 * b.r2 % PRIME
            found = self._known[key] = self._new("mul", (a, b), a.ball * b.ball, residues, 1 + max(a.height, b.height))
        return found

    def negative(self, a: Scalar) -> Scalar:
        return self.multiply(self.minus_one, a)

    def invert(self, a: Scalar) -> Scalar:
        if a.value:
            return self.constant(1 / a.value)
        if a.op == "inv":
            return a.args[0]
        return self._unary("inv", a, 1 / a.ball, lambda: (inverse(a.r1), inverse(a.r2)), a.height + 1)

    def exp(self, a: Scalar) -> Scalar:
        if a.value == 0:
            return self.one
        rest, powers = self._without_logarithms(a)
        if powers:
            result = self.exp(rest)
            for base, power in powers:
                for _ in range(abs(power)):
                    result = self.multiply(result, base if power > 0 else self.invert(base))
            return result
        return self._unary("exp", a, a.ball.exp(), lambda: self._exponential(a, 1))

    def _without_logarithms(self, a: Scalar) -> tuple[Scalar, list[tuple[Scalar, int]]]:
        """The sum a as rest + k log(s) + ..., so that exp(z - log s) is exp(z)/s."""
        if a.op == "log":
            return self.zero, [(a.args[0], 1)]
        if a.op == "mul":
            factor, other = a.args if a.args[0].value is not None else a.args[::-1]
            whole = factor.value is not None and factor.value.denominator == 1 and abs(factor.value) <= 8
            return (self.zero, [(other.args[0], int(factor.value))]) if whole and other.op == "log" else (a, [])
        if a.op != "add":
            return a, []
        (left, first), (right, second) = (self._without_logarithms(part) for part in a.args)
        return (self.add(left, right), first + second) if first or second else (a, [])

    def tanh(self, a: Scalar) -> Scalar:
        if a.value == 0:
            return self.zero

        def residues() -> Residues:
            e1, e2 = self._exponential(a, 2)
            return (e1 - 1) * inverse(e1 + 1) % PRIME, (e2 - 1) * inverse(e2 + 1) % PRIME

        return self._unary("tanh", a, a.ball.tanh(), residues)

    def log(self, a: Scalar) -> Scalar:
        if a.value == 1:
            return self.zero
        return self._unary("log", a, a.ball.log(), lambda: self._atom("log", a))

    def sin(self, a: Scalar) -> Scalar:
        return self.zero if a.value == 0 else self._unary("sin", a, a.ball.sin(), lambda: self._atom("sin", a))

    def cos(self, a: Scalar) -> Scalar:
        return self.one if a.value == 0 else self._unary("cos", a, a.ball.cos(), lambda: self._atom("cos", a))

    def sqrt(self, a: Scalar) -> Scalar:
        if a.value is not None and a.value >= 0:
            root = fmpq(a.value.numerator, a.value.denominator)
            top, bottom = int(root.p.isqrt()), int(root.q.isqrt())
            if top * top == a.value.numerator and bottom * bottom == a.value.denominator:
                return self.constant(Fraction(top, bottom))

        def residues() -> Residues:
            roots = [pow(r, (PRIME + 1) // 4, PRIME) for r in (a.r1, a.r2)]
            square = all(root * root % PRIME == r for root, r in zip(roots, (a.r1, a.r2), strict=True))
            return (roots[0], roots[1]) if square else self._atom("sqrt", a)

        return self._unary("sqrt", a, a.ball.sqrt(), residues)

    def _unary(self, op: str, a: Scalar, ball: arb, residues: Any, height: int = 0) -> Scalar:
        self.trace.stepped()
        key = (op, a.ident)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._new(op, (a,), ball, residues(), height)
        return found

    def _atom(self, op: str, a: Scalar) -> Residues:
        return self._atoms.setdefault((op, a.r1, a.r2), self._fresh())

    def _exponential(self, a: Scalar, times: int) -> Residues:
        """Residues of exp(times * a): powers of one base for all arguments that are half-integer multiples of each other."""
        ratio = a.r1 * inverse(a.r2) % PRIME
        if ratio not in self._exponents:
            self._exponents[ratio] = (a.r1, *self._fresh())
        first, base1, base2 = self._exponents[ratio]
        twice = 2 * times * a.r1 * inverse(first) % PRIME
        power = twice if twice < PRIME // 2 else twice - PRIME
        if abs(power) > 64:
            return self._atom(f"exp{times}", a) if times == 1 else self._square(self._exponential(a, 1))
        return pow(base1, power, PRIME), pow(base2, power, PRIME)

    @staticmethod
    def _square(residues: Residues) -> Residues:
        return residues[0] ** 2 % PRIME, residues[1] ** 2 % PRIME


_CURRENT: ContextVar[Graph | None] = ContextVar("lstm_sym_graph", default=None)


def current() -> Graph:
    """The graph of the run in progress."""
    graph = _CURRENT.get()
    if graph is None:
        raise UnsupportedError("a scalar outside a run", got="no run in progress", advice="call this through verify_gradient")
    return graph


@contextmanager
def running(graph: Graph) -> Iterator[Graph]:
    """Make this graph the current one, at its working precision."""
    token = _CURRENT.set(graph)
    try:
        with ctx.workprec(graph.precision):
            yield graph
    finally:
        _CURRENT.reset(token)

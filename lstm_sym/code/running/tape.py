"""The loss of one run as a tape of residues: edges with local slopes, on which backward passes with a planted mistake are run.

Edges into one activation are collapsed (1/(1 + exp(-z)) is one edge to z with slope s(1 - s)), so that mistakes about
activations can be planted however the user writes them. An edge belongs to the site that made its consumer. Law: with nothing
planted the backward pass gives the residues of the true derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from lstm_sym.code.running.run import Run
from lstm_sym.code.scalars.adjoint import local, reached
from lstm_sym.code.scalars.graph import PRIME, Residues, Scalar, inverse
from lstm_sym.code.scalars.trace import Made, Trace

Key = tuple[int, int]
Change = tuple[Residues, Residues]
ZERO: Residues = (0, 0)
ONE: Residues = (1, 1)
HALF = inverse(2)


def times(a: Residues, b: Residues) -> Residues:
    return a[0] * b[0] % PRIME, a[1] * b[1] % PRIME


def minus(a: Residues, b: Residues) -> Residues:
    return (a[0] - b[0]) % PRIME, (a[1] - b[1]) % PRIME


def residues(scalar: Scalar) -> Residues:
    return scalar.r1, scalar.r2


@dataclass(frozen=True)
class Edge:
    """What a scalar passes back to one operand: key (consumer, slot), slope, and the other factor where it is a product."""

    key: Key
    consumer: Scalar
    operand: Scalar
    slope: Residues
    other: Scalar | None = None
    activation: str | None = None


class Tape:
    """Edges of the run's loss, latest consumer first."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.trace: Trace = run.graph.trace
        self.order = reached(run.loss)
        self.activations = _activations(self.order)
        self.edges: list[Edge] = [edge for scalar in self.order for edge in self._edges(scalar)]

    def _edges(self, scalar: Scalar) -> list[Edge]:
        if scalar.ident in self.activations:
            kind, inner, collapsed = self.activations[scalar.ident]
            return [Edge((scalar.ident, 0), scalar, inner, collapsed, activation=kind)]
        found = []
        for slot, (operand, slope) in enumerate(local(self.run.graph, scalar)):
            other = scalar.args[1 - slot] if scalar.op == "mul" else None
            found.append(Edge((scalar.ident, slot), scalar, operand, residues(slope), other))
        return found

    def backward(self, changes: Mapping[Key, Change], redirected: Mapping[Key, Scalar] | None = None) -> dict[int, Residues]:
        """Residues of the adjoints of the arguments, with changed edges: (slope, offset) passes back slope * adjoint + offset.

        A redirected edge passes back to another scalar than its operand, one made before its consumer.
        """
        adjoints: dict[int, Residues] = {self.run.loss.ident: ONE}
        for edge in self.edges:
            adjoint = adjoints.get(edge.key[0])
            if adjoint is None:
                continue
            change = changes.get(edge.key)
            if change is None:
                slope = edge.slope
                p1, p2 = adjoint[0] * slope[0], adjoint[1] * slope[1]
            else:
                slope, offset = change
                p1, p2 = adjoint[0] * slope[0] + offset[0], adjoint[1] * slope[1] + offset[1]
            to = redirected.get(edge.key, edge.operand).ident if redirected else edge.operand.ident
            before = adjoints.get(to, ZERO)
            adjoints[to] = ((before[0] + p1) % PRIME, (before[1] + p2) % PRIME)
        return adjoints

    def inside(self, scalar: Scalar) -> Made | None:
        return self.trace.inside.get(scalar.ident)

    def entry(self, scalar: Scalar) -> Made | None:
        return self.trace.entry.get(scalar.ident)

    @cached_property
    def at(self) -> dict[Made, Scalar]:
        """The scalar that is this entry of this result."""
        scalars = self.run.graph.scalars
        return {made: scalars[ident] for ident, made in self.trace.entry.items()}


def _activations(order: list[Scalar]) -> dict[int, tuple[str, Scalar, Residues]]:
    """Scalars that are tanh or the logistic function of something, with that operand and the slope."""
    found: dict[int, tuple[str, Scalar, Residues]] = {}
    logistic: dict[Residues, tuple[Scalar, int]] = {}
    for scalar in order:
        if scalar.op == "exp":
            falling = _each(residues(scalar), lambda r: inverse(1 + r))
            logistic[falling] = (scalar.args[0], -1)
            logistic[minus(ONE, falling)] = (scalar.args[0], 1)
        elif scalar.op == "tanh":
            y = residues(scalar)
            found[scalar.ident] = ("tanh", scalar.args[0], minus(ONE, times(y, y)))
            logistic[_each(y, lambda r: (1 + r) * HALF % PRIME)] = (scalar.args[0], 2)
    for scalar in order:
        if scalar.op in ("add", "mul", "inv") and residues(scalar) in logistic:
            operand, sign = logistic[residues(scalar)]
            found[scalar.ident] = _logistic(scalar, operand, sign)
            if sign == 2:
                inner = {s.ident for s in order if s.op == "tanh" and s.args[0] is operand}
                for ident in inner:
                    found.pop(ident, None)
    return found


def _logistic(scalar: Scalar, operand: Scalar, sign: int) -> tuple[str, Scalar, Residues]:
    s = residues(scalar)
    slope = times(s, minus(ONE, s))
    if operand.op == "mul" and operand.args[0].value is not None and operand.args[0].value * sign == 1:
        return "sigma", operand.args[1], slope
    if operand.op == "mul" and operand.args[1].value is not None and operand.args[1].value * sign == 1:
        return "sigma", operand.args[0], slope
    factor = sign % PRIME
    return "sigma", operand, times(slope, (factor, factor))


def _each(pair: Residues, function: Callable[[int], int]) -> Residues:
    return function(pair[0]), function(pair[1])

"""Reverse mode over the graph: the derivative of one scalar by the arguments, as scalars of the same graph.

SLOPES is the table of derivatives by operation; each is built from scalars, so the derivative is exact, and it can be read
and proved.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from lstm_sym.code.scalars.graph import Graph, Scalar
from lstm_sym.code.scalars.scalar import NotRunnableError


def _tanh(graph: Graph, y: Scalar) -> Scalar:
    return graph.add(graph.one, graph.negative(graph.multiply(y, y)))


SLOPES: dict[str, Callable[[Graph, Scalar], Scalar]] = {
    "inv": lambda graph, y: graph.negative(graph.multiply(y, y)),
    "exp": lambda graph, y: y,
    "tanh": _tanh,
    "log": lambda graph, y: graph.invert(y.args[0]),
    "sqrt": lambda graph, y: graph.multiply(graph.constant(Fraction(1, 2)), graph.invert(y)),
    "sin": lambda graph, y: graph.cos(y.args[0]),
    "cos": lambda graph, y: graph.negative(graph.sin(y.args[0])),
}
"""Derivative of y by its one operand, in terms of y."""


def reached(root: Scalar) -> list[Scalar]:
    """The scalars that the root is computed from, itself included, latest first."""
    seen, stack = {root.ident: root}, [root]
    while stack:
        scalar = stack.pop()
        if scalar.op in ("const", "arg", "unset", "infinite"):
            continue
        for operand in scalar.args:
            if operand.ident not in seen:
                seen[operand.ident] = operand
                stack.append(operand)
    return [seen[ident] for ident in sorted(seen, reverse=True)]


def derivative(root: Scalar) -> dict[int, Scalar]:
    """The derivative of the root by each argument that it depends on, by the argument's ident."""
    graph = root.graph
    adjoints: dict[int, Scalar] = {root.ident: graph.one}
    found: dict[int, Scalar] = {}
    for scalar in reached(root):
        adjoint = adjoints.pop(scalar.ident)
        if scalar.op == "arg":
            found[scalar.ident] = adjoint
        for operand, slope in local(graph, scalar):
            if operand.value is not None:
                continue
            part = graph.multiply(adjoint, slope)
            before = adjoints.get(operand.ident)
            adjoints[operand.ident] = part if before is None else graph.add(before, part)
        for operand in scalar.args if scalar.op in ("add", "mul") else ():
            adjoints.setdefault(operand.ident, graph.zero)
    return found


def local(graph: Graph, scalar: Scalar) -> list[tuple[Scalar, Scalar]]:
    """The operands of a scalar, each with the scalar's partial derivative by it."""
    if scalar.op in ("const", "arg"):
        return []
    if scalar.op == "add":
        return [(scalar.args[0], graph.one), (scalar.args[1], graph.one)]
    if scalar.op == "mul":
        a, b = scalar.args
        return [(a, b), (b, a)]
    if scalar.op not in SLOPES:
        raise NotRunnableError("the loss", got="an entry that was never written, or an infinity", expected="numbers")
    return [(scalar.args[0], SLOPES[scalar.op](graph, scalar))]

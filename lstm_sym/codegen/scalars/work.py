"""How much arithmetic a step takes as scalars: the choice between straight-line code and arrays.

Law: `operations` counts the additions, multiplications and calls of activations that the text of a step holds, forward and
backward, without writing it; a test counts them in the text.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from lstm_sym.codegen.plan import Plan
from lstm_sym.codegen.scalars.entries import Entries, unknown
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import Outer, SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros


def operations(plan: Plan, entries: Entries) -> int:
    """Additions, multiplications and activations of one step of one sequence, forward and backward."""
    values = [value for lines in (plan.forward, plan.backward) for each in lines for value in each.values]
    bodies = [value.body for each in plan.totals for value in each.values if isinstance(value, SumOverTime)]
    summed = [body for body in bodies if not isinstance(body, Zeros)]
    return sum(_work(entries, node) for node in (*values, *summed)) + sum(_size(entries, body) for body in summed)


def _size(entries: Entries, node: Expression) -> int:
    return prod(entries.length(side) for side in node.shape)


def _work(entries: Entries, node: Expression) -> int:
    """Operations in the text of all entries."""
    if type(node) not in COUNTS:
        raise unknown(node)
    return COUNTS[type(node)](entries, node)


def _parts(entries: Entries, node: Expression) -> int:
    return sum(_work(entries, part) for part in node.parts)


def _between(entries: Entries, node: Expression) -> int:
    """Terms or factors entry by entry: one operation fewer than there are of them."""
    return _parts(entries, node) + (len(node.args) - 1) * _size(entries, node)


def _scaled(entries: Entries, node: Scaled) -> int:
    return _parts(entries, node) + (0 if abs(node.coefficient) == 1 else _size(entries, node))


def _product(entries: Entries, node: Product) -> int:
    left, right = node.args
    rows, columns = (entries.length(side) for side in node.shape)
    within = (2 * entries.length(left.shape[1]) - 1) * rows * columns
    return within + columns * _work(entries, left) + rows * _work(entries, right)


def _outer(entries: Entries, node: Outer) -> int:
    rows, columns = (entries.length(side) for side in node.shape)
    return rows * columns + columns * _work(entries, node.args[0]) + rows * _work(entries, node.args[1])


COUNTS: dict[type[Expression], Callable[..., int]] = {
    Timed: lambda entries, node: 0,
    Parameter: lambda entries, node: 0,
    Ones: lambda entries, node: 0,
    Zeros: lambda entries, node: 0,
    Sum: _between,
    Scaled: _scaled,
    Product: _product,
    Hadamard: _between,
    Power: lambda entries, node: node.exponent * _parts(entries, node) + (node.exponent - 1) * _size(entries, node),
    Transposed: _parts,
    Outer: _outer,
    Apply: lambda entries, node: _parts(entries, node) + _size(entries, node),
}
"""The operations in the text of each node type; a type that has no text in entries.py has no count."""

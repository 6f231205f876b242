"""Stacked expressions taken apart: the blocks of an expression that stands for blocks above one another.

Laws: an expression without a stack is its own only block; a product of a transposed stack, or of blocks beside one another, with
a stack is the sum of the products of their blocks; blocks stand from top to bottom or from left to right, never both at once.
"""

from __future__ import annotations

from lstm_sym.errors import DeclarationError
from lstm_sym.symbols.compound import Beside, Outer, Stack, SumOverTime, outer
from lstm_sym.symbols.nodes import Expression, Product, Scaled, Sum, Transposed, add, product, scale, transpose
from lstm_sym.symbols.traversal import rebuild, walk


def blocks(expression: Expression) -> tuple[Expression, ...]:
    """The blocks in their order, none of which holds blocks."""
    if not any(isinstance(node, Stack | Beside) for node in walk(expression)):
        return (expression,)
    if isinstance(expression, Stack | Beside):
        return tuple(inner for block in expression.blocks for inner in blocks(block))
    if isinstance(expression, Product):
        return _product(expression)
    if isinstance(expression, Outer):
        rows, columns = blocks(expression.args[0]), blocks(expression.args[1])
        if len(rows) > 1 and len(columns) > 1:
            raise _misfit(expression)
        return tuple(outer(left, right) for left in rows for right in columns)
    if isinstance(expression, Scaled):
        return tuple(scale(expression.coefficient, block) for block in blocks(expression.body))
    if isinstance(expression, SumOverTime):
        return tuple(SumOverTime(block, expression.lower, expression.upper) for block in blocks(expression.body))
    if isinstance(expression, Transposed):
        raise _misfit(expression)
    return _entrywise(expression)


def _entrywise(expression: Expression) -> tuple[Expression, ...]:
    """Sums, Hadamard products, powers and activations act block by block."""
    parts = [blocks(arg) if isinstance(arg, Expression) else arg for arg in expression.args]
    counts = {len(part) for part in parts if isinstance(part, tuple)}
    if len(counts) != 1:
        raise _misfit(expression)
    (count,) = counts
    return tuple(rebuild(expression, [part[k] if isinstance(part, tuple) else part for part in parts]) for k in range(count))


def _product(expression: Product) -> tuple[Expression, ...]:
    left, right = expression.args[0], product(*expression.args[1:])
    if isinstance(left, Transposed) and not isinstance(left.body, Beside) and isinstance(right, Stack | Sum | Scaled):
        pairs = zip(blocks(left.body), blocks(right), strict=False)
        if len(blocks(left.body)) != len(blocks(right)):
            raise _misfit(expression)
        return (add(*[product(transpose(upper), lower) for upper, lower in pairs]),)
    if isinstance(left, Beside):
        if len(blocks(left)) != len(blocks(right)):
            raise _misfit(expression)
        return (add(*[product(block, part) for block, part in zip(blocks(left), blocks(right), strict=True)]),)
    if isinstance(left, Transposed) and isinstance(left.body, Beside):
        (single,) = _one(right)
        return tuple(product(transpose(block), single) for block in blocks(left.body))
    (single,) = _one(right)
    return tuple(product(block, single) for block in blocks(left))


def _one(expression: Expression) -> tuple[Expression, ...]:
    found = blocks(expression)
    if len(found) != 1:
        raise _misfit(expression)
    return found


def _misfit(expression: Expression) -> DeclarationError:
    return DeclarationError(
        f"stacked expression {expression}", got="blocks that do not fit together", expected="as many blocks on each side"
    )

"""How equations over columns are compiled: sums of products of weights with columns become one product, differences stay differences.

    W_a x + U_a h + b_a                     [W_a U_a] [x; h] + b_a
    U_r^T delta_r + U_z^T delta_z           [U_r^T U_z^T] [delta_r; delta_z]

Law: what depends on parameters alone is computed when it is first needed and again only when other parameters are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add, sub
from typing import Any

from lstm_sym.evaluate.interpret import Compiler, Function
from lstm_sym.symbols.leaves import Parameter
from lstm_sym.symbols.nodes import Expression, Product, Scaled, Sum
from lstm_sym.symbols.traversal import symbols_in


class ColumnCompiler(Compiler):
    """The compiler of the columns system; `system` is a ColumnBalls."""

    def function(self, node: Expression) -> Function:
        if node not in self.places and node.shape[1] == 1:
            if isinstance(node, Sum):
                return self._sum(node)
            if self._is_weighted(node):
                return self._weighted([node])
        return super().function(node)

    def _is_weighted(self, node: Expression) -> bool:
        """Whether the node is a product of something made of parameters, with more than one column, and a column."""
        if not (isinstance(node, Product) and len(node.args) == 2) or node.shape[1] != 1:
            return False
        left = node.args[0]
        symbols = symbols_in(left)
        return left.shape[1] != 1 and bool(symbols) and all(type(symbol) is Parameter for symbol in symbols)

    def _weighted(self, products: Sequence[Expression]) -> Function:
        """The sum of such products as one."""
        weights = _Kept(self, [product.args[0] for product in products])
        columns = [self.function(product.args[1]) for product in products]
        product = self.system.product
        if len(columns) == 1:
            (only,) = columns
            return lambda values: product(weights(values), only(values))
        return lambda values: product(weights(values), [entry for column in columns for entry in column(values)])

    def _sum(self, node: Sum) -> Function:
        weighted = [term for term in node.args if self._is_weighted(term)]
        plus = [self.function(term) for term in node.args if term not in weighted and not _is_negative(term)]
        minus = [self.function(term.body) for term in node.args if _is_negative(term)]
        if weighted:
            plus.insert(0, self._weighted(weighted))
        if not plus:
            return super().function(node)
        first, *others = plus

        def total(values: Sequence[Any]) -> Any:
            result = reduce(lambda left, term: map(add, left, term(values)), others, first(values))
            return reduce(lambda left, term: map(sub, left, term(values)), minus, result)

        return total


def _is_negative(term: Expression) -> bool:
    return isinstance(term, Scaled) and term.coefficient == -1


class _Kept:
    """The matrices of some expressions of parameters beside one another, kept as long as the parameters are the same objects."""

    def __init__(self, compiler: ColumnCompiler, expressions: Sequence[Expression]) -> None:
        self.functions = [Compiler.function(compiler, expression) for expression in expressions]
        symbols = {symbol for expression in expressions for symbol in symbols_in(expression)}
        self.places = sorted(compiler.places[symbol] for symbol in symbols)
        self.beside = compiler.system.beside
        self.inputs: list[Any] = []
        self.kept: Any = None

    def __call__(self, values: Sequence[Any]) -> Any:
        inputs = [values[place] for place in self.places]
        if not (len(inputs) == len(self.inputs) and all(a is b for a, b in zip(inputs, self.inputs, strict=True))):
            self.inputs, self.kept = inputs, self.beside([function(values) for function in self.functions])
        return self.kept

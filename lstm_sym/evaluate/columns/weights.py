"""Products of weights with columns, gathered over equations: those that read the same columns become one product.

    W_a x + U_a h  and  W_i x + U_i h      [[W_a, U_a], [W_i, U_i]] [x; h]
    W^T delta      and  U^T delta          [W^T; U^T] delta

Law: the stacked matrix is built when it is first needed and again only when other parameters are given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lstm_sym.evaluate.systems.addresses import Address, Assignment
from lstm_sym.evaluate.systems.interpret import compile_expression
from lstm_sym.symbols.leaves import Parameter
from lstm_sym.symbols.nodes import Expression, Product, Sum
from lstm_sym.symbols.traversal import symbols_in, walk

Terms = tuple[Expression, ...]
Read = tuple[Terms, tuple[Address, ...]]


@dataclass
class Weighted:
    """Sums of weights times the same columns; `cuts` names the rows of each sum in the common product."""

    columns: Terms
    sums: list[Terms] = field(default_factory=list)
    addresses: dict[Expression, Address] = field(default_factory=dict)
    cuts: dict[Terms, str] = field(default_factory=dict)

    @property
    def symbols(self) -> list[Expression]:
        return list(dict.fromkeys(s for terms in self.sums for term in terms for s in symbols_in(term.args[0])))

    def weights(self, system: Any, scalars: Mapping[str, Fraction]) -> Kept:
        return Kept(system, scalars, [[term.args[0] for term in terms] for terms in self.sums], self.symbols)


def is_weighted(node: Expression) -> bool:
    """Whether the node is a product of something made of parameters alone and a column."""
    if not (isinstance(node, Product) and len(node.args) == 2 and node.shape[1] == 1):
        return False
    symbols = symbols_in(node.args[0])
    return node.args[0].shape[1] != 1 and bool(symbols) and all(type(symbol) is Parameter for symbol in symbols)


def read_by(columns: Terms, here: Mapping[Expression, Address]) -> Read:
    """Columns with the addresses of all that they read, which tell one step's from another's."""
    return columns, tuple(here[node] for column in columns for node in walk(column) if node in here)


def weighted_sums(assignments: Sequence[Assignment]) -> dict[Read, Weighted]:
    """The groups by what they read."""
    groups: dict[Read, Weighted] = {}
    for assignment in assignments:
        inside: set[Expression] = set()
        for node in walk(assignment.expression):
            parts = node.args if isinstance(node, Sum) else (node,)
            terms = tuple(part for part in parts if is_weighted(part))
            if not terms or node in inside:
                continue
            inside.update(terms)
            columns = tuple(term.args[1] for term in terms)
            here = dict(zip(assignment.arguments, assignment.sources, strict=True))
            group = groups.setdefault(read_by(columns, here), Weighted(columns))
            group.addresses.update(here)
            if terms not in group.sums:
                group.sums.append(terms)
    return groups


class Kept:
    """The stacked matrix of weights, kept as long as the parameters are the same."""

    def __init__(
        self, system: Any, scalars: Mapping[str, Fraction], rows: Sequence[Sequence[Expression]], symbols: Sequence[Expression]
    ) -> None:
        self.system = system
        self.rows = [[compile_expression(system, node, symbols, scalars) for node in row] for row in rows]
        self.given: Sequence[Any] = []
        self.matrix: Any = None

    def __call__(self, values: Sequence[Any]) -> Any:
        if values != self.given:  # a list tells at once that its entries are the same objects
            self.matrix = self.system.stack_exact(
                [self.system.beside([function(values) for function in row]) for row in self.rows]
            )
            self.given = values
        return self.matrix

"""Equations over columns as straight Python code: a comprehension for each equation, one product for all that read one column.

    net_a = W_a x + U_a h + b_a        g = product([[W_a, U_a], [W_i, U_i]], [*x, *h]);  p, q = g[:n], g[n:]
    net_i = W_i x + U_i h + b_i        net_a = [u + v for u, v in zip(p, b_a)];  net_i = [u + v for u, v in zip(q, b_i)]
    a = tanh(net_a)                    a = [tanh(u) for u in net_a]

Law: the code holds numbers and names of its own, c0, c1, ..., and no text of a declaration. Columns of one entry are handled
without loops. What is not entrywise is left to the interpreter over nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lstm_sym.evaluate.addresses import Address, Assignment
from lstm_sym.evaluate.interpret import compile_expression, rational
from lstm_sym.evaluate.weights import Weighted, is_weighted, read_by, weighted_sums
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import Stack
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros

Function = Callable[[Sequence[Any]], Sequence[Any]]


def block_function(
    system: Any, assignments: Sequence[Assignment], sources: Sequence[Address], scalars: Mapping[str, Fraction]
) -> Function:
    """One function for the assignments, in order, over ColumnBalls."""
    return _Writer(system, assignments, sources, scalars).function()


class _Writer:
    """Writes the lines of the function; `names` has the Python name of every value known so far."""

    def __init__(
        self, system: Any, assignments: Sequence[Assignment], sources: Sequence[Address], scalars: Mapping[str, Fraction]
    ) -> None:
        self.system, self.assignments, self.scalars = system, assignments, scalars
        self.names = {source: f"c{place}" for place, source in enumerate(sources)}
        self.space: dict[str, Any] = dict(system.functions())
        self.lines = [f"{', '.join(self.names.values())}, = values"] if sources else []
        self.scalars_of: dict[str, str] = {}
        self.count = len(self.names)
        self.groups = weighted_sums(assignments)
        self.here: Mapping[Expression, Address] = {}

    def function(self) -> Function:
        for assignment in self.assignments:
            self.here = dict(zip(assignment.arguments, assignment.sources, strict=True))
            self.names[assignment.target] = self._column(assignment.expression)
        results = ", ".join(self.names[assignment.target] for assignment in self.assignments)
        body = "\n    ".join([*self.lines, f"return [{results}]"])
        exec(compile(f"def block(values):\n    {body}\n", "<equations over columns>", "exec"), self.space)
        function: Function = self.space["block"]
        return function

    def _new(self, code: str) -> str:
        name = f"c{self.count}"
        self.count += 1
        self.lines.append(f"{name} = {code}")
        return name

    def _constant(self, value: Any) -> str:
        name = f"k{len(self.space)}"
        self.space[name] = value
        return name

    def _column(self, node: Expression) -> str:
        """The name of a value that holds the node, which is written first if need be."""
        if node in self.here:
            return self.names[self.here[node]]
        if isinstance(node, Stack) and node.shape[1] == 1:
            return self._new(f"[{', '.join('*' + self._column(block) for block in node.blocks)}]")
        if is_weighted(node):
            return self._product((node,))
        if _sums_entries(node):
            column = self._column(node.args[1])
            return column if self._size(node.args[1], 0) == 1 else self._new(f"[sum({column}, zero)]")
        if self._size(node, 1) != 1 and isinstance(node, Sum | Scaled):
            return self._new(self._matrix(node))
        if self._size(node, 1) != 1 or not isinstance(node, Sum | Hadamard | Power | Scaled | Ones | Apply):
            return self._interpreted(node)
        columns: dict[str, str] = {}
        rows = self._size(node, 0)
        code = self._entry(node, columns)
        if rows == 1:
            for column, entry in columns.items():
                if self.scalars_of.get(column) is None:
                    self.lines.append(f"{entry}, = {column}")
                    self.scalars_of[column] = entry
            self.lines.append(f"e{self.count} = {code}")
            self.scalars_of[f"c{self.count}"] = f"e{self.count}"
            return self._new(f"[e{self.count}]")
        if not columns:
            return self._new(f"[{code}] * {rows}")
        if len(columns) == 1:
            ((column, entry),) = columns.items()
            return self._new(f"[{code} for {entry} in {column}]")
        return self._new(f"[{code} for {', '.join(columns.values())} in zip({', '.join(columns)})]")

    def _size(self, node: Expression, side: int) -> int:
        return int(rational(node.shape[side], self.scalars))

    def _entry(self, node: Expression, columns: dict[str, str]) -> str:
        """The code of one entry; `columns` gains the columns whose entries it names."""
        if node not in self.here:
            if isinstance(node, Sum):
                return self._sum(node, columns)
            if isinstance(node, Hadamard):
                return "*".join(self._factor(factor, columns) for factor in node.args)
            if isinstance(node, Power):
                return "*".join([self._factor(node.base, columns)] * node.exponent)
            if isinstance(node, Scaled):
                body = self._factor(node.body, columns)
                coefficient = rational(node.coefficient, self.scalars)
                return f"-{body}" if coefficient == -1 else f"{self._constant(self.system.number(coefficient))}*{body}"
            if isinstance(node, Apply) and not node.is_slope and node.function in self.space:
                return f"{node.function}({self._entry(node.body, columns)})"
            if isinstance(node, Ones):
                return "zero" if isinstance(node, Zeros) else "one"
        column = self._column(node)
        return columns.setdefault(column, "e" + column[1:])

    def _factor(self, node: Expression, columns: dict[str, str]) -> str:
        code = self._entry(node, columns)
        simple = node in self.here or not isinstance(node, Sum | Scaled | Hadamard)
        return code if simple else f"({code})"

    def _sum(self, node: Sum, columns: dict[str, str]) -> str:
        weighted = tuple(term for term in node.args if is_weighted(term))
        code = ""
        if weighted:
            column = self._product(weighted)
            code = columns.setdefault(column, "e" + column[1:])
        for term in node.args:
            if term in weighted:
                continue
            negative = isinstance(term, Scaled) and term.coefficient == -1 and term not in self.here
            sign = " - " if negative else " + "
            part = self._factor(term.body if negative else term, columns)
            code = code + sign + part if code else ("-" + part if negative else part)
        return code

    def _product(self, terms: tuple[Expression, ...]) -> str:
        """The column of a sum of weighted columns, cut out of the product for all equations that read the same ones."""
        group = self.groups[read_by(tuple(term.args[1] for term in terms), self.here)]
        if not group.cuts:
            self._multiply(group)
        return group.cuts[terms]

    def _multiply(self, group: Weighted) -> None:
        columns = [self._column(column) for column in group.columns]
        entries = columns[0] if len(columns) == 1 else f"[{', '.join('*' + column for column in columns)}]"
        weights = self._constant(group.weights(self.system, self.scalars))
        parameters = ", ".join(self.names[group.addresses[symbol]] for symbol in group.symbols)
        whole = self._new(f"apart({weights}([{parameters}]), {entries})")
        start = 0
        for terms in group.sums:
            end = start + self._size(terms[0], 0)
            group.cuts[terms] = whole if len(group.sums) == 1 else self._new(f"{whole}[{start}:{end}]")
            start = end

    def _matrix(self, node: Expression) -> str:
        """The code of a matrix of more than one column."""
        if node not in self.here and isinstance(node, Sum):
            return " + ".join(self._matrix(term) for term in node.args)
        if node not in self.here and isinstance(node, Scaled):
            factor = self._constant(self.system.number(rational(node.coefficient, self.scalars)))
            return f"({self._matrix(node.body)})*{factor}"
        return f"plain({self._column(node)})"

    def _interpreted(self, node: Expression) -> str:
        arguments = [argument for argument in self.here if self.here[argument] in self.names]
        compiled = compile_expression(self.system, node, arguments, self.scalars)
        values = ", ".join(self.names[self.here[argument]] for argument in arguments)
        return self._new(f"finished({self._constant(compiled)}([{values}]))")


def _sums_entries(node: Expression) -> bool:
    """Whether the node is 1^T times a column."""
    if not (isinstance(node, Product) and len(node.args) == 2 and node.shape == (1, 1)):
        return False
    left = node.args[0]
    return isinstance(left, Transposed) and type(left.body) is Ones

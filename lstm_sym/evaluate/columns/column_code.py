"""Equations over columns as straight Python code: a comprehension for each equation, one product for all that read one column.

    net_a = W_a x + U_a h + b_a        g = product([[W_a, U_a], [W_i, U_i]], [*x, *h]);  p, q = g[:n], g[n:]
    net_i = W_i x + U_i h + b_i        net_a = [u + v for u, v in zip(p, b_a)];  net_i = [u + v for u, v in zip(q, b_i)]
    a = tanh(net_a)                    a = [tanh(u) for u in net_a]

Columns of few entries are taken apart, and each entry is written by itself: a0 = tanh(u0); a1 = tanh(u1). So are tiny products,
where matrices would cost more than the arithmetic.

Law: the code holds numbers and names of its own, c0, c1, ..., and no text of a declaration. What is neither entrywise nor a
product is left to the interpreter over nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lstm_sym.evaluate.columns.weights import Weighted, is_weighted, read_by, weighted_sums
from lstm_sym.evaluate.systems.addresses import Address, Assignment
from lstm_sym.evaluate.systems.interpret import compile_expression, rational
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import Outer, Stack
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros

Function = Callable[[Sequence[Any]], Sequence[Any]]

FEW_ROWS = 4
"""Up to which the entries of a column are written one by one: longer code takes longer to compile."""

TINY = 32
"""Products of entries up to which building matrices costs more than multiplying."""


def block_function(
    system: Any, assignments: Sequence[Assignment], sources: Sequence[Address], scalars: Mapping[str, Fraction]
) -> Function:
    """One function for the assignments, in order, over ColumnBalls."""
    return _Writer(system, assignments, sources, scalars).function()


class _Writer:
    """Writes the lines of the function; `names` has the code of every value known so far, `entries` names those of columns."""

    def __init__(
        self, system: Any, assignments: Sequence[Assignment], sources: Sequence[Address], scalars: Mapping[str, Fraction]
    ) -> None:
        self.system, self.assignments, self.scalars = system, assignments, scalars
        self.names = {source: f"c{place}" for place, source in enumerate(sources)}
        self.space: dict[str, Any] = dict(system.functions())
        self.lines = [f"{', '.join(self.names.values())}, = values"] if sources else []
        self.entries: dict[str, list[str]] = {}
        self.written: dict[Any, str] = {}
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

    def _once(self, key: Any, code: str) -> str:
        """The name of a value that several equations share under the key."""
        if key not in self.written:
            self.written[key] = self._new(code)
        return self.written[key]

    def _constant(self, value: Any) -> str:
        name = f"k{len(self.space)}"
        self.space[name] = value
        return name

    def _size(self, node: Expression, side: int) -> int:
        return int(rational(node.shape[side], self.scalars))

    def _apart(self, column: str, rows: int) -> list[str]:
        """The names of the entries of a column."""
        if column not in self.entries:
            self.entries[column] = [f"{column}_{row}" for row in range(rows)]
            self.lines.append(f"{', '.join(self.entries[column])}, = {column}")
        return self.entries[column]

    def _packed(self, entries: list[str]) -> str:
        """The code of the column that has these entries."""
        code = f"[{', '.join(entries)}]"
        self.entries[code] = entries
        return code

    def _column(self, node: Expression) -> str:
        """The code of a value that holds the node, which is written first if need be."""
        if node in self.here:
            return self.names[self.here[node]]
        if isinstance(node, Stack) and node.shape[1] == 1:
            return self._stack([(self._column(block), self._size(block, 0)) for block in node.blocks])
        if is_weighted(node):
            return self._product((node,))
        if _sums_entries(node):
            return self._entry_sum(node.args[1])
        if all(isinstance(term, Outer) for term in _terms(node)):
            return self._outer_sum(_terms(node))
        if self._size(node, 1) != 1 and isinstance(node, Sum | Scaled):
            return self._new(self._matrix(node))
        if self._size(node, 1) != 1 or not isinstance(node, Sum | Hadamard | Power | Scaled | Ones | Apply):
            return self._interpreted(node)
        return self._entrywise(node)

    def _entrywise(self, node: Expression) -> str:
        columns: list[str] = []
        rows, code = self._size(node, 0), self._entry(node, columns)
        if rows <= FEW_ROWS:
            entries = [self._apart(column, rows) for column in columns]
            return self._packed([self._new(code.format(*(names[row] for names in entries))) for row in range(rows)])
        names = [f"e{place}" for place in range(len(columns))]
        code = code.format(*names)
        if not columns:
            return self._new(f"[{code}] * {rows}")
        read = columns[0] if len(columns) == 1 else f"zip({', '.join(columns)})"
        return self._new(f"[{code} for {', '.join(names)} in {read}]")

    def _entry(self, node: Expression, columns: list[str]) -> str:
        """The code of one entry, with the places of `columns` in braces for the entries of these."""
        if node not in self.here:
            if isinstance(node, Sum):
                return self._sum(node, columns)
            if isinstance(node, Hadamard):
                return "*".join(self._factor(factor, columns) for factor in node.args)
            if isinstance(node, Power):
                return "*".join([_place(self._column(node.base), columns)] * node.exponent)
            if isinstance(node, Scaled):
                body = self._factor(node.body, columns)
                coefficient = rational(node.coefficient, self.scalars)
                return f"-{body}" if coefficient == -1 else f"{self._constant(self.system.number(coefficient))}*{body}"
            if isinstance(node, Apply) and not node.is_slope and node.function in self.space:
                return f"{node.function}({self._entry(node.body, columns)})"
            if isinstance(node, Ones):
                return "zero" if isinstance(node, Zeros) else "one"
        return _place(self._column(node), columns)

    def _factor(self, node: Expression, columns: list[str]) -> str:
        code = self._entry(node, columns)
        simple = node in self.here or not isinstance(node, Sum | Scaled | Hadamard)
        return code if simple else f"({code})"

    def _sum(self, node: Sum, columns: list[str]) -> str:
        weighted = tuple(term for term in node.args if is_weighted(term))
        code = _place(self._product(weighted), columns) if weighted else ""
        for term in node.args:
            if term in weighted:
                continue
            negative = isinstance(term, Scaled) and term.coefficient == -1 and term not in self.here
            sign = " - " if negative else " + "
            part = self._factor(term.body if negative else term, columns)
            code = code + sign + part if code else ("-" + part if negative else part)
        return code

    def _stack(self, blocks: Sequence[tuple[str, int]]) -> str:
        if sum(rows for _, rows in blocks) <= FEW_ROWS:
            return self._packed([entry for column, rows in blocks for entry in self._apart(column, rows)])
        return self._new(f"[{', '.join('*' + column for column, _ in blocks)}]")

    def _entry_sum(self, node: Expression) -> str:
        column, rows = self._column(node), self._size(node, 0)
        if rows <= FEW_ROWS:
            return self._packed([self._new(" + ".join(self._apart(column, rows)))])
        return self._new(f"[sum({column}, zero)]")

    def _product(self, terms: tuple[Expression, ...]) -> str:
        """The column of a sum of weighted columns, cut out of the product for all equations that read the same ones."""
        group = self.groups[read_by(tuple(term.args[1] for term in terms), self.here)]
        if not group.cuts:
            self._multiply(group)
        return group.cuts[terms]

    def _multiply(self, group: Weighted) -> None:
        columns = [self._column(column) for column in group.columns]
        sizes = [self._size(terms[0], 0) for terms in group.sums]
        inner, rows = sum(self._size(column, 0) for column in group.columns), sum(sizes)
        weights = self._weights(group)
        if inner * rows <= TINY:
            entries = [e for c, node in zip(columns, group.columns, strict=True) for e in self._apart(c, self._size(node, 0))]
            whole = self._tiny_product(weights, entries, rows)
        else:
            whole = self._new(f"apart({weights}, [{', '.join('*' + column for column in columns)}])")
        start = 0
        for terms, size in zip(group.sums, sizes, strict=True):
            group.cuts[terms] = self._cut(whole, start, size, rows)
            start += size

    def _weights(self, group: Weighted) -> str:
        """The name of the stacked weights, which are the same at every step."""
        key = tuple(tuple(term.args[0] for term in terms) for terms in group.sums)
        if key not in self.written:
            parameters = ", ".join(self.names[group.addresses[symbol]] for symbol in group.symbols)
            self.written[key] = self._new(f"{self._constant(group.weights(self.system, self.scalars))}([{parameters}])")
        return self.written[key]

    def _tiny_product(self, weights: str, entries: list[str], rows: int) -> str:
        """As `apart` does, entry by entry."""
        inner = len(entries)
        factors = self._apart(self._once((weights, "flat"), f"{weights}.flat"), rows * inner)
        divisor = self._once((weights, "divisor"), f"{weights}.divisor")
        first = inner < rows
        if first:
            entries = [self._once((entry, divisor), f"{entry}/{divisor}") for entry in entries]
        sums = [" + ".join(f"{factors[row * inner + k]}*{entries[k]}" for k in range(inner)) for row in range(rows)]
        return self._packed([self._new(code if first else f"({code})/{divisor}") for code in sums])

    def _cut(self, whole: str, start: int, size: int, rows: int) -> str:
        if size <= FEW_ROWS:
            return self._packed(self._apart(whole, rows)[start : start + size])
        return whole if size == rows else self._new(f"{whole}[{start}:{start + size}]")

    def _outer_sum(self, terms: Sequence[Expression]) -> str:
        """The sum of outer products of columns."""
        lefts, rights = ([self._column(term.args[side]) for term in terms] for side in (0, 1))
        rows, columns = (self._size(terms[0], side) for side in (0, 1))
        if len(terms) * rows * columns > TINY:
            left, right = (self._once(tuple(side), f"gathered([{', '.join(side)}])") for side in (lefts, rights))
            return self._new(f"outer_sum({left}, {right})")
        pairs = [(self._apart(a, rows), self._apart(b, columns)) for a, b in zip(lefts, rights, strict=True)]
        entries = [" + ".join(f"{a[i]}*{b[j]}" for a, b in pairs) for i in range(rows) for j in range(columns)]
        if columns == 1:
            return self._packed([self._new(entry) for entry in entries])
        return self._new(f"arb_mat({rows}, {columns}, [{', '.join(entries)}])")

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


def _place(column: str, columns: list[str]) -> str:
    """The place of the column among `columns`, which gain it, in braces."""
    if column not in columns:
        columns.append(column)
    return f"{{{columns.index(column)}}}"


def _terms(node: Expression) -> tuple[Expression, ...]:
    return node.args if isinstance(node, Sum) else (node,)


def _sums_entries(node: Expression) -> bool:
    """Whether the node is 1^T times a column."""
    if not (isinstance(node, Product) and len(node.args) == 2 and node.shape == (1, 1)):
        return False
    left = node.args[0]
    return isinstance(left, Transposed) and type(left.body) is Ones

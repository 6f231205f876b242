"""The pass `inner`: a factor that is computed and then read by several entries of a product gets a line of its own.

    delta_x_t = W_a^T (delta_h_t odot (W_b x_t))
    becomes     inner_1_t = W_b x_t,  inner_2_t = delta_h_t odot inner_1_t,  delta_x_t = W_a^T inner_2_t

Law: a name stands for one expression at one time; putting the expression back gives the lines as they were.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from dataclasses import replace as with_fields

from lstm_sym.codegen.plan import Line, Lines, Plan, declared_names, fresh_prefix, line
from lstm_sym.symbols.compound import Outer, SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Ones, Power, Product, Scaled, product
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import rebuild


def inner(plan: Plan) -> Plan:
    """Right factors of matrix products, sides of outer products and bases of powers become quantities."""
    named = _Named(fresh_prefix("inner", declared_names(plan.derivation)))
    forward = named.lines(plan.forward)
    backward = named.lines(plan.backward)
    totals = tuple(line(each.targets[0], named.value(each.values[0])) for each in plan.totals)
    backward += named.taken()
    if not named.names:
        return plan
    prefixes = {**plan.prefixes, "inner": named.prefix}
    return with_fields(plan, forward=forward, backward=backward, totals=totals, prefixes=prefixes)


@dataclass
class _Named:
    """The names so far, and the lines that define those which no line has read yet."""

    prefix: str
    names: dict[Expression, Timed] = field(default_factory=dict)
    defined: list[Line] = field(default_factory=list)

    def lines(self, lines: Lines) -> Lines:
        """The lines over names, each definition above the first line that reads it."""
        found: list[Line] = []
        for each in lines:
            new = line(each.targets[0], self.value(each.values[0]))
            found += [*self.taken(), new]
        return tuple(found)

    def taken(self) -> Lines:
        taken, self.defined = tuple(self.defined), []
        return taken

    def value(self, node: Expression) -> Expression:
        if isinstance(node, SumOverTime):
            return SumOverTime(self.value(node.body), node.lower, node.upper)
        if not node.parts:
            return node
        node = rebuild(node, [self.value(arg) if isinstance(arg, Expression) else arg for arg in node.args])
        if isinstance(node, Product):
            return product(node.args[0], self.name(product(*node.args[1:])))
        if isinstance(node, Outer):
            return Outer(*[self.name(side) for side in node.args])
        return Power(self.name(node.base), node.exponent) if isinstance(node, Power) else node

    def name(self, node: Expression) -> Expression:
        """The name of what the entries of a node are computed from; a symbol keeps its own."""
        body = node.body if isinstance(node, Scaled) and node.coefficient == -1 else node
        if isinstance(body, Timed | Parameter | Ones):
            return node
        if node not in self.names:
            node = self.value(node)
        if node not in self.names:
            symbol = Timed(f"{self.prefix}{len(self.names) + 1}", node.shape[0], node.shape[1], t)
            self.names[node] = symbol
            self.defined.append(line(symbol, node))
        return self.names[node]

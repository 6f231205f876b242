"""The operations of a cell as a graph, read from its equations: one node for each product, sum, activation and linear map.

    a_t = tanh(W_a x_t + U_a out_{t-1} + b_a)    one node, tanh with W_a, U_a, b_a, fed by x_t and out_{t-1}

Laws: parameters stand in the node that they belong to, everything else comes by a wire; OPERATIONS has a row for each type of
node of expressions, and a type without a row raises UnsupportedError.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lstm_sym.cell import Cell
from lstm_sym.errors import UnsupportedError
from lstm_sym.figures.scene.words import MINUS, Run, Runs, joined, symbol
from lstm_sym.render.typeset.ink import TEXT
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.render.typeset.scalar import coefficient
from lstm_sym.symbols.activations import activation
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros
from lstm_sym.symbols.scalars import t

SIGN_HADAMARD = "⊙"


@dataclass(frozen=True)
class Operation:
    """A node: what is written in it, the parameters that it holds, the ids that feed it, in written order."""

    id: str
    sign: Runs
    parameters: tuple[str, ...]
    sources: tuple[str, ...]
    is_round: bool
    variable: str | None = None


@dataclass
class Operations:
    """The operations of a cell. A past value has the id `name@-1`; a variable has that of the node that gives it."""

    cell: Cell
    notation: Notation = WORKSHEET
    found: list[Operation] = field(default_factory=list)
    home: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for equation in self.cell.equations:
            made = len(self.found)
            root = self.source(equation.body)
            if len(self.found) == made:
                root = self.add((Run("="),), (root,), is_round=True)
            self.home[equation.name] = root
            self.found = [_named(one, equation.name) if one.id == root else one for one in self.found]

    @property
    def hadamard(self) -> str:
        """The sign of the Hadamard product in this notation."""
        sign = self.notation.signs.get("hadamard")
        return SIGN_HADAMARD if sign is None else sign.text.replace("*", "∗")

    def source(self, expression: Expression) -> str:
        """The id of what gives the value of an expression; makes the nodes that it needs."""
        if isinstance(expression, Timed):
            if expression.time != t:
                return past(expression.name)
            return self.home.get(expression.name, expression.name)
        for kind, make in OPERATIONS.items():
            if type(expression) is kind:
                return make(self, expression)
        raise UnsupportedError(
            f"drawing {type(expression).__name__}",
            got=str(expression)[:80],
            expected=f"one of {', '.join(kind.__name__ for kind in OPERATIONS)}",
            advice="add the node to OPERATIONS in lstm_sym/figures/kinds/operations.py",
        )

    def add(self, sign: Runs, sources: tuple[str, ...], parameters: tuple[str, ...] = (), *, is_round: bool = False) -> str:
        id = f"n{len(self.found)}"
        self.found.append(Operation(id, sign, parameters, sources, is_round))
        return id

    def absorbed(self, terms: tuple[Expression, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The sources and the parameters of a sum of terms: W x, p odot s and b bring their parameter into the node."""
        sources, parameters = [], []
        for term in terms:
            factors = term.args if isinstance(term, Product | Hadamard) else (term,)
            own = [factor.name for factor in factors if isinstance(factor, Parameter)]
            rest = [factor for factor in factors if not isinstance(factor, Parameter)]
            parameters += own
            if own and len(rest) <= 1:
                sources += [self.source(factor) for factor in rest]
            elif own:
                sources.append(self.source(type(term)(*rest)))
            else:
                sources.append(self.source(term))
        return tuple(sources), tuple(parameters)


def past(name: str) -> str:
    return f"{name}@-1"


def _named(operation: Operation, variable: str) -> Operation:
    return Operation(operation.id, operation.sign, operation.parameters, operation.sources, operation.is_round, variable)


def _has_parameter(terms: tuple[Expression, ...]) -> bool:
    return any(isinstance(f, Parameter) for term in terms for f in (term, *term.args))


def _apply(graph: Operations, node: Apply) -> str:
    record = activation(node.function.removesuffix("'"))
    sign = (Run(record.text, "text" if record.text.isascii() else "italic"), *((Run("'"),) if node.is_slope else ()))
    terms = node.body.args if isinstance(node.body, Sum) else (node.body,)
    if not _has_parameter(terms):
        return graph.add(sign, (graph.source(node.body),))
    sources, parameters = graph.absorbed(terms)
    return graph.add(sign, sources, parameters)


def _sum(graph: Operations, node: Sum) -> str:
    if len(node.args) == 2 and type(node.args[0]) is Ones and _is_negative(node.args[1]):
        return graph.add((Run(f"1{MINUS}"),), (graph.source(node.args[1].body),), is_round=True)
    sources, parameters = graph.absorbed(node.args)
    return graph.add((Run("+"),), sources, parameters, is_round=not parameters)


def _is_negative(term: Expression) -> bool:
    return isinstance(term, Scaled) and term.coefficient == -1


def _hadamard(graph: Operations, node: Hadamard) -> str:
    own = tuple(factor.name for factor in node.args if isinstance(factor, Parameter))
    sources = tuple(graph.source(factor) for factor in node.args if not isinstance(factor, Parameter))
    return graph.add((Run(graph.hadamard),), sources, own, is_round=not own)


def _product(graph: Operations, node: Product) -> str:
    own = tuple(factor.name for factor in node.args if isinstance(factor, Parameter))
    sources = tuple(graph.source(factor) for factor in node.args if not isinstance(factor, Parameter))
    return graph.add((Run("·"),), sources, own, is_round=not own)


def _scaled(graph: Operations, node: Scaled) -> str:
    if node.coefficient == -1:
        return graph.add((Run(MINUS),), (graph.source(node.body),), is_round=True)
    text = coefficient(node.coefficient, TEXT, graph.notation).source
    return graph.add((Run(text.replace("-", MINUS)), Run("·")), (graph.source(node.body),))


def _power(graph: Operations, node: Power) -> str:
    return graph.add((Run("(·)"), Run(str(node.exponent), level=1)), (graph.source(node.base),))


def _transposed(graph: Operations, node: Transposed) -> str:
    return graph.add((Run("(·)"), Run("T", "italic", 1)), (graph.source(node.body),))


def _parameter(graph: Operations, node: Parameter) -> str:
    return graph.add((), (), (node.name,))


def _constant(text: str) -> Callable[[Operations, Any], str]:
    return lambda graph, node: graph.add((Run(text),), ())


OPERATIONS: dict[type[Expression], Callable[[Operations, Any], str]] = {
    Apply: _apply,
    Sum: _sum,
    Hadamard: _hadamard,
    Product: _product,
    Scaled: _scaled,
    Power: _power,
    Transposed: _transposed,
    Parameter: _parameter,
    Ones: _constant("1"),
    Zeros: _constant("0"),
}
"""How each node of an expression becomes a node of the graph."""


def parameter_names(operation: Operation, notation: Notation) -> Runs:
    """The parameters of a node, one after the other."""
    return joined(*(symbol(name, None, notation) for name in operation.parameters), between=", ")

"""Expressions as code over tensors whose last axis is that of the units: W x_t is `x @ W.T`, for one step or for all steps alike.

Law: each node type has its row in WRITERS; another one, or a value that is no column, raises UnsupportedError. A column of
parameters is a vector, so that it is added to every step and every sequence of the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sympy import Expr, Rational

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.complements import COMPLEMENTS
from lstm_sym.symbols.compound import Outer
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros

SUM, PRODUCT, ATOM = 0, 1, 2


@dataclass(frozen=True)
class Framework:
    """A library of tensors: its module, and how it spells the calls that generated code needs.

    `functions` has a pattern with {z} for each activation and each slope, slopes in the form that keeps its digits in the tails;
    `zeros` is one with {shape} and {like}, an array of the type that is wanted.
    """

    module: str
    functions: Mapping[str, str]
    concatenate: str
    einsum: str
    zeros: str

    def joined(self, parts: list[str], axis: int) -> str:
        return parts[0] if len(parts) == 1 else f"{self.concatenate}(({', '.join(parts)}), {axis})"


def slopes(sigmoid: str) -> dict[str, str]:
    """Patterns of the slopes that are complements, with a function of that name for sigma."""
    return {f"{form.function}'": form.code(sigmoid, "{z}") for form in COMPLEMENTS if form.is_slope}


@dataclass(frozen=True)
class Writer:
    """Code for expressions: the framework, the name of every symbol at its time, and names of what is computed already."""

    framework: Framework
    symbol: Callable[[Timed], str]
    known: Mapping[Expression, str] = field(default_factory=dict)

    def code(self, node: Expression, place: int = SUM) -> str:
        """The expression, in brackets where it binds less than its place asks for."""
        if node in self.known:
            found = self.known[node]
            return found if found.isidentifier() or place == SUM else f"({found})"
        row = WRITERS.get(type(node))
        if row is None:
            raise UnsupportedError(
                f"tensor code of {type(node).__name__}",
                got=str(node)[:80],
                expected=", ".join(kind.__name__ for kind in WRITERS),
                advice="add a row to WRITERS in lstm_sym/codegen/tensors/expressions.py",
            )
        strength, write = row
        return write(self, node) if strength >= place else f"({write(self, node)})"

    def total(self, body: Expression) -> str:
        """The sum of an expression over all steps and the batch."""
        if body in self.known:
            return self.known[body]
        if isinstance(body, Sum):
            return " + ".join(self.total(term) for term in body.args)
        if isinstance(body, Scaled):
            return f"{_number(body.coefficient)} * ({self.total(body.body)})"
        if isinstance(body, Outer):
            left, right = (self.code(side) for side in body.args)
            return f'{self.framework.einsum}("tbi,tbj->ij", {left}, {right})'
        if body.shape[1] != 1:
            raise UnsupportedError("tensor code of a sum over time", got=str(body)[:80], expected="outer products and columns")
        return f"{self.code(body, ATOM)}.sum((0, 1))"


def _number(value: Expr) -> str:
    if not isinstance(value, Rational):
        raise UnsupportedError("a coefficient in tensor code", got=str(value), expected="a rational number")
    return str(value.p) if value.q == 1 else f"({value.p} / {value.q})"


def _sum(writer: Writer, node: Sum) -> str:
    first, *others = node.args
    text = writer.code(first, PRODUCT)
    for term in others:
        negative = isinstance(term, Scaled) and term.coefficient.is_Rational and term.coefficient < 0
        text += f" - {_scaled(writer, -term.coefficient, term.body)}" if negative else f" + {writer.code(term, PRODUCT)}"
    return text


def _scaled(writer: Writer, coefficient: Expr, body: Expression) -> str:
    if abs(coefficient) == 1:
        return ("-" if coefficient == -1 else "") + writer.code(body, PRODUCT if coefficient == 1 else ATOM)
    return f"{_number(coefficient)} * {writer.code(body, ATOM)}"


def _product(writer: Writer, node: Product) -> str:
    *factors, last = node.args
    if last.shape[1] != 1:
        raise UnsupportedError("tensor code of a product", got=str(node)[:80], expected="matrices times a column")
    text = writer.code(last, ATOM)
    for factor in reversed(factors):
        if isinstance(factor, Transposed) and isinstance(factor.body, Parameter):
            text += f" @ {writer.code(factor.body, ATOM)}"
        elif isinstance(factor, Parameter):
            text += f" @ {writer.code(factor, ATOM)}.T"
        else:
            raise UnsupportedError("tensor code of a product", got=str(node)[:80], expected="parameters to the left of a column")
    return text


def _apply(writer: Writer, node: Apply) -> str:
    if node.function not in writer.framework.functions:
        raise UnsupportedError(
            f"{writer.framework.module} code of {node.function}",
            expected=", ".join(writer.framework.functions),
            advice="add the function to the framework's record",
        )
    argument = writer.code(node.body)
    return writer.framework.functions[node.function].format(z=argument if argument.isidentifier() else f"({argument})")


WRITERS: dict[type[Expression], tuple[int, Callable[..., str]]] = {
    Timed: (ATOM, lambda writer, node: writer.symbol(node)),
    Parameter: (ATOM, lambda writer, node: f"p.{node.name}"),
    Ones: (ATOM, lambda writer, node: "1"),
    Zeros: (ATOM, lambda writer, node: "0"),
    Sum: (SUM, _sum),
    Scaled: (PRODUCT, lambda writer, node: _scaled(writer, node.coefficient, node.body)),
    Product: (PRODUCT, _product),
    Hadamard: (PRODUCT, lambda writer, node: " * ".join(writer.code(factor, ATOM) for factor in node.args)),
    Power: (ATOM, lambda writer, node: f"{writer.code(node.base, ATOM)} ** {node.exponent}"),
    Apply: (PRODUCT, _apply),
}
"""How strongly the code of each node type binds, and its text."""

"""The entries of a matrix expression as Python over floats, for sizes that are numbers.

    (W_a x_t)[0] with m = 2      becomes      W_a_0_0 * x_0 + W_a_0_1 * x_1

Law: each node type has its row in WRITERS, which writes the entry (i, j) and nothing else; another one raises UnsupportedError.
Powers are products and no activation raises, so that an overflow is infinity, as it is in arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sympy import Expr

from lstm_sym.codegen.names import Names
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import Outer
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros
from lstm_sym.symbols.scalars import t

SUM, PRODUCT, ATOM = 0, 1, 2
"""How strongly a form binds: what binds less than its place asks for gets brackets."""
FUNCTIONS = {"sigma": "_sigmoid({z})", "tanh": "tanh({z})", "tanh'": "_slope_of_tanh({z})"}
"""The call of each activation."""


@dataclass(frozen=True)
class Entries:
    """Writes entries: the names of all scalars, and the value of each symbolic size."""

    names: Names
    sizes: Mapping[str, int]

    def length(self, side: Expr) -> int:
        """A side of a shape as a number."""
        return int(side.subs({symbol: self.sizes[symbol.name] for symbol in side.free_symbols}))

    def places(self, node: Expression) -> list[tuple[int, int]]:
        """The places of all entries, row by row."""
        rows, columns = (self.length(side) for side in node.shape)
        return [(i, j) for i in range(rows) for j in range(columns)]

    def name(self, symbol: Timed | Parameter, i: int, j: int = 0) -> str:
        """The name of an entry: state_0 now, state_prev_0 one step earlier; a column has one index."""
        time = symbol.time - t if isinstance(symbol, Timed) else 0
        word = {0: symbol.name, -1: f"{symbol.name}_prev"}[int(time)]
        index = f"{i}" if symbol.shape[1] == 1 else f"{i}_{j}"
        return self.names.of((symbol.name, time, i, j), f"{word}_{index}")

    def all(self, symbol: Timed | Parameter) -> list[str]:
        """The names of all entries of a symbol, row by row."""
        return [self.name(symbol, i, j) for i, j in self.places(symbol)]

    def code(self, node: Expression, i: int, j: int, place: int = SUM) -> str:
        """The entry (i, j), in brackets where it binds less than its place asks for."""
        if type(node) not in WRITERS:
            raise unknown(node)
        strength, write = WRITERS[type(node)]
        text = write(self, node, i, j)
        return text if strength >= place else f"({text})"


def unknown(node: Expression) -> UnsupportedError:
    return UnsupportedError(
        f"scalar code of {type(node).__name__}",
        got=str(node)[:80],
        expected=", ".join(kind.__name__ for kind in WRITERS),
        advice="add rows to WRITERS in lstm_sym/codegen/scalars/entries.py and to COUNTS in work.py beside it",
    )


def _sum(entries: Entries, node: Sum, i: int, j: int) -> str:
    first, *others = node.args
    text = entries.code(first, i, j)
    for term in others:
        negative = isinstance(term, Scaled) and term.coefficient.is_negative
        text += f" - {_scaled(entries, -term.coefficient, term.body, i, j)}" if negative else f" + {entries.code(term, i, j)}"
    return text


def _scaled(entries: Entries, coefficient: Expr, body: Expression, i: int, j: int) -> str:
    if abs(coefficient) == 1:
        return ("-" if coefficient == -1 else "") + entries.code(body, i, j, PRODUCT if coefficient == 1 else ATOM)
    return f"{number(coefficient)} * {entries.code(body, i, j, ATOM)}"


def number(value: Expr) -> str:
    """A rational number as a float or a quotient of floats, which Python computes once."""
    if not value.is_Rational or max(abs(int(value.p)), int(value.q)) > 2**53:
        raise UnsupportedError(
            f"coefficient {str(value)[:40]} in scalar code",
            expected="a rational number of whole numbers up to 2^53, which floats hold",
        )
    return f"{float(value.p)}" if value.q == 1 else f"({float(value.p)} / {float(value.q)})"


def _product(entries: Entries, node: Product, i: int, j: int) -> str:
    left, right = node.args
    inner = range(entries.length(left.shape[1]))
    return " + ".join(f"{entries.code(left, i, k, ATOM)} * {entries.code(right, k, j, ATOM)}" for k in inner)


def _hadamard(entries: Entries, node: Hadamard, i: int, j: int) -> str:
    return " * ".join(entries.code(factor, i, j, ATOM) for factor in node.args)


def _power(entries: Entries, node: Power, i: int, j: int) -> str:
    return " * ".join([entries.code(node.base, i, j, ATOM)] * node.exponent)


def _outer(entries: Entries, node: Outer, i: int, j: int) -> str:
    left, right = node.args
    return f"{entries.code(left, i, 0, ATOM)} * {entries.code(right, j, 0, ATOM)}"


def _apply(entries: Entries, node: Apply, i: int, j: int) -> str:
    if node.function not in FUNCTIONS:
        raise UnsupportedError(
            f"scalar code of {node.function}",
            expected=", ".join(FUNCTIONS),
            advice="add the function to FUNCTIONS in lstm_sym/codegen/scalars/entries.py",
        )
    return FUNCTIONS[node.function].format(z=entries.code(node.body, i, j))


WRITERS: dict[type[Expression], tuple[int, Callable[..., str]]] = {
    Timed: (ATOM, lambda entries, node, i, j: entries.name(node, i, j)),
    Parameter: (ATOM, lambda entries, node, i, j: entries.name(node, i, j)),
    Ones: (ATOM, lambda entries, node, i, j: "1.0"),
    Zeros: (ATOM, lambda entries, node, i, j: "0.0"),
    Sum: (SUM, _sum),
    Scaled: (PRODUCT, lambda entries, node, i, j: _scaled(entries, node.coefficient, node.body, i, j)),
    Product: (SUM, _product),
    Hadamard: (PRODUCT, _hadamard),
    Power: (PRODUCT, _power),
    Transposed: (ATOM, lambda entries, node, i, j: entries.code(node.body, j, i, ATOM)),
    Outer: (PRODUCT, _outer),
    Apply: (ATOM, _apply),
}
"""How strongly the entry of each node type binds, and its text."""

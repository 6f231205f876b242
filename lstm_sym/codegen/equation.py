"""Equations as one line of text, for the comment above the line of code that computes them.

    state_t = a_t ∘ i_t + f_t ∘ state_{t-1}          delta_W_a = Σ_t delta_a_t x_tᵀ

Law: every node type has its row in WRITERS; another one raises UnsupportedError.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Expr

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.activations import activation
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import Outer, SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros

SUM, PRODUCT, HADAMARD, ATOM = 0, 1, 2, 3
"""How strongly a form binds: what binds less than its place asks for gets brackets."""


def equation(left: Expression, right: Expression) -> str:
    return f"{text(left)} = {text(right)}"


def text(node: Expression, place: int = SUM) -> str:
    """The expression, in brackets where it binds less than its place asks for."""
    if type(node) not in WRITERS:
        raise UnsupportedError(
            f"text of {type(node).__name__}",
            got=str(node)[:80],
            expected=", ".join(kind.__name__ for kind in WRITERS),
            advice="add a row to WRITERS in lstm_sym/codegen/equation.py",
        )
    strength, write = WRITERS[type(node)]
    return write(node) if strength >= place else f"({write(node)})"


def _timed(node: Timed) -> str:
    time = str(node.time).replace(" ", "")
    return f"{node.name}_{time}" if len(time) == 1 else f"{node.name}_{{{time}}}"


def _sum(node: Sum) -> str:
    first, *others = node.args
    return text(first) + "".join(_signed(term) for term in others)


def _signed(term: Expression) -> str:
    if isinstance(term, Scaled) and term.coefficient.is_Rational and term.coefficient < 0:
        return " - " + _scaled(-term.coefficient, term.body)
    return " + " + text(term, PRODUCT)


def _scaled(coefficient: Expr, body: Expression) -> str:
    if coefficient == 1:
        return text(body, PRODUCT)
    return ("-" if coefficient == -1 else f"{coefficient} ") + text(body, HADAMARD if coefficient == -1 else PRODUCT)


def _joined(sign: str, parts: Sequence[Expression], place: int) -> str:
    return sign.join(text(part, place) for part in parts)


def _apply(node: Apply) -> str:
    name = activation(node.function.removesuffix("'")).text
    return f"{name}{chr(39) if node.is_slope else ''}({text(node.body)})"


WRITERS: dict[type[Expression], tuple[int, Callable[..., str]]] = {
    Timed: (ATOM, _timed),
    Parameter: (ATOM, lambda node: node.name),
    Ones: (ATOM, lambda node: "1"),
    Zeros: (ATOM, lambda node: "0"),
    Sum: (SUM, _sum),
    Scaled: (PRODUCT, lambda node: _scaled(node.coefficient, node.body)),
    Product: (PRODUCT, lambda node: _joined(" ", node.args, ATOM)),
    Hadamard: (HADAMARD, lambda node: _joined(" ∘ ", node.args, ATOM)),
    Power: (ATOM, lambda node: f"{text(node.base, ATOM)}^{node.exponent}"),
    Transposed: (ATOM, lambda node: f"{text(node.body, ATOM)}ᵀ"),
    Outer: (PRODUCT, lambda node: f"{text(node.args[0], ATOM)} {text(node.args[1], ATOM)}ᵀ"),
    Apply: (ATOM, _apply),
    SumOverTime: (PRODUCT, lambda node: f"Σ_t {text(node.body, PRODUCT)}"),
}
"""How strongly each node type binds, and its text."""

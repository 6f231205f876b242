"""An expression without matrix products as a formula in the entries of arrays, and the places of these arrays.

Law: numbers stand in the module's type, so that nothing is computed in a wider one; a node without a row raises UnsupportedError.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sympy import Expr

from lstm_sym.codegen.mirror import sign_and_parameter
from lstm_sym.codegen.numba.activations import ACTIVATIONS
from lstm_sym.codegen.numba.places import Place
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Scaled, Sum, Zeros

SUM, PRODUCT, ATOM = 0, 1, 2


@dataclass
class Formula:
    """Builds a formula for a target; `find` gives the place of what is no operation on entries."""

    out: Place
    find: Callable[[Expression], Place]
    operands: list[Place] = field(default_factory=list)

    def text(self, node: Expression, place: int = SUM) -> str:
        strength, code = self._written(node)
        return code if strength >= place else f"({code})"

    def _written(self, node: Expression) -> tuple[int, str]:
        if isinstance(node, Ones):
            return ATOM, "F(0)" if isinstance(node, Zeros) else "F(1)"
        if isinstance(node, Sum):
            first, *others = node.args
            return SUM, self.text(first) + "".join(self._added(term) for term in others)
        if isinstance(node, Hadamard):
            return PRODUCT, " * ".join(self.text(factor, ATOM) for factor in node.args)
        if isinstance(node, Power):
            return PRODUCT, " * ".join([self.text(node.base, ATOM)] * int(node.exponent))
        if isinstance(node, Apply) and node.function in ACTIVATIONS:
            return ATOM, f"{ACTIVATIONS[node.function]}({self.text(node.body)})"
        if isinstance(node, Scaled) and sign_and_parameter(node) is None:
            return PRODUCT, self._scaled(node.coefficient, node.body)
        if isinstance(node, Apply):
            raise UnsupportedError(
                f"code for {node.function}",
                got="an activation without a compiled form",
                expected=", ".join(ACTIVATIONS),
                advice="add it to lstm_sym/codegen/numba/activations.py",
            )
        return ATOM, self._entry(self.find(node))

    def _added(self, term: Expression) -> str:
        if isinstance(term, Scaled) and term.coefficient == -1 and sign_and_parameter(term) is None:
            return f" - {self.text(term.body, PRODUCT)}"
        return f" + {self.text(term, PRODUCT)}"

    def _scaled(self, coefficient: Expr, body: Expression) -> str:
        if coefficient == -1:
            return f"-{self.text(body, ATOM)}"
        if not coefficient.is_Rational:
            raise UnsupportedError(f"coefficient {coefficient}", got="a symbol", expected="a rational number")
        number = f"F({int(coefficient.p)})" if coefficient.q == 1 else f"F({int(coefficient.p)} / {int(coefficient.q)})"
        return number if type(body) is Ones else f"{number} * {self.text(body, ATOM)}"

    def _entry(self, place: Place) -> str:
        if place == self.out:
            return "out[k]"
        if place not in self.operands:
            self.operands.append(place)
        return f"p{self.operands.index(place) + 1}[k]"

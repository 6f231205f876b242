"""Prints an expression as NumPy code, so that SymPy's lambdify can turn it into a function.

Law: generated code holds no text from a declaration: symbols are renamed to v0, v1, ... first; a node without a method raises.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sympy.printing.numpy import NumPyPrinter

from lstm_sym.errors import InputError
from lstm_sym.evaluate.systems.interpret import rational, unsupported
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import Outer, Stack
from lstm_sym.symbols.leaves import Parameter
from lstm_sym.symbols.nodes import Expression, Ones, Power, Scaled, Transposed
from lstm_sym.symbols.traversal import replace


def renamed(expression: Expression, arguments: tuple[Expression, ...]) -> tuple[Expression, tuple[Parameter, ...]]:
    """The expression over v0, v1, ... in place of its symbols, and these."""
    names = {argument: Parameter(f"v{place}", *argument.shape) for place, argument in enumerate(arguments)}
    return replace(expression, names.get), tuple(names.values())


def nearest_float(value: Fraction) -> float:
    """The nearest number of float64; raises InputError where none is finite."""
    try:
        return float(value)
    except OverflowError as error:
        raise InputError(
            "a number in NumPy",
            got="a size beyond the largest finite float64",
            expected=f"at most {sys.float_info.max:.3g}",
            advice="evaluate with balls or mpmath",
        ) from error


class MatrixNumPyPrinter(NumPyPrinter):
    """`real` is the dtype in the generated code's namespace; sizes and other scalars are put in as numbers."""

    def __init__(self, scalars: Mapping[str, Fraction]) -> None:
        super().__init__({"fully_qualified_modules": False})
        self.scalars = scalars

    def _joined(self, node: Expression, sign: str) -> str:
        return "(" + f" {sign} ".join(self._print(part) for part in node.parts) + ")"

    def _number(self, value: Fraction) -> str:
        return f"real({nearest_float(value)!r})"

    def _print_Sum(self, node: Expression) -> str:
        return self._joined(node, "+")

    def _print_Product(self, node: Expression) -> str:
        return self._joined(node, "@")

    def _print_Hadamard(self, node: Expression) -> str:
        return self._joined(node, "*")

    def _print_Scaled(self, node: Scaled) -> str:
        return f"({self._number(rational(node.coefficient, self.scalars))} * {self._print(node.body)})"

    def _print_Power(self, node: Power) -> str:
        return f"{self._print(node.base)}**{node.exponent}"

    def _print_Transposed(self, node: Transposed) -> str:
        return f"{self._print(node.body)}.T"

    def _print_Outer(self, node: Outer) -> str:
        left, right = node.parts
        return f"({self._print(left)} * {self._print(right)}.T)"

    def _print_Apply(self, node: Apply) -> str:
        if node.is_slope:
            raise unsupported(node, "printing a slope as")
        return f"{node.function}({self._print(node.body)})"

    def _print_Stack(self, node: Stack) -> str:
        return "vstack((" + ", ".join(self._print(block) for block in node.blocks) + ",))"

    def _print_Ones(self, node: Ones) -> str:
        rows, columns = (int(rational(size, self.scalars)) for size in node.shape)
        value = 1 if type(node) is Ones else 0
        return f"full(({rows}, {columns}), {value}, real)"

    _print_Zeros = _print_Ones

    def _print_Parameter(self, node: Parameter) -> str:
        return node.name

    def _print_Expression(self, node: Expression) -> Any:
        raise unsupported(node, "printing")

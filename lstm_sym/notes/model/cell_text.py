"""The equations of a declared cell as LaTeX, in its own names or in given ones, one line each.

Law: every node is written so that the reader reads the same node back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lstm_sym.cell import Cell
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed

FUNCTIONS = {"sigma": "\\sigma", "tanh": "\\tanh"}


@dataclass(frozen=True)
class Spelling:
    """LaTeX for the names of variables and parameters; vectors as rows, x W; one weight for [h, x] where it is `stacked`."""

    names: Mapping[str, str] = field(default_factory=dict)
    row: bool = False
    stacked: bool = False


OWN = Spelling()


def equations_text(cell: Cell, spelling: Spelling = OWN) -> list[str]:
    """variable_t = body for every equation of the cell."""
    return [f"{_text(equation.variable, spelling)} = {_text(equation.body, spelling)}" for equation in cell.equations]


def _text(node: Expression, spelling: Spelling) -> str:
    if isinstance(node, Timed):
        return f"{spelling.names.get(node.name, node.name)}_{{{node.time}}}"
    if isinstance(node, Parameter):
        base, _, label = node.name.partition("_")
        return spelling.names.get(node.name) or (f"{base}_{{{label}}}" if label else base)
    if isinstance(node, Ones):
        return "1"
    if isinstance(node, Sum):
        return " + ".join(_terms(node, spelling)).replace("+ -", "- ")
    if isinstance(node, Scaled):
        sign = "-" if node.coefficient == -1 else str(node.coefficient)
        return f"{sign}{_factor(node.body, spelling)}"
    if isinstance(node, Product):
        factors = [_factor(part, spelling) for part in node.args]
        return " ".join(reversed(factors) if spelling.row else factors)
    if isinstance(node, Hadamard):
        return " \\odot ".join(_factor(part, spelling) for part in node.args)
    if isinstance(node, Power):
        return f"{_factor(node.base, spelling)}^{node.exponent}"
    if isinstance(node, Transposed):
        return f"{_factor(node.body, spelling)}^\\top"
    if isinstance(node, Apply):
        name = node.function
        return f"{FUNCTIONS[name.rstrip(chr(39))]}{chr(39) * node.is_slope}({_text(node.body, spelling)})"
    raise UnsupportedError(f"the text of {type(node).__name__}", advice="add a case to lstm_sym/notes/model/cell_text.py")


def _terms(node: Sum, spelling: Spelling) -> list[str]:
    """The terms of a sum; W x + U h as W [h, x] where the weights are stacked."""
    products = [part for part in node.args if isinstance(part, Product) and isinstance(part.args[0], Parameter)]
    if not spelling.stacked or len(products) != 2:
        return [_text(part, spelling) for part in node.args]
    weight = _text(products[0].args[0], spelling)
    stack = f"[{_text(products[1].args[1], spelling)}, {_text(products[0].args[1], spelling)}]"
    whole = f"{stack} {weight}" if spelling.row else f"{weight} {stack}"
    return [whole, *(_text(part, spelling) for part in node.args if part not in products)]


def _factor(node: Expression, spelling: Spelling) -> str:
    text = _text(node, spelling)
    return f"({text})" if isinstance(node, Sum | Scaled | Hadamard) else text

"""The equations of a declared cell as LaTeX in its own names, one line each.

Law: every node is written so that the reader reads the same node back.
"""

from __future__ import annotations

from lstm_sym.cell import Cell
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed

FUNCTIONS = {"sigma": "\\sigma", "tanh": "\\tanh"}


def equations_text(cell: Cell) -> list[str]:
    """variable_t = body for every equation of the cell."""
    return [f"{_text(equation.variable)} = {_text(equation.body)}" for equation in cell.equations]


def _text(node: Expression) -> str:
    if isinstance(node, Timed):
        return f"{node.name}_{{{node.time}}}"
    if isinstance(node, Parameter):
        base, _, label = node.name.partition("_")
        return f"{base}_{{{label}}}" if label else base
    if isinstance(node, Ones):
        return "1"
    if isinstance(node, Sum):
        return " + ".join(map(_text, node.args)).replace("+ -", "- ")
    if isinstance(node, Scaled):
        sign = "-" if node.coefficient == -1 else str(node.coefficient)
        return f"{sign}{_factor(node.body)}"
    if isinstance(node, Product):
        return " ".join(map(_factor, node.args))
    if isinstance(node, Hadamard):
        return " \\odot ".join(map(_factor, node.args))
    if isinstance(node, Power):
        return f"{_factor(node.base)}^{node.exponent}"
    if isinstance(node, Transposed):
        return f"{_factor(node.body)}^\\top"
    if isinstance(node, Apply):
        name = node.function
        return f"{FUNCTIONS[name.rstrip(chr(39))]}{chr(39) * node.is_slope}({_text(node.body)})"
    raise UnsupportedError(f"the text of {type(node).__name__}", advice="add a case to lstm_sym/notes/cell_text.py")


def _factor(node: Expression) -> str:
    return f"({_text(node)})" if isinstance(node, Sum | Scaled | Hadamard) else _text(node)

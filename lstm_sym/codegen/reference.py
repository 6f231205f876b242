"""The declared equations as infix text over columns: what a generated module holds its fast code against.

Law: it is written from the declaration, one expression for each equation, and shares nothing with the writers of the fast code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros
from lstm_sym.symbols.traversal import walk

Leaf = Callable[[Timed | Parameter], str]
"""The name of a symbol."""
IN_NUMPY: Mapping[str, str] = {"tanh": "np.tanh", "sigma": "_sigma"}
"""The names of the activations, where the module brings a sigmoid of its own."""


def columns(body: Expression, leaf: Leaf, first: str, functions: Mapping[str, str] = IN_NUMPY) -> str:
    """The right side of an equation, with a column for each of the first input's, even where it holds parameters only."""
    text = infix(body, leaf, functions)
    return text if any(isinstance(node, Timed) for node in walk(body)) else f"{text} + 0 * {first}[:1]"


def infix(node: Expression, leaf: Leaf, functions: Mapping[str, str] = IN_NUMPY) -> str:
    """The expression over columns, as it is declared."""
    if isinstance(node, Timed | Parameter):
        return leaf(node)
    if isinstance(node, Ones):
        return "0.0" if isinstance(node, Zeros) else "1.0"
    inner = [infix(arg, leaf, functions) for arg in node.parts]
    if isinstance(node, Sum):
        return f"({' + '.join(inner)})"
    if isinstance(node, Hadamard):
        return f"({' * '.join(inner)})"
    if isinstance(node, Product):
        return f"({' @ '.join(inner)})"
    if isinstance(node, Transposed):
        return f"{inner[0]}.T"
    if isinstance(node, Power):
        return f"{inner[0]} ** {node.exponent}"
    if isinstance(node, Scaled) and node.coefficient.is_Rational:
        top, bottom = int(node.coefficient.p), int(node.coefficient.q)
        return f"(-{inner[0]})" if node.coefficient == -1 else f"({top} / {bottom} * {inner[0]})"
    if isinstance(node, Apply) and node.function in functions:
        return f"{functions[node.function]}({inner[0]})"
    raise UnsupportedError(
        f"reference for {type(node).__name__}",
        got=str(node)[:80],
        expected="sums, products, powers, activations",
        advice="add a form to infix in lstm_sym/codegen/reference.py",
    )

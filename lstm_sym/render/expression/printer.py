"""The printer of expressions: one row of NODES for each node type, which says how the node is written and how tightly it binds.

Laws: terms and factors stand in declared order; a node without a row raises UnsupportedError. With numbers, each symbol is
written as its number, scalars are multiplied with a times sign, and negative factors and terms after a sign are in parentheses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lstm_sym.errors import InputError, UnsupportedError
from lstm_sym.render.expression.node_table import NODES
from lstm_sym.render.typeset.box import Box, Level, atom
from lstm_sym.render.typeset.ink import LATEX, Ink, LatexInk
from lstm_sym.render.typeset.matrix import Numbers, entries_of, number_box, shape_in_numbers
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression


@dataclass(frozen=True)
class Printer:
    """How expressions are written: the ink, the table of names, and the numbers that stand for symbols, if any."""

    ink: Ink = LATEX
    notation: Notation = WORKSHEET
    numbers: Numbers | None = None

    def box(self, node: Expression) -> Box:
        """The node as a box; raises UnsupportedError for a node type without a row in NODES."""
        if self.numbers is not None:
            found = entries_of(node, self.numbers)
            if found is not None:
                return number_box(found, self.ink)
            if isinstance(node, Timed | Parameter):
                raise InputError(f"symbol {node}", got="no number for it", expected="an entry for every symbol of the line")
        row = NODES.get(type(node))
        if row is None:
            raise UnsupportedError(
                f"printing {type(node).__name__}",
                got=str(node)[:80],
                expected=f"one of {', '.join(kind.__name__ for kind in NODES)}",
                advice="add a function for this node type to NODES in lstm_sym/render/expression/node_table.py",
            )
        return row(self, node)

    def part(self, node: Expression, at_least: Level) -> Box:
        """The node, in parentheses if it binds less tightly than `at_least`."""
        box = self.box(node)
        return box if box.level >= at_least else self.ink.parentheses(box)

    def sign(self, name: str) -> Box:
        """A binary sign: the notation's own, else that of the ink."""
        own = self.notation.signs.get(name)
        plain = self.ink.sign(name)
        return plain if own is None else atom(own.latex if isinstance(self.ink, LatexInk) else own.text, plain.width)

    def scalar(self, node: Expression) -> bool:
        """Whether numbers stand for the symbols of the node and give a matrix of one entry."""
        return self.numbers is not None and shape_in_numbers(node, self.numbers) == (1, 1)

    def with_numbers(self, numbers: Numbers) -> Printer:
        return replace(self, numbers=numbers)

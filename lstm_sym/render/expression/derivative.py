"""How a vector-Jacobian product is written: (d expression / d symbol)^T times what arrives; entry by entry for a matrix.

Law: a Jacobian by a vector is a matrix, so it is written as one; by a matrix it is not, so a sum over entries is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_sym.render.typeset.box import BREAK_AT_FACTOR, Box, Level, beside, chain
from lstm_sym.render.typeset.scalar import index
from lstm_sym.symbols.compound import VJP
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Ones

if TYPE_CHECKING:
    from lstm_sym.render.expression.printer import Printer

ENTRY = "k"
"""The index of the entries that are summed over."""


def vector_jacobian_product(printer: Printer, node: VJP) -> Box:
    by_vector = node.symbol.shape[1] == 1
    return _as_matrix(printer, node) if by_vector else _entry_by_entry(printer, node)


def _as_matrix(printer: Printer, node: VJP) -> Box:
    fraction = _fraction(printer, printer.part(node.expression, Level.SCRIPTED), node.symbol)
    jacobian = printer.ink.power(printer.ink.parentheses(fraction), "T")
    if isinstance(node.cotangent, Ones):
        return jacobian
    arriving = printer.part(node.cotangent, Level.SCRIPTED)
    return chain(jacobian, [(printer.ink.sign("product"), arriving)], BREAK_AT_FACTOR, Level.PRODUCT)


def _entry_by_entry(printer: Printer, node: VJP) -> Box:
    arriving = _entry(printer, node.cotangent)
    fraction = _fraction(printer, _entry(printer, node.expression), node.symbol)
    body = chain(arriving, [(printer.ink.sign("scale"), fraction)], BREAK_AT_FACTOR, Level.PRODUCT)
    return beside(printer.ink.total(ENTRY, None), printer.ink.sign("gap"), body, level=Level.SUM)


def _fraction(printer: Printer, above: Box, symbol: Expression) -> Box:
    partial = printer.ink.sign("partial")
    return printer.ink.fraction(beside(partial, above), beside(partial, printer.box(symbol)))


def _entry(printer: Printer, node: Expression) -> Box:
    """One entry of a column; a symbol takes the index beside its own."""
    if isinstance(node, Timed | Parameter):
        time = index(node.time) if isinstance(node, Timed) else None
        return printer.ink.symbol(node.name, time, printer.notation, ENTRY)
    return printer.ink.entry(printer.part(node, Level.ATOM), ENTRY)

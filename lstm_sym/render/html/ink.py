"""LaTeX in which every symbol and every number that has other digits carries a mark, which becomes an attribute in MathML.

A mark is a piece of text at the start of a group: {\\text{@s@delta-out@0} ...} is the symbol delta_out at time 0, and
{\\text{@n@12} ...} the number in row 12 of the page's table. Laws: a mark depends on what it marks alone, so that equal formulas
stay equal; names are identifiers and times are sums, so that no mark can carry markup.
"""

from __future__ import annotations

from dataclasses import replace

from lstm_sym.render.html.digits import NumberTable, Shown
from lstm_sym.render.typeset.box import Box
from lstm_sym.render.typeset.ink import LatexInk
from lstm_sym.render.typeset.notation import Notation
from lstm_sym.symbols.scalars import checked_name

MARK = "@"


class MarkedInk(LatexInk):
    """LaTeX with marks; `numbers` collects the numbers that the page can show with other digits."""

    def __init__(self) -> None:
        self.numbers = NumberTable()

    def symbol(self, name: str, time: str | None, notation: Notation, entry: str | None = None) -> Box:
        key = f"s{MARK}{checked_name(name).replace('_', '-')}{MARK}{time or ''}"
        return _marked(super().symbol(name, time, notation, entry), key)

    def number(self, entry: str, box: Box) -> Box:
        if not isinstance(entry, Shown) or len(box.pieces) != 1:
            return box
        return _marked(box, f"n{MARK}{self.numbers.row(entry.texts)}")


def _marked(box: Box, key: str) -> Box:
    """The box, which is one piece, as a group that begins with its mark."""
    (piece,) = box.pieces
    return replace(box, pieces=(replace(piece, source=rf"{{\text{{{MARK}{key}}}{piece.source}}}"),))

"""Equations that flow: a left side and its right sides as small formulas, between which a browser breaks lines where it must.

Laws: breaks stand before an equals sign, or before a sign outside all tall fences; what one screen breaks, a wider one shows on
one line. Every equation, or table of equations, stands in a group that the keyboard reaches, and that scrolls where it must.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from lstm_sym.render.html.mathml import math
from lstm_sym.render.typeset.box import BREAK_IN_NUMBER, COST_OF_FENCE, Box, Piece
from lstm_sym.render.typeset.layout import Chain

ROOM = 27.0
"""The width of a part that is broken no further, in digits of the text font: what a telephone has room for."""
SIGNS = ("+", "-", r"\odot", r"\cdot", r"\times", r"\otimes")
"""What a continued line should begin with."""


def equation(chain: Chain, words: Chain, *, unseen_left: Box | None = None) -> str:
    """left = right = right; `words` is the same in plain text; `unseen_left` keeps the place of a left side."""
    left = ""
    if chain.left is not None:
        left = math(chain.left.source, _text(words.left), display=True)
    elif unseen_left is not None:
        unseen = math(rf"\hphantom{{{unseen_left.source}}}", display=True)
        left = f'<span class="same" aria-hidden="true">{unseen}</span>'
    return f"{left}<wbr>{right_sides(chain, words)}" if left else right_sides(chain, words)


def right_sides(chain: Chain, words: Chain) -> str:
    """= right = right, each in as many parts as a narrow screen needs."""
    shown = []
    for box, word in zip(chain.rights, words.rights, strict=True):
        first, *rest = _parts(box)
        shown += [
            math(f"{{}} = {first}", f"= {word.source}", display=True),
            *(math(f"{{}} {part}", display=True) for part in rest),
        ]
    return "<wbr>".join(shown)


def row(chain: Chain, words: Chain, number: str = "") -> str:
    """An equation as a row of a table that is aligned at the equals sign."""
    left = math(chain.left.source, _text(words.left), display=True) if chain.left else ""
    return f'<tr><td class="l">{left}</td><td class="r">{right_sides(chain, words)}</td><td class="n">{number}</td></tr>'


def table(name: str, rows: Sequence[str]) -> str:
    """Such rows below one another."""
    body = "\n".join(rows)
    return group(f'<table class="chain" role="presentation">\n{body}\n</table>', name)


def group(body: str, name: str) -> str:
    """A place of its own that scrolls where it is too wide, and whose symbols the arrow keys reach."""
    return f'<div class="eq" tabindex="0" role="group" aria-label="{escape(name)}">{body}</div>'


def _text(box: Box | None) -> str:
    return box.source if box else ""


def _parts(box: Box) -> Iterator[str]:
    """The source in parts of at most ROOM where breaks outside tall fences allow it."""
    source, width = "", 0.0
    for piece in _fine(box.pieces):
        if source and width + piece.width > ROOM:
            yield source.strip()
            source, width = "", 0.0
        source, width = source + piece.source, width + piece.width
    yield source.strip()


def _fine(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces between signs outside parentheses; where such a part is too wide, between factors, then inside parentheses."""
    parts = [list(pieces)]
    for most, at_sign in ((COST_OF_FENCE, True), (COST_OF_FENCE, False), (BREAK_IN_NUMBER - 1, False)):
        split = (_joined(part, most, at_sign) if _whole(part).width > ROOM else [part] for part in parts)
        parts = [part for found in split for part in found]
    yield from map(_whole, parts)


def _joined(pieces: Sequence[Piece], most: int, at_sign: bool) -> list[list[Piece]]:
    """The pieces with those after them from which no break of at most that cost, at a sign if need be, parts them."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        fast = piece.cost is None or piece.fences or piece.cost > most
        if groups and (fast or (at_sign and not piece.source.lstrip().startswith(SIGNS))):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _whole(pieces: Sequence[Piece]) -> Piece:
    """Several pieces as one."""
    return Piece("".join(piece.source for piece in pieces), sum(piece.width for piece in pieces), pieces[0].cost)

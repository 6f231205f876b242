"""Equations in aligned rows: left side, then one or more right sides, broken so that no row is wider than the page.

Laws: everything that fits stands on one row; else each new right side begins a row, where what follows joins it if it fits; one
that is too wide is broken before a sign, at the lowest cost that suffices. Continued rows are indented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lstm_sym.render.typeset.box import Box, Level, Piece, lines
from lstm_sym.render.typeset.ink import Ink, LatexInk

INDENT = 2.0
"""The width of the indent of a continued row."""
PAGE = 80.0
"""The room for an equation alone on its row, in digits of the text font; the page of the report has 88."""
BESIDE_REASON = 55.0
"""The room for an equation that has its reason at its side."""
TALL_ROOM = 0.75
"""The part of the room that several right sides with matrices may fill on one row: neighbours then break alike."""
LONG_LEFT = 10.0
"""A left side that is no symbol and wider stands on a row of its own, above its right sides."""


@dataclass(frozen=True)
class Row:
    """One printed row: its left side (empty where it continues), and what stands right of the alignment.

    A wide row has a part without breaks that leaves no room beside it, though the page has room for it.
    """

    left: str
    right: str
    is_left_alone: bool = False
    is_wide: bool = False


@dataclass(frozen=True)
class Chain:
    """left = rights[0] = rights[1] = ...; no left side where the row before has the same one."""

    left: Box | None
    rights: tuple[Box, ...]


def aligned(chains: Sequence[Chain], ink: Ink, width: float) -> tuple[tuple[Row, ...], ...]:
    """The rows of each chain, all of them aligned at the equals sign."""
    sign = ink.sign("equals")
    margin = max((chain.left.width for chain in chains if chain.left is not None and not _stands_alone(chain.left)), default=0.0)
    room = max(width - margin - sign.width, width / 3)
    return tuple(_rows(chain, ink, sign, room, PAGE - width) for chain in chains)


def _stands_alone(left: Box) -> bool:
    """Whether a left side is a long expression; a single symbol never stands alone."""
    return left.level <= Level.PRODUCT and left.width > LONG_LEFT


def _rows(chain: Chain, ink: Ink, sign: Box, room: float, beside: float) -> tuple[Row, ...]:
    if chain.left is not None and _stands_alone(chain.left):
        above = Row("", chain.left.source, is_left_alone=True)
        return above, *_rows(Chain(None, chain.rights), ink, sign, room, beside)
    left = chain.left.source if chain.left is not None else ""
    equals = sign.source + " "
    whole = sum(box.width for box in chain.rights) + sign.width * (len(chain.rights) - 1)
    if whole <= (TALL_ROOM * room if any(box.tall for box in chain.rights) else room):
        return (Row(left, equals + f" {equals}".join(box.source for box in chain.rights)),)
    rows: list[Row] = []
    used = room
    for number, box in enumerate(chain.rights):
        if number > 1 and used + sign.width + box.width <= room:
            rows[-1] = Row(rows[-1].left, f"{rows[-1].right} {equals}{box.source}")
            used += sign.width + box.width
            continue
        broken = lines(box, room, room - INDENT)
        wide = [room < sum(piece.width for piece in line) <= room + beside for line in broken]
        rows.append(Row("" if number else left, equals + _line(broken, 0, ink), is_wide=wide[0]))
        rows += [Row("", _continued(broken, place, ink), is_wide=wide[place]) for place in range(1, len(broken))]
        used = sum(piece.width for piece in broken[-1]) + (INDENT if len(broken) > 1 else 0)
    return tuple(rows)


def _line(broken: Sequence[Sequence[Piece]], place: int, ink: Ink) -> str:
    """One line of a broken box; tall fences that are open at a break are closed there and opened again."""
    opened = broken[place][0].fences if place else 0
    closed = broken[place + 1][0].fences if place + 1 < len(broken) else 0
    source = "".join(piece.source for piece in broken[place]).strip()
    return r"\left. " * opened + source + r" \right." * closed


def _continued(broken: Sequence[Sequence[Piece]], place: int, ink: Ink) -> str:
    return (r"\quad {} " if isinstance(ink, LatexInk) else "  ") + _line(broken, place, ink)

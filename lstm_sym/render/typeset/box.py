"""Boxes: pieces of printed mathematics that know their width, how tightly they bind, and where a line may be broken.

Laws: the source of a box is the concatenation of its pieces; a box is put in parentheses exactly where it binds less tightly than
its place demands; a break inside parentheses costs more than one outside. Widths are estimates in digits of the text font.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

BREAK_AT_TERM, BREAK_AT_FACTOR, COST_OF_FENCE, BREAK_IN_NUMBER = 1, 2, 3, 90


class Level(IntEnum):
    """How tightly a box binds, from loosest to tightest."""

    NEGATIVE = 0
    SUM = 1
    PRODUCT = 2
    SCRIPTED = 3
    ATOM = 4


@dataclass(frozen=True)
class Piece:
    """A part that is never broken. `cost` is that of a break before it (None: none); `fences` counts tall fences open there."""

    source: str
    width: float
    cost: int | None = None
    fences: int = 0


@dataclass(frozen=True)
class Box:
    """Printed mathematics. `tall` says that it is higher than a line of text, so that fences around it must grow."""

    pieces: tuple[Piece, ...]
    level: Level = Level.ATOM
    tall: bool = False

    @property
    def source(self) -> str:
        return "".join(piece.source for piece in self.pieces)

    @property
    def width(self) -> float:
        return sum(piece.width for piece in self.pieces)

    def at_level(self, level: Level) -> Box:
        return replace(self, level=level)


def atom(source: str, width: float, level: Level = Level.ATOM, *, tall: bool = False) -> Box:
    return Box((Piece(source, width),), level, tall)


def beside(*boxes: Box, level: Level = Level.ATOM) -> Box:
    """The boxes one after the other, with the breaks that they have."""
    pieces: list[Piece] = []
    for box in boxes:
        first, *rest = box.pieces
        if pieces and first.cost is None:
            pieces[-1] = replace(pieces[-1], source=pieces[-1].source + first.source, width=pieces[-1].width + first.width)
        else:
            pieces.append(first)
        pieces += rest
    return Box(tuple(pieces), level, any(box.tall for box in boxes))


def chain(first: Box, rest: Iterable[tuple[Box, Box]], cost: int, level: Level) -> Box:
    """first sign box sign box ...: a break is allowed before each sign, at that cost."""
    pieces, tall = list(first.pieces), first.tall
    for sign, box in rest:
        head, *tail = box.pieces
        pieces.append(Piece(f" {sign.source} {head.source}".replace("  ", " "), sign.width + head.width, cost))
        pieces += tail
        tall = tall or box.tall
    return Box(tuple(pieces), level, tall)


def fenced(opening: Box, body: Box, closing: Box, *, grows: bool) -> Box:
    """The body between two fences; breaks inside stay possible, at a higher cost."""
    inside = tuple(
        piece if piece.cost is None else replace(piece, cost=piece.cost + COST_OF_FENCE, fences=piece.fences + int(grows))
        for piece in body.pieces
    )
    return beside(opening, replace(body, pieces=inside), closing)


def lines(box: Box, first_width: float, width: float) -> tuple[Sequence[Piece], ...]:
    """The pieces in lines that fit, broken at the lowest costs that suffice; a piece that is too wide stays whole."""
    costs = sorted({piece.cost for piece in box.pieces if piece.cost is not None})
    attempt: tuple[Sequence[Piece], ...] = (box.pieces,)
    if box.width <= first_width:
        return attempt
    for limit in costs:
        attempt = _fill(box.pieces, first_width, width, limit)
        if all(_width(line) <= (width if number else first_width) for number, line in enumerate(attempt)):
            return attempt
    return attempt


def _fill(pieces: Sequence[Piece], first_width: float, width: float, limit: int) -> tuple[Sequence[Piece], ...]:
    filled: list[list[Piece]] = [[]]
    for group in _groups(pieces, limit):
        room = width if len(filled) > 1 else first_width
        if filled[-1] and _width(filled[-1]) + _width(group) > room:
            filled.append([])
        filled[-1] += group
    return tuple(filled)


def _groups(pieces: Sequence[Piece], limit: int) -> list[list[Piece]]:
    groups: list[list[Piece]] = [[]]
    for piece in pieces:
        if groups[-1] and piece.cost is not None and piece.cost <= limit:
            groups.append([])
        groups[-1].append(piece)
    return groups


def _width(pieces: Sequence[Piece]) -> float:
    return sum(piece.width for piece in pieces)

"""Small geometry that both writers share, so that arrows and corners are the same in both: heads of arrows, numbers as text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from lstm_sym.figures.scene.scene import Point

HEAD_LENGTH, HEAD_WIDTH = 4.2, 3.2
CORNER = 2.4
MARGIN = 4.0


def number_text(value: float) -> str:
    """A coordinate with at most two decimals."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def arrow_head(points: Sequence[Point]) -> tuple[Point, Point, Point]:
    """The corners of the head at the end of a wire, the tip first."""
    (x0, y0), (x1, y1) = points[-2], points[-1]
    length = hypot(x1 - x0, y1 - y0) or 1.0
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    bx, by, half = x1 - HEAD_LENGTH * ux, y1 - HEAD_LENGTH * uy, HEAD_WIDTH / 2
    return (x1, y1), (bx - half * uy, by + half * ux), (bx + half * uy, by - half * ux)


def shortened(points: Sequence[Point], head: bool) -> tuple[Point, ...]:
    """The wire without the part that its head covers."""
    if not head:
        return tuple(points)
    (x0, y0), (x1, y1) = points[-2], points[-1]
    length = hypot(x1 - x0, y1 - y0) or 1.0
    cut = min(HEAD_LENGTH * 0.8, length * 0.8) / length
    return (*points[:-1], (x1 - cut * (x1 - x0), y1 - cut * (y1 - y0)))


def tidy(points: Sequence[Point]) -> tuple[Point, ...]:
    """The same line without repeated points and without points between two others on a straight line."""
    kept: list[Point] = []
    for point in points:
        if kept and abs(kept[-1][0] - point[0]) < 1e-6 and abs(kept[-1][1] - point[1]) < 1e-6:
            continue
        if len(kept) >= 2 and _straight(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def _straight(a: Point, b: Point, c: Point) -> bool:
    return (abs(a[0] - b[0]) < 1e-6 and abs(b[0] - c[0]) < 1e-6) or (abs(a[1] - b[1]) < 1e-6 and abs(b[1] - c[1]) < 1e-6)


def corner_cuts(points: Sequence[Point]) -> list[tuple[Point, Point, Point]]:
    """For each inner point of a wire: where its round corner begins, the corner itself, and where it ends."""
    cuts = []
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        cuts.append((_toward(corner, before), corner, _toward(corner, after)))
    return cuts


def _toward(corner: Point, other: Point) -> Point:
    length = hypot(other[0] - corner[0], other[1] - corner[1])
    share = min(CORNER, length / 2) / length if length else 0.0
    return corner[0] + share * (other[0] - corner[0]), corner[1] + share * (other[1] - corner[1])


def after_shared(points: Sequence[Point], drawn: Sequence[Sequence[Point]]) -> tuple[Point, ...]:
    """The part of a line of level and upright pieces that none of those drawn, which begin where it begins, has drawn already."""
    pieces = [piece for line in drawn for piece in pairwise(line)]
    for place, (start, end) in enumerate(pairwise(points)):
        reached = _covered(start, end, pieces)
        if reached != end:
            return (reached, *points[place + 1 :])
    return tuple(points)


def _covered(start: Point, end: Point, pieces: Sequence[tuple[Point, Point]]) -> Point:
    """How far from start to end the pieces lie on the way."""
    axis = 0 if start[1] == end[1] else 1
    side = 1 if end[axis] > start[axis] else -1
    at, moved = start[axis], True
    while moved and at != end[axis]:
        moved = False
        for a, b in pieces:
            if a[1 - axis] == b[1 - axis] == start[1 - axis] and min(a[axis], b[axis]) <= at <= max(a[axis], b[axis]):
                far = max(side * a[axis], side * b[axis]) * side
                if side * far > side * at:
                    at, moved = (far if side * far < side * end[axis] else end[axis]), True
    return (at, start[1]) if axis == 0 else (start[0], at)

"""Where a number may stand beside its point of a chart: the first place that touches no line, dot or other label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lstm_sym.figures.scene.scene import SMALL, Label, Point, Rectangle
from lstm_sym.figures.scene.words import Runs

PLACES = ((0, -5, "middle"), (0, 11, "middle"), (5, -4, "start"), (-5, -4, "end"), (5, 10, "start"), (-5, 10, "end"))
BESIDE = {"first": ((-6, 2.4, "end"),), "last": ((6, 2.4, "start"),)}
Segment = tuple[Point, Point]


def overlap(a: Rectangle, b: Rectangle, room: float = 0.0) -> bool:
    """Whether two rectangles touch, or come nearer than `room`."""
    return a[0] < b[2] + room and b[0] < a[2] + room and a[1] < b[3] + room and b[1] < a[3] + room


def crosses(rectangle: Rectangle, segment: Segment) -> bool:
    """Whether a straight line meets a rectangle."""
    (x0, y0), (x1, y1) = segment
    left, top, right, bottom = rectangle
    enter, leave = 0.0, 1.0
    for start, delta, low, high in ((x0, x1 - x0, left, right), (y0, y1 - y0, top, bottom)):
        if abs(delta) < 1e-12:
            if not low <= start <= high:
                return False
            continue
        near, far = sorted(((low - start) / delta, (high - start) / delta))
        enter, leave = max(enter, near), min(leave, far)
    return enter <= leave


def place_label(
    at: Point, runs: Runs, role: str, side: str, taken: Sequence[Rectangle], segments: Iterable[Segment], bounds: Rectangle
) -> Label | None:
    """A label beside the point, or None where there is no room; `side` is first, last or empty."""
    lines = list(segments)
    for dx, dy, anchor in (*BESIDE.get(side, ()), *PLACES):
        label = Label(at[0] + dx, at[1] + dy, runs, role, anchor, SMALL)
        box = label.rectangle
        inside = bounds[0] <= box[0] and bounds[1] <= box[1] and box[2] <= bounds[2] and box[3] <= bounds[3]
        if inside and not any(overlap(box, other, 1) for other in taken) and not any(crosses(box, line) for line in lines):
            return label
    return None

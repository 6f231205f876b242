"""Gradient flow over time: the size of each adjoint at every step, on a logarithmic axis, certified numbers beside the points.

Law: a number that finds no place without touching another mark is left out of the picture, and stands in the description.
"""

from __future__ import annotations

from itertools import pairwise

from lstm_sym.errors import InputError
from lstm_sym.figures.kinds.placing import place_label
from lstm_sym.figures.kinds.ticks import log_bounds, log_ticks, logarithm, time_ticks
from lstm_sym.figures.scene.scene import SIZE, SMALL, Dot, Label, Point, Rectangle, Scene, Wire
from lstm_sym.figures.scene.words import number, spoken, symbol, words
from lstm_sym.pictured import Flow, Series
from lstm_sym.render.typeset.notation import WORKSHEET, Notation

WIDTH, HEIGHT = 330.0, 176.0
MARKS = (("gradient", "dot"), ("ink", "ring"), ("forward", "diamond"), ("muted", "ring"))
"""Role and form of the points of each series."""
MOST_DOTS, MOST_NUMBERS = 60, 9
"""How many steps may have dots, and how many numbers."""
ZERO_ROOM = 16.0


def flow_scene(flow: Flow, notation: Notation = WORKSHEET) -> Scene:
    """The chart of a flow; raises InputError where every size is zero."""
    return _Chart(flow, notation).scene


class _Chart:
    """The scales of one chart and what is drawn with them."""

    def __init__(self, flow: Flow, notation: Notation) -> None:
        self.flow, self.notation = flow, notation
        sizes = [logarithm(point.size) for series in flow.series for point in series.points]
        found = [size for size in sizes if size is not None]
        if not found:
            raise InputError(f"the gradient flow of {flow.name}", got="zero at every step", expected="a step with a gradient")
        self.zero = len(found) < len(sizes)
        self.last = max(point.time for series in flow.series for point in series.points)
        self.low, self.high = log_bounds(found)
        self.scene = Scene(f"Gradient flow over time: {flow.name}", _description(flow, notation))
        self._axes()
        self._lines()
        self._legend()
        self._numbers()

    def x(self, time: float) -> float:
        return WIDTH * (time + 0.5) / (self.last + 1)

    def y(self, logarithm: float | None) -> float:
        bottom = HEIGHT - (ZERO_ROOM if self.zero else 0)
        if logarithm is None:
            return HEIGHT
        return bottom * (self.high - logarithm) / (self.high - self.low)

    def points(self, series: Series) -> list[Point]:
        return [(self.x(point.time), self.y(logarithm(point.size))) for point in series.points]

    def segments(self, series: Series) -> list[tuple[Point, Point]]:
        """The lines between points that follow each other, none of which is zero."""
        sizes = [logarithm(point.size) for point in series.points]
        pairs = zip(pairwise(self.points(series)), pairwise(sizes), strict=True)
        return [ends for ends, (a, b) in pairs if a is not None and b is not None]

    def _axes(self) -> None:
        scene = self.scene
        for place, text in log_ticks(self.low, self.high):
            y = self.y(place)
            if text:
                scene.wires.append(Wire(((0, y), (WIDTH, y)), "grid", head=False))
                scene.labels.append(Label(-6, y + 0.3 * SMALL, number(text), "muted", "end", SMALL))
            scene.wires.append(Wire(((-3 if text else -1.6, y), (0, y)), "axis", head=False))
        if self.zero:
            scene.labels.append(Label(-6, HEIGHT + 0.3 * SMALL, number("0"), "muted", "end", SMALL))
        floor = HEIGHT + 7
        for step in time_ticks(self.last):
            scene.wires.append(Wire(((self.x(step), floor), (self.x(step), floor + 3)), "axis", head=False))
            scene.labels.append(Label(self.x(step), floor + 11, number(str(step)), "muted", "middle", SMALL))
        scene.wires.append(Wire(((0, floor), (WIDTH + 6, floor)), "axis"))
        scene.wires.append(Wire(((0, floor), (0, -8)), "axis"))
        scene.labels.append(Label(WIDTH + 10, floor + 2.5, symbol("t", None, self.notation), "ink", "start", SIZE))

    def _lines(self) -> None:
        for place, series in enumerate(self.flow.series):
            role, form = MARKS[place % len(MARKS)]
            for ends in self.segments(series):
                self.scene.wires.append(Wire(ends, role, head=False))
            if len(series.points) <= MOST_DOTS:
                self.scene.dots += [Dot(x, y, role, form, 2.6 if form == "diamond" else 2.2) for x, y in self.points(series)]

    def _legend(self) -> None:
        """What each line is, above the chart, after the words for the axis."""
        words_of_axis = Label(0, -16, words("largest entry in size of"), "muted", "start", SMALL)
        self.scene.labels.append(words_of_axis)
        x = words_of_axis.rectangle[2] + 8
        for place, series in enumerate(self.flow.series):
            role, form = MARKS[place % len(MARKS)]
            self.scene.wires.append(Wire(((x, -18.5), (x + 22, -18.5)), role, head=False))
            self.scene.dots.append(Dot(x + 11, -18.5, role, form, 2.2))
            label = Label(x + 26, -16, symbol(series.quantity, "t", self.notation), "ink", "start", SIZE)
            self.scene.labels.append(label)
            x = label.rectangle[2] + 12

    def _numbers(self) -> None:
        if self.last >= MOST_NUMBERS:
            return
        segments = [segment for series in self.flow.series for segment in self.segments(series)]
        taken: list[Rectangle] = [(d.x - d.radius, d.y - d.radius, d.x + d.radius, d.y + d.radius) for d in self.scene.dots]
        bounds = (-2.0, -10.0, WIDTH + 2.0, HEIGHT + 6.0)
        for place, series in enumerate(self.flow.series):
            role = MARKS[place % len(MARKS)][0]
            for point, at in zip(series.points, self.points(series), strict=True):
                side = "first" if point.time == 0 else "last" if point.time == self.last else ""
                label = place_label(at, number(point.size), role, side, taken, segments, bounds)
                if label is not None:
                    self.scene.labels.append(label)
                    taken.append(label.rectangle)


def _description(flow: Flow, notation: Notation) -> str:
    told = []
    for series in flow.series:
        told.append(
            f"{spoken(series.quantity, None, notation)}: "
            + ", ".join(f"{point.size} at t={point.time}" for point in series.points[:50])
        )
    return f"The largest entry in size over the steps, on a logarithmic axis ({flow.rounding}). " + "; ".join(told) + "."

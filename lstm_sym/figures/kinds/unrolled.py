"""The unrolled cell with the worked numbers on its wires: values forward, above; gradients backward, dashed, below.

Laws: each number is one of the solution or of what arrives from the next step; all steps have one layout, so that the wires
between them run level. Of many steps the first and the last are drawn, of a long vector the first entries and the last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lstm_sym.figures.kinds.cell_network import OUT, variables_network
from lstm_sym.figures.kinds.numbers import Column, Numbers
from lstm_sym.figures.layout.panel import Panel, laid_out
from lstm_sym.figures.scene.scene import SIZE, SMALL, Label, Scene, Shape, Wire, centred
from lstm_sym.figures.scene.words import Run, Runs, joined, symbol, width_of, words
from lstm_sym.pictured import Unrolled
from lstm_sym.render.typeset.notation import WORKSHEET, Notation

APART = 5.0
"""Half the distance between a wire and the gradient that comes back along it, at a node; between steps it is wider."""
LINE = 8.2
"""From one entry of a vector to the next."""
HEADER = 17.0
MOST_STEPS, KEPT_AT_EACH_END = 6, 2
ROW_WIDTH = 800.0
"""Rows wider than this are broken; a single step may be wider. A page on its side has about as much."""
BETWEEN_ROWS = 14.0
SKIP = 30.0


def unrolled_scene(unrolled: Unrolled, notation: Notation = WORKSHEET) -> Scene:
    """The picture of a worked example, all rows of it."""
    picture = _Picture(unrolled, notation)
    whole, y = picture.empty(), 0.0
    for row in picture.rows:
        top, bottom = row.extent[1], row.extent[3]
        whole.add(row, 0, y - top)
        y += bottom - top + BETWEEN_ROWS
    return picture.with_legend(whole)


def unrolled_rows(unrolled: Unrolled, notation: Notation = WORKSHEET) -> list[Scene]:
    """The same, each row a picture of its own, for pages."""
    picture = _Picture(unrolled, notation)
    return [picture.with_legend(row) for row in picture.rows]


@dataclass(frozen=True)
class _Sizes:
    """What every step of a picture shares."""

    lines: int
    gap: float
    inputs: float
    top: float


class _Picture:
    """The panel that all steps share, and the steps put side by side."""

    def __init__(self, unrolled: Unrolled, notation: Notation) -> None:
        self.unrolled, self.notation, self.cell = unrolled, notation, unrolled.cell
        self.numbers = Numbers(unrolled, notation)
        self.scene = self.empty()
        self.steps = self._chosen(self.numbers.last)
        shown = [step for step in self.steps if step is not None]
        self.sizes = self._sizes(shown)
        room = LINE * (self.sizes.lines + 1) + 2 * APART + 3
        network = variables_network(self.cell, self.numbers, shown, notation, APART, LINE)
        self.panel: Panel = laid_out(network, port_room=room, header=HEADER)
        self.rows = list(self._drawn())

    def empty(self) -> Scene:
        return Scene(f"The cell unrolled: {self.unrolled.solution.name}", self.numbers.description())

    @staticmethod
    def _chosen(last: int) -> list[int | None]:
        """The steps that are drawn; None stands for those that are left out."""
        steps: list[int | None] = list(range(last + 1))
        if len(steps) <= MOST_STEPS:
            return steps
        return [*steps[:KEPT_AT_EACH_END], None, *steps[-KEPT_AT_EACH_END:]]

    def _sizes(self, shown: list[int]) -> _Sizes:
        columns, inputs = [], []
        for variable in self.cell.recurrent:
            for step in (-1, *shown):
                columns += [self.numbers.value(variable.name, step), self.numbers.arriving(variable.name, step)]
        for x in self.cell.inputs:
            for step in shown:
                inputs += [self.numbers.value(x.name, step), self.numbers.gradient(x, step)]
        labels = [self.numbers.label(step) for step in shown]
        return _Sizes(
            lines=max(len(column.numbers) for column in columns),
            gap=max(column.width for column in columns) + 9,
            inputs=max((len(column.numbers) for column in inputs), default=1) * LINE + 8,
            top=max((_height(column) for column in labels if column), default=0) * LINE + 12,
        )

    def _drawn(self) -> Iterator[Scene]:
        """The steps side by side, in as many rows as it takes; the wires between two rows stand in both."""
        for steps in self._broken():
            self.scene, x = self.empty(), self.sizes.gap
            self._gap(0.0, steps[0][1] - 1)
            for place, (is_shown, step) in enumerate(steps):
                if is_shown:
                    self._step(x, step)
                    x += self.panel.width
                    self._gap(x, step)
                else:
                    self.scene.labels.append(centred(x + SKIP / 2, self.panel.height / 2, (Run("…"),), "ink", 14))
                    x += SKIP
                    if place + 1 < len(steps):
                        self._gap(x, steps[place + 1][1] - 1)
                x += self.sizes.gap
            yield self.scene

    def _broken(self) -> list[list[tuple[bool, int]]]:
        """The steps of each row, each with whether it is drawn; an ellipsis takes no place and begins no row."""
        shown = sum(step is not None for step in self.steps)
        most = max(1, int((ROW_WIDTH - self.sizes.gap) // (self.panel.width + self.sizes.gap)))
        each = -(-shown // -(-shown // most))
        rows: list[list[tuple[bool, int]]] = [[]]
        for step in self.steps:
            if step is not None and sum(is_shown for is_shown, _ in rows[-1]) == each:
                rows.append([])
            rows[-1].append((step is not None, step if step is not None else rows[-1][-1][1]))
        return rows

    def _gap(self, x: float, step: int) -> None:
        """The wires from a step to the next: the value above, what arrives from the next step dashed below."""
        for variable in self.cell.recurrent:
            level = self.panel.rails[OUT + variable.name]
            ahead, back = level, level + 2 * APART
            self.scene.wires.append(Wire(((x, ahead), (x + self.sizes.gap, ahead)), "forward"))
            self.scene.wires.append(Wire(((x + self.sizes.gap, back), (x, back)), "gradient"))
            middle = x + self.sizes.gap / 2
            self._above(middle, ahead, self.numbers.value(variable.name, step))
            self._below(middle, back, self.numbers.arriving(variable.name, step))

    def _above(self, x: float, y: float, column: Column) -> None:
        lines = [column.name, *column.numbers] if column.name else list(column.numbers)
        for place, runs in enumerate(reversed(lines)):
            self.scene.labels.append(Label(x, y - 3 - place * LINE, runs, column.role, "middle", SMALL))

    def _below(self, x: float, y: float, column: Column) -> None:
        lines = [*column.numbers, column.name] if column.name else list(column.numbers)
        for place, runs in enumerate(lines):
            self.scene.labels.append(Label(x, y + 8.2 + place * LINE, runs, column.role, "middle", SMALL))

    def _step(self, x: float, step: int) -> None:
        panel, scene = self.panel, self.scene
        inner = Scene("", "")
        inner.shapes.append(Shape("", "box", "panel", 0, 0, panel.width, panel.height))
        inner.wires += [self._lifted(wire, step) for wire in panel.wires]
        inner.dots += panel.dots
        inner.labels.append(Label(6, 11.5, joined(symbol("t", None, self.notation), (Run(f" = {step}"),)), "muted", size=SIZE))
        scene.add(inner, x, 0)
        for variable in self.cell.variables:
            self._node(x, variable.name, step)
        for given in self.cell.inputs:
            self._input(x + panel.below[given.name], panel.height, given.name, step)
        self._output(x + panel.up, step)

    @staticmethod
    def _lifted(wire: Wire, step: int) -> Wire:
        """The wire with ids that tell its step."""
        return Wire(wire.points, wire.role, f"{wire.source}@{step}", f"{wire.target}@{step}", wire.head)

    def _node(self, x: float, name: str, step: int) -> None:
        left, top, right, bottom = self.panel.boxes[name]
        self.scene.shapes.append(Shape(f"{name}@{step}", "box", "gate", x + left, top, right - left, bottom - top))
        value, gradient = self.numbers.value(name, step), self.numbers.gradient_of(name, step)
        middle, at = x + (left + right) / 2, (top + bottom) / 2
        self.scene.labels.append(centred(middle, at - 5.6, value.name, "forward", SMALL))
        self.scene.labels.append(centred(middle, at + 5.6, gradient.name, "gradient", SMALL))
        end = x + self.panel.stubs[name][1][0]
        self.scene.wires.append(Wire(((end, at + APART), (x + right, at + APART)), "gradient", target=f"{name}@{step}"))
        centre = (x + right + end) / 2
        self._above(centre, at - APART, Column((), value.numbers, value.role))
        self._below(centre, at + APART, Column((), gradient.numbers, gradient.role))

    def _input(self, x: float, y: float, name: str, step: int) -> None:
        """An input below the frame, its value at the left of its wire, its gradient at the right."""
        length, back = self.sizes.inputs, x + 2 * APART
        value, gradient = self.numbers.value(name, step), self.numbers.gradient_of(name, step)
        self.scene.wires.append(Wire(((x, y + length), (x, y)), "forward", head=False))
        self.scene.wires.append(Wire(((back, y), (back, y + length)), "gradient"))
        first = y + length / 2 - (len(value.numbers) - 1) * LINE / 2 + 0.32 * SMALL
        for place, runs in enumerate(value.numbers):
            self.scene.labels.append(Label(x - 3.5, first + place * LINE, runs, "forward", "end", SMALL))
        for place, runs in enumerate(gradient.numbers):
            self.scene.labels.append(Label(back + 3.5, first + place * LINE, runs, "gradient", "start", SMALL))
        wide = max(width_of(value.name, SMALL), width_of(gradient.name, SMALL)) + 8
        middle = (x + back) / 2
        self.scene.shapes.append(Shape(f"{name}@{step}", "box", "given", middle - wide / 2, y + length, wide, 24))
        self.scene.labels.append(centred(middle, y + length + 6.5, value.name, "forward", SMALL))
        self.scene.labels.append(centred(middle, y + length + 17.5, gradient.name, "gradient", SMALL))

    def _output(self, x: float, step: int) -> None:
        """The output on its way up to the label, and the derivative of the loss that comes down."""
        label, loss, back = self.numbers.label(step), self.numbers.loss(step), x + 2 * APART
        if label is None:
            self.scene.wires.append(Wire(((x, 0), (x, -12)), "forward"))
            self.scene.labels.append(Label(x, -15, words("no label"), "muted", "middle", SMALL))
            return
        self.scene.wires.append(Wire(((x, 0), (x, -self.sizes.top)), "forward"))
        self.scene.wires.append(Wire(((back, -self.sizes.top), (back, 0)), "gradient"))
        lines = [joined(loss.name, (Run(" = "),), loss.numbers[0])] if len(loss.numbers) == 1 else [loss.name, *loss.numbers]
        first = -self.sizes.top / 2 - (len(lines) - 1) * LINE / 2 + 0.32 * SMALL
        for place, runs in enumerate(lines):
            self.scene.labels.append(Label(back + 3.5, first + place * LINE, runs, "gradient", "start", SMALL))
        text = joined(label.name, (Run(" = "),), *_listed(label.numbers))
        wide = width_of(text, SMALL) + 10
        middle = (x + back) / 2
        self.scene.shapes.append(Shape(f"label@{step}", "box", "given", middle - wide / 2, -self.sizes.top - 14, wide, 14))
        self.scene.labels.append(centred(middle, -self.sizes.top - 7, text, "ink", SMALL))

    def with_legend(self, scene: Scene) -> Scene:
        """The scene with what its two kinds of wires are, below."""
        x, y = 0.0, scene.extent[3] + 17
        for role, runs in (("forward", words("value")), ("gradient", self.numbers.legend())):
            ends = ((x, y - 2.3), (x + 22, y - 2.3))
            scene.wires.append(Wire(ends if role == "forward" else ends[::-1], role))
            label = Label(x + 27, y, runs, "muted", "start", SMALL)
            scene.labels.append(label)
            x = label.rectangle[2] + 16
        scene.labels.append(Label(0.0, y + 13, self.numbers.parts_legend(), "muted", "start", SMALL))
        return scene


def _height(column: Column) -> int:
    """How many lines a column takes, with its name above its entries where there are several."""
    return len(column.numbers) + (len(column.numbers) > 1)


def _listed(numbers: tuple[Runs, ...]) -> tuple[Runs, ...]:
    """Entries as one line, in brackets where there are several."""
    if len(numbers) == 1:
        return numbers
    return ((Run("["),), joined(*numbers, between=", "), (Run("]"),))

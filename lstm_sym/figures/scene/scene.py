"""A picture as plain data: shapes, wires, dots and labels with their positions and roles. Both writers read this alone.

Laws: x goes right and y goes down, in printer's points; what a thing looks like follows from its role alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lstm_sym.figures.scene.words import Run, width_of

Point = tuple[float, float]
Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""

SIZE = 8.0
SMALL = 7.0
ABOVE, BELOW = 0.74, 0.26
"""How far letters reach above and below the line on which they stand, in sizes of the font."""


@dataclass(frozen=True)
class Shape:
    """A box or circle inside its rectangle. `form` is box, circle or diamond; `id` names it for wires."""

    id: str
    form: str
    role: str
    x: float
    y: float
    width: float
    height: float

    @property
    def rectangle(self) -> Rectangle:
        return self.x, self.y, self.x + self.width, self.y + self.height


@dataclass(frozen=True)
class Wire:
    """A line through its points; with `head` an arrow at its end. `source` and `target` are ids of shapes, or empty."""

    points: tuple[Point, ...]
    role: str
    source: str = ""
    target: str = ""
    head: bool = True


@dataclass(frozen=True)
class Dot:
    """A branching of a wire, or a point of a chart; `form` is dot, ring, square or diamond."""

    x: float
    y: float
    role: str
    form: str = "dot"
    radius: float = 1.1


@dataclass(frozen=True)
class Label:
    """Runs of text that stand on the line y; `anchor` is start, middle or end."""

    x: float
    y: float
    runs: tuple[Run, ...]
    role: str = "ink"
    anchor: str = "start"
    size: float = SIZE

    @property
    def rectangle(self) -> Rectangle:
        width = width_of(self.runs, self.size)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        drop = BELOW + (0.2 if any(run.level < 0 for run in self.runs) else 0.0)
        rise = ABOVE + (0.2 if any(run.level > 0 for run in self.runs) else 0.0)
        return left, self.y - rise * self.size, left + width, self.y + drop * self.size

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass
class Scene:
    """Everything of a picture. `title` and `description` tell it in words, for who cannot see it."""

    title: str
    description: str
    shapes: list[Shape] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    @property
    def extent(self) -> Rectangle:
        """What everything fits into."""
        boxes = [*(s.rectangle for s in self.shapes), *(label.rectangle for label in self.labels)]
        points = [point for wire in self.wires for point in wire.points]
        points += [(dot.x + s * dot.radius, dot.y + s * dot.radius) for dot in self.dots for s in (-1, 1)]
        xs = [*(x for box in boxes for x in (box[0], box[2])), *(x for x, _ in points)]
        ys = [*(y for box in boxes for y in (box[1], box[3])), *(y for _, y in points)]
        return min(xs), min(ys), max(xs), max(ys)

    def add(self, other: Scene, dx: float, dy: float) -> None:
        """Puts everything of another scene here, moved."""
        self.shapes += [Shape(s.id, s.form, s.role, s.x + dx, s.y + dy, s.width, s.height) for s in other.shapes]
        for wire in other.wires:
            self.wires.append(Wire(moved(wire.points, dx, dy), wire.role, wire.source, wire.target, wire.head))
        self.dots += [Dot(d.x + dx, d.y + dy, d.role, d.form, d.radius) for d in other.dots]
        self.labels += [Label(a.x + dx, a.y + dy, a.runs, a.role, a.anchor, a.size) for a in other.labels]


def moved(points: Sequence[Point], dx: float, dy: float) -> tuple[Point, ...]:
    return tuple((x + dx, y + dy) for x, y in points)


def centred(x: float, y: float, runs: tuple[Run, ...], role: str = "ink", size: float = SIZE) -> Label:
    """A label whose middle is at (x, y)."""
    return Label(x, y + 0.32 * size, runs, role, "middle", size)

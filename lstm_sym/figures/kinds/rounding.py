"""Rounding carried along a worked example: for each line the exact value, what carried rounding prints, and the gap as a dot.

Laws: one row for each line of the solution; a line with several entries shows all of them as dots and tells of the one
farthest off (among equals the first). Within the shaded band carried rounding and exact values print the same digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

from lstm_sym.figures.scene.scene import SMALL, Dot, Label, Scene, Shape, Wire
from lstm_sym.figures.scene.words import MINUS, Run, Runs, joined, number, symbol, width_of, words
from lstm_sym.pictured import Carried, CarriedEntry, CarriedLine, CarriedPart
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.render.typeset.scalar import index
from lstm_sym.symbols.leaves import Timed

PITCH = 10.2
STRIP = 84.0
GAP = 9.0
MORE_DECIMALS = 3
"""How many decimals of the exact value stand after the last printed one."""
MOST_ROWS = 140
KEPT_AT_EACH_END = 2
ELLIPSIS = "…"

Row = CarriedLine | str
"""A line, or the words of a heading."""


def rounding_scene(carried: Carried, notation: Notation = WORKSHEET) -> Scene:
    """The chart of all lines, in two columns."""
    scene = Scene(f"Rounding carried along {carried.name}", _description(carried))
    rows = list(_rows(_shortened(carried.parts)))
    most = max(2.0, max((abs(float(e.gap)) for part in carried.parts for line in part.lines for e in line.entries), default=0.0))
    column = _Column(carried, notation, float(ceil(most)), rows)
    middle = _break(rows)
    x = 0.0
    for half in (rows[:middle], rows[middle:]):
        if half:
            column.draw(scene, half, x)
            x += column.width + 2.4 * GAP
    _legend(scene, max(middle, len(rows) - middle) * PITCH + 34, column.width * 2 + 2.4 * GAP, carried.decimals)
    return scene


def _rows(parts: Iterable[CarriedPart]) -> Iterable[Row]:
    for part in parts:
        yield part.title
        yield from part.lines


def _shortened(parts: Sequence[CarriedPart]) -> list[CarriedPart]:
    """All parts or, where that is too much for a page, the first and last of those that repeat at each step."""
    if sum(len(part.lines) + 1 for part in parts) <= MOST_ROWS:
        return list(parts)
    families: dict[str, list[CarriedPart]] = {}
    for part in parts:
        families.setdefault(part.title.split(" @ ")[0], []).append(part)
    found: list[CarriedPart] = []
    for members in families.values():
        first, last = members[:KEPT_AT_EACH_END], members[KEPT_AT_EACH_END:][-KEPT_AT_EACH_END:]
        left_out = len(members) - len(first) - len(last)
        found += [*first, *([CarriedPart(f"{ELLIPSIS} {left_out} more steps", ())] if left_out else []), *last]
    return found


def _break(rows: Sequence[Row]) -> int:
    """Where the second column begins: at the heading nearest to the middle."""
    headings = [place for place, row in enumerate(rows) if isinstance(row, str)]
    return min((place for place in headings if place), key=lambda place: abs(place - len(rows) / 2), default=len(rows))


def farthest(line: CarriedLine) -> CarriedEntry:
    """The entry with the largest gap in size, the first among equals."""
    return max(line.entries, key=lambda entry: abs(float(entry.gap)))


def name_of(line: CarriedLine, notation: Notation) -> Runs:
    """The left side, with the place of the entry that is told of where there are several."""
    time = index(line.left.time) if isinstance(line.left, Timed) else None
    runs = symbol(line.left.name, time, notation)
    if len(line.entries) == 1:
        return runs
    entry = farthest(line)
    single = all(other.column == 0 for other in line.entries)
    place = f"{entry.row + 1}" if single else f"{entry.row + 1},{entry.column + 1}"
    return joined(runs, (Run(f"[{place}]"),))


class _Column:
    """One column of rows: where its parts stand, and the scale of its strip."""

    def __init__(self, carried: Carried, notation: Notation, most: float, rows: Sequence[Row]) -> None:
        self.carried, self.notation, self.most = carried, notation, most
        lines = [row for row in rows if not isinstance(row, str)]

        def widest(texts: Iterable[Runs]) -> float:
            return max((Label(0, 0, runs, size=SMALL).rectangle[2] for runs in texts), default=0.0)

        names = widest(name_of(line, notation) for line in lines)
        exact = max(widest(self._exact(farthest(line)) for line in lines), widest([words("exact value")]))
        rounded = max(widest(number(farthest(line).carried) for line in lines), widest([words("carried")]))
        self.at_exact = names + GAP + exact
        self.at_carried = self.at_exact + GAP + rounded
        self.at_strip = self.at_carried + GAP
        self.width = self.at_strip + STRIP

    def _exact(self, entry: CarriedEntry) -> Runs:
        whole, _, rest = entry.exact.partition(".")
        return number(f"{whole}.{rest[: self.carried.decimals + MORE_DECIMALS]}" if rest else whole)

    def x(self, gap: float) -> float:
        return self.at_strip + STRIP * (gap + self.most) / (2 * self.most)

    def draw(self, scene: Scene, rows: Sequence[Row], left: float) -> None:
        part = Scene("", "")
        bottom = len(rows) * PITCH + 3
        part.shapes.append(Shape("", "box", "shade", self.x(-0.5), 2, self.x(0.5) - self.x(-0.5), bottom - 2))
        self._axis(part, bottom)
        for anchor, text in ((self.at_exact, "exact value"), (self.at_carried, "carried")):
            part.labels.append(Label(anchor, -4, words(text), "muted", "end", SMALL))
        for place, row in enumerate(rows, start=1):
            base = place * PITCH
            if isinstance(row, str):
                part.labels.append(Label(0, base, words(row), "muted", "start", SMALL))
            else:
                self._line(part, row, base)
        scene.add(part, left, 0)

    def _axis(self, part: Scene, bottom: float) -> None:
        room = width_of(number(f"-{int(self.most)}"), SMALL) + 4
        ladder = (factor * 10**power for power in range(12) for factor in (1, 2, 5))
        distance = next(d for d in ladder if STRIP * d / (2 * self.most) >= room)
        for tick in range(-int(self.most // distance) * distance, int(self.most) + 1, distance):
            x = self.x(tick)
            part.wires.append(Wire(((x, 2), (x, bottom)), "axis" if tick == 0 else "grid", head=False))
            text = number(("+" if tick > 0 else "") + str(tick))
            part.labels.append(Label(x, -4, text, "muted", "middle", SMALL))
            part.labels.append(Label(x, bottom + 8, text, "muted", "middle", SMALL))

    def _line(self, part: Scene, line: CarriedLine, base: float) -> None:
        told, y = farthest(line), base - 0.3 * SMALL
        changed = any(entry.changes for entry in line.entries)
        part.labels.append(Label(0, base, name_of(line, self.notation), "ink", "start", SMALL))
        part.labels.append(Label(self.at_exact, base, self._exact(told), "ink", "end", SMALL))
        role = "changed" if told.changes else "ink"
        part.labels.append(Label(self.at_carried, base, number(told.carried), role, "end", SMALL))
        if changed:
            part.wires.append(Wire(((self.x(0), y), (self.x(float(told.gap)), y)), "changed", head=False))
        places = {round(self.x(float(e.gap)), 1): e.changes for e in sorted(line.entries, key=lambda e: e.changes)}
        part.dots += [_mark(x, y, changes) for x, changes in places.items()]


def _mark(x: float, y: float, changes: bool) -> Dot:
    return Dot(x, y, "changed", "diamond", 2.7) if changes else Dot(x, y, "forward", "dot", 1.6)


def _legend(scene: Scene, y: float, width: float, decimals: int) -> None:
    x = 0.0
    for changes, text in ((False, "prints the same digits"), (True, "carried rounding changes the printed digits")):
        scene.dots.append(_mark(x + 3, y - 2.2, changes))
        label = Label(x + 10, y, words(text), "muted", "start", SMALL)
        scene.labels.append(label)
        x = label.rectangle[2] + 14
    power = (Run("10"), Run(f"{MINUS}{decimals}", level=1)) if decimals else (Run("1"),)
    unit = joined(words("gap in units of "), power)
    scene.labels.append(Label(width, y, unit, "muted", "end", SMALL))


def _description(carried: Carried) -> str:
    entries = [entry for part in carried.parts for line in part.lines for entry in line.entries]
    changed = sum(entry.changes for entry in entries)
    worst = max((abs(float(entry.gap)) for entry in entries), default=0.0)
    return (
        f"Each line worked out from the numbers printed before it, to {carried.decimals} decimals, against exact values: "
        f"{changed} of {len(entries)} entries print other digits; the largest gap is {worst:.2f} units of the last digit."
    )

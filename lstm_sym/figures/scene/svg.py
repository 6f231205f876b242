"""A scene as one self-contained SVG: colours by CSS variables, for light and dark; text as text.

Laws: whatever text comes in is escaped; the file asks nothing of any network; styles hold inside the picture only.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from lstm_sym.figures.scene.geometry import MARGIN, arrow_head, corner_cuts, number_text, shortened
from lstm_sym.figures.scene.look import DARK, LIGHT, LOOKS, look
from lstm_sym.figures.scene.scene import Dot, Label, Point, Scene, Shape, Wire
from lstm_sym.figures.scene.words import SCRIPT, TILDE, Run

FONTS = (
    "'Latin Modern Math','Latin Modern Roman','STIX Two Text','STIX Two Math','Cambria Math',"
    "'Times New Roman','Liberation Serif','Nimbus Roman',Times,serif"
)
"""What a reader may have, the look of LaTeX first; widths are reckoned so that all of them fit."""
BACK, AGAIN, OVER = 0.54, 0.1, 0.2
"""How far before the end of its letter a tilde begins, what follows it goes on, and it stands higher over a tall letter."""
TALL = set("bdfhkltβδθλ")
NOTHING = "\N{ZERO WIDTH SPACE}"
SCALE = 4 / 3
"""Pixels in a point."""
LOWERED, RAISED = 0.22, -0.36
"""How far an index stands below, a power above, in sizes of the font."""


def svg(scene: Scene) -> str:
    """The picture as SVG; raises UnsupportedError for a role without a look."""
    left, top, right, bottom = scene.extent
    width, height = right - left + 2 * MARGIN, bottom - top + 2 * MARGIN
    box = " ".join(number_text(value) for value in (left - MARGIN, top - MARGIN, width, height))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lstm-figure" role="img" viewBox="{box}" '
        f'width="{number_text(width * SCALE)}" height="{number_text(height * SCALE)}">',
        f"<title>{_escaped(scene.title)}</title>",
        f"<desc>{_escaped(scene.description)}</desc>",
        f"<style>{_styles()}</style>",
        f'<rect class="paper" x="{number_text(left - MARGIN)}" y="{number_text(top - MARGIN)}" '
        f'width="{number_text(width)}" height="{number_text(height)}"/>',
        *(_shape(shape) for shape in scene.shapes if look(shape.role).line or look(shape.role).fill),
        *(line for wire in scene.wires for line in _wire(wire)),
        *(_dot(dot) for dot in scene.dots),
        *(_label(label) for label in scene.labels),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """The text for XML, without the control characters that XML does not have."""
    return escape("".join(letter if letter >= " " or letter in "\t\n" else " " for letter in text), {'"': "&quot;"})


def _styles() -> str:
    def variables(colours: dict[str, str]) -> str:
        return "".join(f"--lstm-{name}:#{value};" for name, value in colours.items())

    rules = [f".lstm-figure{{{variables(LIGHT)}}}"]
    rules.append(f"@media (prefers-color-scheme:dark){{.lstm-figure{{{variables(DARK)}}}}}")
    rules.append("@media print{.lstm-figure{" + variables(LIGHT) + "}}")
    rules.append(f".lstm-figure text{{font-family:{FONTS};white-space:pre}}.lstm-figure .paper{{fill:var(--lstm-paper)}}")
    rules.append(".lstm-figure .i{font-style:italic}.lstm-figure .s{font-size:" + f"{SCRIPT * 100:g}%" + "}")
    for role, one in LOOKS.items():
        name = f".lstm-figure .{role}"
        dashes = f";stroke-dasharray:{one.dashes[0]:g} {one.dashes[1]:g}" if one.dashes else ""
        line = f"stroke:var(--lstm-{one.line});stroke-width:{one.width:g}" if one.line else "stroke:none"
        rules.append(f"{name}.area{{fill:{f'var(--lstm-{one.fill})' if one.fill else 'none'};{line}}}")
        rules.append(f"{name}.wire{{fill:none;{line}{dashes}}}")
        if one.line:
            rules.append(f"{name}.solid{{fill:var(--lstm-{one.line})}}{name}.hollow{{fill:var(--lstm-paper);{line}}}")
    return "".join(rules)


def _shape(shape: Shape) -> str:
    if shape.form == "circle":
        radius = shape.width / 2
        place = f'cx="{number_text(shape.x + radius)}" cy="{number_text(shape.y + radius)}" r="{number_text(radius)}"'
        return f'<circle class="{shape.role} area" {place}/>'
    place = " ".join(f'{name}="{number_text(getattr(shape, name))}"' for name in ("x", "y", "width", "height"))
    return f'<rect class="{shape.role} area" {place} rx="{number_text(look(shape.role).radius)}"/>'


def _wire(wire: Wire) -> Iterator[str]:
    points = shortened(wire.points, wire.head)
    path = [f"M{_pair(points[0])}"]
    for begin, corner, end in corner_cuts(points):
        path.append(f"L{_pair(begin)}Q{_pair(corner)} {_pair(end)}")
    path.append(f"L{_pair(points[-1])}")
    look(wire.role)
    yield f'<path class="{wire.role} wire" d="{"".join(path)}"/>'
    if wire.head:
        corners = " ".join(_pair(corner) for corner in arrow_head(wire.points))
        yield f'<polygon class="{wire.role} solid" points="{corners}"/>'


def _pair(point: Point) -> str:
    return f"{number_text(point[0])},{number_text(point[1])}"


def _dot(dot: Dot) -> str:
    look(dot.role)
    kind = f"{dot.role} {'hollow' if dot.form == 'ring' else 'solid'}"
    x, y, r = dot.x, dot.y, dot.radius
    if dot.form == "diamond":
        corners = ((x, y - r), (x + r, y), (x, y + r), (x - r, y))
        return f'<polygon class="{kind}" points="{" ".join(_pair(corner) for corner in corners)}"/>'
    return f'<circle class="{kind}" cx="{number_text(x)}" cy="{number_text(y)}" r="{number_text(r)}"/>'


def _label(label: Label) -> str:
    role = look(label.role)
    assert role.line is not None, "a label has a colour"
    body, height = "", 0.0
    for run in label.runs:
        size = label.size * (SCRIPT if run.level else 1.0)
        wanted = label.size * {-1: LOWERED, 0: 0.0, 1: RAISED}[run.level]
        before, *tilded = run.text.split(TILDE)
        body += _run(run, before, wanted - height)
        height = wanted
        for rest in tilded:
            over = wanted - size * (OVER if before[-1:] in TALL or before[-1:].isupper() else 0.0)
            body += _run(run, TILDE, over - height, -BACK * size)
            body += _run(run, rest or NOTHING, wanted - over, AGAIN * size)
            before = rest
    place = f'x="{number_text(label.x)}" y="{number_text(label.y)}" font-size="{number_text(label.size)}"'
    return f'<text class="{label.role} solid" text-anchor="{label.anchor}" {place}>{body}</text>'


def _run(run: Run, text: str, shift: float, along: float = 0.0) -> str:
    names = [name for name, holds in (("i", run.style == "italic"), ("s", run.level != 0)) if holds]
    attributes = (f' class="{" ".join(names)}"' if names else "") + _shift("dy", shift) + _shift("dx", along)
    return f"<tspan{attributes}>{_escaped(text)}</tspan>" if attributes else _escaped(text)


def _shift(name: str, by: float) -> str:
    return f' {name}="{number_text(by)}"' if abs(by) > 1e-9 else ""

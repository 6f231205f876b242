"""A scene as a tikzpicture: the same positions, texts and colours as the SVG. It needs the tikz package only.

Laws: every letter of a label goes through a table or the escape of text, so that no name can run a TeX command; coordinates are
those of the scene, with y turned round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lstm_sym.figures.scene.geometry import arrow_head, corner_cuts, number_text, shortened
from lstm_sym.figures.scene.look import LIGHT, look
from lstm_sym.figures.scene.scene import Dot, Label, Point, Scene, Shape, Wire
from lstm_sym.figures.scene.words import MINUS, SPACE, TILDE, Run
from lstm_sym.render.typeset.escape import escape
from lstm_sym.render.typeset.notation import GREEK

MATHEMATICS = {
    **{written.text: f"{written.latex} " for written in GREEK.values()},
    MINUS: "{-}",
    SPACE: r"\,",
    " ": r"\ ",
    ",": "{,}",
    "=": "{=}",
    "+": "{+}",
    "∂": r"\partial ",
    "⊙": r"\odot ",
    "⊗": r"\otimes ",
    "×": r"\times ",
    "·": r"{\cdot}",
    "∗": r"{\ast}",
    "→": r"{\rightarrow}",
    "←": r"{\leftarrow}",
    "…": r"\dots ",
    "⋮": r"\vdots ",
    "ᵀ": r"{}^{T}",
    "Σ": r"\Sigma ",
}
"""Letters and signs of a formula that are not written as they are; braces keep TeX from spacing what the SVG does not."""
TILDED = re.compile(f"(.){TILDE}")
PLAIN = {TILDE} | set("0123456789.;:/()[]|'!")
DESIGN = 10.0
"""The size at which letters are drawn before they are scaled, so that small ones have the shapes of the SVG."""
ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}


def tikz(scene: Scene) -> str:
    """The picture as a tikzpicture; raises UnsupportedError for a role without a look."""
    colours = [f"\\definecolor{{lstm-{name}}}{{HTML}}{{{value}}}%" for name, value in LIGHT.items()]
    lines = [
        f"% {' '.join(escape(scene.title).split())}",
        r"\begingroup%",
        *colours,
        r"\begin{tikzpicture}[x=1pt,y=-1pt,inner sep=0pt,outer sep=0pt,font=\fontsize{10}{12}\selectfont]",
        *(_shape(shape) for shape in scene.shapes if look(shape.role).line or look(shape.role).fill),
        *(line for wire in scene.wires for line in _wire(wire)),
        *(_dot(dot) for dot in scene.dots),
        *(_label(label) for label in scene.labels),
        r"\end{tikzpicture}%",
        r"\endgroup",
    ]
    return "\n".join(lines) + "\n"


def _pair(point: Point) -> str:
    return f"({number_text(point[0])},{number_text(point[1])})"


def _shape(shape: Shape) -> str:
    one = look(shape.role)
    options = [f"draw=lstm-{one.line},line width={one.width:g}pt"] if one.line else []
    options += [f"fill=lstm-{one.fill}"] if one.fill else []
    if shape.form == "circle":
        radius = shape.width / 2
        where = f"{_pair((shape.x + radius, shape.y + radius))} circle[radius={number_text(radius)}pt]"
    else:
        options += [f"rounded corners={number_text(one.radius)}pt"] if one.radius else []
        left, top, right, bottom = shape.rectangle
        where = f"{_pair((left, top))} rectangle {_pair((right, bottom))}"
    return rf"\path[{','.join(options)}] {where};"


def _wire(wire: Wire) -> Iterator[str]:
    one = look(wire.role)
    dashes = f",dash pattern=on {one.dashes[0]:g}pt off {one.dashes[1]:g}pt" if one.dashes else ""
    points = shortened(wire.points, wire.head)
    path = _pair(points[0])
    for begin, corner, end in corner_cuts(points):
        path += (
            f" -- {_pair(begin)} .. controls {_pair(_pulled(begin, corner))} and {_pair(_pulled(end, corner))} .. {_pair(end)}"
        )
    yield rf"\draw[lstm-{one.line},line width={one.width:g}pt{dashes}] {path} -- {_pair(points[-1])};"
    if wire.head:
        tip = " -- ".join(_pair(corner) for corner in arrow_head(wire.points))
        yield rf"\fill[lstm-{one.line}] {tip} -- cycle;"


def _pulled(end: Point, corner: Point) -> Point:
    """The control point of a cubic curve that is the quadratic curve of the SVG."""
    return end[0] + 2 / 3 * (corner[0] - end[0]), end[1] + 2 / 3 * (corner[1] - end[1])


def _dot(dot: Dot) -> str:
    one, place = look(dot.role), _pair((dot.x, dot.y))
    if dot.form == "diamond":
        x, y, r = dot.x, dot.y, dot.radius
        corners = " -- ".join(_pair(corner) for corner in ((x, y - r), (x + r, y), (x, y + r), (x - r, y)))
        return rf"\fill[lstm-{one.line}] {corners} -- cycle;"
    if dot.form == "ring":
        circle = f"circle[radius={number_text(dot.radius)}pt]"
        return rf"\path[draw=lstm-{one.line},fill=lstm-paper,line width={one.width:g}pt] {place} {circle};"
    return rf"\fill[lstm-{one.line}] {place} circle[radius={number_text(dot.radius)}pt];"


def _label(label: Label) -> str:
    colour = look(label.role).line
    assert colour is not None, "a label has a colour"
    options = f"anchor={ANCHORS[label.anchor]},text=lstm-{colour},scale={number_text(label.size / DESIGN)}"
    return rf"\node[{options}] at {_pair((label.x, label.y))} {{{''.join(_runs(label.runs))}}};"


def _runs(runs: tuple[Run, ...]) -> Iterator[str]:
    """The runs as text; those of one level that follow each other share a script, and formulas their dollar signs."""
    if all(run.style == "text" and run.level == 0 for run in runs):
        yield escape("".join(run.text for run in runs))
        return
    body, level = "", 0
    for run in runs:
        if run.level != level:
            body += ("}" if level else "") + {-1: "{}_{", 0: "", 1: "{}^{"}[run.level]
            level = run.level
        body += _mathematics(run)
    yield "$" + body + ("}" if level else "") + "$"


def _mathematics(run: Run) -> str:
    if run.style == "text":
        return (
            rf"\mathrm{{{run.text}}}"
            if run.level and run.text.isascii() and run.text.isalpha()
            else rf"\mbox{{{escape(run.text)}}}"
        )
    letters = TILDED.sub(r"\\tilde{\1}", "".join(_letter(letter) for letter in run.text))
    several = run.style == "italic" and len(run.text.replace(TILDE, "")) > 1
    return rf"\mathit{{{letters}}}" if several else letters


def _letter(letter: str) -> str:
    if letter in MATHEMATICS:
        return MATHEMATICS[letter]
    if letter in PLAIN or (letter.isascii() and letter.isalpha()):
        return letter
    return rf"\mbox{{{escape(letter)}}}"

"""`picture`: a cell or a worked example as a picture of some kind. To add a kind, add its row to KINDS.

Law: the numbers of a picture are made here, by what certifies them; `figures` only lays them out.
"""

from __future__ import annotations

from collections.abc import Callable

from lstm_sym.cell import Cell
from lstm_sym.errors import InputError
from lstm_sym.example.arrivals import unrolled
from lstm_sym.example.carried import carried
from lstm_sym.example.example import Example
from lstm_sym.example.flow import flow
from lstm_sym.figures.kinds.flow import flow_scene
from lstm_sym.figures.kinds.graph import graph_scene
from lstm_sym.figures.kinds.rounding import rounding_scene
from lstm_sym.figures.kinds.unrolled import unrolled_rows, unrolled_scene
from lstm_sym.figures.scene.picture import Picture
from lstm_sym.render.typeset.notation import WORKSHEET, Notation


def _unrolled(example: Example, notation: Notation) -> Picture:
    data = unrolled(example)
    return Picture("unrolled", unrolled_scene(data, notation), tuple(unrolled_rows(data, notation)))


KINDS: dict[str, Callable[[Example, Notation], Picture]] = {
    "graph": lambda example, notation: cell_picture(example.cell, notation),
    "unrolled": _unrolled,
    "flow": lambda example, notation: Picture("flow", flow_scene(flow(example), notation)),
    "rounding": lambda example, notation: Picture("rounding", rounding_scene(carried(example), notation)),
}
"""What each kind makes of an example."""
CAPTIONS = {
    "graph": "The computation graph of one step",
    "unrolled": "The cell unrolled, with the worked numbers: values forward, gradients dashed and backward",
    "flow": "Gradient flow over time",
    "rounding": "Rounding carried from line to line, against exact values",
}


def cell_picture(cell: Cell, notation: Notation = WORKSHEET) -> Picture:
    """The computation graph of a cell."""
    return Picture("graph", graph_scene(cell, notation))


def picture(shown: Cell | Example, kind: str | None = None, *, notation: Notation = WORKSHEET) -> Picture:
    """The picture of a cell (its graph) or of an example (graph, unrolled, flow, rounding; without a kind: unrolled)."""
    wanted = kind or ("graph" if isinstance(shown, Cell) else "unrolled")
    if wanted not in KINDS:
        raise InputError(f"picture of kind {wanted!r}", got="no such kind", expected=f"one of {', '.join(KINDS)}")
    if isinstance(shown, Example):
        return KINDS[wanted](shown, notation)
    if not isinstance(shown, Cell):
        raise InputError("picture", got=f"a {type(shown).__name__}", expected="a cell, or a worked example from load_example")
    if wanted != "graph":
        raise InputError(
            f"picture of kind {wanted!r} of the cell {shown.name}",
            got="a cell, which has no numbers",
            expected="a worked example",
            advice="give an example file, or ask for the kind graph",
        )
    return cell_picture(shown, notation)


def example_pictures(example: Example, notation: Notation = WORKSHEET) -> list[Picture]:
    """The pictures of every kind, in reading order; what has nothing to show, such as a flow without gradients, is left out."""
    found = []
    for make in KINDS.values():
        try:
            found.append(make(example, notation))
        except InputError:
            continue
    return found

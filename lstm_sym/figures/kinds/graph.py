"""The computation graph of a cell at one step: gates with their parameters, products, sums, and what enters and leaves.

Law: everything drawn comes from the declared equations; recurrent values enter at the left border and leave at the right one.
"""

from __future__ import annotations

from lstm_sym.cell import Cell
from lstm_sym.figures.kinds.operations import Operation, Operations, parameter_names, past
from lstm_sym.figures.layout.network import Net, Network, Node
from lstm_sym.figures.layout.panel import Panel, laid_out
from lstm_sym.figures.scene.scene import SIZE, Label, Scene, Shape, Wire, centred
from lstm_sym.figures.scene.words import Runs, spoken, symbol, width_of
from lstm_sym.render.typeset.notation import WORKSHEET, Notation

INDEX_SIZE = 6.4
ROUND = 14.0
LEAD = 12.0
"""How far a wire reaches out of the frame, beside its label."""
UP = "^"
OUT = ">"
"""What is put before the name of a variable for its exit to the right; UP is where the output leaves upward."""


def graph_scene(cell: Cell, notation: Notation = WORKSHEET) -> Scene:
    """The picture of any declared cell."""
    operations = Operations(cell, notation)
    panel = laid_out(_network(cell, operations, notation), port_room=10.0, header=0.0)
    scene = Scene(f"Computation graph of {cell.title or cell.name}", _description(cell, operations, notation))
    scene.shapes.append(Shape("", "box", "panel", 0, 0, panel.width, panel.height))
    scene.wires += panel.wires
    scene.dots += panel.dots
    for operation in operations.found:
        _node(scene, operation, panel, notation)
    _borders(scene, cell, panel, notation)
    return scene


def _network(cell: Cell, operations: Operations, notation: Notation) -> Network:
    targets: dict[str, list[str]] = {}
    for operation in operations.found:
        for source in operation.sources:
            targets.setdefault(source, []).append(operation.id)
    for variable in cell.recurrent:
        targets.setdefault(operations.home[variable.name], []).append(OUT + variable.name)
    targets.setdefault(operations.home[cell.output.name], []).append(UP)
    sources = [*(past(v.name) for v in cell.recurrent), *(x.name for x in cell.inputs), *(o.id for o in operations.found)]
    return Network(
        nodes=tuple(_sized(operation, notation) for operation in operations.found),
        nets=tuple(Net(source, tuple(targets[source])) for source in sources if source in targets),
        entries={past(variable.name): OUT + variable.name for variable in cell.recurrent},
        inputs=tuple(x.name for x in cell.inputs),
        up=UP,
        input_room={x.name: width_of(symbol(x.name, "t", notation), SIZE) + 8 for x in cell.inputs},
    )


def _sized(operation: Operation, notation: Notation) -> Node:
    label = symbol(operation.variable, "t", notation) if operation.variable else ()
    stub = width_of(label, SIZE) + 5 if label else 0.0
    above = 11.0 if label else 0.0
    if operation.is_round:
        return Node(operation.id, ROUND, ROUND, "circle", stub, above)
    lines = [width_of(operation.sign, SIZE), width_of(parameter_names(operation, notation), INDEX_SIZE)]
    height = 15.0 if not (operation.sign and operation.parameters) else 24.0
    return Node(operation.id, max(16.0, max(lines) + 9), max(height, 8.0 * len(operation.sources)), "box", stub, above)


def _node(scene: Scene, operation: Operation, panel: Panel, notation: Notation) -> None:
    left, top, right, bottom = panel.boxes[operation.id]
    form, role = ("circle", "operation") if operation.is_round else ("box", "gate")
    scene.shapes.append(Shape(operation.id, form, role, left, top, right - left, bottom - top))
    x, y = (left + right) / 2, (top + bottom) / 2
    names = parameter_names(operation, notation)
    if operation.sign:
        scene.labels.append(centred(x, y - (5 if names else 0), operation.sign))
    if names:
        scene.labels.append(centred(x, y + (5.5 if operation.sign else 0), names, "muted", INDEX_SIZE))
    if operation.variable:
        (_, height), (end, _) = panel.stubs[operation.id]
        label = symbol(operation.variable, "t", notation)
        scene.labels.append(Label(end - width_of(label, SIZE) - 1.5, height - 4.2, label, "forward"))


def _borders(scene: Scene, cell: Cell, panel: Panel, notation: Notation) -> None:
    """Wires and names where values enter and leave the frame."""

    def above_wire(x: float, y: float, runs: Runs) -> None:
        scene.labels.append(Label(x, y - 4.2, runs, "forward"))

    for variable in cell.recurrent:
        y = panel.rails[past(variable.name)]
        before, after = symbol(variable.name, "t-1", notation), symbol(variable.name, "t", notation)
        lead = width_of(before, SIZE) + LEAD
        scene.wires.append(Wire(((-lead, y), (0, y)), "forward", head=False))
        above_wire(-lead + 2, y, before)
        scene.wires.append(Wire(((panel.width, y), (panel.width + width_of(after, SIZE) + LEAD, y)), "forward"))
        above_wire(panel.width + 4, y, after)
    for x in cell.inputs:
        at, bottom = panel.below[x.name], panel.height
        scene.wires.append(Wire(((at, bottom + LEAD), (at, bottom)), "forward", head=False))
        scene.labels.append(Label(at, bottom + LEAD + 9, symbol(x.name, "t", notation), "forward", "middle"))
    scene.wires.append(Wire(((panel.up, 0), (panel.up, -LEAD - 4)), "forward"))
    scene.labels.append(Label(panel.up, -LEAD - 8, symbol(cell.output.name, "t", notation), "forward", "middle"))


def _description(cell: Cell, operations: Operations, notation: Notation) -> str:
    """Every variable with what it is made from, in words."""
    names = {past(v.name): spoken(v.name, "t-1", notation) for v in cell.recurrent}
    names |= {x.name: spoken(x.name, "t", notation) for x in cell.inputs}
    told = []
    for operation in operations.found:
        sign = "".join(run.text for run in operation.sign)
        parameters = [spoken(parameter, None, notation) for parameter in operation.parameters]
        value = f"{sign}({', '.join([*(names[source] for source in operation.sources), *parameters])})"
        names[operation.id] = spoken(operation.variable, "t", notation) if operation.variable else value
        if operation.variable:
            told.append(f"{names[operation.id]} = {value}")
    return "; ".join(told) + "."

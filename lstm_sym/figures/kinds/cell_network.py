"""The variables of a cell as a network: a node for each variable, a net for each value to those whose equations use it."""

from __future__ import annotations

from lstm_sym.cell import Cell
from lstm_sym.figures.kinds.numbers import Numbers
from lstm_sym.figures.kinds.operations import past
from lstm_sym.figures.layout.network import Net, Network, Node
from lstm_sym.figures.scene.scene import SMALL
from lstm_sym.figures.scene.words import width_of
from lstm_sym.render.typeset.notation import Notation
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import symbols_in

OUT, UP = ">", "^"
"""What is put before the name of a variable that leaves to the right; where the output leaves upward."""
HEIGHT = 24.0
SIDE, AFTER_NUMBER = 10.0, 7.0
"""How much wider a box is than its names, and a stub than its numbers."""


def uses(cell: Cell) -> dict[str, list[str]]:
    """For each past value, input and variable the variables whose equations use it."""
    found: dict[str, list[str]] = {}
    for equation in cell.equations:
        for used in symbols_in(equation.body):
            if isinstance(used, Timed):
                found.setdefault(used.name if used.time == t else past(used.name), []).append(equation.name)
    return found


def variables_network(cell: Cell, numbers: Numbers, steps: list[int], notation: Notation, apart: float, line: float) -> Network:
    """The network with room for the numbers of these steps; gradients come back `apart` below the middle of a node."""
    targets = uses(cell)
    for variable in cell.recurrent:
        targets.setdefault(variable.name, []).append(OUT + variable.name)
    targets.setdefault(cell.output.name, []).append(UP)
    sources = [*(past(v.name) for v in cell.recurrent), *(x.name for x in cell.inputs), *(v.name for v in cell.variables)]
    room = {
        x.name: max(numbers.value(x.name, step).width + numbers.gradient_of(x.name, step).width for step in steps)
        for x in cell.inputs
    }
    return Network(
        nodes=tuple(_node(variable.name, numbers, steps, apart, line) for variable in cell.variables),
        nets=tuple(Net(source, tuple(targets[source])) for source in sources if source in targets),
        entries={past(v.name): OUT + v.name for v in cell.recurrent},
        inputs=tuple(x.name for x in cell.inputs),
        up=UP,
        input_room={name: width + 24 for name, width in room.items()} if len(room) > 1 else {},
    )


def _node(name: str, numbers: Numbers, steps: list[int], apart: float, line: float) -> Node:
    columns = [column for step in steps for column in (numbers.value(name, step), numbers.gradient_of(name, step))]
    widest = max(width_of(runs, SMALL) for column in columns for runs in column.numbers)
    names = max(width_of(column.name, SMALL) for column in columns)
    reach = apart + 3 + line * max(len(column.numbers) for column in columns)
    return Node(name, names + SIDE, HEIGHT, "box", widest + AFTER_NUMBER, reach, reach, apart)

"""Every use of a value in a cell's equations has its wire, from its source to its use; a picture that lacks one is found out."""

from collections import Counter

import pytest

from lstm_sym.drawing import picture
from lstm_sym.figures.kinds.operations import Operations
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import symbols_in, walk
from tests.figures.samples import everything, example_of

CELLS = {declared.name: declared for declared in everything()}


def missing_from_graph(declared, scene):
    """What the equations use and no wire brings: (use, equation); and steps between operations without a wire."""
    operations, found = Operations(declared), []
    wired = Counter((wire.source, wire.target) for wire in scene.wires if wire.target)
    roots = [operations.home[equation.name] for equation in declared.equations]
    first = 0
    for equation, root in zip(declared.equations, roots, strict=True):
        last = int(root.removeprefix("n"))
        nodes = {f"n{place}" for place in range(first, last + 1)}
        first = last + 1
        used = Counter(source_of(s, operations) for s in walk(equation.body) if isinstance(s, Timed))
        for source, times in used.items():
            drawn = sum(count for (start, end), count in wired.items() if start == source and end in nodes)
            found += [(source, equation.name)] * (times - drawn)
        found += [(node, equation.name) for node in nodes - {root} if sum(wired[node, end] for end in nodes) != 1]
    found += [(v.name, "next step") for v in declared.recurrent if not wired[operations.home[v.name], ">" + v.name]]
    return found + ([] if wired[operations.home[declared.output.name], "^"] else [(declared.output.name, "loss")])


def source_of(symbol, operations):
    return f"{symbol.name}@-1" if symbol.time != t else operations.home.get(symbol.name, symbol.name)


def missing_from_unrolled(declared, scene, steps):
    wired = {(wire.source, wire.target) for wire in scene.wires}
    found = []
    for step in steps:
        for equation in declared.equations:
            for used in symbols_in(equation.body):
                if isinstance(used, Timed):
                    name = used.name if used.time == t else f"{used.name}@-1"
                    if (f"{name}@{step}", f"{equation.name}@{step}") not in wired:
                        found.append((name, equation.name, step))
        found += [(v.name, "next", step) for v in declared.recurrent if (f"{v.name}@{step}", f">{v.name}@{step}") not in wired]
    return found


@pytest.mark.parametrize("name", CELLS)
def test_a_graph_has_a_wire_for_every_use(name):
    declared = CELLS[name]
    scene = picture(declared).scene
    assert missing_from_graph(declared, scene) == []
    wires = [wire for wire in scene.wires if wire.target]
    assert len(wires) > 3
    for dropped in wires:
        scene.wires.remove(dropped)
        assert missing_from_graph(declared, scene) != [], dropped
        scene.wires.append(dropped)


@pytest.mark.parametrize("name", CELLS)
def test_an_unrolled_cell_has_a_wire_for_every_use_at_every_step(name):
    declared = CELLS[name]
    scene = picture(example_of(declared)).scene
    assert missing_from_unrolled(declared, scene, (0, 1)) == []
    for dropped in [wire for wire in scene.wires if wire.source and wire.target and "^" not in wire.target]:
        scene.wires.remove(dropped)
        assert missing_from_unrolled(declared, scene, (0, 1)) != [], dropped
        scene.wires.append(dropped)


@pytest.mark.parametrize("name", CELLS)
def test_parameters_stand_in_the_nodes_that_use_them(name):
    declared = CELLS[name]
    named = [parameter for operation in Operations(declared).found for parameter in operation.parameters]
    used = [s.name for e in declared.equations for s in walk(e.body) if isinstance(s, Parameter)]
    assert sorted(named) == sorted(used)


@pytest.mark.parametrize("name", CELLS)
def test_wires_begin_at_their_source_or_on_its_wire_and_end_at_their_target(name):
    scene = picture(CELLS[name]).scene
    boxes = {shape.id: shape.rectangle for shape in scene.shapes if shape.id}
    drawn = {}
    for wire in scene.wires:
        if not wire.target:
            continue
        before = drawn.setdefault(wire.source, [])
        if before:
            assert any(on(wire.points[0], piece) for piece in before), wire
        elif wire.source in boxes:
            left, top, right, bottom = boxes[wire.source]
            assert wire.points[0] == pytest.approx((right, (top + bottom) / 2))
        if wire.target in boxes:
            left, top, right, bottom = boxes[wire.target]
            assert left - 0.01 <= wire.points[-1][0] <= (left + right) / 2
            assert top <= wire.points[-1][1] <= bottom
        before += list(zip(wire.points, wire.points[1:], strict=False))


def on(point, piece):
    (x0, y0), (x1, y1) = piece
    return min(x0, x1) - 0.01 <= point[0] <= max(x0, x1) + 0.01 and min(y0, y1) - 0.01 <= point[1] <= max(y0, y1) + 0.01


def test_a_node_without_a_rule_says_where_to_add_one():
    from lstm_sym.cell import Cell, Equation, variables
    from lstm_sym.errors import UnsupportedError
    from lstm_sym.symbols.compound import SumOverTime
    from lstm_sym.symbols.scalars import n

    (h,) = variables("h", n)
    odd = Cell("odd", output=h, equations=[Equation(h, SumOverTime(h.prev, 0, 1))])
    with pytest.raises(
        UnsupportedError, match=r"drawing SumOverTime; .* add the node to OPERATIONS in lstm_sym/figures/kinds/operations"
    ):
        picture(odd)

"""Laws of every picture over all cells: no two labels overlap, no wire runs through a box or a label, no two nets lie upon each other."""

import pytest

from lstm_sym.drawing import picture
from lstm_sym.figures.scene.scene import Label, Scene, Shape, Wire
from lstm_sym.figures.scene.words import words
from lstm_sym.render.typeset.notation import DERIVED, Notation, Written
from lstm_sym.render.typeset.notations import NOTATIONS, notation
from lstm_sym.symbols.names import ADJOINT
from tests.figures.laws import (
    LAWS,
    labels_across_boxes,
    overlapping_labels,
    wires_through_boxes,
    wires_through_labels,
    wires_upon_each_other,
)
from tests.figures.samples import everything, example_of

CELLS = {declared.name: declared for declared in everything()}
SIZES = ({}, {"units": 3, "entries": 4, "last": 3, "unlabelled": (1,)})


def broken(scene):
    return {law.__name__: found for law in LAWS if (found := law(scene))}


@pytest.mark.parametrize("name", CELLS)
def test_graphs_keep_every_law(name):
    assert broken(picture(CELLS[name]).scene) == {}


@pytest.mark.parametrize("sizes", SIZES, ids=("one unit", "three units"))
@pytest.mark.parametrize("name", CELLS)
def test_unrolled_cells_keep_every_law(name, sizes):
    drawn = picture(example_of(CELLS[name], **sizes))
    assert [broken(scene) for scene in (drawn.scene, *drawn.rows)] == [{}] * (1 + len(drawn.rows))


@pytest.mark.parametrize("name", NOTATIONS[1:])
def test_every_notation_keeps_every_law(name):
    for declared in (CELLS["lstm"], CELLS["gru"]):
        names = notation(name).for_cell(declared.name, [v.name for v in declared.variables if declared.is_gate(v.name)])
        assert broken(picture(declared, notation=names).scene) == {}
        assert broken(picture(example_of(declared), notation=names).scene) == {}


@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_another_notation_keeps_every_law(name):
    """Time above in parentheses, as in h^(t), and derivatives written as such."""
    derived = {**DERIVED, ADJOINT: Written(r"\partial E/\partial #", "∂E/∂#")}
    above = Notation("above", derived=derived, time=Written("(#)", "(#)"), time_above=True)
    assert broken(picture(CELLS[name], notation=above).scene) == {}
    drawn = picture(example_of(CELLS[name], units=2), notation=above)
    assert broken(drawn.scene) == {}
    assert f"∂E/∂{CELLS[name].output.name}(0)" in [label.text for label in drawn.scene.labels]


@pytest.mark.parametrize("kind", ["flow", "rounding"])
@pytest.mark.parametrize("name", ["lstm", "two"])
def test_charts_keep_every_law(name, kind):
    for sizes in SIZES:
        assert broken(picture(example_of(CELLS[name], **sizes), kind).scene) == {}


@pytest.mark.sweep
@pytest.mark.parametrize("kind", ["unrolled", "flow", "rounding"])
@pytest.mark.parametrize("name", CELLS)
def test_many_steps_and_units_keep_every_law(name, kind):
    for sizes in ({"last": 9}, {"units": 7, "last": 9}, {"units": 2, "entries": 1, "decimals": 12}):
        assert broken(picture(example_of(CELLS[name], **sizes), kind).scene) == {}


def test_each_law_can_say_no():
    box, other = Shape("a", "box", "gate", 0, 0, 20, 20), Shape("b", "box", "gate", 60, 0, 20, 20)
    through = Wire(((-10, 10), (90, 10)), "forward", "x", "b")
    beside = Wire(((-10, 11), (90, 11)), "forward", "y", "b")
    scene = Scene(
        "", "", [box, other], [through, beside], [], [Label(15, 12, words("long label")), Label(18, 12, words("other"))]
    )
    assert overlapping_labels(scene) == [("long label", "other")]
    assert ("x", "b", "a") in wires_through_boxes(scene)
    assert ("x", "b", "long label") in wires_through_labels(scene)
    assert labels_across_boxes(scene) == [("long label", "a"), ("other", "a")]
    assert wires_upon_each_other(scene) == [("x", "y")]

"""The unrolled cell: every number of the worksheet on its wire, many steps shortened, long vectors too."""

import pytest

from lstm_sym.cells import cell
from lstm_sym.drawing import picture
from lstm_sym.example.reader import builtin_example
from tests.figures.samples import example_of


def texts(scene, role=None):
    return [label.text for label in scene.labels if role in (None, label.role)]


def test_the_numbers_of_the_worksheet_stand_on_the_wires():
    scene = picture(builtin_example()).scene
    forward, gradient = texts(scene, "forward"), texts(scene, "gradient")
    assert {"0.81775", "0.96083", "0.85195", "0.81757", "0.78573", "0.53631", "1.51763", "0.77198"} <= set(forward)
    assert {"−0.01702", "−0.00165", "−0.05348", "0.01804", "−0.07111", "−0.47802", "−0.06189", "−0.04557"} <= set(gradient)
    assert {"Δ0 = 0.03631", "Δ1 = −0.47802", "δstate0←1", "Δout0"} <= set(gradient)
    assert {"label0 = 0.5", "label1 = 1.25"} <= set(texts(scene))
    assert "t = 1" in texts(scene)
    assert "derivative of E by the value; δat: by neta,t" in texts(scene)
    assert "Δt: the part from the loss at the same step; δstatet←t+1, Δoutt: the part from the next step" in texts(scene)


def test_a_number_stands_beside_the_wire_of_its_quantity():
    scene = picture(builtin_example()).scene
    box = next(shape for shape in scene.shapes if shape.id == "a@0")
    (label,) = [label for label in scene.labels if label.text == "0.81775"]
    wire = next(wire for wire in scene.wires if wire.source == "a@0")
    assert wire.points[0][0] == pytest.approx(box.x + box.width)
    assert 0 < wire.points[0][1] - label.y < 5
    assert wire.points[0][0] < label.x < wire.points[1][0]


def test_gradients_are_dashed_wires_that_run_backward():
    scene = picture(builtin_example()).scene
    dashed = [wire for wire in scene.wires if wire.role == "gradient"]
    assert len(dashed) > 20
    assert all(wire.points[-1][0] < wire.points[0][0] or wire.points[-1][1] > wire.points[0][1] for wire in dashed)


def test_four_steps_take_two_rows():
    drawn = picture(builtin_example("gru_four_steps"))
    assert len(drawn.rows) == 2
    assert [t for row in drawn.rows for t in texts(row) if t.startswith("t = ")] == ["t = 0", "t = 1", "t = 2", "t = 3"]
    assert "no label" in texts(drawn.scene)
    assert drawn.tikz.count(r"\begin{tikzpicture}") == 2


def test_of_many_steps_the_first_and_last_are_drawn():
    scene = picture(example_of(cell("elman"), last=9)).scene
    assert [text for text in texts(scene) if text.startswith("t = ") or text == "…"] == [
        "t = 0",
        "t = 1",
        "…",
        "t = 8",
        "t = 9",
    ] or (sorted(text for text in texts(scene) if text.startswith("t = ")) == ["t = 0", "t = 1", "t = 8", "t = 9"])
    assert "…" in texts(scene)


def test_of_a_long_vector_the_first_and_last_entries_are_drawn():
    assert "⋮" in texts(picture(example_of(cell("elman"), units=7)).scene)
    assert "⋮" not in texts(picture(example_of(cell("elman"), units=4)).scene)

"""The charts of flow and rounding: every number stands where its value says."""

import pytest

from lstm_sym.drawing import picture
from lstm_sym.errors import InputError
from lstm_sym.example.carried import carried
from lstm_sym.example.reader import builtin_example
from lstm_sym.figures.kinds.flow import flow_scene
from lstm_sym.figures.kinds.rounding import rounding_scene
from lstm_sym.pictured import Carried, CarriedEntry, CarriedLine, CarriedPart, Flow, Point, Series
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.scalars import n


def flow_of(*sizes):
    return Flow("made up", (Series("delta_h", tuple(Point(step, size) for step, size in enumerate(sizes))),), "6 digits")


def test_a_flow_shows_its_numbers_at_logarithmic_heights():
    scene = flow_scene(flow_of("1", "0.1", "0.01"))
    dots = [dot for dot in scene.dots if dot.y > 0]
    assert dots[1].y - dots[0].y == pytest.approx(dots[2].y - dots[1].y)
    assert {"1", "0.1", "0.01"} <= {label.text for label in scene.labels if label.role == "gradient"}
    assert "δh: 1 at t=0, 0.1 at t=1, 0.01 at t=2" in scene.description


def test_a_zero_stands_on_the_floor_and_breaks_the_line():
    scene = flow_scene(flow_of("1", "0", "0.5"))
    dots = [dot for dot in scene.dots if dot.y > 0]
    assert dots[1].y == max(dot.y for dot in dots)
    assert [wire for wire in scene.wires if wire.role == "gradient" and wire.points[0][1] > 0] == []


def test_a_flow_without_gradients_is_refused():
    with pytest.raises(InputError, match="the gradient flow of made up; got zero at every step; expected a step with a gradient"):
        flow_scene(flow_of("0", "0.00"))


def test_the_flow_of_the_worksheet():
    texts = [label.text for label in picture(builtin_example(), "flow").scene.labels]
    assert {"0.0534837", "0.0711077", "0.0180381", "0.478019", "δstatet", "δoutt"} <= set(texts)


def line(gap, printed="0.50000", after="0.50000", time=0):
    return CarriedLine("h", Timed("h", n, 1, time), (CarriedEntry(0, 0, "0.50000123", printed, after, gap),))


def test_a_changed_digit_is_a_diamond_and_the_rest_are_dots():
    part = CarriedPart("Forward @ t=0", (line("0.31"), line("-1.20", after="0.49999", time=1)))
    scene = rounding_scene(Carried("made up", 5, (part,)))
    marks = [(dot.form, dot.role) for dot in scene.dots[:2]]
    assert marks == [("dot", "forward"), ("diamond", "changed")]
    (number,) = [label for label in scene.labels if label.text == "0.49999"]
    assert number.role == "changed"
    assert scene.dots[0].x > scene.dots[1].x


def test_the_rounding_of_the_worksheet():
    scene = rounding_scene(carried(builtin_example()))
    assert "20 of 67 entries print other digits" in scene.description
    assert len([dot for dot in scene.dots if dot.form == "diamond"]) > 15
    rows = {label.text: label.y for label in scene.labels}
    assert rows["−0.09223"] == rows["−0.09220113"]


def test_the_unit_is_told():
    part = (CarriedPart("Forward @ t=0", (line("0.31"),)),)
    assert "gap in units of 10−5" in [label.text for label in rounding_scene(Carried("made up", 5, part)).labels]
    assert "gap in units of 1" in [label.text for label in rounding_scene(Carried("made up", 0, part)).labels]


def test_many_steps_are_shortened():
    parts = tuple(CarriedPart(f"Forward @ t={step}", tuple(line("0.1", time=step) for _ in range(10))) for step in range(30))
    texts = [label.text for label in rounding_scene(Carried("long", 5, parts)).labels]
    assert [text for text in texts if text.startswith(("Forward", "…"))] == [
        "Forward @ t=0",
        "Forward @ t=1",
        "… 26 more steps",
        "Forward @ t=28",
        "Forward @ t=29",
    ]

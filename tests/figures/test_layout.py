"""The steps of a layout, each against what it promises: order, heights, tracks, shared wires, ticks."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_sym.cells import cell
from lstm_sym.figures.kinds.operations import Operations
from lstm_sym.figures.kinds.placing import crosses, overlap, place_label
from lstm_sym.figures.kinds.ticks import log_bounds, log_ticks, logarithm, time_ticks
from lstm_sym.figures.layout.heights import spread
from lstm_sym.figures.layout.network import Net, Network, Node
from lstm_sym.figures.layout.ordering import ordered
from lstm_sym.figures.layout.panel import laid_out
from lstm_sym.figures.layout.tracks import Passage, track_order
from lstm_sym.figures.scene.geometry import after_shared, number_text, tidy
from lstm_sym.figures.scene.words import words

PLACES = st.lists(st.tuples(st.floats(-100, 100), st.floats(0.1, 10), st.floats(1, 30)), min_size=1, max_size=8)


def test_spread_leaves_what_fits_and_parts_what_does_not():
    assert spread([0, 50], [1, 1], [10]) == [0, 50]
    assert spread([0, 0], [1, 1], [10]) == [-5, 5]
    assert spread([0, 0], [3, 1], [8]) == [-2, 6]


@given(PLACES)
def test_spread_keeps_every_distance(rows):
    wanted, weights, distances = (list(column) for column in zip(*rows, strict=True))
    found = spread(wanted, weights, distances[1:])
    assert all(b - a >= distance - 1e-6 for (a, b), distance in zip(pairwise(found), distances[1:], strict=True))


def network():
    """Two entries, two nodes; the first entry feeds the node that is declared second."""
    nodes = (Node("a", 20, 20), Node("b", 20, 20))
    nets = (Net("p", ("b",)), Net("q", ("a",)), Net("a", (">q",)), Net("b", (">p", "^")))
    return Network(nodes, nets, {"p": ">p", "q": ">q"}, (), "^")


def test_order_takes_crossings_away():
    order = ordered(network())
    assert order[0] in (["p", "q"], ["q", "p"])
    assert [item.lstrip(">") for item in order[-1]] == order[0]
    assert order[1] == (["b", "a"] if order[0] == ["p", "q"] else ["a", "b"])


def test_layers_follow_the_wires():
    operations = Operations(cell("lstm"))
    assert [one.variable for one in operations.found if one.variable] == ["a", "i", "f", "o", "state", "out"]
    layers = network().layer
    assert layers == {"p": 0, "q": 0, "a": 1, "b": 1, ">p": 2, ">q": 2, "^": 2}


def test_a_panel_has_its_rails_at_one_height():
    panel = laid_out(network())
    assert panel.rails["p"] == panel.rails[">p"]
    assert {(wire.source, wire.target) for wire in panel.wires} == {("p", "b"), ("q", "a"), ("a", ">q"), ("b", ">p"), ("b", "^")}
    assert panel.up > panel.boxes["b"][2]


def test_tracks_never_lay_wires_upon_each_other():
    down = Passage("down", 0.0, (40.0,), 0.0, 40.0)
    up = Passage("up", 40.0, (0.0,), 0.0, 40.0)
    assert [p.net for p in track_order([down, up])] in (["down", "up"], ["up", "down"])
    low = Passage("low", 20.0, (60.0,), 20.0, 60.0)
    first = Passage("first", 0.0, (20.0,), 0.0, 20.0)
    assert [p.net for p in track_order([first, low])] == ["low", "first"]
    many = [Passage(f"p{k}", 10.0 * k, (10.0 * k + 95,), 10.0 * k, 10.0 * k + 95) for k in range(9)]
    assert sorted(p.net for p in track_order(many)) == sorted(p.net for p in many)


def test_a_wire_is_drawn_from_where_it_leaves_the_others():
    first = ((0, 0), (10, 0), (10, 20), (30, 20))
    assert after_shared(((0, 0), (10, 0), (10, 40), (30, 40)), [first]) == ((10, 20), (10, 40), (30, 40))
    assert after_shared(((0, 0), (10, 0), (10, -5)), [first]) == ((10, 0), (10, -5))
    assert after_shared(first, []) == first
    assert tidy([(0, 0), (0, 0), (5, 0), (9, 0), (9, 4)]) == ((0, 0), (9, 0), (9, 4))


def test_coordinates_are_short():
    assert [number_text(value) for value in (1.0, -0.001, 2.345678, -3.5)] == ["1", "0", "2.35", "-3.5"]


def test_rectangles_and_lines():
    assert overlap((0, 0, 10, 10), (9, 9, 20, 20))
    assert not overlap((0, 0, 10, 10), (10.5, 0, 20, 20))
    assert crosses((0, 0, 10, 10), ((-5, -5), (15, 15)))
    assert not crosses((0, 0, 10, 10), ((-5, 8), (3, 16)))
    everywhere = [(-1000.0, -1000.0, 1000.0, 1000.0)]
    assert place_label((0, 0), words("x"), "ink", "", everywhere, [], (-99, -99, 99, 99)) is None


def test_logarithms_of_decimal_text():
    assert logarithm("0.001") == pytest.approx(-3)
    assert logarithm("2.5000e-400") == pytest.approx(-399.60206)
    assert logarithm("0.00000") is None


def test_ticks():
    assert time_ticks(1) == [0, 1]
    assert time_ticks(40) == [0, 5, 10, 15, 20, 25, 30, 35, 40]
    assert time_ticks(41)[-1] == 41
    assert log_bounds([-1.0, -1.0])[1] - log_bounds([-1.0, -1.0])[0] >= 1
    assert [text for _, text in log_ticks(-2, 0) if text] == ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"]
    assert [text for _, text in log_ticks(-40, 0) if text] == ["1e-36", "1e-30", "1e-24", "1e-18", "1e-12", "1e-6", "1"]

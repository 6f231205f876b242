"""`picture`: kinds and subjects, and what is refused; the table of kinds is whole."""

import pytest

from lstm_sym import load_cell, load_example, picture
from lstm_sym.drawing import CAPTIONS, KINDS, example_pictures
from lstm_sym.errors import InputError
from tests.figures.samples import example_of


def test_a_cell_shows_its_graph_and_an_example_itself_unrolled():
    assert picture(load_cell("gru")).name == "graph"
    assert picture(load_example()).name == "unrolled"
    assert "<svg" in picture(load_cell("gru"))._repr_svg_()


def test_each_kind_has_a_caption_and_gives_its_name():
    assert list(KINDS) == list(CAPTIONS) == [drawn.name for drawn in example_pictures(load_example())]


def test_jupyter_shows_a_picture_by_itself():
    from IPython.core.formatters import DisplayFormatter

    shown, _ = DisplayFormatter().format(picture(load_cell("elman")))
    assert shown["image/svg+xml"].startswith('<svg xmlns="http://www.w3.org/2000/svg" class="lstm-figure" role="img"')


def test_what_has_nothing_to_show_is_left_out():
    silent = example_of(load_cell("elman"), unlabelled=(0, 1))
    assert [drawn.name for drawn in example_pictures(silent)] == ["graph", "unrolled", "rounding"]


def test_wrong_subjects_and_kinds_are_refused():
    with pytest.raises(
        InputError, match="picture of kind 'pie'; got no such kind; expected one of graph, unrolled, flow, rounding"
    ):
        picture(load_example(), "pie")
    with pytest.raises(InputError, match="picture of kind 'flow' of the cell gru; got a cell, which has no numbers"):
        picture(load_cell("gru"), "flow")
    with pytest.raises(InputError, match="picture; got a str; expected a cell, or a worked example from load_example"):
        picture("gru")

"""Tables of names: what is refused, with its file, line and key; what they make of names; what is said of other cells."""

from __future__ import annotations

import pytest

from lstm_sym.errors import InputError
from lstm_sym.render.typeset.ink import LATEX, TEXT
from lstm_sym.render.typeset.notations import NOTATIONS, notation, parse_notation

GATES = ("a", "i", "f", "o")


@pytest.mark.parametrize(
    ("name", "symbol", "time", "latex"),
    [
        ("worksheet", "delta_state", "t", r"\delta \mathit{state}_t"),
        ("hc", "delta_state", "t", r"\delta c^{(t)}"),
        ("hc", "U_a", None, "U_g"),
        ("colah", "a", "t", r"\tilde{C}_t"),
        ("colah", "U_f", None, "W_{f,h}"),
        ("colah", "UW_f", None, "W_f"),
        ("greff", "U_a", None, "R_z"),
        ("greff", "out", "t-1", "y^{t-1}"),
        ("fractions", "delta_a", "t", r"\frac{\partial E}{\partial \mathit{net}_{a,t}}"),
        ("fractions", "delta_W_a", None, r"\frac{\partial E}{\partial W_a}"),
    ],
)
def test_names_of_the_lstm(name, symbol, time, latex):
    assert LATEX.symbol(symbol, time, notation(name).for_cell("lstm", GATES)).source == latex


def test_a_table_extends_its_base():
    mine = parse_notation('base = "greff"\n[names]\nU = "V"\n', "mine.toml").for_cell("lstm", GATES)
    assert TEXT.symbol("U_a", None, mine).source == "V_z"


def test_a_cell_without_names_is_said():
    assert notation("hc").said("lstm") is None
    assert notation("hc").said("mgu") == "The notation hc has no names for the cell mgu: its symbols keep their declared names."
    assert all(notation(name).said("gru") is None for name in NOTATIONS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[names]\nout = 3", "t.toml:2: names.out; got 3; expected a text, or { latex"),
        ("[names]\nout = '\\write18{ls}'", "t.toml:2: names.out; got the command \\write; expected letters"),
        ("[names]\nout = 'a}b'", "t.toml:2: names.out; got 'a}b'; expected LaTeX of letters, indices and closed braces"),
        ("\ntime = 'x'", "t.toml:2: time; got 'x'; expected a pattern with #"),
        ("nmes = 1", "t.toml:1: nmes; got an unknown key; expected one of title"),
        ("[signs]\nplus = '+'", "t.toml:2: signs.plus; got an unknown key; expected one of hadamard, product, outer"),
        ("base = 'no'", "t.toml:1: base; got 'no'; expected one of worksheet"),
        ("concatenated = 1", "t.toml:1: concatenated; got 1; expected true or false"),
        ("cells = 1", "t.toml:1: cells; got 1; expected a table [cells]"),
        ("title = ''", "t.toml:1: title; got no text of 1 to 60 characters"),
        ("a = = 1", "t.toml:1: not valid TOML"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(text, message):
    with pytest.raises(InputError) as refused:
        parse_notation(text, "t.toml")
    assert message in str(refused.value)


def test_a_name_that_is_no_notation_and_a_file_that_is_not_there_are_refused():
    for name, message in (
        ("hd", "got no notation of that name; expected one of worksheet, hc, colah"),
        ("no.toml", "no.toml: the notation cannot be read"),
    ):
        with pytest.raises(InputError) as refused:
            notation(name)
        assert message in str(refused.value)

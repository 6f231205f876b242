"""A cell from a file of equations: derived and proved like any other; what declares none is refused with the reason."""

import pytest

from lstm_sym.calculus.derive import derive
from lstm_sym.errors import LstmSymError
from lstm_sym.notes.cell_file import cell_from
from lstm_sym.proof.prove import prove
from lstm_sym.render.expression.statement import text
from lstm_sym.verdict import Status

MGU = r"""
title = "Minimal gated unit"
forward = [
    'f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f)',
    'c_t = \tanh(W_c x_t + U_c (f_t \odot h_{t-1}) + b_c)',
    'h_t = (1 - f_t) \odot h_{t-1} + f_t \odot c_t',
]
"""
NOTES = r"""
The network: $$s_t = \tanh(A x_t + B s_{t-1})$$ and nothing else.
"""


def written(folder, name, content):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_a_table_of_forward_equations_is_a_cell(tmp_path):
    cell = cell_from(written(tmp_path, "mgu.toml", MGU))
    assert (cell.name, cell.title, cell.output.name) == ("mgu", "Minimal gated unit", "h")
    derivation = derive(cell)
    assert text(derivation["delta_c"].statement) == "δc_t = δh_t ⊙ f_t ⊙ (1 - c_t²)   (t = 0, ..., T)"
    assert prove(derivation).verdict.status is Status.PROVED


def test_notes_that_define_one_are_a_cell(tmp_path):
    cell = cell_from(written(tmp_path, "notes.md", NOTES))
    assert [p.name for p in cell.parameters] == ["A", "B"]
    assert prove(derive(cell)).verdict.status is Status.PROVED


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("forward = []", "no forward equations"),
        ("forward = 1", "no list `forward`"),
        ("forwards = []", "got the key 'forwards'; expected some of name, title, source, forward"),
        ("forward = [", "expected a TOML file with forward"),
        (r"forward = ['h_t = \foo(x_t)']", "mgu.toml"),
        ("forward = ['h_t = W_h x_t + U_h h_{t+1}']", "symbols at time t or t-1"),
    ],
)
def test_what_declares_no_cell_is_refused(tmp_path, content, message):
    with pytest.raises(LstmSymError) as refused:
        cell_from(written(tmp_path, "mgu.toml", content))
    assert message in str(refused.value)


def test_the_name_of_a_file_runs_nothing(tmp_path):
    assert cell_from(written(tmp_path, "import os;1.toml", MGU)).name == "import_os_1"

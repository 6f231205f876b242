"""The forward pass is recognised in every layout, with the user's arrays for the cell's parameters."""

import numpy as np
import pytest

from lstm_sym.code import verify_gradient
from tests.code.mistakes import program

EXPECTED = {
    "per_gate": ("lstm", "a", {"W": "Wg[0:3, 0:2]", "U": "Ug[0:3, 0:3]", "b": "bg[0:3]"}),
    "stacked_batch": ("lstm", "f", {"W": "Wx[0:4, 3:6]", "U": "Wh[0:3, 3:6]", "b": "b[3:6]"}),
    "concatenated": ("lstm", "o", {"W": "W_o[0:3, 3:7]", "U": "W_o[0:3, 0:3]", "b": "b_o[0:3, 0]"}),
    "char_rnn": ("elman", "h", {"W": "Wxh[0:3, 0:4]", "U": "Whh[0:3, 0:3]", "b": "bh[0:3, 0]"}),
    "class_with_cache": ("lstm", "i", {"W": "W[3:5, 0:3]", "U": "W[0:3, 0:3]", "b": "b[0:3]"}),
    "gru_einsum": ("gru", "r", {"W": "W[0, 0:2, 0:3]", "U": "U[0, 0:3, 0:3]", "b": "b[0, 0:3]"}),
    "scalar_loops": ("elman", "h", {"W": "W[0:3, 0:2]", "U": "U[0:3, 0:3]", "b": "b[0:3]"}),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_recognised_with_its_parameters(name):
    module = program(name)
    forward = verify_gradient(module.loss, module.gradient, module.arguments).forward
    cell, gate, arrays = EXPECTED[name]
    assert (forward["cell"], forward["gates"][gate]) == (cell, arrays)
    assert forward["text"].startswith(f"the forward pass is the cell {cell}: ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("h[t] = o[t] * np.tanh(c[t])", "h[t] = o[t] * c[t]"),
        ('+ p["bf"])', '+ p["bf"] * c[t - 1])'),
        ("c[t] = f[t] * c[t - 1] + i[t] * g[t]", "c[t] = f[t] * c[t - 1] + 2 * i[t] * g[t]"),
    ],
)
def test_another_cell_is_not_taken_for_an_lstm(old, new):
    module = program("per_gate", old, new)
    forward = verify_gradient(module.loss, module.gradient, module.arguments).forward
    assert forward is None or forward["cell"] != "lstm"


def test_what_is_no_recurrence_is_not_recognised():
    report = verify_gradient(lambda W: np.sum(np.tanh(W)), lambda W: {"W": 1 - np.tanh(W) ** 2}, {"W": (2, 2)})
    assert report.forward is None
    assert report.as_json()["forward"] is None

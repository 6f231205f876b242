"""Whole documents in the manners of the field: no correct formula is refuted, and few stay unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from lstm_sym.notes.audit import audit
from lstm_sym.verdict import Status

DOCUMENTS = Path(__file__).parent / "documents"

RIGHT = {
    "angle_brackets.md": (13, 0, "the cell lstm"),
    "bptt_tutorial.tex": (5, 0, "a cell of its own"),
    "character_model.md": (10, 0, "a cell of its own"),
    "deep_learning_book.tex": (11, 0, "a cell of its own"),
    "delta_sup.tex": (7, 0, "a cell of its own"),
    "gates_concatenated.md": (15, 0, "the cell lstm"),
    "gru_notes.md": (11, 0, "a cell of its own"),
    "net.tex": (3, 0, "no cell: "),
    "objective.tex": (4, 3, "a cell of its own"),
    "odyssey.tex": (22, 0, "the cell peephole"),
    "accumulated.md": (14, 2, "a cell of its own"),
    "gru_concatenated.md": (6, 0, "a cell of its own"),
    "jacobians.tex": (6, 0, "a cell of its own"),
    "named_activations.md": (2, 0, "no cell: "),
    "peepholes_as_matrices.tex": (5, 0, "a cell of its own"),
    "softmax_bptt.md": (5, 1, "a cell of its own"),
    "own_loss.md": (3, 0, "a cell of its own"),
    "parted_gates.md": (8, 0, "no cell: "),
    "stacked_gates.md": (6, 0, "a cell of its own"),
    "without_times.md": (9, 0, "a cell of its own"),
    "row_vectors.tex": (7, 0, "a cell of its own"),
    "scalar.md": (3, 0, "a cell of its own"),
}
"""Documents without mistakes: how many claims are proved at least, how many unknown at most, and the cell."""


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_right_is_refuted(name: str) -> None:
    report = audit(DOCUMENTS / name)
    proved, unknown, cell = RIGHT[name]
    assert report.of(Status.REFUTED) == ()
    assert report.summary["PROVED"] >= proved
    assert report.summary["UNKNOWN"] <= unknown
    assert report.cell.startswith(cell)
    assert report.exit_code == 0


PLANTED = {
    9: "(1 - a_t)^2",
    10: "the factor a_t is missing",
    11: "state_{t} stands where state_{t-1} belongs",
    13: "out_t stands where out_{t-1} belongs",
}


def test_planted_mistakes_are_found_and_named() -> None:
    report = audit(DOCUMENTS / "planted_lstm.md")
    refuted = {finding.claim.place.line: finding for finding in report.of(Status.REFUTED)}
    for line, words in PLANTED.items():
        assert words in (refuted[line].reason or "")
        assert refuted[line].witness is not None
    assert {1, 8, 12}.isdisjoint(refuted)
    assert report.exit_code == 1


LSTM = r"""
$$a_t = \tanh(W_a x_t + U_a h_{t-1} + b_a)$$ $$i_t = \sigma(W_i x_t + U_i h_{t-1} + b_i)$$
$$f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f)$$ $$o_t = \sigma(W_o x_t + U_o h_{t-1} + b_o)$$
$$c_t = a_t \odot i_t + f_t \odot c_{t-1}$$ $$h_t = \tanh(c_t) \odot o_t$$
$$\delta c_t = \delta h_t \odot o_t \odot (1 - \tanh^2(c_t)) + \delta c_{t+1} \odot f_{t+1}$$
$$\delta a_t = \delta c_t \odot i_t \odot (1 - a_t^2)$$ $$\delta i_t = \delta c_t \odot a_t \odot i_t \odot (1 - i_t)$$
$$\delta f_t = \delta c_t \odot c_{t-1} \odot f_t \odot (1 - f_t)$$ $$\delta o_t = \delta h_t \odot \tanh(c_t) \odot o_t \odot (1 - o_t)$$
$$\delta x_t = W_a^T \delta a_t + W_i^T \delta i_t + W_f^T \delta f_t + W_o^T \delta o_t$$
$$\delta U_f = \sum_{t=0}^{T} \delta f_t \otimes h_{t-1}$$ $$\delta W_o = \sum_{t=0}^{T} \delta o_t \otimes x_t$$
"""
MISTAKES = [
    (r"i_t \odot (1 - a_t^2)", r"i_t \odot (1 - \tanh^2(a_t))", "is activated already"),
    (r" + \delta c_{t+1} \odot f_{t+1}", "", r"the term \delta c_{t+1} \odot f_{t+1} is missing"),
    (r"\odot c_{t-1} \odot f_t", r"\odot c_t \odot f_t", "c_{t-1} belongs"),
    (r"\delta f_t \otimes h_{t-1}", r"\delta f_t \otimes h_t", "h_{t-1} belongs"),
    (r"W_f^T \delta f_t", r"W_f \delta f_t", "W_{f}^{T} belongs"),
    (r"W_o^T \delta o_t", r"W_i^T \delta o_t", "W_{o}^{T} belongs"),
    (r"i_t \odot (1 - i_t)", r"i_t \odot (1 - f_t)", "f_t stands where i_t belongs"),
    (r"a_t \odot i_t \odot (1 - i_t)", r"i_t \odot (1 - i_t)", "the factor a_t is missing"),
    (r"\odot (1 - a_t^2)", r"\odot a_t \odot (1 - a_t)", "the slope of a sigmoid is taken, but a_t is a tanh"),
    (r"o_t \odot (1 - \tanh^2(c_t))", r"o_t \odot 1 - \tanh^2(c_t)", "parenthesis"),
    (r"\sum_{t=0}^{T} \delta o_t", r"\sum_{t=1}^{T} \delta o_t", "the sum must start at t=0"),
    (r"\delta f_t \otimes h_{t-1}", r"h_{t-1} \otimes \delta f_t", "exchanged"),
    (r"(1 - \tanh^2(c_t))", r"(1 - \tanh(c_t))", "squared"),
    (r"(1 - \tanh^2(c_t))", r"(1 + \tanh^2(c_t))", "the sign of"),
]
"""The right text, the mistake that people make of it, and the words of the diagnosis: the classes of real mistakes."""


@pytest.mark.parametrize(("right", "wrong", "words"), MISTAKES)
def test_each_class_of_mistakes_is_diagnosed(right: str, wrong: str, words: str) -> None:
    assert LSTM.count(right) >= 1
    report = audit(LSTM.replace(right, wrong, 1))
    refuted = report.of(Status.REFUTED)
    assert len(refuted) == 1, [(f.claim.text, f.reason) for f in refuted]
    assert words in (refuted[0].reason or "")
    assert refuted[0].suggestion is not None


def test_the_right_text_is_proved_whole() -> None:
    report = audit(LSTM)
    assert report.summary == {"PROVED": len(report.findings), "SUPPORTED": 0, "UNKNOWN": 0, "REFUTED": 0}
    assert len(report.findings) == 14


def test_an_update_up_the_gradient_is_refuted() -> None:
    text = LSTM + r"$$U_f \leftarrow U_f + \eta \, \delta U_f$$"
    assert [finding.reason for finding in audit(text).of(Status.REFUTED)] == [
        "the step goes up the gradient: the sign of the gradient must be minus"
    ]
    assert audit(LSTM + r"$$U_f \leftarrow U_f - \eta \, \delta U_f$$").exit_code == 0


def test_equivalent_forms_are_proved() -> None:
    for form in (r"\delta c_t \odot i_t - \delta c_t \odot i_t \odot a_t \odot a_t", r"(1 - a_t)(1 + a_t) i_t \delta c_t"):
        report = audit(LSTM.replace(r"\delta c_t \odot i_t \odot (1 - a_t^2)", form))
        assert report.of(Status.REFUTED) == ()
        assert report.summary["UNKNOWN"] == 0


def test_a_name_that_nothing_defines_is_asked_for() -> None:
    report = audit(LSTM + r"$$\delta c_t = q_t \odot \delta h_t$$")
    reasons = [finding.reason for finding in report.of(Status.UNKNOWN)]
    assert reasons == ["the name q is defined nowhere in this document; define it, or give a table of names"]


def test_what_is_missing_is_named() -> None:
    text = LSTM.replace(r"$$\delta i_t = \delta c_t \odot a_t \odot i_t \odot (1 - i_t)$$", "")
    assert "no line for the adjoint of i" in audit(text).missing

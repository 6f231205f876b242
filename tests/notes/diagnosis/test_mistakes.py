"""The ten kinds of mistakes that people make, each in at least two notations: refuted where it stands, with the mistake named."""

from __future__ import annotations

import pytest

from lstm_sym.notes.audit import audit
from lstm_sym.verdict import Status

LSTM = [
    r"a_t = \tanh(W_a x_t + U_a out_{t-1} + b_a)",
    r"i_t = \sigma(W_i x_t + U_i out_{t-1} + b_i)",
    r"f_t = \sigma(W_f x_t + U_f out_{t-1} + b_f)",
    r"o_t = \sigma(W_o x_t + U_o out_{t-1} + b_o)",
    r"state_t = a_t \odot i_t + f_t \odot state_{t-1}",
    r"out_t = \tanh(state_t) \odot o_t",
    r"gates_t = \begin{bmatrix} a_t \\ i_t \\ f_t \\ o_t \end{bmatrix}",
    r"U = \begin{bmatrix} U_a \\ U_i \\ U_f \\ U_o \end{bmatrix}",
    r"\delta out_t = \Delta_t + \Delta out_t",
    r"\delta state_t = \delta out_t \odot o_t \odot (1 - \tanh^2(state_t)) + \delta state_{t+1} \odot f_{t+1}",
    r"\delta a_t = \delta state_t \odot i_t \odot (1 - a_t^2)",
    r"\delta i_t = \delta state_t \odot a_t \odot i_t \odot (1 - i_t)",
    r"\delta f_t = \delta state_t \odot state_{t-1} \odot f_t \odot (1 - f_t)",
    r"\delta o_t = \delta out_t \odot \tanh(state_t) \odot o_t \odot (1 - o_t)",
    r"\Delta out_{t-1} = U^T \cdot \delta gates_t",
    r"\delta U = \sum_{t=0}^{T-1} \delta gates_{t+1} \otimes out_t",
]
"""In the manner of the worksheet: delta of a gate is the adjoint of its pre-activation."""
RNN = [
    r"z_t = x_t W + h_{t-1} U + b",
    r"h_t = \tanh(z_t)",
    r"y_t = h_t V + c",
    r"E = \frac{1}{2} \sum_{t=1}^{T} (y_t - l_t)^2",
    r"\frac{\partial E}{\partial y_t} = y_t - l_t",
    r"\frac{\partial E}{\partial h_t} = \frac{\partial E}{\partial y_t} V^T + \frac{\partial E}{\partial z_{t+1}} U^T",
    r"\frac{\partial E}{\partial z_t} = \frac{\partial E}{\partial h_t} * (1 - h_t^2)",
    r"\frac{\partial E}{\partial W} = \sum_{t=1}^{T} x_t^T \frac{\partial E}{\partial z_t}",
    r"\frac{\partial E}{\partial U} = \sum_{t=1}^{T} h_{t-1}^T \frac{\partial E}{\partial z_t}",
]
"""Row vectors, weights to the right, fractions of differentials."""
GRU = [
    r"r^{\langle t \rangle} = \sigma(W_r [h^{\langle t-1 \rangle}, x^{\langle t \rangle}] + b_r)",
    r"u^{\langle t \rangle} = \sigma(W_u [h^{\langle t-1 \rangle}, x^{\langle t \rangle}] + b_u)",
    r"g^{\langle t \rangle} = \tanh(W_g [r^{\langle t \rangle} * h^{\langle t-1 \rangle}, x^{\langle t \rangle}] + b_g)",
    r"h^{\langle t \rangle} = u^{\langle t \rangle} * h^{\langle t-1 \rangle} + (1 - u^{\langle t \rangle}) * g^{\langle t \rangle}",
    r"du^{\langle t \rangle} = dh^{\langle t \rangle} * (h^{\langle t-1 \rangle} - g^{\langle t \rangle})",
    r"dg^{\langle t \rangle} = dh^{\langle t \rangle} * (1 - u^{\langle t \rangle})",
]
"""Time in angle brackets, stacked weights, d in front of a name."""

MISTAKES = [
    ("1 activated", LSTM, 10, r"\delta a_t = \delta state_t \odot i_t \odot (1 - \tanh^2(a_t))", "is activated already"),
    (
        "1 activated",
        RNN,
        6,
        r"\frac{\partial E}{\partial z_t} = \frac{\partial E}{\partial h_t} * (1 - \tanh^2(h_t))",
        "activated already",
    ),
    ("1 not activated", RNN, 6, r"\frac{\partial E}{\partial z_t} = \frac{\partial E}{\partial h_t} * (1 - z_t^2)", "z_t"),
    ("2 recurrence lost", LSTM, 9, r"\delta state_t = \delta out_t \odot o_t \odot (1 - \tanh^2(state_t))", r"the term"),
    ("2 recurrence lost", RNN, 5, r"\frac{\partial E}{\partial h_t} = \frac{\partial E}{\partial y_t} V^T", "the term"),
    ("2 recurrence lost", LSTM, 8, r"\delta out_t = \Delta_t", r"the term \Delta out_{t} is missing"),
    (
        "3 time",
        LSTM,
        12,
        r"\delta f_t = \delta state_t \odot state_t \odot f_t \odot (1 - f_t)",
        r"state_t stands where state_{t-1} belongs",
    ),
    ("3 time", RNN, 8, r"\frac{\partial E}{\partial U} = \sum_{t=1}^{T} h_t^T \frac{\partial E}{\partial z_t}", "stands where"),
    (
        "3 time",
        GRU,
        4,
        r"du^{\langle t \rangle} = dh^{\langle t \rangle} * (h^{\langle t \rangle} - g^{\langle t \rangle})",
        "t-1",
    ),
    ("4 transpose", LSTM, 14, r"\Delta out_{t-1} = U \cdot \delta gates_t", "U stands where U^{T} belongs"),
    (
        "4 transpose",
        RNN,
        7,
        r"\frac{\partial E}{\partial W} = \sum_{t=1}^{T} x_t \frac{\partial E}{\partial z_t}",
        "x_t stands where x_{t}^{T} belongs",
    ),
    (
        "4 weight",
        RNN,
        5,
        r"\frac{\partial E}{\partial h_t} = \frac{\partial E}{\partial y_t} V^T + \frac{\partial E}{\partial z_{t+1}} W^T",
        "U",
    ),
    ("4 order", RNN, 7, r"\frac{\partial E}{\partial W} = \sum_{t=1}^{T} \frac{\partial E}{\partial z_t}^T x_t", "exchanged"),
    ("5 neighbour", LSTM, 11, r"\delta i_t = \delta state_t \odot a_t \odot f_t \odot (1 - i_t)", "f_t stands where i_t belongs"),
    ("5 neighbour", GRU, 5, r"dg^{\langle t \rangle} = dh^{\langle t \rangle} * (1 - r^{\langle t \rangle})", "stands where"),
    ("6 factor", LSTM, 10, r"\delta a_t = \delta state_t \odot (1 - a_t^2)", "the factor i_t is missing"),
    ("6 factor", RNN, 6, r"\frac{\partial E}{\partial z_t} = \frac{\partial E}{\partial h_t}", "the factor (1 - "),
    ("6 term", GRU, 4, r"du^{\langle t \rangle} = dh^{\langle t \rangle} * h^{\langle t-1 \rangle}", "g^"),
    ("7 slope", LSTM, 10, r"\delta a_t = \delta state_t \odot i_t \odot a_t \odot (1 - a_t)", "is a tanh"),
    ("7 slope", LSTM, 11, r"\delta i_t = \delta state_t \odot a_t \odot (1 - i_t^2)", "is a sigmoid"),
    ("7 no tanh", LSTM, 13, r"\delta o_t = \delta out_t \odot state_t \odot o_t \odot (1 - o_t)", r"\tanh"),
    ("8 scale", RNN, 4, r"\frac{\partial E}{\partial y_t} = 2 (y_t - l_t)", "2"),
    ("8 steps", LSTM, 15, r"\delta U = \sum_{t=0}^{T} \delta gates_{t} \otimes out_t", "stands where"),
    ("9 parenthesis", LSTM, 10, r"\delta a_t = 1 - a_t^2 \odot \delta state_t \odot i_t", "a parenthesis is missing"),
    (
        "9 parenthesis",
        RNN,
        6,
        r"\frac{\partial E}{\partial z_t} = 1 - h_t^2 * \frac{\partial E}{\partial h_t}",
        "a parenthesis is missing",
    ),
    (
        "10 carried on",
        LSTM,
        9,
        r"\delta state_t = \delta out_t \odot o_t \odot (1 - \tanh^2(state_t)) + \delta state_{t+1}",
        r"the factor f_{t+1} is missing",
    ),
    (
        "10 carried on",
        RNN,
        5,
        r"\frac{\partial E}{\partial h_t} = \frac{\partial E}{\partial y_t} V^T + \frac{\partial E}{\partial z_{t+1}} U^T + \frac{\partial E}{\partial h_{t+1}}",
        "is too many",
    ),
]


def page(lines: list[str]) -> str:
    return "\n".join(f"$${line}$$" for line in lines)


@pytest.mark.parametrize("lines", [LSTM, RNN, GRU], ids=["lstm", "rnn", "gru"])
def test_without_the_mistake_nothing_is_refuted(lines: list[str]) -> None:
    report = audit(page(lines))
    assert [(f.claim.text, f.reason) for f in report if f.status not in (Status.PROVED, Status.SUPPORTED)] == []


@pytest.mark.parametrize(("kind", "lines", "place", "wrong", "words"), MISTAKES, ids=[f"{m[0]} {m[3][:40]}" for m in MISTAKES])
def test_the_mistake_is_found_and_named(kind: str, lines: list[str], place: int, wrong: str, words: str) -> None:
    report = audit(page([*lines[:place], wrong, *lines[place + 1 :]]))
    refuted = [finding for finding in report if finding.status is Status.REFUTED]
    assert [finding.claim.place.line for finding in refuted] == [place + 1]
    assert words in (refuted[0].reason or "")
    assert audit(page([*lines[:place], refuted[0].suggestion or "", *lines[place + 1 :]])).summary["REFUTED"] == 0

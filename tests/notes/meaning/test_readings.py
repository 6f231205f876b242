"""What a backward name means is decided from all lines that use it, and one wrong line does not change it."""

from __future__ import annotations

import pytest

from lstm_sym.notes.meaning.readings import Decider

LSTM = r"""
$$a_t = \tanh(W_a x_t + U_a h_{t-1})$$ $$i_t = \sigma(W_i x_t + U_i h_{t-1})$$
$$c_t = a_t \odot i_t + c_{t-1}$$ $$h_t = \tanh(c_t)$$
"""
VALUES = r"""
$$\delta a_t = \delta c_t \odot i_t$$ $$\delta i_t = \delta c_t \odot a_t$$
$$\delta W_a = \sum_{t=0}^{T} \left(\delta a_t \odot (1 - a_t^2)\right) x_t^T$$
"""
NETS = r"""
$$\delta a_t = \delta c_t \odot i_t \odot (1 - a_t^2)$$ $$\delta i_t = \delta c_t \odot a_t \odot i_t \odot (1 - i_t)$$
$$\delta W_a = \sum_{t=0}^{T} \delta a_t x_t^T$$
"""


def decided(learnt) -> tuple[dict[str, str], list[bool | None]]:
    decider = Decider(learnt.samples, [pair for pair in learnt.pairs if pair.relation > 3])
    reading, _ = decider.run()
    return {alias: role.kind for alias, role in reading.roles}, [outcome.holds for outcome in decider.outcomes.values()]


@pytest.mark.parametrize(("backward", "kind"), [(VALUES, "value"), (NETS, "net")])
def test_delta_of_a_gate_is_what_its_lines_make_it(from_text, backward: str, kind: str) -> None:
    roles, holds = decided(from_text(LSTM + backward))
    assert {alias: roles.get(alias, "net") for alias in ("delta:a", "delta:i")} == {"delta:a": kind, "delta:i": kind}
    assert holds == [True, True, True]


def test_one_wrong_line_does_not_decide(from_text) -> None:
    roles, holds = decided(from_text(LSTM + NETS + r"$$\delta W_i = \sum_{t=0}^{T} \delta i_t x_{t-1}^T$$"))
    assert roles.get("delta:i", "net") == "net"
    assert holds == [True, True, True, False]


def test_a_name_that_no_meaning_fits_stops_its_line(from_text) -> None:
    _, holds = decided(from_text(LSTM + r"$$\delta a_t = q_t \odot r_t \odot s_t$$"))
    assert holds == [None]

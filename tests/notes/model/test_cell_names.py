"""A known cell in the names of a document that has no forward equations.

Law: right lines are proved in whatever customary names; a line with a mistake is refuted; other names stay as the cell's own.
"""

from __future__ import annotations

import pytest

from lstm_sym.notes.audit import audit
from lstm_sym.verdict import Status

RIGHT = {
    "lstm by letters": ("lstm", r"""$$\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial c_t} \odot g_t$$
$$\frac{\partial L}{\partial W_{xf}} = \sum_t \left(\frac{\partial L}{\partial f_t} \odot f_t \odot (1 - f_t)\right) x_t^\top$$
$$\frac{\partial L}{\partial W_{hf}} = \sum_t \left(\frac{\partial L}{\partial f_t} \odot f_t \odot (1 - f_t)\right) h_{t-1}^\top$$"""),
    "lstm with a candidate": ("lstm", r"""$$d\tilde{C}_t = dC_t * i_t * (1 - \tilde{C}_t^2)$$
$$dW_C = \sum_t d\tilde{C}_t [h_{t-1}, x_t]^T$$"""),
    "gru in rows": ("gru", r"""$$d\tilde{h}_t = dh_t \odot (1 - z_t) \odot (1 - \tilde{h}_t^2), \quad dx_t = d\tilde{h}_t W_h^\top + dr_t W_r^\top + dz_t W_z^\top$$
$$dz_t = dh_t \odot (h_{t-1} - \tilde{h}_t) \odot z_t \odot (1 - z_t), \quad dW_z = \sum_t x_t^\top dz_t$$"""),
    "elman": ("elman", r"""$$\delta_t = \frac{\partial L}{\partial h_t} \odot (1 - h_t^2)$$ $$\frac{\partial L}{\partial W_{hh}} = \sum_t \delta_t h_{t-1}^\top$$
$$\frac{\partial L}{\partial W_{xh}} = \sum_t \delta_t x_t^\top$$"""),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_right_lines_are_proved(name: str) -> None:
    cell, text = RIGHT[name]
    found = [(f.claim.text, str(f.status), f.reason) for f in audit(text + "\n", cell=cell) if f.status is not Status.PROVED]
    assert found == []


def test_a_mistake_is_refuted() -> None:
    report = audit(r"$$\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_{t}$$" + "\n", cell="lstm")
    assert [finding.reason for finding in report] == ["c_{t} stands where c_{t-1} belongs"]


def test_the_cell_keeps_its_own_names() -> None:
    report = audit(r"$$\delta a_t = \delta state_t \odot i_t \odot (1 - a_t^2)$$" + "\n", cell="lstm")
    assert report.summary["PROVED"] == 1

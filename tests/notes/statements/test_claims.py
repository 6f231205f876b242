"""The document's equations as a declared cell, and its claims as statements that the proof package decides."""

from __future__ import annotations

import pytest

from lstm_sym.errors import UnsupportedError
from lstm_sym.notes.sampling.samples import SETTINGS
from lstm_sym.notes.sampling.scope import Reading
from lstm_sym.notes.statements.cell_of import cell_of, known_cell
from lstm_sym.notes.statements.claims import statements
from lstm_sym.proof.prove import prove_statement
from lstm_sym.render.expression.statement import text
from lstm_sym.verdict import Status

FORWARD = r"$$z_t = W x_t + U h_{t-1} + b$$ $$h_t = \tanh(z_t)$$"


def claims(learnt) -> list:
    cell, naming = cell_of(learnt.model)
    return statements(learnt.pairs[-1], Reading(), SETTINGS[0], learnt.samples, cell, naming), cell


@pytest.mark.parametrize(
    ("line", "said", "status"),
    [
        (r"\delta z_t = \delta h_t \odot (1 - h_t^2)", "δz_t = δh_t ⊙ (1 - h_t ⊙ h_t)", Status.PROVED),
        (r"\delta z_t = \delta h_t \odot (1 - h_t)", "δz_t = δh_t ⊙ (1 - h_t)", Status.REFUTED),
        (r"\delta W = \sum_{t=0}^{T} \delta z_t x_t^T", "δW = Σ_{t=0}^T δz_t · x_tᵀ", Status.PROVED),
        (r"\delta W = \sum_{t=0}^{T} \delta z_t h_t^T", None, None),
    ],
)
def test_a_claim_is_the_statement_that_it_says(from_text, line: str, said: str | None, status: Status | None) -> None:
    found, cell = claims(from_text(f"{FORWARD} $${line}$$"))
    if said is None:
        assert found is None
    else:
        assert [text(statement) for statement in found] == [said]
        assert prove_statement(found[0], cell).status is status


def test_what_has_no_statement_is_none(from_text) -> None:
    found, _ = claims(from_text(FORWARD + r"$$\delta b = \prod_{k=0}^{T} \delta z_k$$"))
    assert found is None


def test_a_known_cell_is_known_up_to_its_names(from_text) -> None:
    cell, _ = cell_of(from_text(r"$$q_t = \tanh(A u_t + B q_{t-1} + k)$$").model)
    assert known_cell(cell) == "elman"
    assert known_cell(cell_of(from_text(r"$$q_t = \tanh(A u_t + q_{t-1})$$").model)[0]) is None


@pytest.mark.parametrize(
    ("forward", "reason"),
    [
        (r"$$\delta h_t = \Delta_t$$", "got no forward equations"),
        (r"$$h_t = \tanh(W x_t)$$ $$y_t = \tanh(V x_t)$$", "got 2 outputs"),
    ],
)
def test_equations_that_make_no_cell_say_why(from_text, forward: str, reason: str) -> None:
    with pytest.raises(UnsupportedError, match=reason):
        cell_of(from_text(forward).model)

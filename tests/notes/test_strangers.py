"""Text from strangers: no crash and no hang, whatever it holds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lstm_sym.notes.audit import audit
from lstm_sym.notes.judging.judge import Judge

WORDS = [
    r"h_t",
    r"x_t",
    r"W",
    r"U",
    r"b",
    r"c_{t-1}",
    r"\tanh(",
    r"\sigma",
    r")",
    r"(",
    r"[",
    r"]",
    r"{",
    r"}",
    r"=",
    r"+",
    r"-",
    r"\odot",
    r"*",
    r"\cdot",
    r"^T",
    r"_{t+1}",
    r"\delta",
    r"\Delta",
    r"d",
    r"\partial",
    r"\frac{\partial",
    r"E}{\partial",
    r"W}",
    r"\sum_{t=0}^{T}",
    r"\prod_{k=1}^t",
    r"1",
    r"0.5",
    r"0.53631",
    r"&",
    r"\\",
    r",",
    r"\begin{bmatrix}",
    r"\end{bmatrix}",
    r"^2",
    r"'",
    r"\top",
    r"|",
    r"\|",
    r"\text{and}",
    r"h_{prev}",
    r"h(t)",
    r"\hat{y}_t",
    r"E",
    r"L",
    r"\leftarrow",
    r"+=",
    r"\diag",
    r"softmax",
    r"\log",
    r"e^{-x}",
    r"\left(",
    r"\right)",
    r"\langle",
    r"t",
    r"\rangle",
    r"$",
    r"1e5",
    r"/",
    r"\nabla_W",
    r"dW",
    r"dh_{next}",
    r"\otimes",
    r"T",
    r"x_0",
    r"=",
    r"[1]",
    r"a_1",
]
FORWARD = r"$$h_t = \tanh(W x_t + U h_{t-1} + b)$$"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=25))
def test_any_line_beside_a_cell_is_survived(words: list[str]) -> None:
    report = audit(f"{FORWARD}\n$${' '.join(words)}$$\n")
    assert sum(report.summary.values()) == len(report.findings) >= 1


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    report = audit(f"$${text}$$\n\\begin{{align}}{text}\\end{{align}} ${text}$\n")
    assert report.exit_code in (0, 1)


def test_code_in_names_is_only_text() -> None:
    report = audit(r"$$\text{__import__('os')}_t = \mathrm{exec}(h_t)$$")
    assert report.summary["REFUTED"] == 0


def test_a_size_that_holds_itself_is_survived() -> None:
    report = audit(
        r"$$h_t = [h_{t-1}, x_t]$$ $$c_t = [c_{t-1}; h_t]$$ $$y_t = \tanh(W [y_{t-1}, [y_{t-1}, h_t]])$$ $$\delta y_t = y_t$$"
    )
    assert len(report.findings) == 4


def test_towers_of_powers_are_refused() -> None:
    report = audit(FORWARD + r"$$h_t = ((((9^{16})^{16})^{16})^{16})^{16} x_t$$")
    assert report.summary["UNKNOWN"] == 1


def test_an_error_of_judging_stays_with_its_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = Judge.judge

    def planted(self: Judge, pair: object, context: object) -> object:
        if getattr(pair, "position", 0) == 1:
            raise TypeError("planted")
        return judge(self, pair, context)  # type: ignore[arg-type]

    monkeypatch.setattr(Judge, "judge", planted)
    report = audit(
        r"$$h_t = \tanh(W x_t + U h_{t-1} + b)$$ $$\delta W = \sum_t \delta h_t \otimes x_t = \sum_t x_t \otimes x_t$$"
    )
    assert [str(finding.status) for finding in report] == ["PROVED", "PROVED", "UNKNOWN"]
    assert report.findings[2].reason == "judging it stopped: TypeError: planted"

"""Text from strangers: no crash and no hang, whatever it holds."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lstm_sym.notes.audit import audit

WORDS = (
    r"h_t x_t W U b c_{t-1} \tanh( \sigma ) ( [ ] { } = + - \odot * \cdot ^T _{t+1} \delta \Delta d \partial \frac{\partial E}{\partial W} "
    r"\sum_{t=0}^{T} \prod_{k=1}^t 1 0.5 0.53631 & \\ , \begin{bmatrix} \end{bmatrix} ^2 ' \top | \| \text{and} h_{prev} h(t) \hat{y}_t E L "
    r"\leftarrow += \diag softmax \log e^{-x} \left( \right) \langle t \rangle $ 1e5 / \nabla_W dW dh_{next} \otimes T x_0 = [1] a_1"
).split(" ")
FORWARD = r"$$h_t = \tanh(W x_t + U h_{t-1} + b)$$"


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=25))
def test_any_line_beside_a_cell_is_survived(words: list[str]) -> None:
    report = audit(f"{FORWARD}\n$${' '.join(words)}$$\n")
    assert sum(report.summary.values()) == len(report.findings) >= 1


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    report = audit(f"$${text}$$\n\\begin{{align}}{text}\\end{{align}} ${text}$\n")
    assert report.exit_code in (0, 1)


def test_code_in_names_is_only_text() -> None:
    report = audit(r"$$\text{__import__('os')}_t = \mathrm{exec}(h_t)$$")
    assert report.summary["REFUTED"] == 0

"""What keeps a line from being refuted or supported, and the lines that speak of an example's last step."""

from __future__ import annotations

import pytest

from lstm_sym.claim import Finding
from lstm_sym.notes.audit import audit
from lstm_sym.verdict import Status

FORWARD = r"""
$$i_t = \sigma(W_i x_t + U_i h_{t-1} + b_i)$$ $$a_t = \tanh(W_a x_t + U_a h_{t-1} + b_a)$$
$$h_t = i_t \odot a_t$$
"""
BACKWARD = r"""
$$\delta h_t = \Delta_t + \Delta h_t$$
$$\Delta h_{t-1} = U_i^T \delta i_t + U_a^T \delta a_t$$
$$\delta a_t = \delta h_t \odot i_t \odot (1 - a_t^2)$$
$$\delta i_t = \delta h_t \odot a_t \odot i_t \odot (1 - i_t)$$
"""


def last(text: str) -> Finding:
    """The finding on the last claim."""
    return audit(text).findings[-1]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (r"$$\delta h_1 = \Delta_1$$ $$\delta h_0 = \Delta_0 + \Delta h_0$$ $$\delta h_1 = \Delta_1$$", Status.PROVED),
        (r"$$\delta h_1 = \Delta_1 + \Delta h_1$$ $$\delta h_0 = \Delta_0$$", Status.REFUTED),
        (r"$$\delta b_a = \delta a_0 + \delta a_1$$", Status.PROVED),
        (r"$$\delta W_a = \delta a_0 \otimes x_0 + \delta a_1 \otimes x_1$$", Status.PROVED),
        (r"$$\delta W_a = \delta a_0 \otimes x_0 + \delta a_1 \otimes x_0$$", Status.REFUTED),
        (r"$$\delta U_a = \delta a_1 \otimes h_0$$", Status.PROVED),
        (r"$$\delta W_a = \delta a_0 \otimes x_0 - \delta a_1 \otimes x_1$$", Status.REFUTED),
    ],
)
def test_the_last_step_that_a_document_names_is_its_last(line: str, status: Status) -> None:
    assert last(FORWARD + BACKWARD + line).status is status


def test_what_holds_with_the_last_step_alone_says_so() -> None:
    finding = last(FORWARD + BACKWARD + r"$$\delta b_a = \delta a_0 + \delta a_1$$")
    assert finding.reason == "it holds with 1 as the last step"
    assert "delta_a[2] = 0" in finding.scope


def test_a_line_that_every_neighbour_satisfies_is_not_supported() -> None:
    finding = last(FORWARD + r"$$\Delta h_5 = 0 \odot h_5$$")
    assert finding.status is Status.UNKNOWN


def test_nothing_is_refuted_about_a_name_whose_line_could_not_be_read() -> None:
    finding = last(FORWARD + r"$$a_t = \foo\bar{x}{y}_$$ $$q_t = \foo{1}_$$ $$\delta W_q = \sum_t \delta q_t \otimes x_t$$")
    assert finding.status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        (r"$$\frac{\partial L}{\partial h_{t-1}} = U_i^T \delta i_t + U_a^T \delta a_t$$", Status.PROVED, ""),
        (r"$$\frac{\partial L}{\partial h_{t-1}} = U_i^T \delta i_t - U_a^T \delta a_t$$", Status.REFUTED, "sign"),
    ],
)
def test_the_part_that_a_step_passes_back(line: str, status: Status, words: str) -> None:
    finding = last(FORWARD + BACKWARD + line)
    assert (finding.status, words in (finding.reason or "")) == (status, True)


def test_a_gradient_of_one_step_is_right_where_nothing_is_summed() -> None:
    step = r"$$\frac{\partial L}{\partial W_a} = \delta a_t x_t^T$$"
    assert last(FORWARD + BACKWARD + step).status is Status.PROVED
    beside = last(FORWARD + BACKWARD + r"$$\frac{\partial L}{\partial W_i} = \sum_{t=0}^{T} \delta i_t x_t^T$$" + step)
    assert beside.status is Status.UNKNOWN
    assert "the sum over t is missing" in (beside.reason or "")


def test_a_gradient_of_one_step_that_lacks_a_factor_is_refuted() -> None:
    gradient = r"$$\frac{\partial L}{\partial a_t} = \frac{\partial L}{\partial h_t} \odot i_t$$"
    finding = last(FORWARD + gradient + r"$$\frac{\partial L}{\partial W_a} = \frac{\partial L}{\partial a_t} x_t^T$$")
    assert finding.status is Status.REFUTED
    assert finding.reason == "the factor (1 - a_{t}^{2}) is missing"


def test_a_sum_over_an_index_that_stands_nowhere_in_it() -> None:
    finding = last(FORWARD + BACKWARD + r"$$\delta b_a = \sum_{k=0}^{T} \delta a_t$$")
    assert finding.status is Status.REFUTED
    assert finding.reason == "the sum runs over k, which stands nowhere in it: it must run over t"


def test_delta_alone_is_the_loss_where_delta_of_the_output_is_what_arrives() -> None:
    wrong = BACKWARD.replace(r"\Delta_t + \Delta h_t", r"\Delta_t")
    refuted = audit(FORWARD + wrong).of(Status.REFUTED)
    assert [finding.reason for finding in refuted] == [r"the term \Delta h_{t} is missing"]


def test_the_adjoint_of_a_named_argument() -> None:
    text = r"$$z_t = W x_t + U h_{t-1} + b$$ $$h_t = \tanh(W x_t + U h_{t-1} + b)$$ $$A = W x_t + U h_{t-1} + b$$"
    right = last(text + r"$$\delta A = \delta h_t \odot (1 - h_t^2)$$")
    wrong = last(text + r"$$\delta A = \delta h_t \odot (1 - h_t)^2$$")
    assert right.status is not Status.REFUTED
    assert wrong.status is not Status.PROVED


def test_a_forward_number_is_carried_from_what_is_printed_for_its_operands() -> None:
    text = r"""
$$h_t = \tanh(W x_t + U h_{t-1})$$ $$y_t = V h_t$$
$$W = 0.3$$ $$U = 0.5$$ $$V = 90$$ $$x_0 = 1$$ $$x_1 = 2$$
$$h_0 = 0.29$$
"""
    exact, carried, wrong = (last(text + rf"$$y_0 = {number}$$") for number in ("26.218", "26.1", "26.9"))
    assert (exact.grade, exact.status) == ("exact", Status.PROVED)
    assert (carried.grade, carried.status) == ("carried", Status.SUPPORTED)
    assert (wrong.grade, wrong.status) == ("wrong", Status.REFUTED)


TWICE = r"""
$$c_t = f_t \odot c_{t-1} + (1 - f_t) \odot g_t$$
$$f_t = \sigma(W_f x_t + U_f c_{t-1})$$
$$g_t = \tanh(W_g x_t + U_g c_{t-1})$$
Without the gate it is
$$c_t = c_{t-1} + (1 - f_t) \odot g_t$$
$$\frac{\partial f_t}{\partial W_f} = f_t \odot (1 - f_t) \odot x_t$$
$$\frac{\partial L}{\partial g_t} = \frac{\partial L}{\partial c_t} \odot (2 - f_t)$$
"""


def test_another_equation_for_a_name_and_shorthand_are_no_mistakes():
    findings = {finding.claim.text: finding for finding in audit(TWICE)}
    other = findings[r"c_t = c_{t-1} + (1 - f_t) \odot g_t"]
    assert (other.status, other.reason) == (
        Status.UNKNOWN,
        "it gives c another equation than before: another cell, or one of the two is wrong",
    )
    short = findings[r"\frac{\partial f_t}{\partial W_f} = f_t \odot (1 - f_t) \odot x_t"]
    assert short.status is Status.UNKNOWN
    wrong = findings[r"\frac{\partial L}{\partial g_t} = \frac{\partial L}{\partial c_t} \odot (2 - f_t)"]
    assert wrong.status is Status.REFUTED

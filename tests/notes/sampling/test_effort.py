"""What a claim may cost: counted work, and UNKNOWN beyond it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from lstm_sym.notes.audit import audit
from lstm_sym.notes.sampling.effort import LOOK, Effort, TooLongError
from lstm_sym.verdict import Status

FORWARD = r"$$h_t = \tanh(W x_t + U h_{t-1} + b)$$"


def test_work_beyond_the_bound_is_refused() -> None:
    effort = Effort(limit=3)
    for _ in range(3):
        effort.spend()
    with pytest.raises(TooLongError, match=r"^time: stopped after 4 evaluations, 0\.0 s$"):
        effort.spend()


def test_the_clock_is_a_last_resort() -> None:
    effort = Effort(limit=10 * LOOK, seconds=-1.0)
    effort.spent = LOOK - 1
    with pytest.raises(TooLongError, match=f"stopped after {LOOK} evaluations"):
        effort.spend()


def test_sums_inside_sums_are_unknown_with_the_time() -> None:
    nested = r"\sum_{k=0}^{T} " * 12
    report = audit(FORWARD + rf"$$\delta b = {nested} \delta h_t$$")
    finding = report.findings[-1]
    assert report.cell == "the cell elman"
    assert finding.status is Status.UNKNOWN
    assert (finding.reason or "").startswith("time: stopped after")


def test_names_that_double_are_unknown_with_the_time() -> None:
    names = "abcdefgijklmnopqr"
    lines = [r"$$\delta q_{a} = \delta h_t$$"]
    lines += [rf"$$\delta q_{{{b}}} = \delta q_{{{a}}} \odot \delta q_{{{a}}}$$" for a, b in pairwise(names)]
    report = audit(FORWARD + "".join(lines))
    assert report.summary["REFUTED"] == 0
    assert len(report.findings) == 18


def test_the_same_text_gets_the_same_answer() -> None:
    text = FORWARD + r"$$\delta h_t = \Delta_t + U \cdot \delta h_{t+1} \odot (1 - h_{t+1})$$"
    first, second = (audit(text) for _ in range(2))
    assert [(f.status, f.reason, f.suggestion) for f in first] == [(f.status, f.reason, f.suggestion) for f in second]

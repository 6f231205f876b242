"""Formulas gone wrong at random, deep, long and huge; and a search guided by the lines of the reader that an input reaches."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lstm_sym.claim import Report
from lstm_sym.notes.audit import audit

NOTES = Path(__file__).parents[2] / "lstm_sym" / "notes"
PAGE = (
    r"$$h_t = \tanh(W x_t + U h_{t-1} + b)$$",
    r"$$\delta h_t = \Delta_t + U^T \cdot \delta z_{t+1}$$",
    r"$$\delta z_t = \delta h_t \odot (1 - h_t^2)$$",
    r"$$\delta W = \sum_{t=0}^{T} \delta z_t \otimes x_t$$",
    r"$$\frac{\partial E}{\partial U} = \sum_{t=1}^{T} \frac{\partial E}{\partial z_t} h_{t-1}^T$$",
    r"$$W = \begin{bmatrix} 0.5 & -1 \\ 2 & 0.25 \end{bmatrix}$$ $$x_0 = \begin{bmatrix} 1 \\ 2 \end{bmatrix}$$",
)
PIECES = (
    r"\delta ", r"\Delta ", "_{t}", "_{t-1}", "^T", "^2", r"\frac{", "{", "}", r"\partial ", "E", "h", "x_t", "W", " = ", "+", "-",
    r" \odot ", r" \otimes ", r"\tanh(", r"\sigma", "(", ")", r"\sum_{k}", r"\prod_{t=0}^{T}", r"\begin{bmatrix}", r"\end{bmatrix}",
    "&", r"\\", "$", "$$", "\n", r"\left(", r"\right)", "[", "]", ",", "1", "0.5", "9" * 30, "^{99999}", r"\text{a}", r"\hat ", r"\nabla ",
    "diag", "|", r"\leftarrow ", "+=", "d", "1e-9", "\x00", "é", "%", "`", "#", r"\langle t \rangle", "'",
)  # fmt: skip
BOUND = 10.0
"""Seconds of the processor for one page."""


def survived(text: str) -> Report:
    started = process_time()
    report = audit(text + "\n")
    assert process_time() - started < BOUND
    assert sum(report.summary.values()) == len(report.findings)
    assert [f.reason for f in report if "judging" in (f.reason or "") and "stopped:" in (f.reason or "")] == []
    return report


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(PAGE) - 1), st.data())
def test_a_page_with_one_line_changed_at_random_is_survived(place: int, data: st.DataObject) -> None:
    line = PAGE[place]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(line)))
        end = min(len(line), start + data.draw(st.integers(0, 5)))
        line = line[:start] + data.draw(st.sampled_from(PIECES)) + line[end:]
    survived("\n".join([*PAGE[:place], line, *PAGE[place + 1 :]]))


@pytest.mark.parametrize(
    "formula",
    [
        "(" * 2000 + "h_t" + ")" * 2000,
        r"\frac{" * 300 + "1" + "}{2}" * 300,
        "h_{" * 500 + "t" + "}" * 500,
        "-" * 3000 + "h_t",
        "h_t" + "^2" * 50,
        "h_t" + " + h_t" * 700,
        "h_t" + r" \odot h_t" * 300,
        r"(h_t + h_{t-1})^{16} \odot (h_t - h_{t-1})^{16}",
        "9" * 5000,
        "1e" + "9" * 20,
        "0." + "0" * 5000 + "1",
        "h_t^{99999999}",
        "2^{2^{2^{2^{2}}}} h_t",
        r"\sum_{t=0}^{99999999} h_t",
        r"\prod_{k=0}^{T} " * 9 + "h_t",
        r"h_{t+99999}",
        r"\begin{bmatrix}" * 60 + "1" + r"\end{bmatrix}" * 60,
        r"\tanh(" * 60 + "h_t" + ")" * 60,
        r"\left(" * 30,
        "=" * 200,
    ],
    ids=range(20),
)
def test_deep_long_and_huge_formulas_are_survived(formula: str) -> None:
    for left in (r"\delta h_t = ", "h_t = ", r"\delta W = "):
        survived(PAGE[0] + "\n$$" + left + formula + "$$")


@contextmanager
def reached(lines: set[tuple[str, int]]) -> Iterator[None]:
    """Collects the lines of the reader and the judge that run inside."""
    root = str(NOTES)

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if not frame.f_code.co_filename.startswith(root):
            return None
        lines.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


def guided(rounds: int, seed: int) -> tuple[int, int]:
    """Changes pages at random and keeps those that reach new lines; how many lines are reached, at first and in the end."""
    draw = random.Random(seed)
    seen: set[tuple[str, int]] = set()
    with reached(seen):
        survived("\n".join(PAGE))
    corpus, first = [*PAGE], len(seen)
    for _ in range(rounds):
        line = draw.choice(corpus)
        for _ in range(draw.randint(1, 4)):
            start = draw.randint(0, len(line))
            new = draw.choice([*PIECES, draw.choice(corpus)[: draw.randint(0, 40)]])
            line = line[:start] + new + line[min(len(line), start + draw.randint(0, 6)) :]
        lines: set[tuple[str, int]] = set()
        with reached(lines):
            survived(f"{PAGE[0]}\n{PAGE[1]}\n{line[:400]}")
        if not lines <= seen:
            seen |= lines
            corpus.append(line[:400])
    return first, len(seen)


def test_the_guided_search_reaches_new_lines() -> None:
    first, last = guided(6, seed=1)
    assert last > first


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(4))
def test_the_guided_search_finds_no_crash_and_no_hang(seed: int) -> None:
    first, last = guided(300, seed)
    assert last > first + 100

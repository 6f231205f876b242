"""What Jupyter shows for each data class, and that the data rows know nothing of it."""

from __future__ import annotations

import subprocess
import sys

from lstm_sym.calculus.derive import derive
from lstm_sym.cells import cell
from lstm_sym.claim import Claim, Finding, Report
from lstm_sym.errors import Place
from lstm_sym.render.jupyter import SHOWN, register
from lstm_sym.verdict import Status
from tests.render.worksheet import SOLUTION


def test_each_class_shows_itself() -> None:
    register()
    register()
    elman = derive(cell("elman"))
    shown = elman["h"].statement._repr_latex_()
    assert shown == r"$\displaystyle h_t = \tanh(\mathit{net}_{h,t}) \qquad \text{$t = 0, \dots, T$}$"
    assert elman.cell._repr_markdown_().startswith("**Simple recurrent network**\n\nElman 1990")
    assert r"h_t &= \tanh(W_h \cdot x_t + U_h \cdot h_{t-1} + b_h)" in elman.cell._repr_markdown_()
    assert elman["delta_h"]._repr_markdown_().startswith("$$\n\\delta h_t = \\Delta_t + \\Delta h_t \\tag{1}\n$$")
    assert "## Forward pass" in elman._repr_markdown_()
    assert "Forward @ t=0" in SOLUTION._repr_markdown_()


def test_the_data_rows_do_not_import_render() -> None:
    rows = "lstm_sym.cell, lstm_sym.derivation, lstm_sym.worked, lstm_sym.verdict"
    program = f"import sys, {rows}; print(any('.render' in name for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_every_shown_class_has_one_method() -> None:
    assert len({shown for shown, _, _ in SHOWN}) == len(SHOWN)


def test_a_report_shows_its_findings_and_no_time() -> None:
    register()
    claim = Claim("formula", r"\delta h_t = ```", Place("notes.md", 3, 1))
    report = Report("notes.md", "", (Finding(claim, Status.REFUTED, reason="sign"),), seconds=1.5)
    shown = report._repr_markdown_()  # type: ignore[attr-defined]
    assert shown.startswith("````text\nnotes.md\n\nnotes.md:3:1  REFUTED   formula\n")
    assert shown.endswith("1 claims: 0 PROVED, 0 SUPPORTED, 0 UNKNOWN, 1 REFUTED\n````")

"""The worked LSTM: each erratum, put back into the page, is refuted with what belongs there."""

import runpy
import sys
from pathlib import Path

import pytest

from lstm_sym.notes.audit import audit
from lstm_sym.verdict import Status

FOLDER = Path(__file__).parents[2] / "derivations"


@pytest.fixture(scope="module")
def worksheet():
    sys.path.insert(0, str(FOLDER))
    try:
        return runpy.run_path(str(FOLDER / "worksheet.py"))
    finally:
        sys.path.remove(str(FOLDER))


def test_every_claim_of_the_page_is_proved(worksheet):
    report = audit(FOLDER / "worksheet.tex")
    assert [(f.claim.text, f.reason) for f in report if f.status is not Status.PROVED] == []
    assert len(report.findings) == 168
    assert report.cell == "the cell lstm"
    assert report.missing == ()


@pytest.mark.parametrize("position", range(6))
def test_what_the_sheet_prints_is_refuted(worksheet, position):
    erratum = worksheet["ERRATA"][position]
    right, wrong = worksheet["right"](erratum), worksheet["printed"](erratum)
    assert right != wrong
    page = worksheet["page"]()
    assert page.count(f"${right}$") == 1
    report = audit(page.replace(f"${right}$", f"${wrong}$"))
    found = [f for f in report if f.status is not Status.PROVED]
    assert [f.claim.text for f in found] == [wrong]
    # the rounded gradient of this page leaves the last digit of W_f open; that of the sheet does not
    assert found[0].status is (Status.SUPPORTED if position == 5 else Status.REFUTED)
    if position == 5:
        assert found[0].grade == "carried"
        return
    bare = str.maketrans("", "", "{}")
    assert (found[0].suggestion or "").translate(bare) in (right.translate(bare), right.partition(" = ")[2].translate(bare))


def test_the_errata_say_why(worksheet):
    page = (FOLDER / "worksheet.tex").read_text(encoding="utf-8")
    assert len(worksheet["ERRATA"]) == 10
    assert all(f"{erratum.why}." in page for erratum in worksheet["ERRATA"])


def test_a_page_with_a_wrong_claim_is_not_written(worksheet, capsys):
    verdict = worksheet["verdict"](worksheet["page"]().replace("= 0.81775", "= 0.81785", 1))
    assert verdict.status is Status.REFUTED
    assert "0.81785 for 0.81775" in capsys.readouterr().out

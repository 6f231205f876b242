"""A worked example with scanning noise: every misprint found, right numbers exact or carried, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from lstm_sym.claim import CARRIED, EXACT, Report
from lstm_sym.notes.audit import audit
from lstm_sym.notes.worked.printed import printed, slip
from lstm_sym.verdict import Status

WORKED = Path(__file__).parents[1] / "documents" / "worked_noisy.md"


@pytest.fixture(scope="module")
def report() -> Report:
    return audit(WORKED)


def reasons(report: Report) -> str:
    return "\n".join(f"{finding.claim.text} | {finding.reason}" for finding in report.of(Status.REFUTED))


@pytest.mark.parametrize(
    "words",
    [
        r"\delta gates_{t+1} stands where \delta gates_{t} belongs",
        r"\delta gates_1 stands where \delta gates_{0} belongs",
        "entry 2: -0.00132 for -0.00112",
        "entry 4: -0.00538 for -0.05538",
        "entry 4: -0.005362 for -0.05361 (a digit slip: it must be 10 times as large)",
        "3 entries are printed, where there are 4",
        "0.70031 for 0.70032",
    ],
)
def test_every_misprint_is_found(report: Report, words: str) -> None:
    assert words in reasons(report)


def test_nothing_else_is_refuted(report: Report) -> None:
    assert report.summary["REFUTED"] == 8  # the wrong sum stands on the sheet twice
    assert report.summary["UNKNOWN"] == 0


def test_what_was_rounded_on_the_way_is_carried(report: Report) -> None:
    carried = [finding.claim.text for finding in report if finding.grade == CARRIED]
    assert any(text.endswith("= -0.05349") for text in carried)
    assert any(text.endswith("= -0.01703") for text in carried)
    assert any(text.endswith("= 0.78572") for text in carried)
    assert sum(finding.grade == EXACT for finding in report) >= 20


def test_what_is_implied_is_said(report: Report) -> None:
    assert "the learning rate is never stated; 0.1 is what the updated numbers imply" in report.notes
    assert "W_a is printed as a column, and used the other way round" in report.notes
    assert "the initial state is zero" in report.notes
    assert any("delta i at 0" in line for line in report.missing)


def test_a_repair_is_marked(report: Report) -> None:
    repaired = [finding for finding in report if "repair" in (finding.reason or "")]
    assert len(repaired) == 1
    assert repaired[0].claim.text.startswith(r"\delta o_0")


def test_a_claim_keeps_what_its_author_wrote(report: Report) -> None:
    text = WORKED.read_text(encoding="utf-8")
    for finding in report:
        assert text[finding.claim.start : finding.claim.end] == finding.claim.text


def test_printed_numbers_are_exact_intervals() -> None:
    number = printed("-0.05349")
    assert (number.value.numerator, number.value.denominator) == (-5349, 100000)
    assert number.half * 200000 == 1
    assert printed("2").half == 0


@pytest.mark.parametrize(
    ("text", "true", "words"),
    [
        ("0.05349", "-0.05349", "the minus is lost"),
        ("-0.00538", "-0.0538", "a digit slip: it must be 10 times as large"),
        ("0.53163", "0.536130", "the digits 1 and 6 are exchanged"),
        ("0.12354", "0.123450", "the digits 5 and 4 are exchanged"),
        ("-0.00132", "-0.00112", "the digit 3 stands where 1 belongs"),
        ("0.9", "0.1", "the digit 9 stands where 1 belongs"),
    ],
)
def test_slips_are_named(text: str, true: str, words: str) -> None:
    from flint import arb

    found = slip(text, arb(true), ())
    assert found == words


def test_a_neighbours_value_is_named() -> None:
    from flint import arb

    assert slip("0.81775", arb("0.5"), [("a_0", arb("0.817754"))]) == "it is the value of a_0"

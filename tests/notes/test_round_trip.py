"""Round trip: what the package derives and prints is read back and proved; its mutants are refuted and diagnosed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pytest

from lstm_sym.calculus.derive import derive
from lstm_sym.cells import CELLS, cell
from lstm_sym.claim import Finding
from lstm_sym.notes.audit import audit
from lstm_sym.proof.edits import mutants
from lstm_sym.render.expression.printer import Printer
from lstm_sym.symbols.nodes import Expression
from lstm_sym.verdict import Status

KINDS = ("stacked", "adjoint", "arriving", "input", "parameter")


def line(left: Expression, right: Expression) -> str:
    printer = Printer()
    return f"$${printer.box(left).source} = {printer.box(right).source}$$"


def document(name: str) -> tuple[list[str], list[tuple[str, Expression, Expression]]]:
    """The forward lines of a cell, and its derived lines with their two sides."""
    found = cell(name)
    forward = [line(equation.variable, equation.body) for equation in found.equations]
    results = sorted((r for r in derive(found).results if r.kind in KINDS), key=lambda r: KINDS.index(r.kind))
    return forward, [(r.kind, r.statement.left, r.statement.right) for r in results]


@pytest.mark.parametrize("name", CELLS)
def test_what_is_derived_is_proved_when_read_back(name: str) -> None:
    forward, derived = document(name)
    report = audit("\n".join([*forward, *(line(left, right) for _, left, right in derived)]))
    assert [(f.claim.text, f.reason) for f in report if f.status is not Status.PROVED] == []
    assert len(report.findings) == len(forward) + len(derived)
    assert report.cell == f"the cell {name}"


WORDS = {
    "factor missing": ("the factor", "is missing"),
    "term missing": ("the term", "is missing"),
    "time index": ("stands where",),
    "neighbour": ("stands where",),
    "transposition": ("stands where",),
    "exponent": ("square",),
    "sign": ("the sign",),
    "sum range": ("the sum must",),
    "activated value": ("activated already",),
    "order": ("are exchanged",),
    "parenthesis": ("parenthesis",),
}
"""What a diagnosis says of each kind of planted edit."""


@dataclass(frozen=True)
class Mutant:
    """A wrong line in the place of a right one: what was planted, what is said of it, of the proposal, and of the other lines."""

    kind: str
    wrong: str
    finding: Finding
    undone: bool
    blamed: int

    @property
    def named(self) -> bool:
        said = self.finding.reason or ""
        return all(words in said for words in WORDS[self.kind]) and ", and " not in said

    @property
    def right_from_rest(self) -> bool:
        """Whether it is proved, and the verdict says that it needs an initial state of zero."""
        return self.finding.status is Status.PROVED and "where" in self.finding.scope


def judged(name: str, step: int) -> Iterator[Mutant]:
    """Every step-th mutant of each derived line, audited in the place of that line, and then its proposed correction."""
    forward, derived = document(name)
    lines = [line(left, right) for _, left, right in derived]
    for place, (kind, left, right) in enumerate(derived):
        for edit in islice(mutants(right, cell(name)), place % step, None, step) if kind != "stacked" else ():
            wrong = line(left, edit.expression)
            if wrong != lines[place]:
                report = audit("\n".join([*forward, *lines[:place], wrong, *lines[place + 1 :]]))
                finding = report.findings[len(forward) + place]
                blamed = sum(other is not finding and other.status is Status.REFUTED for other in report)
                mended = [*forward, *lines[:place], f"$${finding.suggestion}$$", *lines[place + 1 :]]
                undone = finding.suggestion is not None and audit("\n".join(mended)).findings[len(forward) + place].status
                yield Mutant(edit.kind, wrong, finding, undone is Status.PROVED, blamed)


def check(found: list[Mutant]) -> None:
    """All are refuted, or right from rest; each proposal is proved; nine of ten are undone and named; no other line is blamed."""
    assert [one.wrong for one in found if one.finding.status is not Status.REFUTED and not one.right_from_rest] == []
    refuted = [one for one in found if one.finding.status is Status.REFUTED]
    assert [one.wrong for one in refuted if one.finding.suggestion is not None and not one.undone] == []
    assert sum(one.undone for one in refuted) >= 0.9 * len(refuted)
    assert sum(one.named for one in refuted) >= 0.9 * len(refuted)
    assert sum(one.blamed for one in found) == 0


def test_mutants_of_one_cell_are_refuted_and_the_planted_edit_is_undone() -> None:
    found = list(judged("elman", 4))
    assert len(found) >= 12
    check(found)


@pytest.mark.parametrize(
    ("name", "right", "wrong", "words"),
    [
        ("lstm", r"= \Delta_t + \Delta \mathit{out}_t", r"= \Delta_t", r"the term \Delta \mathit{out}_t is missing"),
        ("lstm", r"W^T \cdot \delta \mathit{gates}_t", r"W^T \cdot \delta \mathit{gates}_{t+1}", "stands where"),
        ("lstm", r"\sum_{t=0}^{T-1} \delta \mathit{gates}_{t+1}", r"\sum_{t=0}^{T-1} \delta \mathit{gates}_t", "stands where"),
        ("lstm", r"\delta b = \sum_{t=0}^T", r"\delta b = \sum_{k=0}^T", "the sum runs over k"),
        ("gru_reset_after", r"+ \delta h_t \odot z_t", r"+ z_t", r"the factor \delta h_t is missing"),
        (
            "gru",
            r"\delta r_t \otimes h_{t-1}",
            r"\delta r_{t-1} \otimes h_{t-1}",
            r"\delta r_{t-1} stands where \delta r_{t} belongs",
        ),
    ],
)
def test_planted_edits_that_need_more_than_their_own_line(name: str, right: str, wrong: str, words: str) -> None:
    forward, derived = document(name)
    page = "\n".join([*forward, *(line(*sides) for _, *sides in derived)])
    assert right in page
    refuted = audit(page.replace(right, wrong, 1)).of(Status.REFUTED)
    assert len(refuted) == 1
    assert words in (refuted[0].reason or "").replace(r"\mathit{out}_{t}", r"\mathit{out}_t").replace("h_{t}", "h_t")


@pytest.mark.sweep
@pytest.mark.parametrize("name", CELLS)
def test_mutants_of_every_cell_are_refuted_and_the_planted_edit_is_undone(name: str) -> None:
    found = list(judged(name, 13))
    assert len(found) >= 4
    check(found)

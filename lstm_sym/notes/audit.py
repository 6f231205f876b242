"""`audit`: a document -> a report with a finding for every claim.

    read -> bring to one notation -> part into chapters -> learn what each defines -> judge each -> one report

Law: each claim has a bound on its work, and the report says how long the whole took.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

from lstm_sym.claim import Report
from lstm_sym.notes.formula.read import Entry, read_entries
from lstm_sym.notes.formula.tree import Formula, Relation
from lstm_sym.notes.judging.auditor import Auditor
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.model.given_cell import Learnt, learnt, with_cell, with_names
from lstm_sym.notes.model.loss import loss_of
from lstm_sym.notes.notation.chapters import chapters
from lstm_sym.notes.notation.normal import normalised
from lstm_sym.notes.notation.onestep import at_the_end
from lstm_sym.notes.notation.timeless import with_times
from lstm_sym.notes.sampling.network import Network
from lstm_sym.notes.sampling.numbers import Modular
from lstm_sym.notes.sampling.values import ShapeError
from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.notes.text.document import Document, document, read_document

LOSS_LINE = re.compile(r"\s*(?:\\math\w+\s*\{?)?\s*(?:[ELJ]|\\ell|\\text\{[Ll]oss\}|\{[ELJ]\})\b[^=]*=")


def audit(source: str | Path, cell: str | None = None, names: str | Path | None = None) -> Report:
    """The report on a text of Markdown or LaTeX, or on the file at a path, a notebook too.

    `cell` names a cell of the package, `names` a TOML file with forward equations, for notes that define no cell themselves.
    Raises InputError for a file that cannot be read. What cannot be understood is a finding UNKNOWN, with its place.
    """
    started = perf_counter()
    text = _document(source)
    entries = tuple(read_entries(text))
    trees = [entry.tree for entry in entries if entry.tree is not None]
    attached, written = normalised(trees)
    formulas, timed, at_end = at_the_end(*with_times(attached, written))
    numbers = [number for number, entry in enumerate(entries) if entry.tree is not None]
    own = {number: formula for number, formula in zip(numbers, formulas, strict=True) if isinstance(formula, Relation)}
    parts = chapters(own, {number: entry.piece.start for number, entry in enumerate(entries)}, text.text, timed)
    reports = [
        _report(
            text, entries, {number: own[number] for number in part}, timed, cell, names, at_end, timed != written, not position
        )
        for position, part in enumerate(parts)
    ]
    return together(text, reports, perf_counter() - started)


def _report(
    text: Document,
    entries: tuple[Entry, ...],
    own: dict[int, Formula],
    timed: frozenset[str],
    cell: str | None,
    names: str | Path | None,
    at_end: bool,
    one_step: bool,
    first: bool,
) -> Report:
    """The report on one chapter; the first one tells of what could not be read."""
    done, model = _learnt(own, timed, cell, names)
    relations = {number: formula for number, formula in done.items() if isinstance(formula, Relation)}
    model.at_end, model.one_step = at_end, one_step
    read_loss(model, relations)
    model.loss_unread |= any(
        entry.tree is None and _names_a_loss(text.text[entry.piece.start : entry.piece.end]) for entry in entries
    )
    return Auditor(text, entries, relations, model, first).report(perf_counter())


def together(text: Document, reports: Sequence[Report], seconds: float) -> Report:
    """The reports on the chapters of one document as one."""
    findings = sorted(
        (finding for report in reports for finding in report), key=lambda finding: (finding.claim.start, finding.claim.end)
    )
    cells = dict.fromkeys(report.cell for report in reports)
    notes = dict.fromkeys(note for report in reports for note in report.notes)
    missing = dict.fromkeys(line for report in reports for line in report.missing)
    return Report(text.name, text.text, tuple(findings), "; ".join(cells), tuple(notes), tuple(missing), seconds)


def _names_a_loss(source: str) -> bool:
    """Whether a line that cannot be read defines a loss."""
    return LOSS_LINE.match(source) is not None


def read_loss(model: Model, relations: dict[int, Relation]) -> None:
    """Puts the document's loss into the model, if it can be evaluated on a sample."""
    found = loss_of(model, relations)
    if found is None:
        return
    model.loss_step, model.loss_label = found.step, found.label
    try:
        trial = Network(model, Modular(1))
        trial.direct(model.outputs[0], trial.span[0] + 1)
    except (UnreadableError, ShapeError, ZeroDivisionError, KeyError, IndexError):
        model.loss_step, model.loss_label = None, None
    model.loss_unread = model.loss_step is None


def _document(source: str | Path) -> Document:
    if isinstance(source, Path) or _is_path(source):
        return read_document(source)
    return document(source)


def _is_path(source: str) -> bool:
    """Whether a text is the path of a file; what no file can be called is a text."""
    try:
        return len(source) < 1000 and "\n" not in source and Path(source).is_file()
    except (OSError, ValueError):
        return False


def _learnt(own: Mapping[int, Formula], timed: frozenset[str], cell: str | None, names: str | Path | None) -> Learnt:
    if names is not None:
        return with_names(names, own, timed)
    found = learnt(own, timed)
    return with_cell(cell, found, own, timed) if cell is not None else found

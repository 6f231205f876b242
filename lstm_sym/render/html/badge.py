"""Verdicts on a page: a badge with a sign and a word beside its colour, and the table of all verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from lstm_sym.render.derivation.verdicts import counts, remarks
from lstm_sym.verdict import Status, Verdict

SIGNS = {Status.PROVED: "✓", Status.SUPPORTED: "≈", Status.UNKNOWN: "?", Status.REFUTED: "✗"}


def badge(status: Status) -> str:
    return f'<span class="badge {status}"><span aria-hidden="true">{SIGNS[status]}</span> {status}</span>'


def basis(verdict: Verdict) -> str:
    """Over what and how: every n, m, T; method, 12 checks; and what a refuted or undecided one says."""
    checks = f"{verdict.checks} check{'' if verdict.checks == 1 else 's'}"
    return escape("; ".join([verdict.scope, f"{verdict.method}, {checks}", *remarks(verdict)]))


def verdict_table(verdicts: Mapping[str, Verdict], names: Mapping[str, str]) -> str:
    """A row for each verdict; `names` has the HTML of a statement by its id."""
    head = "".join(f'<th scope="col">{word}</th>' for word in ("Statement", "Verdict", "Over", "Method", "Checks"))
    rows = "\n".join(_row(names.get(id) or escape(id), verdict) for id, verdict in verdicts.items())
    table = f'<table class="wide"><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>'
    summary = f"<p>{escape(counts(verdicts))}.</p>"
    return f'{summary}\n<div class="scroll" tabindex="0" role="group" aria-label="Verdicts">{table}</div>'


def _row(name: str, verdict: Verdict) -> str:
    method = "<br>".join(escape(part) for part in (verdict.method, *remarks(verdict)))
    cells = [badge(verdict.status), escape(verdict.scope), method, str(verdict.checks)]
    return f'<tr><th scope="row">{name}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"

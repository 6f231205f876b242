"""A report on notes as one self-contained HTML page: the document's text with every claim in the colour of its status, and the
findings with their formulas typeset.

Laws: everything from the document is escaped; the page loads nothing; colour is never the only sign, each claim carries its
status as text; a formula that cannot be typeset stands as its author wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lstm_sym.claim import Finding, Report
from lstm_sym.render.audit.text import summary_line
from lstm_sym.render.html.badge import badge
from lstm_sym.render.html.frame import Page, Section, page_html
from lstm_sym.render.html.mathml import FormulaError, math

FENCES = ("$$", "$", r"\[", r"\]", r"\(", r"\)")
HEAD = ("Place", "Status", "Claim", "Why")


def audit_html(reports: Sequence[Report]) -> str:
    """The page on all reports."""
    sections = [_document(report, f"d{number}") for number, report in enumerate(reports, start=1)]
    return page_html(Page("Audit", "", sections))


def _document(report: Report, anchor: str) -> Section:
    notes = "".join(f"<li>{escape(note)}</li>" for note in report.notes)
    missing = "".join(f"<li>{escape(line)}</li>" for line in report.missing)
    rows = "\n".join(_row(f"{anchor}-f{number}", finding) for number, finding in enumerate(report))
    head = "".join(f'<th scope="col">{word}</th>' for word in HEAD)
    table = f'<table class="wide"><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>'
    parts = [
        f"<p>{escape(report.cell)}</p>" if report.cell else "",
        f"<p>{escape(summary_line(report))}</p>",
        f"<ul>{notes}</ul>" if notes else "",
        f"<h3>Left out</h3><ul>{missing}</ul>" if missing else "",
        f'<h3 id="{anchor}-findings">Findings</h3>',
        f'<div class="scroll" tabindex="0" role="group" aria-label="Findings">{table}</div>',
        f'<h3 id="{anchor}-text">The text</h3><pre class="text">{_coloured(report, anchor)}</pre>',
    ]
    entries = [(f"{anchor}-findings", "Findings"), (f"{anchor}-text", "The text")]
    return Section(anchor, report.file, "\n".join(part for part in parts if part), entries)


def _coloured(report: Report, anchor: str) -> str:
    """The text with each claim marked; a claim inside another is left to the table."""
    pieces, last = [], 0
    for number, finding in enumerate(report):
        claim = finding.claim
        if claim.start < last or claim.end <= claim.start:
            continue
        pieces.append(escape(report.text[last : claim.start]))
        title = escape(f"{finding.status}: {finding.reason or ''}", quote=True)
        shown = escape(report.text[claim.start : claim.end])
        pieces.append(f'<a href="#{anchor}-f{number}" class="claim {finding.status}" title="{title}">{shown}</a>')
        last = claim.end
    return "".join([*pieces, escape(report.text[last:])])


def _row(anchor: str, finding: Finding) -> str:
    claim = finding.claim
    right = f"right would be: {_formula(finding.suggestion)}" if finding.suggestion else ""
    why = [escape(finding.reason or ""), right, escape(finding.witness or "")]
    cells = [
        f"{claim.place.line}:{claim.place.column}",
        badge(finding.status) + (f" {escape(finding.grade)}" if finding.grade else ""),
        _formula(claim.text),
        "<br>".join(part for part in why if part),
    ]
    return f'<tr id="{anchor}">' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _formula(text: str) -> str:
    """The text as it stands in the document, below its typeset form where it is LaTeX that can be typeset."""
    source = f"<code>{escape(text)}</code>"
    if "\\" not in text:
        return source
    bare = text.strip()
    for fence in FENCES:
        bare = bare.removeprefix(fence).removesuffix(fence)
    try:
        return f'<div class="typeset">{math(bare.replace("&", ""), text)}</div>{source}'
    except FormulaError:
        return source

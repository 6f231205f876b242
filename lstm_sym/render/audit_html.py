"""A report on notes as one self-contained HTML page: the document's text with every claim in the colour of its status.

Laws: everything from the document is escaped; the page loads nothing; colour is never the only sign, each claim carries its
status as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lstm_sym.claim import Finding, Report
from lstm_sym.render.audit_text import summary_line

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #222; background:
#fff } pre { white-space: pre-wrap; font: 14px/1.6 ui-monospace, monospace } .PROVED { background: #d9f2df } .SUPPORTED {
background: #d8ecf5 } .UNKNOWN { background: #fff1c2 } .REFUTED { background: #f9d3d0; outline: 1px solid #b3261e } table {
border-collapse: collapse; width: 100% } td, th { text-align: left; vertical-align: top; padding: .3rem .6rem; border-top:
1px solid #ddd } code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere } a { color: inherit;
text-decoration: none } a.SUPPORTED { border-bottom: 2px dotted } a.UNKNOWN { border-bottom: 2px dashed } a.REFUTED {
border-bottom: 2px solid }
a.REFUTED::before { content: "\\2717\\00a0" } a.UNKNOWN::before { content: "?\\00a0" } @media (prefers-color-scheme: dark) {
body { color: #ddd; background: #181818 } .PROVED { background: #173d22 } .SUPPORTED { background: #15364a } .UNKNOWN {
background: #4a3c08 } .REFUTED { background: #571a16 } td, th { border-color: #444 } }
""".strip()


def audit_html(reports: Sequence[Report]) -> str:
    """The page on all reports."""
    body = "\n".join(_document(report) for report in reports)
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Audit</title><style>{STYLE}</style>'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>\n{body}\n</body></html>\n'


def _document(report: Report) -> str:
    notes = "".join(f"<li>{escape(note)}</li>" for note in report.notes)
    missing = "".join(f"<li>{escape(line)}</li>" for line in report.missing)
    rows = "\n".join(_row(number, finding) for number, finding in enumerate(report))
    parts = [
        f"<h1>{escape(report.file)}</h1><p>{escape(report.cell)}</p><p>{escape(summary_line(report))}</p>",
        f"<ul>{notes}</ul>" if notes else "",
        f"<h2>Left out</h2><ul>{missing}</ul>" if missing else "",
        f"<h2>The text</h2><pre>{_coloured(report)}</pre>",
        f"<h2>Findings</h2><table><tr><th>Place</th><th>Status</th><th>Claim</th><th>Why</th></tr>{rows}</table>",
    ]
    return "\n".join(part for part in parts if part)


def _coloured(report: Report) -> str:
    """The text with each claim marked; a claim inside another is left to the table."""
    pieces, last = [], 0
    for number, finding in enumerate(report):
        claim = finding.claim
        if claim.start < last or claim.end <= claim.start:
            continue
        pieces.append(escape(report.text[last : claim.start]))
        title = escape(f"{finding.status}: {finding.reason or ''}", quote=True)
        pieces.append(
            f'<a href="#f{number}" class="{finding.status}" title="{title}">{escape(report.text[claim.start : claim.end])}</a>'
        )
        last = claim.end
    return "".join([*pieces, escape(report.text[last:])])


def _row(number: int, finding: Finding) -> str:
    claim = finding.claim
    why = [finding.reason, f"right would be: {finding.suggestion}" if finding.suggestion else None, finding.witness]
    cells = [
        f"{claim.place.line}:{claim.place.column}",
        f'<span class="{finding.status}">{finding.status}</span>{" " + finding.grade if finding.grade else ""}',
        f"<code>{escape(claim.text)}</code>",
        "<br>".join(escape(part) for part in why if part),
    ]
    return f'<tr id="f{number}">' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"

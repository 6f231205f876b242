"""A report on notes as plain text: three or four lines a finding, the summary last.

    notes.md:212:9  REFUTED   formula  (every n, m, T)
      written   \\delta f_t = ...
      derived   \\delta f_t = ...
      because   state_t stands where state_{t-1} belongs
      witness   n=1, T=2: 3/7 against -5/21, exactly

Laws: reads the report and nothing else; findings that are PROVED are counted, and listed only where that is asked for;
nothing is silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lstm_sym.claim import Finding, Report
from lstm_sym.verdict import Status

WIDTH = 160


def audit_text(report: Report, everything: bool = False) -> str:
    """The findings with a head line for the document and a last line with the counts."""
    lines = [f"{report.file}: {report.cell}" if report.cell else report.file]
    lines += [f"  {note}" for note in report.notes]
    for finding in report:
        if everything or finding.status is not Status.PROVED:
            lines += ["", *_finding(finding)]
    if report.missing:
        lines += ["", "left out:", *(f"  {line}" for line in report.missing)]
    return "\n".join([*lines, "", f"{summary_line(report)} ({report.seconds:.2f} s)", ""])


def audit_markdown(report: Report) -> str:
    """The same as a Markdown block, without the time that it took, so that a notebook shows the same each time."""
    body = audit_text(report).rsplit(" (", 1)[0]
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
    return f"{fence}text\n{body}\n{fence}"


def summary_line(report: Report) -> str:
    """How many claims have each status, in one line."""
    counts = ", ".join(f"{count} {status}" for status, count in report.summary.items())
    return f"{len(report.findings)} claims: {counts}"


def _finding(finding: Finding) -> Iterator[str]:
    claim = finding.claim
    grade = f", {finding.grade}" if finding.grade else ""
    scope = f"  ({finding.scope})" if finding.scope else ""
    yield f"{claim.place}  {finding.status!s:9} {claim.kind}{grade}{scope}"
    for label, text in (
        ("written", claim.text),
        ("derived", finding.derived if finding.derived != finding.claim.text else None),
        ("because", finding.reason),
        ("see", f"line {finding.root}, from which it follows" if finding.root else None),
        ("witness", finding.witness),
    ):
        if text:
            yield f"  {label:9} {one_line(text)}"


def one_line(text: str) -> str:
    """The text on one line, cut where it is very long."""
    joined = " ".join(text.split())
    return joined if len(joined) <= WIDTH else joined[: WIDTH - 3] + "..."

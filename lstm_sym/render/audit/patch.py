"""The proposed corrections of a report as a unified diff, applied by nobody but the reader.

Law: only corrections that were proved, and numbers that follow from exact values, are in it; where two edits overlap, the
first in the text is taken.
"""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

from lstm_sym.claim import Report


def audit_patch(report: Report) -> str:
    """The diff from the text to the corrected text; empty where there is nothing to correct."""
    corrected, last = [], 0
    for edit in sorted((edit for finding in report for edit in finding.edits), key=lambda edit: edit.start):
        if edit.start >= last:
            corrected += [report.text[last : edit.start], edit.replacement]
            last = edit.end
    after = "".join([*corrected, report.text[last:]])
    name = relative(report.file)
    lines = unified_diff(report.text.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def relative(file: str) -> str:
    """The path of the file from the current folder, where that is below it; so that the patch can be applied there."""
    path = Path(file)
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.name

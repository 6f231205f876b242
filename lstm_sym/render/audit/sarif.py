"""A report on notes as SARIF 2.1.0, so that code hosts can annotate a change with it.

Law: what is REFUTED is an error, UNKNOWN a note, a carried number and what is only SUPPORTED a note of its own kind; what
is PROVED is no result.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from lstm_sym.claim import Finding, Report
from lstm_sym.verdict import Status

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Status.REFUTED: "error", Status.UNKNOWN: "note", Status.SUPPORTED: "note"}
RULES = {
    "refuted-formula": "A formula that does not follow from the forward equations.",
    "wrong-number": "A printed number that is neither exact nor right from the numbers printed before it.",
    "carried-number": "A printed number that is right only from the rounded numbers printed before it.",
    "supported": "A claim that holds at every sample and is not proved in general.",
    "unknown": "A claim that could not be read or decided.",
    "left-out": "What a full backward pass needs and the document leaves out.",
}


def audit_sarif(reports: Sequence[Report]) -> str:
    """The findings of all reports as one SARIF run."""
    results = [_result(finding) for report in reports for finding in report if finding.status in LEVELS]
    results += [_left_out(report.file, line) for report in reports for line in report.missing]
    rules = [{"id": id, "shortDescription": {"text": text}} for id, text in RULES.items()]
    run = {
        "tool": {"driver": {"name": "lstm-sym", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def rule_of(finding: Finding) -> str:
    """The rule that a finding falls under."""
    if finding.status is Status.REFUTED:
        return "wrong-number" if finding.grade else "refuted-formula"
    if finding.status is Status.SUPPORTED:
        return "carried-number" if finding.grade == "carried" else "supported"
    return "unknown"


def _result(finding: Finding) -> dict[str, object]:
    claim = finding.claim
    message = ". ".join(
        part for part in (finding.reason, f"Right would be: {finding.suggestion}" if finding.suggestion else None) if part
    )
    region = {"startLine": claim.place.line or 1, "startColumn": claim.place.column or 1}
    return {
        "ruleId": rule_of(finding),
        "level": LEVELS[finding.status],
        "message": {"text": message or str(finding.status)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": claim.place.file or ""}, "region": region}}],
    }


def _left_out(file: str, words: str) -> dict[str, object]:
    """A note on the whole document."""
    place = {"artifactLocation": {"uri": file}, "region": {"startLine": 1, "startColumn": 1}}
    return {"ruleId": "left-out", "level": "note", "message": {"text": words}, "locations": [{"physicalLocation": place}]}

"""A report on notes as JSON, in a schema that stays as it is.

    {"claims": [{file, line, column, kind, text, status, class, scope, reason, suggestion, witness, root}],
     "summary": {...}, "cell": ..., "notes": [...], "missing": [...]}

Law: every key is always there; what does not apply is null.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from lstm_sym.claim import Finding, Report
from lstm_sym.verdict import Status


def audit_json(reports: Sequence[Report]) -> str:
    """The reports as one JSON text: their claims in order, their counts added up."""
    summary = {str(status): sum(report.summary[str(status)] for report in reports) for status in sorted(Status, reverse=True)}
    record = {
        "claims": [claim_record(finding) for report in reports for finding in report],
        "summary": summary,
        "documents": [
            {"file": report.file, "cell": report.cell, "notes": list(report.notes), "missing": list(report.missing)}
            for report in reports
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def claim_record(finding: Finding) -> dict[str, object]:
    """One finding as a flat record."""
    claim = finding.claim
    return {
        "file": claim.place.file,
        "line": claim.place.line,
        "column": claim.place.column,
        "kind": claim.kind,
        "text": claim.text,
        "status": str(finding.status),
        "class": finding.grade,
        "scope": finding.scope or None,
        "reason": finding.reason,
        "suggestion": finding.suggestion,
        "witness": finding.witness,
        "root": finding.root,
    }

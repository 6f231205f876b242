"""The marks of a student as text and as JSON: a row for each answer that is not simply right, marks of each part, the total.

Law: every answer is counted; one that is wrong shows what was expected and, where it is known, the mistake.
"""

from __future__ import annotations

import json

from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.typeset.ink import TEXT
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.sheet import PARTS, Cause, Mark, Marked, Outcome
from lstm_sym.worked import Entries

WORDS = {
    Outcome.FOLLOWS: "follows from your numbers",
    Outcome.WRONG: "wrong",
    Outcome.MISSING: "missing",
}


def marks_text(marked: Marked, notation: Notation = WORKSHEET) -> str:
    """The table for a terminal."""
    rows = [("quantity", "answer", "exact", "mark", "why")]
    for mark in marked.marks:
        if mark.outcome is not Outcome.RIGHT:
            why = cause_text(mark.cause, notation) if mark.cause else WORDS[mark.outcome]
            rows.append((mark.asked.label, _numbers(mark.answer), _numbers(mark.expected), str(mark.earned), why))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    names = {letter: name for name, letter in PARTS.items()}
    totals = [f"({part}) {names[part]}: {_points(marked, part)}" for part in marked.parts]
    return (
        "\n".join(
            [marked.name, "", *(lines if len(rows) > 1 else ["every answer is right"]), "", *totals, f"total: {_points(marked)}"]
        )
        + "\n"
    )


def _points(marked: Marked, part: str | None = None) -> str:
    earned, of = marked.points(part)
    return f"{earned} of {of}"


def cause_text(cause: Cause, notation: Notation = WORKSHEET) -> str:
    """The sentence with the expressions in it printed."""
    printer = Printer(TEXT, notation)
    before, after = (printer.box(node).source if node is not None else "nothing" for node in (cause.before, cause.after))
    return cause.words.replace("{before}", before).replace("{after}", after)


def _numbers(entries: Entries | None) -> str:
    if entries is None:
        return "-"
    return " ".join(entry for row in entries for entry in row)


def marks_json(marked: Marked, notation: Notation = WORKSHEET) -> str:
    """One object: every answer, the marks of each part, the total."""
    record = {
        "sheet": marked.name,
        "answers": [_record(mark, notation) for mark in marked.marks],
        "parts": {part: dict(zip(("earned", "of"), marked.points(part), strict=True)) for part in marked.parts},
        "total": dict(zip(("earned", "of"), marked.points(), strict=True)),
    }
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def _record(mark: Mark, notation: Notation) -> dict[str, object]:
    cause = {"name": mark.cause.name, "words": cause_text(mark.cause, notation)} if mark.cause else None
    return {
        "label": mark.asked.label,
        "part": mark.asked.part,
        "outcome": str(mark.outcome),
        "earned": mark.earned,
        "answer": mark.answer,
        "expected": mark.expected,
        "cause": cause,
    }

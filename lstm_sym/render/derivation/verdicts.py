"""Verdicts in words and as a table: status, scope, method, number of checks, and what a refuted or undecided one says."""

from __future__ import annotations

from collections.abc import Mapping

from lstm_sym.render.typeset.escape import escape, escape_markdown
from lstm_sym.verdict import Status, Verdict

HEAD = ("statement", "status", "scope", "method", "checks")


def verdict_text(verdict: Verdict) -> str:
    """PROVED, every n, m, T; method, 12 checks; the reason and the witness where there are any."""
    checks = f"{verdict.checks} check{'' if verdict.checks == 1 else 's'}"
    return "; ".join([f"{verdict.status}, {verdict.scope}", f"{verdict.method}, {checks}", *remarks(verdict)])


def remarks(verdict: Verdict) -> list[str]:
    """What a refuted or undecided verdict says, and what a random or numerical one rests on."""
    found = [verdict.reason, str(verdict.witness) if verdict.witness else None]
    if verdict.seed is not None:
        found.append(f"seed {verdict.seed}")
    if verdict.precision is not None:
        found.append(f"{verdict.precision} bits")
    return [remark for remark in found if remark]


def counts(verdicts: Mapping[str, Verdict]) -> str:
    """How many statements have each status, from the best to the worst, and how many checks ran."""
    parts = [
        f"{number} {status}"
        for status in sorted(Status, reverse=True)
        if (number := sum(verdict.status is status for verdict in verdicts.values()))
    ]
    checks = sum(verdict.checks for verdict in verdicts.values())
    return f"{len(verdicts)} statements: {', '.join(parts)}; {checks} checks" if parts else "no statements"


def verdicts_text(verdicts: Mapping[str, Verdict]) -> str:
    """One line a statement, columns aligned, and the counts."""
    rows = [HEAD, *((id, str(v.status), v.scope, v.method, str(v.checks)) for id, v in verdicts.items())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, "", counts(verdicts)]) + "\n"


def verdicts_markdown(verdicts: Mapping[str, Verdict]) -> str:
    rows = [f"| {' | '.join(HEAD)} |", "|" + " --- |" * len(HEAD)]
    for id, v in verdicts.items():
        cells = (id, str(v.status), v.scope, v.method, str(v.checks))
        rows.append("| " + " | ".join(escape_markdown(cell) for cell in cells) + " |")
    return "\n".join([*rows, "", counts(verdicts)]) + "\n"


def verdicts_latex(verdicts: Mapping[str, Verdict], names: Mapping[str, str] | None = None) -> str:
    """A table that may run over several pages. `names` has the LaTeX of a statement by its id; else the id is printed."""
    rows = []
    for id, verdict in verdicts.items():
        name = (names or {}).get(id) or rf"\texttt{{{escape(id)}}}"
        said = "; ".join(remarks(verdict))
        method = escape(verdict.method) + (rf"\newline {escape(said)}" if said else "")
        rows.append(rf"{name} & \lstmverdict{{{verdict.status}}} & {escape(verdict.scope)} & {method} & {verdict.checks} \\")
    body = "\n".join(rows)
    return f"\\begin{{lstmverdicts}}\n{body}\n\\end{{lstmverdicts}}\n\n\\noindent {escape(counts(verdicts))}.\n"

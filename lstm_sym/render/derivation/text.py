"""A derivation in plain text and in Markdown: every line with its rule, reason and premises, every result with its verdict."""

from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.derivation import Derivation, Result
from lstm_sym.render.derivation.outline import OutlineResult, Reasons, Verdicts, outline, outline_alone
from lstm_sym.render.derivation.sections import by_section
from lstm_sym.render.derivation.verdicts import verdict_text
from lstm_sym.render.expression.statement import conditions, equation, text
from lstm_sym.render.typeset.escape import escape_markdown
from lstm_sym.render.typeset.ink import LATEX, TEXT
from lstm_sym.render.typeset.notation import WORKSHEET, Notation

COLUMN = 76
"""Where the reasons begin in plain text; a longer equation has its reason on the next line."""


def derivation_text(
    derivation: Derivation,
    reasons: Reasons | None = None,
    verdicts: Verdicts | None = None,
    *,
    notation: Notation = WORKSHEET,
    short: bool = False,
) -> str:
    """The whole derivation for a terminal."""
    lines: list[str] = []
    for title, results in by_section(outline(derivation, reasons, verdicts, short=short)):
        lines += [title, "=" * len(title), ""]
        for result in results:
            lines += [*_result_text(result, notation), ""]
    return "\n".join(lines).rstrip() + "\n"


def _result_text(outlined: OutlineResult, notation: Notation) -> Iterator[str]:
    verdict = f"   [{verdict_text(outlined.verdict)}]" if outlined.verdict else ""
    yield f"({outlined.number}) {text(outlined.result.statement, notation)}{verdict}"
    if outlined.alike:
        yield f"    in the same way as ({outlined.alike})"
    for line in outlined.lines:
        formula = f"    ({line.label}) {equation(line.statement, TEXT, notation)}" if len(outlined.lines) > 1 else ""
        if len(formula) < COLUMN:
            yield f"{formula:<{COLUMN}}{line.why}"
        else:
            yield formula
            yield " " * COLUMN + line.why


def derivation_markdown(
    derivation: Derivation,
    reasons: Reasons | None = None,
    verdicts: Verdicts | None = None,
    *,
    notation: Notation = WORKSHEET,
    short: bool = False,
) -> str:
    """The whole derivation with $$...$$ around each result."""
    blocks: list[str] = []
    for title, results in by_section(outline(derivation, reasons, verdicts, short=short)):
        blocks.append(f"## {title}")
        for result in results:
            blocks += _result_markdown(result, notation)
    return "\n\n".join(blocks) + "\n"


def result_markdown(result: Result, reasons: Reasons | None = None, notation: Notation = WORKSHEET) -> str:
    """One result alone, with its lines; premises outside it are named by their ids."""
    return "\n\n".join(_result_markdown(outline_alone(result, reasons), notation)) + "\n"


def _result_markdown(outlined: OutlineResult, notation: Notation) -> Iterator[str]:
    statement = outlined.result.statement
    yield f"$$\n{equation(statement, LATEX, notation)} \\tag{{{outlined.number}}}\n$$"
    about = [conditions(statement, LATEX, notation), escape_markdown(verdict_text(outlined.verdict)) if outlined.verdict else ""]
    if outlined.alike:
        about.append(f"in the same way as ({outlined.alike})")
    if len(outlined.lines) == 1:
        about.append(escape_markdown(outlined.lines[0].why))
    if any(about):
        yield "; ".join(part for part in about if part)
    if len(outlined.lines) > 1:
        yield "\n".join(
            f"- ({line.label}) ${equation(line.statement, LATEX, notation)}$: {escape_markdown(line.why)}"
            for line in outlined.lines
        )

"""A derivation in LaTeX: a fragment for \\input that needs amsmath and lstmsym.sty, each line with its reason at its side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from lstm_sym.derivation import Derivation
from lstm_sym.render.derivation.outline import OutlineLine, OutlineResult, Reasons, Verdicts, outline
from lstm_sym.render.derivation.sections import by_section
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.expression.statement import conditions
from lstm_sym.render.typeset.escape import escape
from lstm_sym.render.typeset.ink import LATEX
from lstm_sym.render.typeset.layout import BESIDE_REASON, Chain, Row, aligned
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.verdict import Verdict


def derivation_latex(
    derivation: Derivation,
    reasons: Reasons | None = None,
    verdicts: Verdicts | None = None,
    *,
    notation: Notation = WORKSHEET,
    short: bool = False,
) -> str:
    """The whole derivation, under headings."""
    blocks = []
    for title, results in by_section(outline(derivation, reasons, verdicts, short=short)):
        blocks.append(rf"\lstmheading{{{escape(title)}}}")
        blocks += _blocks(results, notation)
    return "\n".join(blocks) + "\n"


def result_latex(result: OutlineResult, notation: Notation = WORKSHEET) -> str:
    """One result with its lines."""
    return "\n".join(_blocks([result], notation)) + "\n"


def _blocks(results: Iterable[OutlineResult], notation: Notation) -> Iterator[str]:
    """Results of several lines have a heading of their own; consecutive ones of one line stand in one display."""
    for single, group in groupby(results, key=lambda result: len(result.lines) <= 1):
        if single:
            yield _display([(line, result.verdict) for result in group for line in _single(result)], notation, with_times=True)
        else:
            for result in group:
                yield _heading(result, notation)
                last = result.lines[-1]
                yield _display([(line, result.verdict if line is last else None) for line in result.lines], notation)


def _single(result: OutlineResult) -> tuple[OutlineLine, ...]:
    if result.lines:
        return result.lines
    same = f"in the same way as ({result.alike})"
    return (OutlineLine(str(result.number), result.result.statement, False, same, None, ()),)


def _heading(outlined: OutlineResult, notation: Notation) -> str:
    statement = outlined.result.statement
    when = conditions(statement, LATEX, notation)
    symbol = Printer(LATEX, notation).box(statement.left).source
    return rf"\lstmresult{{{outlined.number}}}{{${symbol}$}}{{{when}}}"


def _display(lines: list[tuple[OutlineLine, Verdict | None]], notation: Notation, *, with_times: bool = False) -> str:
    printer = Printer(LATEX, notation)
    chains = [
        Chain(None if line.left_repeats else printer.box(line.statement.left), (printer.box(line.statement.right),))
        for line, _ in lines
    ]
    printed: list[str] = []
    said = ""
    for (line, verdict), rows in zip(lines, aligned(chains, LATEX, BESIDE_REASON), strict=True):
        when = conditions(line.statement, LATEX, notation) if with_times else ""
        side = _why(line, verdict, when if when != said else "")
        said = when
        printed += _with_reason(rows, side)
    body = " \\\\\n".join(f"  {row.strip()}" for row in printed)
    return f"\\begin{{flalign*}}\n{body}\n\\end{{flalign*}}"


def _with_reason(rows: Sequence[Row], side: str) -> Iterator[str]:
    """The rows with the reason at the side of the first that has room for it; on a row of its own where none has."""
    reasoned = next((row for row in rows if not (row.is_left_alone or row.is_wide)), None)
    for row in rows:
        right = rf"\lstmwide{{{row.right}}}" if row.is_wide else row.right
        yield f"{row.left} &{right}" + (f" && {side}" if row is reasoned else "")
    if reasoned is None:
        yield f"& && {side}"


def _why(line: OutlineLine, verdict: Verdict | None, when: str) -> str:
    status = rf"\lstmverdict{{{verdict.status}}}" if verdict else ""
    words = "; ".join(part for part in (when, escape(line.why)) if part)
    return rf"\lstmwhy{{{line.label}}}{{{words}}}{{{status}}}"

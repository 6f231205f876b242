"""The stability of a cell's formulas for a terminal: model, thresholds, and for each formula what it loses and its stable
form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lstm_sym.derivation import Statement
from lstm_sym.render.derivation.verdicts import verdict_text
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.expression.statement import equation
from lstm_sym.render.typeset.ink import TEXT
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.ulps import Formula, Loss, Stability

SHOWN = 7
"""Digits of a threshold in a table; the JSON has all of them."""


def stability_text(table: Stability, notation: Notation = WORKSHEET) -> str:
    """The whole table."""
    lines = [
        f"Stability of the formulas of {table.cell}",
        "",
        "Model of arithmetic",
        *(f"  - {line}" for line in table.model),
        "",
    ]
    lines += ["Exactly 0 from z =", *_threshold_rows(table), ""]
    for formula in table.formulas:
        lines += [*_formula(formula, table, notation), ""]
    return "\n".join(lines)


def short(decimal: str) -> str:
    """The number to a few digits, cut where it is long, without zeros at the end."""
    return decimal[: SHOWN + 1].rstrip("0").rstrip(".")


def formats(table: Stability) -> list[str]:
    """The formats of a table, in its order."""
    return list(dict.fromkeys(threshold.format for threshold in table.thresholds))


def by_expression(table: Stability) -> dict[tuple[str, str], list[str]]:
    """The thresholds of each expression and evaluation, one for each format."""
    found: dict[tuple[str, str], list[str]] = {}
    for threshold in table.thresholds:
        found.setdefault((threshold.expression, threshold.evaluation), []).append(short(threshold.decimal))
    return found


def _threshold_rows(table: Stability) -> Iterator[str]:
    yield _row("", formats(table)) + "  σ evaluated"
    for (expression, evaluation), found in by_expression(table).items():
        yield _row(_pretty(expression), found) + f"  {_pretty(evaluation)}"


def _row(head: str, cells: Sequence[str]) -> str:
    return f"  {head:<22}" + "".join(f"{cell:>10}" for cell in cells)


def _formula(formula: Formula, table: Stability, notation: Notation) -> Iterator[str]:
    yield equation(Statement(formula.left, formula.right), TEXT, notation)
    if formula.stable is None or formula.verdict is None:
        yield f"  error    {formula.note} of {formula.relative_to}"
        return
    yield f"  stable   {equation(Statement(formula.left, formula.stable), TEXT, notation)}   [{verdict_text(formula.verdict)}]"
    for loss in formula.loses:
        yield f"  loses    {_lost(loss, notation)}: no bit left from z = {', '.join(_last_bits(loss, table))}"
    yield f"  error at most, in ulp of {formula.relative_to}"
    saturations = list(dict.fromkeys(bound.saturation for bound in formula.bounds))
    yield _row("", [f"|z| <= {saturation}" for saturation in saturations]) + "    stable"
    for name in formats(table):
        bounds = [bound for bound in formula.bounds if bound.format == name]
        yield _row(name, [bound.naive or "none" for bound in bounds]) + f"{bounds[0].stable or 'none':>10}"


def _lost(loss: Loss, notation: Notation) -> str:
    return f"{_pretty(loss.expression)}, z = {Printer(TEXT, notation).box(loss.argument).source}"


def _last_bits(loss: Loss, table: Stability) -> Iterator[str]:
    """The earliest threshold of what loses bits in each format."""
    for name in formats(table):
        found = [t.decimal for t in table.thresholds if t.format == name and t.expression == loss.expression]
        yield f"{short(min(found, key=float))} ({name})"


def _pretty(text: str) -> str:
    return text.replace("sigma", "σ").replace("^2", "²")

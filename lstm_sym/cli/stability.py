"""`lstm-sym stability`: where the printed formulas of a cell lose their bits, and forms that do not."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lstm_sym.cli.failures import NOT_PROVED
from lstm_sym.cli.options import CellArgument, cell_given
from lstm_sym.cli.terminal import show, working
from lstm_sym.errors import InputError

if TYPE_CHECKING:
    from lstm_sym.stability.bounds import Model
    from lstm_sym.ulps import Formula, Stability


class StabilityFormat(StrEnum):
    """How the table is written."""

    TEXT = "text"
    LATEX = "latex"
    JSON = "json"


def stability(
    cell: CellArgument = "lstm",
    dtype: Annotated[list[str] | None, typer.Option("--dtype", help="A format; repeat for more. Default: all four.")] = None,
    ulps: Annotated[str, typer.Option("--activation-ulps", metavar="K", help="How far sigma and tanh may be off, in ulp.")] = "1",
    format: Annotated[StabilityFormat, typer.Option("--format", help="How the table is written.")] = StabilityFormat.TEXT,
) -> int:
    """Say where each formula of a cell loses its bits, bound its error, and prove an equal form that is stable.

    The bounds hold for a model of arithmetic that stands above the table; each constant is decided by balls, nothing is measured.
    """
    from lstm_sym.calculus.derive import derive
    from lstm_sym.floating.formats import FORMATS, floating_format
    from lstm_sym.stability.table import stability as table_of
    from lstm_sym.verdict import Status

    formats = tuple(floating_format(name) for name in dict.fromkeys(dtype or FORMATS))
    declared, model = cell_given(cell), _model(ulps)
    with working("bounding errors"):
        table = table_of(derive(declared), formats, model)
    show(_answer(table, format))
    return 0 if all(f.verdict is None or f.verdict.status is Status.PROVED for f in table.formulas) else NOT_PROVED


def _model(text: str) -> Model:
    from lstm_sym.example.decimals import NotANumberError, exact
    from lstm_sym.stability.bounds import Model

    try:
        return Model(exact(text))
    except NotANumberError as error:
        raise InputError("--activation-ulps", got=str(error), expected="a decimal number above 0, at most 16") from error


def _answer(table: Stability, format: StabilityFormat) -> str:
    from lstm_sym.cli.records import json_text
    from lstm_sym.render.stability.latex import stability_latex
    from lstm_sym.render.stability.text import stability_text

    if format is StabilityFormat.JSON:
        return json_text(stability_record(table))
    return (stability_latex if format is StabilityFormat.LATEX else stability_text)(table)


def stability_record(table: Stability) -> dict[str, Any]:
    """The table as JSON."""
    from dataclasses import asdict

    return {
        "cell": table.cell,
        "model": list(table.model),
        "thresholds": [asdict(threshold) for threshold in table.thresholds],
        "formulas": [_formula(formula) for formula in table.formulas],
    }


def _formula(formula: Formula) -> dict[str, Any]:
    from dataclasses import asdict

    from lstm_sym.cli.records import verdict_record
    from lstm_sym.derivation import Statement
    from lstm_sym.render.expression.statement import equation
    from lstm_sym.render.typeset.ink import LATEX

    def latex(right: Any) -> str:
        return equation(Statement(formula.left, right), LATEX)

    return {
        "id": formula.id,
        "latex": latex(formula.right),
        "stable": None if formula.stable is None else latex(formula.stable),
        "verdict": None if formula.verdict is None else verdict_record(formula.verdict),
        "loses": [{"expression": loss.expression, "z": str(loss.argument)} for loss in formula.loses],
        "relative_to": formula.relative_to,
        "bounds": [asdict(bound) for bound in formula.bounds],
        "note": formula.note,
    }

"""`lstm-sym solve`: every value of a worked example, with the lines that lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lstm_sym.cli.options import ExampleArgument, Format, FormatOption, NotationOption, digits_from, notation_given
from lstm_sym.cli.terminal import show, working

if TYPE_CHECKING:
    from lstm_sym.example.example import Example
    from lstm_sym.render.typeset.notation import Notation
    from lstm_sym.worked import Solution

DigitsOption = Annotated[
    str | None,
    typer.Option(
        metavar="N",
        help="Significant digits, 1 to 100000, certified, rounded to nearest, ties to even. Default: the example's decimals.",
    ),
]


def solve(
    example: ExampleArgument = None,
    digits: DigitsOption = None,
    format: FormatOption = Format.TEXT,
    notation: NotationOption = "worksheet",
) -> None:
    """Work an example out: forward, loss, backward, gradients, update; every digit shown is certified.

    Values are rounded to nearest. Ties, which only rational values can be, and zeros are decided exactly; ties go to even.
    Every other value lies in a ball whose two ends round to the digits shown, with precision raised until they do.
    """
    shown = None if digits is None else digits_from(digits)
    from lstm_sym.calculus.concatenated import concatenated_solution
    from lstm_sym.example.solve import solve as solution_of
    from lstm_sym.notes.example_file import load_example

    given = load_example(example)
    names = notation_given(notation, given.cell)
    with working("working the example out"):
        solution = solution_of(given, shown)
        if names.concatenated:
            solution = concatenated_solution(solution)
        answer = _page(given, solution, names) if format is Format.HTML else _answer(solution, format, names)
    show(answer)


def _page(given: Example, solution: Solution, notation: Notation) -> str:
    """The worked part of the report's page; its digits can be chosen where the solution has the example's own decimals."""
    from lstm_sym.calculus.concatenated import concatenated
    from lstm_sym.calculus.derive import derive
    from lstm_sym.example.solve import precisions
    from lstm_sym.render.html.report import report_page

    derivation = concatenated(derive(given.cell)) if notation.concatenated else derive(given.cell)
    return report_page(derivation, solution, precisions=precisions(given), derived=False, notation=notation)


def _answer(solution: Solution, format: Format, notation: Notation) -> str:
    from lstm_sym.cli.records import json_text, solution_record
    from lstm_sym.render.worked.latex import solution_latex
    from lstm_sym.render.worked.text import solution_markdown, solution_text

    if format is Format.JSON:
        return json_text(solution_record(solution))
    printers = {Format.TEXT: solution_text, Format.LATEX: solution_latex, Format.MARKDOWN: solution_markdown}
    return printers[format](solution, notation=notation)

"""`lstm-sym solve`: every value of a worked example, with the lines that lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lstm_sym.cli.options import ExampleArgument, Format, FormatOption, digits_from

if TYPE_CHECKING:
    from lstm_sym.worked import Solution

DigitsOption = Annotated[str | None, typer.Option(metavar="N", help="Decimals shown, 1 to 100000; default: the example's.")]


def solve(example: ExampleArgument = None, digits: DigitsOption = None, format: FormatOption = Format.TEXT) -> None:
    """Work an example out: forward, loss, backward, gradients, update; every digit shown is certified."""
    shown = None if digits is None else digits_from(digits)
    from lstm_sym.example import load_example
    from lstm_sym.example import solve as solution_of

    typer.echo(_answer(solution_of(load_example(example), shown), format), nl=False)


def _answer(solution: Solution, format: Format) -> str:
    from lstm_sym.cli.records import json_text, solution_record
    from lstm_sym.render.worked_latex import solution_latex
    from lstm_sym.render.worked_text import solution_markdown, solution_text

    if format is Format.JSON:
        return json_text(solution_record(solution)) + "\n"
    printers = {Format.TEXT: solution_text, Format.LATEX: solution_latex, Format.MARKDOWN: solution_markdown}
    return printers[format](solution)

"""Options that several commands share: formats, and the number of digits."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lstm_sym.errors import InputError

if TYPE_CHECKING:
    from lstm_sym.cell import Cell
    from lstm_sym.render.typeset.notation import Notation

MOST_DIGITS = 100_000


class Format(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    LATEX = "latex"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


class TableFormat(StrEnum):
    """How a table of names is written."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How the answer is written.")]
TableFormatOption = Annotated[TableFormat, typer.Option("--format", help="How the answer is written.")]
ExampleArgument = Annotated[
    str | None, typer.Argument(metavar="EXAMPLE.toml", help="A worked example; default: the worksheet's.")
]


NotationOption = Annotated[
    str,
    typer.Option(
        "--notation", metavar="NAME|FILE.toml", help="worksheet, hc, colah, greff, fractions, or a table of names of your own."
    ),
]


def notation_given(text: str, cell: Cell) -> Notation:
    """The notation for that cell; what it cannot name is said on standard error."""
    from lstm_sym.render.typeset.notations import notation

    found = notation(text)
    said = found.said(cell.name)
    if said:
        typer.echo(f"lstm-sym: {said}", err=True)
    return found.for_cell(cell.name, [variable.name for variable in cell.variables if cell.is_gate(variable.name)])


def cell_names(incomplete: str) -> list[str]:
    """The cells of the package that begin so, for a shell that completes the word."""
    from lstm_sym.cells import CELLS

    return [name for name in CELLS if name.startswith(incomplete)]


CellArgument = Annotated[
    str,
    typer.Argument(
        metavar="CELL",
        help="A cell of the package (`lstm-sym cells` lists them), or a file that declares one: .toml, .md, .tex, .ipynb.",
        autocompletion=cell_names,
    ),
]


def cell_given(text: str) -> Cell:
    """The cell of that name, or the cell that the forward equations in a file define; raises InputError."""
    from lstm_sym.cells import CELLS, FILES, cell

    if text not in CELLS and Path(text).suffix in FILES:
        from lstm_sym.notes.cell_file import cell_from

        return cell_from(text)
    return cell(text)


def digits_from(text: str) -> int:
    """The number of digits that an option asks for; raises InputError that names the bounds."""
    if re.fullmatch(r"[0-9]{1,6}", text) and 1 <= int(text) <= MOST_DIGITS:
        return int(text)
    shown = text if len(text) <= 40 else text[:40] + "..."
    raise InputError(f"--digits {shown}", got=repr(shown), expected=f"a whole number from 1 to {MOST_DIGITS}")

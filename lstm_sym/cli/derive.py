"""`lstm-sym derive`: a cell's backward pass, derived and proved."""

from __future__ import annotations

from typing import Annotated

import typer

from lstm_sym.cli.options import Format, FormatOption


def derive(
    cell: Annotated[str, typer.Argument(help="A cell of the package; `lstm-sym cells` lists them.")] = "lstm",
    format: FormatOption = Format.TEXT,
) -> int:
    """Derive the backward pass of a cell and prove each equation, for every n, m and T."""
    raise NotImplementedError

"""`lstm-sym cells`: the cells of the package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from lstm_sym.cli.options import TableFormat, TableFormatOption

if TYPE_CHECKING:
    from lstm_sym.cell import Cell


def cells(format: TableFormatOption = TableFormat.TEXT) -> None:
    """List the cells of the package: name, title, source, symbols."""
    from lstm_sym.cells import CELLS, cell

    found = [cell(name) for name in CELLS]
    if format is TableFormat.JSON:
        import json

        typer.echo(json.dumps({"cells": [_record(each) for each in found]}, indent=2, ensure_ascii=False))
    else:
        typer.echo("\n\n".join(_text(each) for each in found))


def _record(cell: Cell) -> dict[str, Any]:
    return {
        "name": cell.name,
        "title": cell.title,
        "source": cell.source,
        "output": cell.output.name,
        "variables": [symbol.name for symbol in cell.variables],
        "inputs": [symbol.name for symbol in cell.inputs],
        "parameters": [symbol.name for symbol in cell.parameters],
    }


def _text(cell: Cell) -> str:
    names = ", ".join(symbol.name for symbol in cell.parameters)
    return f"{cell.name}\n    {cell.title}\n    {cell.source}\n    parameters {names}; output {cell.output.name}"

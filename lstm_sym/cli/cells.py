"""`lstm-sym cells`: the cells of the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_sym.cli.options import TableFormat, TableFormatOption
from lstm_sym.cli.terminal import show

if TYPE_CHECKING:
    from lstm_sym.cell import Cell


def cells(format: TableFormatOption = TableFormat.TEXT) -> None:
    """List the cells of the package: name, title, source, symbols."""
    from lstm_sym.cells import CELLS, cell

    found = [cell(name) for name in CELLS]
    if format is TableFormat.JSON:
        from lstm_sym.cli.records import cell_record, json_text

        show(json_text({"cells": [cell_record(each) for each in found]}))
    else:
        show("\n\n".join(_text(each) for each in found) + "\n")


def _text(cell: Cell) -> str:
    names = ", ".join(symbol.name for symbol in cell.parameters)
    return f"{cell.name}\n    {cell.title}\n    {cell.source}\n    parameters {names}; output {cell.output.name}"

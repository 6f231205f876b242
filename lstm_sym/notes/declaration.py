"""A cell with the file that declares it, for what is handed on: whoever gets a pack or a sheet of exercises gets the file too.

Law: the copy is the file byte for byte, under the name of the cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lstm_sym.cell import Cell
from lstm_sym.errors import InputError
from lstm_sym.notes.cell_file import cell_from


@dataclass(frozen=True)
class Declaration:
    """A cell, and the file that declares it as it lies beside what was made from it."""

    cell: Cell
    file: str
    content: bytes


def declaration(path: Path) -> Declaration:
    """The cell in a file; raises InputError where there is none."""
    declared = cell_from(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"cell of {path}", got=str(error.strerror), expected="a file that can be read") from error
    return Declaration(declared, declared.name + path.suffix, content)

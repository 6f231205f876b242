"""The cells of the package, one file each. To add one, write its file and name it in CELLS."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from lstm_sym.errors import InputError

if TYPE_CHECKING:
    from lstm_sym.cell import Cell

CELLS: tuple[str, ...] = ("lstm", "elman", "gru", "gru_reset_after", "peephole")
"""Names of files here; each holds a Cell of the same name."""
FILES: tuple[str, ...] = (".toml", ".md", ".tex", ".ipynb")
"""Endings of files that declare a cell of a user by its forward equations."""


def cell(name: str) -> Cell:
    """The declared cell of that name; raises InputError that lists the names."""
    from lstm_sym.cell import Cell

    if name not in CELLS:
        advice = f"a file that declares a cell ends in {', '.join(FILES)}" if "." in name else None
        raise InputError(f"cell {name!r}", got="no cell of that name", expected=f"one of {', '.join(CELLS)}", advice=advice)
    found = getattr(import_module(f"lstm_sym.cells.{name}"), name)
    assert isinstance(found, Cell)
    return found

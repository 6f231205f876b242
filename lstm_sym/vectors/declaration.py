"""Cells that a user declares in a file, for packs: the pack carries the file, so that whoever has the pack can compute it again.

    cifg.toml, notes.md, ...  ->  the cell, the file under the name of the cell, its bytes

Law: the file in a pack declares the very cell whose values stand there; where its copy does not, it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lstm_sym.cell import Cell
from lstm_sym.cells import CELLS, FILES, cell
from lstm_sym.errors import InputError
from lstm_sym.notes.declaration import Declaration, declaration

RENAME = 'give one of them another name: name = "..." in its TOML file, or another name of the file'


def cells_given(texts: Iterable[str]) -> tuple[list[str | Cell], list[Declaration]]:
    """Cells by names of the package or by files, in the order given, and the declarations in files; raises InputError."""
    cells: list[str | Cell] = []
    found: dict[str, Declaration] = {}
    for text in dict.fromkeys(texts):
        if text not in CELLS and Path(text).suffix in FILES:
            one = declaration(Path(text))
            if found.setdefault(one.cell.name, one).cell != one.cell:
                raise InputError(f"cell {one.cell.name}", got="two files with a cell of that name", expected="one", advice=RENAME)
            cells.append(one.cell)
        else:
            cells.append(cell(text).name)
    return cells, list(found.values())

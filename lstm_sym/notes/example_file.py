"""A worked example from a file, of a cell of the package or of one that another file declares.

Law: a file of forward equations is read, never run, and only where the example names one.
"""

from __future__ import annotations

from pathlib import Path

from lstm_sym.cell import Cell
from lstm_sym.example.example import Example
from lstm_sym.example.reader import builtin_example, read_example


def load_example(path: str | Path | None = None) -> Example:
    """The example in a TOML file; without one, the worksheet's. Raises InputError with file, line, key and what is expected."""
    return builtin_example() if path is None else read_example(path, _cell_from)


def _cell_from(path: Path) -> Cell:
    from lstm_sym.notes.cell_file import cell_from

    return cell_from(path)

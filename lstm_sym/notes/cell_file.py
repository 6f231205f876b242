"""A cell from a file: a TOML table of forward equations, or notes whose forward equations define one.

    title = "Minimal gated unit"
    forward = ['f_t = \\sigma(W_f x_t + U_f h_{t-1} + b_f)', ...]

Law: the text is read, never run; what does not declare a cell is refused with the reason.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

from lstm_sym.cell import Cell
from lstm_sym.errors import InputError, UnsupportedError
from lstm_sym.notes.formula.read import read_entries
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.model.given_cell import learnt, with_names
from lstm_sym.notes.notation.normal import normalised
from lstm_sym.notes.notation.timeless import with_times
from lstm_sym.notes.statements.cell_of import cell_of
from lstm_sym.notes.text.document import read_document

ADVICE = "give each variable one forward equation in h_t, h_{t-1}, x_t, in a document between $$; or declare the cell in Python"


def cell_from(path: str | Path) -> Cell:
    """The cell that a TOML table (`forward`, and optional `name`, `title`, `source`) or a document defines; raises InputError."""
    path = Path(path)
    table = _table(path) if path.suffix == ".toml" else {}
    model = with_names(path, {}, frozenset())[1] if table else _model(path)
    try:
        cell, _ = cell_of(model, _name(table.get("name", path.stem)))
    except UnsupportedError as error:
        raise InputError(f"cell of {path}", got=error.got or error.subject, expected="forward equations", advice=ADVICE) from None
    return replace(cell, title=str(table.get("title", "")), source=str(table.get("source", "")))


def _table(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cell of {path}", got=str(error), expected='a TOML file with forward = ["..."]') from None


def _model(path: Path) -> Model:
    trees = [entry.tree for entry in read_entries(read_document(path)) if entry.tree is not None]
    formulas, timed = with_times(*normalised(trees))
    return learnt(dict(enumerate(formulas)), timed)[1]


def _name(text: object) -> str:
    return re.sub(r"\W", "_", str(text)) or "cell"

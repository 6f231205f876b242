"""Identifiers and symbolic sizes for the names of a document, as symbols of the proof.

Laws: two names have two identifiers; the size of an input is m and that of the state n where both are free.
"""

from __future__ import annotations

import re
import zlib
from typing import Any

from sympy import Symbol

from lstm_sym.errors import UnsupportedError
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.statements.grids import Grid
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import reserved
from lstm_sym.symbols.scalars import m, n

LONGEST = 22
LETTERS = ("k", "p", "q", "r", "s", "u", "v", "w")


class Naming:
    """Identifiers and symbolic sizes for the names of a document."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.sizes: dict[int, Any] = {}
        for key in (*model.definitions, *model.inputs, *model.parameters):
            for size in model.shapes.known.get(key, ()):
                self.size(size, key in model.inputs)

    def size(self, size: Any, is_input: bool = False) -> tuple[Any, ...]:
        """The sizes of the blocks of a side."""
        root = size.root()
        if isinstance(root.bound, int):
            return (root.bound,)
        if isinstance(root.bound, tuple):
            return tuple(part for inner in root.bound for part in self.size(inner))
        if id(root) not in self.sizes:
            used = set(self.sizes.values())
            fresh = [n, m] if not is_input else [m, n]
            free = [s for s in fresh if s not in used] or [Symbol(x, integer=True, positive=True) for x in LETTERS]
            self.sizes[id(root)] = next((s for s in free if s not in used), free[-1])
        return (self.sizes[id(root)],)

    def shape(self, key: str) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        rows, columns = self.model.shapes.known[key]
        return self.size(rows), self.size(columns)

    @staticmethod
    def identifier(key: str) -> str:
        name = re.sub(r"[^A-Za-z0-9_]", "_", key)
        name = name if name[:1].isalpha() else "v" + name
        name = f"v{name}" if reserved(name) else name
        return name[:LONGEST] + f"_{zlib.crc32(key.encode()):x}" if len(name) > LONGEST else name

    def timed(self, key: str, time: Any) -> Grid:
        rows, columns = self.shape(key)
        if len(rows) > 1 or len(columns) > 1:
            raise UnsupportedError(f"the variable {key} of several blocks")
        return Grid([[Timed(self.identifier(key), rows[0], columns[0], time)]])

    def parameter(self, key: str, prefix: str = "") -> Grid:
        rows, columns = self.shape(key)
        name = self.identifier(key)
        blocks = []
        for i, r in enumerate(rows):
            marks = [
                name + (f"_{i + 1}" if len(rows) > 1 else "") + (f"_{j + 1}" if len(columns) > 1 else "")
                for j in range(len(columns))
            ]
            blocks.append([Parameter(prefix + mark, r, c) for mark, c in zip(marks, columns, strict=True)])
        return Grid(blocks)

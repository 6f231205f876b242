"""Reads a worked example from TOML and checks every field.

    cell = "lstm"            one of the cells of the package, or a file with forward equations: "mgu.toml", "notes.md"
    learning_rate = 0.1      numbers are exact: 0.1 and "0.1" are one tenth
    [weights]                a matrix is a list of rows, a vector a list of numbers
    W_a = [[0.45, 0.25]]
    [initial]                values of recurrent variables at t = -1; what is left out is zero
    [[steps]]                one for each t = 0, 1, ...; `label` may be left out
    x = [1, 2]

Law: sizes are those stated in [sizes], or else those of the first weight that shows them; every other shape must agree.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from sympy import Expr, Symbol

from lstm_sym.cell import Cell
from lstm_sym.cells import CELLS, FILES, cell
from lstm_sym.evaluate.rounding import MAX_DIGITS
from lstm_sym.evaluate.systems.givens import Givens, Matrix, shape
from lstm_sym.example.example import DEFAULT_DECIMALS, Example
from lstm_sym.example.field import Field
from lstm_sym.example.source import Source, read_source
from lstm_sym.symbols.names import LABEL

LOSSES = ("squared",)
MAX_SIZE = 10_000
KEYS = ("name", "title", "cell", "loss", "learning_rate", "decimals", "sizes", "weights", "initial", "steps")
REQUIRED = ("cell", "learning_rate", "weights", "steps")
WORKSHEET = "worksheet"
EXAMPLES = (WORKSHEET, "gru_four_steps")
"""The examples of the package, by the names of their files."""


CellReader = Callable[[Path], Cell]
"""What reads a cell from a file; the reader of examples is given one, because reading formulas is above it in the house."""


def read_example(path: str | Path, cell_from: CellReader | None = None) -> Example:
    """The example in a TOML file; raises InputError with file, line, key, what stands there and what is expected."""
    return parse_example(read_source(path), Path(path).stem, cell_from)


def builtin_example(name: str = WORKSHEET) -> Example:
    """An example of the package, by the name of its file."""
    resource = files("lstm_sym.example").joinpath(f"{name}.toml")
    return parse_example(Source(f"{name}.toml", resource.read_text("utf-8")), name)


def parse_example(source: Source, name: str, cell_from: CellReader | None = None) -> Example:
    """The example in a source; `name` is used where the file gives none."""
    root = Field(source, (), source.parse()).table(KEYS, REQUIRED)
    declared = _cell(root.child("cell"), cell_from)
    title = root.child("name").text() if root.has("name") else name
    return Example(
        name=title,
        title=root.child("title").text() if root.has("title") else title,
        cell=declared,
        loss=root.child("loss").text(LOSSES) if root.has("loss") else LOSSES[0],
        givens=_givens(root, declared),
        decimals=root.child("decimals").integer(0, MAX_DIGITS) if root.has("decimals") else DEFAULT_DECIMALS,
    )


def _cell(field: Field, cell_from: CellReader | None) -> Cell:
    """A cell of the package by its name, or that in a file, whose place is relative to the example's."""
    if cell_from is not None and isinstance(field.value, str) and Path(field.value).suffix in FILES:
        return cell_from(Path(field.source.file).parent / field.text())
    return cell(field.text(CELLS))


def _givens(root: Field, declared: Cell) -> Givens:
    sizes = _Sizes(root, declared)
    names = [parameter.name for parameter in declared.parameters]
    weights = root.child("weights").table(names, names)
    parameters = {p.name: sizes.matrix(weights.child(p.name), p) for p in declared.parameters}
    steps = list(root.child("steps").items())
    inputs = [symbol.name for symbol in declared.inputs]
    for step in steps:
        step.table([*inputs, LABEL], inputs)
    return Givens(
        sizes=sizes.known,
        parameters=parameters,
        inputs=[{s.name: sizes.matrix(step.child(s.name), s) for s in declared.inputs} for step in steps],
        labels=[sizes.matrix(step.child(LABEL), declared.output) if step.has(LABEL) else None for step in steps],
        rate=root.child("learning_rate").positive(),
        initial=_initial(root, declared, sizes),
    )


def _initial(root: Field, declared: Cell, sizes: _Sizes) -> dict[str, Matrix]:
    if not root.has("initial"):
        return {}
    table = root.child("initial").table([variable.name for variable in declared.recurrent])
    return {v.name: sizes.matrix(table.child(v.name), v) for v in declared.recurrent if table.has(v.name)}


class _Sizes:
    """The sizes found so far, and what each was read from."""

    def __init__(self, root: Field, declared: Cell) -> None:
        self.known: dict[str, int] = {}
        self.origin: dict[str, str] = {}
        symbols = (*declared.parameters, *declared.inputs, *declared.variables)
        names = sorted({size.name for symbol in symbols for size in symbol.shape if isinstance(size, Symbol)}, reverse=True)
        if root.has("sizes"):
            table = root.child("sizes").table(names)
            for name in names:
                if table.has(name):
                    self._learn(name, table.child(name).integer(1, MAX_SIZE), "[sizes]")

    def matrix(self, field: Field, symbol: Any) -> Matrix:
        """The field as the value of the symbol, whose shape it must have; sizes that are not known yet are learned."""
        matrix = field.matrix()
        for size, found in zip(symbol.shape, shape(matrix), strict=True):
            if isinstance(size, Symbol) and size.name not in self.known:
                self._learn(size.name, found, field.name)
        expected = tuple(self._value(size) for size in symbol.shape)
        if shape(matrix) != expected:
            raise field.error(
                f"{_text(shape(matrix))} (rows x columns)",
                f"{_text(expected)}, because {self._reasons(symbol)}",
                _advice(matrix, expected),
            )
        return matrix

    def _learn(self, name: str, size: int, origin: str) -> None:
        self.known[name], self.origin[name] = size, origin

    def _value(self, size: Expr) -> int:
        return self.known[size.name] if isinstance(size, Symbol) else int(size)

    def _reasons(self, symbol: Any) -> str:
        names = dict.fromkeys(size.name for size in symbol.shape if isinstance(size, Symbol))
        return ", ".join(f"{name} = {self.known[name]} by {self.origin[name]}" for name in names)


def _text(sizes: tuple[int, ...]) -> str:
    return " x ".join(str(size) for size in sizes)


def _advice(matrix: Matrix, expected: tuple[int, ...]) -> str:
    if shape(matrix) == expected[::-1]:
        return "write it as a list of rows, such as [[1, 2]] for one row of two"
    return "correct the number of entries, or the sizes"

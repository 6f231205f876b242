"""The document's forward equations as a declared cell, and which known cell it is up to the names.

Laws: the cell has the document's equations in an order in which each uses only what stands above; a softmax head is left
off, because its argument is what the loss is taken by; a document whose equations make no cell has none, with the reason.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from typing import Any, ClassVar

from sympy import Symbol

from lstm_sym.cell import Cell, Equation
from lstm_sym.errors import LstmSymError, UnsupportedError
from lstm_sym.notes.formula.names import Reference, Time, references
from lstm_sym.notes.formula.tree import Formula, NumberMatrix
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.model.softmax import softmax_heads
from lstm_sym.notes.sampling.effort import Effort
from lstm_sym.notes.sampling.interpret import Interpreter
from lstm_sym.notes.sampling.values import ShapeError
from lstm_sym.notes.statements.grids import DiagonalGrids, Grid
from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import reserved
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.scalars import T, m, n, t

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


class ForwardScope:
    """Names inside forward equations, at symbolic times."""

    stacks_vectors = True
    shared: frozenset[int] = frozenset()
    memo: ClassVar[dict] = {}

    def __init__(self, naming: Naming) -> None:
        self.naming, self.model = naming, naming.model
        self.effort = Effort()
        self.timed = naming.model.timed

    def value(self, read: Reference, run: Any) -> Any:
        model = self.model
        if read.key in model.stacks:
            inner = run if read.time is None else run.moved(read.time)
            return run.stacked_rows([inner(item) for item in model.stacks[read.key]], read.key in model.parts.wide)
        if read.key in model.parameters:
            return self.naming.parameter(read.key)
        return self.naming.timed(read.key, run.time(read.time))

    def function(self, name: str) -> str:
        return name

    def chain(self, node: Formula, run: Any) -> None:
        return None

    def numbers(self, node: NumberMatrix, run: Any) -> Any:
        raise UnsupportedError("a matrix of numbers in a formula")

    def derivative(self, node: Formula, run: Any) -> Any:
        raise UnsupportedError("a derivative in a forward equation")

    prefixed = derivative


class SymbolicInterpreter(Interpreter):
    """The interpreter at symbolic times: t + offset, T + offset or a number."""

    shift: int = 0
    first: int = 0
    beyond: int = 0

    def time(self, time: Time | None, offset: int = 0) -> Any:
        if time is None:
            return None
        if time.base in ("t", "tau"):
            return t + time.offset + self.shift
        if time.base == "T":
            return T + time.offset + self.beyond
        if time.base == "":
            return time.offset - self.first
        raise UnreadableError(f"the index {time.base}", offset)

    def moved(self, time: Time) -> SymbolicInterpreter:
        new = SymbolicInterpreter(self.algebra, self.scope, self.manner, self.times)
        if time.base not in ("t", "tau"):
            raise UnsupportedError("a stack at a fixed time")
        new.shift, new.first, new.beyond = self.shift + time.offset, self.first, self.beyond
        return new


def cell_of(model: Model, name: str = "document") -> tuple[Cell, Naming]:
    """The document's cell; raises UnsupportedError with the reason where its equations make none."""
    if not model.definitions:
        raise UnsupportedError("the document's cell", got="no forward equations")
    naming = Naming(model)
    skipped = softmax_heads(model)
    equations = []
    try:
        for key in in_order(model):
            if key in skipped:
                continue
            definition = model.definitions[key]
            run = SymbolicInterpreter(DiagonalGrids(), ForwardScope(naming), model.manner)
            run.shift = -definition.shift
            left, body = naming.timed(key, t).single, run.matrix(run(definition.body)).single
            if left is None or body is None or left.shape != body.shape:
                raise UnsupportedError(f"the equation of {key}", got="blocks or shapes that do not fit")
            assert isinstance(left, Timed)
            equations.append(Equation(left, body))
        output = _output(model, naming, skipped)
        return Cell(name, equations=equations, output=output), naming
    except (UnreadableError, ShapeError, KeyError) as error:
        raise UnsupportedError("the document's cell", got=str(error)) from None


def _output(model: Model, naming: Naming, skipped: Mapping[str, str]) -> Timed:
    outputs = [skipped.get(key, key) for key in model.outputs]
    if len(outputs) != 1 or not outputs[0]:
        raise UnsupportedError("the document's cell", got=f"{len(outputs)} outputs")
    single = naming.timed(outputs[0], t).single
    assert isinstance(single, Timed)
    return single


def in_order(model: Model) -> list[str]:
    """The defined names, each after those that its equation uses at the same step."""
    done: dict[str, None] = {}

    def visit(key: str, path: tuple[str, ...]) -> None:
        if key in done or key in path:
            return
        definition = model.definitions[key]
        for read in references(definition.body, model.timed):
            now = read.time is not None and read.time.offset == definition.shift
            if read.key in model.definitions and now:
                visit(read.key, (*path, key))
        done[key] = None

    for key in model.definitions:
        visit(key, ())
    return list(done)


def known_cell(cell: Cell) -> str | None:
    """The name of the package's cell that this one is, up to the names of its symbols and the order of sums and products."""
    from lstm_sym.cells import CELLS
    from lstm_sym.cells import cell as known

    signature = signature_of(cell)
    for name in CELLS:
        try:
            if signature_of(known(name)) == signature:
                return name
        except LstmSymError:
            continue
    return None


def signature_of(cell: Cell) -> frozenset[str]:
    """What remains of a cell when names are replaced by what they stand for: the output unfolded, sums and products
    sorted.
    """
    bodies = {equation.name: equation.body for equation in cell.equations}
    recurrent = {variable.name for variable in cell.recurrent}

    def text(node: Expression, depth: int) -> str:
        if isinstance(node, Timed):
            if node.name in bodies and node.time == t and depth < 12:
                return text(bodies[node.name], depth + 1)
            if node.name in recurrent or node.name in bodies:
                return "out-" if node.name == cell.output.name else "state-"
            return "x"
        if isinstance(node, Parameter):
            return "w" if node.shape[1] != 1 else "b"
        kind = type(node).__name__ + (node.function if hasattr(node, "function") else "")
        parts = [text(part, depth) for part in node.parts]
        if kind in ("Sum", "Hadamard"):
            parts = sorted(part for part in parts)
        return f"{kind}{getattr(node, 'coefficient', '')}({','.join(parts)})"

    return frozenset(text(bodies[name], 0) for name in {cell.output.name, *recurrent})

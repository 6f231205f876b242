"""The document's forward equations as a declared cell, and which known cell it is up to the names.

Laws: the cell has the document's equations in an order in which each uses only what stands above; a softmax head is left
off, because its argument is what the loss is taken by; a document whose equations make no cell has none, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from lstm_sym.cell import Cell, Equation
from lstm_sym.errors import LstmSymError, UnsupportedError
from lstm_sym.notes.formula.names import references
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.model.softmax import softmax_heads
from lstm_sym.notes.sampling.values import ShapeError
from lstm_sym.notes.statements.forward import ForwardScope, SymbolicInterpreter
from lstm_sym.notes.statements.grids import DiagonalGrids
from lstm_sym.notes.statements.naming import Naming
from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.scalars import t


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

"""The opening of a report: what the signs and names mean, and the shape of every symbol of the cell, as LaTeX."""

from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.cell import Cell
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.typeset.ink import LATEX
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.render.typeset.scalar import index
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LABEL, LOSS, LOSS_ADJOINT, PRE_ACTIVATION
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.scalars import t

SIGNS: tuple[tuple[str, str], ...] = (
    (r"$u <hadamard> v$, $u^2$", "Hadamard product and square, entry by entry"),
    (r"$W <product> v$", "product of a matrix and a vector"),
    (r"$u <outer> v$", r"outer product, $u <product> v^T$"),
    (r"$\sigma(z)$, $\tanh(z)$", r"logistic sigmoid $1 / (1 + e^{-z})$ and hyperbolic tangent, entry by entry"),
    (r"$\sum_{t=0}^T$", r"sum over the steps; $T$ is the index of the last step"),
)
"""Signs and what they mean; a name in angle brackets stands for the sign of the notation."""


def notation_latex(cell: Cell, notation: Notation = WORKSHEET) -> str:
    """Two lists: the signs with the names of derived quantities, and the shapes of the symbols."""
    rows = "\n".join(rf"{sign} & {meaning} \\" for sign, meaning in notation_rows(cell, notation))
    return f"\\begin{{lstmnotation}}\n{rows}\n\\end{{lstmnotation}}\n"


def notation_rows(cell: Cell, notation: Notation = WORKSHEET) -> Iterator[tuple[str, str]]:
    """Each sign or symbol with its meaning, both as LaTeX text with formulas between dollar signs."""
    yield from (*_signs(notation), *names(cell, notation))
    yield from ((symbols, f"{kind}, ${shape}$") for symbols, kind, shape in _shapes(cell, notation))


def _signs(notation: Notation) -> Iterator[tuple[str, str]]:
    printer = Printer(LATEX, notation)
    for sign, meaning in SIGNS:
        for name in ("hadamard", "product", "outer"):
            sign, meaning = (part.replace(f"<{name}>", printer.sign(name).source) for part in (sign, meaning))
        yield sign, meaning


def names(cell: Cell, notation: Notation) -> Iterator[tuple[str, str]]:
    """The names of derived quantities, with what they mean."""

    def name(of: str, time: str | None = "t") -> str:
        return LATEX.symbol(of, time, notation).source

    gate = next((variable.name for variable in cell.variables if cell.is_gate(variable.name)), None)
    output, loss = cell.output.name, notation.word(LOSS).latex
    if gate:
        net = name(PRE_ACTIVATION + gate)
        yield f"${net}$", f"pre-activation of ${name(gate)}$, the argument of its activation"
        meaning = rf"$\partial {loss} / \partial {net}$, the adjoint of the pre-activation; likewise for every gate"
        yield f"${name(ADJOINT + gate)}$", meaning
    meaning = rf"$\partial {loss} / \partial {name(output)}$, the adjoint of the value; likewise for all that is not a gate"
    yield f"${name(ADJOINT + output)}$", meaning
    yield f"${name(LOSS_ADJOINT)}$", f"derivative of the loss by ${name(output)}$ at the same step"
    if cell.output in cell.recurrent:
        yield f"${name(ARRIVING + output)}$", f"what arrives at ${name(output)}$ from step $t+1$"


def _shapes(cell: Cell, notation: Notation) -> Iterator[tuple[str, str, str]]:
    """Symbols of one kind and shape together, with what they are and their shape."""
    printer = Printer(LATEX, notation)
    label = Timed(LABEL, cell.output.shape[0], 1, t)
    kinds: tuple[tuple[str, tuple[Expression, ...]], ...] = (
        ("input", cell.inputs),
        ("variable", cell.variables),
        ("label", (label,)),
        ("parameter", cell.parameters),
    )
    for kind, symbols in kinds:
        by_shape: dict[str, list[str]] = {}
        for symbol in symbols:
            rows, columns = (index(size) for size in symbol.shape)
            by_shape.setdefault(rf"{rows} \times {columns}", []).append(f"${printer.box(symbol).source}$")
        for shape, found in by_shape.items():
            yield ", ".join(found), kind if len(found) == 1 else kind + "s", shape

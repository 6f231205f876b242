"""Lines W x_t + b of all steps as one product, of inputs with a column of ones, and the gradients of W and b as one product too.

    W x_t + b = [W b] [x_t; 1]          [delta_W delta_b] = Σ_t delta_t [x_t; 1]ᵀ

Law: the ones stand in the workspace's copy of the inputs; a line of another form is left to the writer of single steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lstm_sym.codegen.equation import equation
from lstm_sym.codegen.mirror import sign_and_parameter
from lstm_sym.codegen.numpy.buffers import Run
from lstm_sym.codegen.numpy.parameters import ACROSS, AFFINE, Signed
from lstm_sym.codegen.numpy.scope import Memory, blocks_of, index
from lstm_sym.codegen.plan import Line
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.nodes import Expression, Product, Sum, product

STEPS = {"all": "", "kept": "1:"}
"""Where the steps lie in the kinds of buffers that hold all of them."""


def _is_cut(each: Line, run: Run) -> bool:
    """Whether one of several blocks is written: its steps lie apart, so that no product writes them as one matrix."""
    return len(each.targets) == 1 < len(run.buffer.members)


@dataclass(frozen=True)
class Affine:
    """values[k] = weights[k] column + biases[k]; no bias at all, or one for each."""

    column: Timed
    weights: tuple[Signed, ...]
    biases: tuple[Signed, ...]


def affine(each: Line, inputs: Sequence[Timed]) -> Affine | None:
    """The line in this form, if it has it."""
    terms = [_terms(value) for value in each.values]
    found = [term for term in terms if term is not None]
    columns = {column for column, _, _ in found}
    if len(found) < len(terms) or len(columns) > 1:
        return None
    column = columns.pop()
    if not isinstance(column, Timed) or column not in inputs:
        return None
    biases = [bias for _, _, bias in found if bias is not None]
    if biases and len(biases) < len(found):
        return None
    return Affine(column, tuple(weight for _, weight, _ in found), tuple(biases))


def _terms(value: Expression) -> tuple[Expression, Signed, Signed | None] | None:
    """Column, weight and bias of W column + b."""
    terms = value.args if isinstance(value, Sum) else (value,)
    products = [term for term in terms if isinstance(term, Product) and term.shape[1] == 1]
    biases = [sign_and_parameter(term) for term in terms if term not in products]
    weight = sign_and_parameter(products[0].args[0]) if len(products) == 1 else None
    if weight is None or len(biases) > 1 or None in biases:
        return None
    return product(*products[0].args[1:]), weight, biases[0] if biases else None


def at_once(lines: Sequence[Line], memory: Memory, inputs: Sequence[Timed]) -> tuple[list[str], list[Line]]:
    """The text for lines of this form whose results are kept for all steps, and the other lines."""
    text: list[str] = []
    others = []
    for each in lines:
        form = affine(each, inputs)
        run = memory.layout.run([target.name for target in each.targets])
        if form is None or run is None or run.buffer.kind not in STEPS or run.buffer.side_by_side or _is_cut(each, run):
            others.append(each)
            continue
        text += [f"# {equation(target, value)}" for target, value in zip(each.targets, each.values, strict=True)]
        panels = memory.copies.attribute((*form.weights, *form.biases), AFFINE if form.biases else ACROSS)
        column = memory.with_one(form.column) if form.biases else memory.layout.buffer(form.column.name).attribute
        out = f"w.{run.buffer.attribute}{index([STEPS[run.buffer.kind], blocks_of(run)])}"
        text.append(f"_multiply(w.{column}, w.{panels}, {out})")
    return text, others

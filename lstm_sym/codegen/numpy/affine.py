"""Lines W x_t + b of all steps as one product with a column of ones, and the gradients of W and b as one product too.

    W x_t + b = [W b] [x_t; 1]          [delta_W delta_b] = Σ_t delta_t [x_t; 1]ᵀ

Law: the ones stand in the workspace's copy of the inputs; a line of another form is left to the writer of single steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lstm_sym.codegen.equation import equation
from lstm_sym.codegen.mirror import sign_and_parameter
from lstm_sym.codegen.numpy.parameters import AFFINE, Signed
from lstm_sym.codegen.numpy.scope import Memory
from lstm_sym.codegen.plan import Line
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.nodes import Expression, Product, Sum, product


@dataclass(frozen=True)
class Affine:
    """values[k] = weights[k] column + biases[k]."""

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
    return Affine(column, tuple(weight for _, weight, _ in found), tuple(bias for _, _, bias in found))


def _terms(value: Expression) -> tuple[Expression, Signed, Signed] | None:
    """Column, weight and bias of W column + b."""
    if not isinstance(value, Sum) or len(value.args) != 2 or value.shape[1] != 1:
        return None
    first, second = sorted(value.args, key=lambda term: not isinstance(term, Product))
    weight = sign_and_parameter(first.args[0]) if isinstance(first, Product) else None
    bias = sign_and_parameter(second)
    return None if weight is None or bias is None else (product(*first.args[1:]), weight, bias)


def at_once(lines: Sequence[Line], memory: Memory, inputs: Sequence[Timed]) -> tuple[list[str], list[Line]]:
    """The text for lines of this form whose results are kept for all steps, and the other lines."""
    text: list[str] = []
    others = []
    for each in lines:
        form = affine(each, inputs)
        run = memory.layout.run([target.name for target in each.targets])
        if form is None or run is None or run.buffer.kind != "all" or run.buffer.side_by_side:
            others.append(each)
            continue
        text += [f"# {equation(target, value)}" for target, value in zip(each.targets, each.values, strict=True)]
        panels = memory.copies.attribute((*form.weights, *form.biases), AFFINE)
        blocks = "" if run.count == len(run.buffer.members) else f"[:, {run.first}:{run.last}]"
        if run.count == 1 and run.buffer.is_stacked:
            blocks = f"[:, {run.first}]"
        text.append(f"_multiply(w.{memory.with_one(form.column)}, w.{panels}, w.{run.buffer.attribute}{blocks})")
    return text, others

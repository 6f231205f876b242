"""The stability of the formulas of a cell: thresholds, bounds for what is printed and for its stable form, and the proof that
both are equal.

Law: every number in the table is decided by balls under the model that the table states; nothing is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sympy import Expr

from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation, Result
from lstm_sym.errors import InputError
from lstm_sym.floating.bound_text import short_bound
from lstm_sym.floating.formats import FORMATS, Format
from lstm_sym.stability.bounds import Model, bound, naive_bound, roundings
from lstm_sym.stability.stable import StableForm, stable_form
from lstm_sym.stability.thresholds import thresholds
from lstm_sym.symbols.complements import Occurrence
from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.nodes import Expression, Product, Sum
from lstm_sym.symbols.traversal import walk
from lstm_sym.ulps import Bound, Formula, Loss, Stability

KINDS = ("definition", "adjoint", "arriving", "input", "parameter")
SATURATIONS = tuple(Fraction(number) for number in (1, 2, 5, 10, 20))
RESULT, MAGNITUDES = "the result", "the sum of the magnitudes of its terms"


def stability(
    derivation: Derivation, formats: tuple[Format, ...] = tuple(FORMATS.values()), model: Model | None = None
) -> Stability:
    """The table of a derivation."""
    model = model or Model()
    if not 0 < model.ulps <= 16:
        raise InputError("ulps of an activation", got=str(model.ulps)[:40], expected="a number above 0, at most 16")
    formulas = tuple(_formula(result, derivation, formats, model) for result in derivation.of_kind(*KINDS))
    return Stability(derivation.cell.name, model.words(), tuple(thresholds(formats)), formulas)


def _formula(result: Result, derivation: Derivation, formats: tuple[Format, ...], model: Model) -> Formula:
    form, cell = stable_form(result, derivation), derivation.cell
    right = result.statement.right
    return Formula(
        id=result.id,
        left=result.statement.left,
        right=right,
        times=result.statement.times,
        loses=tuple(_loss(complement) for complement in form.complements) if form else (),
        stable=form.statement.right if form else None,
        verdict=form.verdict if form else None,
        bounds=tuple(_bounds(result, form, cell, formats, model)) if form else (),
        relative_to=MAGNITUDES if _adds(right, form) else RESULT,
        note="" if form else _note(right, cell, formats, model),
    )


def _loss(found: Occurrence) -> Loss:
    power = "" if found.form.power == 1 else f"^{found.form.power}"
    return Loss(f"1 - {found.form.function}(z){power}", found.argument)


def _bounds(result: Result, form: StableForm, cell: Cell, formats: tuple[Format, ...], model: Model) -> Iterator[Bound]:
    for format in formats:
        stable = bound(form.statement.right, cell, format, model)
        for saturation in SATURATIONS:
            naive = naive_bound(result.statement.right, cell, format, saturation, model)
            yield Bound(format.name, str(saturation), *(None if ulps is None else short_bound(ulps) for ulps in (naive, stable)))


def _adds(expression: Expression, form: StableForm | None) -> bool:
    """Whether the formula adds terms, other than in what has a stable form."""
    apart = {complement.node for complement in form.complements} if form else set()
    return any(isinstance(node, Sum | Product | SumOverTime) and node not in apart for node in walk(expression))


def _note(expression: Expression, cell: Cell, formats: tuple[Format, ...], model: Model) -> str:
    count: Expr = roundings(expression, cell, model)
    if count == 0:
        return "exact"
    if count.is_number:
        bounds = [bound(expression, cell, format, model) for format in formats]
        return f"at most {short_bound(max(bounds))} ulp" if None not in bounds else f"at most c/(1 - c u) ulp with c = {count},"
    return f"at most c/(1 - c u) ulp with c = {count},"

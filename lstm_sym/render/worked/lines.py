"""A worked line as a chain: symbols = numbers put in = value, with repetitions left out.

Law: a side that reads the same as the one before it is printed once, and zero has no second value; nothing is calculated.
"""

from __future__ import annotations

from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.typeset.box import Box
from lstm_sym.render.typeset.ink import Ink
from lstm_sym.render.typeset.layout import Chain
from lstm_sym.render.typeset.matrix import checked, number_box
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.symbols.nodes import Zeros
from lstm_sym.worked import Line, Solution


def chain_of(line: Line, ink: Ink, notation: Notation = WORKSHEET) -> Chain:
    """left = right = right with numbers = value."""
    symbols = Printer(ink, notation)
    value = number_box(checked(line.value, line.id), ink)
    sides = [symbols.box(line.right)]
    if line.numbers:
        sides.append(symbols.with_numbers(line.numbers).box(line.right))
    if not isinstance(line.right, Zeros):
        sides.append(value)
    return Chain(symbols.box(line.left), tuple(_distinct(sides)))


def _distinct(sides: list[Box]) -> list[Box]:
    kept: list[Box] = []
    for side in sides:
        if not kept or kept[-1].source != side.source:
            kept.append(side)
    return kept


FROM_EXACT = "Each number is rounded from its exact value, so what is computed from printed numbers may differ in the last digit."


def notes(solution: Solution, elided: bool) -> tuple[str, ...]:
    """What a reader must know of the numbers: how they are rounded, and whether dots stand for entries."""
    rounding = f"Rounding: {solution.rounding}. {FROM_EXACT}"
    return (rounding, "Dots stand for entries of large matrices and for steps that are not printed.") if elided else (rounding,)

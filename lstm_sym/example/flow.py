"""How large the adjoints of the values are at each step: the size of a vector is its largest entry in size.

Law: a size is the text of a certified value without its sign, so that nothing is rounded twice.
"""

from __future__ import annotations

from fractions import Fraction

from lstm_sym.evaluate.rounding import Significant
from lstm_sym.example.decimals import exact
from lstm_sym.example.example import Example
from lstm_sym.example.solve import solve_to
from lstm_sym.pictured import Flow, Point, Series
from lstm_sym.worked import Entries, Solution

DIGITS = 6


def flow(example: Example, digits: int = DIGITS) -> Flow:
    """The sizes of the adjoints of the recurrent variables and of the output, to that many significant digits."""
    cell = example.cell
    solution = solve_to(example, Significant(digits))
    variables = dict.fromkeys((*(v for v in cell.variables if v in cell.recurrent), cell.output))
    return Flow(example.name, tuple(_series(solution, cell.adjoint(v).name) for v in variables), solution.rounding)


def _series(solution: Solution, quantity: str) -> Series:
    found = [value for value in solution.values if value.quantity == quantity and value.time is not None and value.time >= 0]
    points = (Point(value.time or 0, size(value.entries)) for value in found)
    return Series(quantity, tuple(sorted(points, key=lambda point: point.time)))


def size(entries: Entries) -> str:
    """The largest entry in size, without its sign; what no precision told from zero counts as zero."""
    sizes = [entry.removeprefix("-") for row in entries for entry in row]
    return max(("0" if text.startswith("0e-") else text for text in sizes), key=_number)


def _number(text: str) -> Fraction:
    return exact(text)

"""How often working from the printed numbers leads to another last digit than rounding the exact values.

Law: a line counts where the enclosure of what its printed operands give does not round to what is printed for it.
"""

from __future__ import annotations

from fractions import Fraction

from lstm_sym.evaluate.certify import endpoints
from lstm_sym.evaluate.rounding import Decimals
from lstm_sym.evaluate.schedule.program import Key
from lstm_sym.evaluate.schedule.run import scalars
from lstm_sym.example.example import Example
from lstm_sym.exercise.arithmetic import Arithmetic, Matrix
from lstm_sym.worked import Entries, Solution


def points(entries: Entries, half: Fraction = Fraction(0)) -> Matrix:
    """Printed entries as intervals of that half width."""
    return tuple(tuple((Fraction(entry), half) for entry in row) for row in entries)


def carried_apart(example: Example, solution: Solution) -> int:
    """The number of lines whose printed value is not what the printed numbers in it give."""
    arithmetic = Arithmetic(scalars(example.givens), Fraction(0))
    values: dict[Key, Matrix] = {(v.quantity, v.time): points(v.entries) for v in (*solution.givens, *solution.values)}
    rounding = Decimals(example.decimals)
    apart = 0
    for part in solution.parts:
        for line in part.lines:
            found = arithmetic.value(line.right, values)
            if found is None:
                continue
            text = [[rounding.text(*ends) if (ends := endpoints(entry)) else None for entry in row] for row in found]
            apart += text != [list(row) for row in line.value]
    return apart

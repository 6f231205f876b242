"""Random exact givens for a cell, and derivations, each derived once."""

import random
from fractions import Fraction
from functools import cache

from lstm_sym.calculus.derive import derive
from lstm_sym.cells import cell
from lstm_sym.evaluate.systems.givens import Givens
from lstm_sym.evaluate.systems.interpret import rational


@cache
def derivation(name):
    return derive(cell(name))


def random_givens(name, seed=1, n=2, m=3, steps=4, labelled=lambda step: step != 1):
    """Numbers of order one with three decimals, non-zero initial values, for a cell or the name of one."""
    declared, draw = cell(name) if isinstance(name, str) else name, random.Random(seed)
    sizes = {"n": Fraction(n), "m": Fraction(m)}

    def matrix(symbol):
        rows, columns = (int(rational(size, sizes)) for size in symbol.shape)
        return tuple(tuple(Fraction(draw.randint(-1500, 1500), 1000) for _ in range(columns)) for _ in range(rows))

    return Givens(
        sizes={"n": n, "m": m},
        parameters={symbol.name: matrix(symbol) for symbol in declared.parameters},
        inputs=[{symbol.name: matrix(symbol) for symbol in declared.inputs} for _ in range(steps)],
        labels=[matrix(declared.output) if labelled(step) else None for step in range(steps)],
        rate=Fraction(1, 10),
        initial={symbol.name: matrix(symbol) for symbol in declared.recurrent},
    )

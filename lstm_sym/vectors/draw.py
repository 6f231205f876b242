"""The givens of a case: weights, inputs, initial values and labels as exact numbers that each format of the package holds.

    weights   up to saturation / sqrt(columns)    biases   up to saturation    inputs, initial values, labels   up to 1

Law: every number has at most 8 significant bits and is at least 2^-12 in size or zero, so it is exact in float16, bfloat16,
float32 and float64 alike: one and the same exact network for all. Where that fails the case is refused.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from fractions import Fraction
from math import isqrt

from lstm_sym.errors import InputError
from lstm_sym.evaluate.systems.givens import Givens, Matrix
from lstm_sym.evaluate.systems.interpret import rational
from lstm_sym.evaluate.systems.rationals import fmpq
from lstm_sym.floating.formats import FORMATS
from lstm_sym.floating.rounding import rounded, value_of
from lstm_sym.symbols.nodes import Expression
from lstm_sym.vectors.case import Case

BITS = 8
FINEST = 12
RATE = Fraction(1, 8)


def givens_of(case: Case) -> Givens:
    """The exact givens of a case, drawn from its seed."""
    declared, draw, sizes = case.declared, random.Random(f"{case.name}"), case.sizes

    def matrix(symbol: Expression, bound: int = 1) -> Matrix:
        rows, columns = (int(rational(size, {k: Fraction(v) for k, v in sizes.items()})) for size in symbol.shape)
        limit = Fraction(bound, max(1, isqrt(columns)))
        return tuple(tuple(_number(draw, limit) for _ in range(columns)) for _ in range(rows))

    return Givens(
        sizes=sizes,
        parameters={symbol.name: matrix(symbol, case.saturation) for symbol in declared.parameters},
        initial={symbol.name: matrix(symbol) for symbol in declared.recurrent},
        inputs=[{symbol.name: matrix(symbol) for symbol in declared.inputs} for _ in range(case.steps)],
        labels=[matrix(declared.output) for _ in range(case.steps)],
        rate=RATE,
    )


def _number(draw: random.Random, limit: Fraction) -> Fraction:
    """A number between -limit and limit, cut to 8 significant bits and to multiples of 2^-12."""
    units = draw.randint(-(2**20), 2**20) * limit.numerator * 2**FINEST // (limit.denominator * 2**20)
    extra = max(abs(units).bit_length() - BITS, 0)
    size = abs(units) >> extra << extra
    return Fraction(size if units >= 0 else -size, 2**FINEST)


def check_exact(matrices: Iterable[tuple[str, Matrix]]) -> None:
    """Raises InputError for the first number that a format of the package does not hold exactly."""
    for name, matrix in matrices:
        for entry in (entry for row in matrix for entry in row):
            for format in FORMATS.values():
                if value_of(rounded(fmpq(entry), format), format) != fmpq(entry):
                    raise InputError(
                        f"an entry of {name}",
                        got=f"{entry}, which {format.name} does not hold exactly",
                        expected="a number of at most 8 significant bits within the range of float16",
                    )

"""Arb balls: rigorous enclosures of any precision, by python-flint.

Law: the true value lies in the ball. The precision holds inside `session()` only; afterwards flint's own setting is back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from math import prod
from typing import Any

import flint

from lstm_sym.errors import UnsupportedError
from lstm_sym.evaluate.systems.givens import Matrix
from lstm_sym.evaluate.systems.rationals import fmpq
from lstm_sym.evaluate.systems.system import InterpretedSystem

ZERO, ONE = flint.arb(0), flint.arb(1)


def _sigma(z: Any) -> Any:
    """The form whose exponential is below 1 where z is negative, so that no power overflows to an infinite ball."""
    if z < ZERO:
        e = z.exp()
        return e / (ONE + e)
    return ONE / (ONE + (-z).exp())


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "tanh": lambda z: z.tanh(),
    "sigma": _sigma,
}


class Balls(InterpretedSystem[Any]):
    """Matrices are flint.arb_mat; `precision` is the number of bits of a midpoint."""

    def __init__(self, precision: int) -> None:
        self.name = f"balls at {precision} bits"
        self.precision = precision

    def session(self) -> AbstractContextManager[Any]:
        context: AbstractContextManager[Any] = flint.ctx.workprec(self.precision)
        return context

    def matrix(self, rows: Matrix) -> Any:
        return flint.arb_mat([[flint.arb(fmpq(entry)) for entry in row] for row in rows])

    def entries(self, matrix: Any) -> list[list[Any]]:
        rows: list[list[Any]] = matrix.tolist()
        return rows

    def add(self, left: Any, right: Any) -> Any:
        return left + right

    def scale(self, coefficient: Fraction, matrix: Any) -> Any:
        return matrix * flint.arb(fmpq(coefficient))

    def product(self, left: Any, right: Any) -> Any:
        return left * right

    def hadamard(self, left: Any, right: Any) -> Any:
        return _like(left, [a * b for a, b in zip(left.entries(), right.entries(), strict=True)])

    def power(self, base: Any, exponent: int) -> Any:
        # by products: flint's own power of a ball around zero is not finite
        return _like(base, [prod([entry] * exponent, start=flint.arb(1)) for entry in base.entries()])

    def transpose(self, matrix: Any) -> Any:
        return matrix.transpose()

    def apply(self, function: str, matrix: Any) -> Any:
        if function not in ACTIVATIONS:
            raise UnsupportedError(
                f"activation {function} over balls",
                got="no rule",
                expected=f"one of {', '.join(ACTIVATIONS)}",
                advice="add it to ACTIVATIONS in lstm_sym/evaluate/systems/balls.py",
            )
        rule = ACTIVATIONS[function]
        return _like(matrix, [rule(entry) for entry in matrix.entries()])

    def stack(self, blocks: Sequence[Any]) -> Any:
        return flint.arb_mat([row for block in blocks for row in block.tolist()])


def _like(matrix: Any, entries: list[Any]) -> Any:
    return flint.arb_mat(matrix.nrows(), matrix.ncols(), entries)

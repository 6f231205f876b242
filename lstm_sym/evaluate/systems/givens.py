"""The givens of an evaluation: sizes, parameters, inputs and labels of every step, initial values, learning rate.

Law: every number is an exact rational; a step without a label contributes nothing to the loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Matrix = tuple[tuple[Fraction, ...], ...]
"""The rows of a matrix of exact rationals."""


@dataclass(frozen=True)
class Givens:
    """`inputs` maps names to columns, for each step; `initial` gives recurrent variables at time -1, zero if absent."""

    sizes: Mapping[str, int]
    parameters: Mapping[str, Matrix]
    inputs: Sequence[Mapping[str, Matrix]]
    labels: Sequence[Matrix | None]
    rate: Fraction
    initial: Mapping[str, Matrix] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """T, the index of the last step."""
        return len(self.inputs) - 1


def column(entries: Sequence[Fraction]) -> Matrix:
    return tuple((entry,) for entry in entries)


def zeros(rows: int, columns: int) -> Matrix:
    return ((Fraction(0),) * columns,) * rows


def shape(matrix: Matrix) -> tuple[int, int]:
    return len(matrix), len(matrix[0])

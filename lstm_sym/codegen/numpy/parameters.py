"""Copies of the parameters in the forms that products and entrywise lines read, one array for several blocks.

    across    h @ across is U_a h, U_i h, ... for rows h of a batch               blocks of (columns, rows), in panels
    affine    [x 1] @ affine is W_a x + b_a, W_i x + b_i, ...                     blocks of (columns + 1, rows), in panels
    down      d @ down is U_a^T d_a + U_i^T d_i + ... for rows d                  (blocks * rows, columns), in panels
    entries   a vector that meets the entries of a quantity                       (blocks, 1, rows)

Law: an array is named once. Panels are pieces of columns, each in one piece of memory, so narrow that a product needs no packing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr

from lstm_sym.codegen.names import Names, joined
from lstm_sym.symbols.leaves import Parameter

ACROSS, AFFINE, DOWN, ENTRIES = "across", "affine", "down", "entries"
SUFFIXES = {ACROSS: "_T", AFFINE: "_T"}


Signed = tuple[int, Parameter]


@dataclass(frozen=True)
class Copy:
    """One array: its attribute, the parameters that are its blocks, the signs with which they stand there, and its form."""

    attribute: str
    parameters: tuple[Parameter, ...]
    signs: tuple[int, ...]
    form: str

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.parameters[0].shape

    @property
    def blocks(self) -> int:
        """The number of blocks; in the affine form a weight and a bias make one."""
        return len(self.parameters) // 2 if self.form == AFFINE else len(self.parameters)


class Copies:
    """The arrays of parameters that the code reads."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.all: dict[tuple[tuple[Signed, ...], str], Copy] = {}

    def attribute(self, parameters: Sequence[Signed], form: str) -> str:
        """The attribute of the array of these parameters, each with its sign, in that form."""
        blocks = tuple(parameters)
        if (blocks, form) not in self.all:
            parts = [blocks[: len(blocks) // 2], blocks[len(blocks) // 2 :]] if form == AFFINE else [blocks]
            hint = "_".join(joined(parameter.name for _, parameter in part) for part in parts) + SUFFIXES.get(form, "")
            self.all[blocks, form] = Copy(
                self.names.of((blocks, form), hint), tuple(p for _, p in blocks), tuple(sign for sign, _ in blocks), form
            )
        return self.all[blocks, form].attribute

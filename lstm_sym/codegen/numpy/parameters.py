"""Copies of the parameters in the forms that products and entrywise lines read, one array for several blocks.

    across    h @ across is U_a h, U_i h, ... for rows h of a batch, in a loop       (columns, blocks * rows), or in tiles
    rows      the same for many steps at once                                       (columns, blocks * rows)
    together  d @ together is U_a^T d_a + U_i^T d_i + ..., in a loop                 (blocks * rows, columns), or in tiles
    down      the same for all steps at once                                        (blocks * rows, columns)
    entries   a vector that meets the entries of a quantity                         (blocks, 1, rows)

Law: an array is named once. Tiles are pieces of columns, so narrow that a product of them needs no packing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr

from lstm_sym.codegen.names import Names, joined
from lstm_sym.symbols.leaves import Parameter

ACROSS, ROWS, TOGETHER, DOWN, ENTRIES = "across", "rows", "together", "down", "entries"
SUFFIXES = {ACROSS: "_T", ROWS: "_T", TOGETHER: "_together"}


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


class Copies:
    """The arrays of parameters that the code reads."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.all: dict[tuple[tuple[Signed, ...], str], Copy] = {}

    def attribute(self, parameters: Sequence[Signed], form: str) -> str:
        """The attribute of the array of these parameters, each with its sign, in that form."""
        blocks = tuple(parameters)
        if len(blocks) == 1:
            form = {ROWS: ACROSS, TOGETHER: DOWN}.get(form, form)
        if (blocks, form) not in self.all:
            hint = joined(parameter.name for _, parameter in blocks) + SUFFIXES.get(form, "")
            self.all[blocks, form] = Copy(
                self.names.of((blocks, form), hint), tuple(p for _, p in blocks), tuple(sign for sign, _ in blocks), form
            )
        return self.all[blocks, form].attribute

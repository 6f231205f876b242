"""Copies of the parameters in the forms that products and entrywise lines read, one array for several blocks.

    across   (columns, blocks * rows)   h @ across is U_a h, U_i h, ... side by side, for rows h of a batch
    blocks   (blocks, columns, rows)    the same, one product a block
    down     (blocks * rows, columns)   d @ down is U_a^T d_a + U_i^T d_i + ...
    entries  (blocks, 1, rows)          a vector that meets the entries of a quantity

Law: an array is named once; a parameter that nothing reads is copied nowhere, but its shape is checked all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr

from lstm_sym.codegen.names import Names, joined
from lstm_sym.symbols.leaves import Parameter

ACROSS, BLOCKS, DOWN, ENTRIES = "across", "blocks", "down", "entries"


@dataclass(frozen=True)
class Copy:
    """One array: its attribute, the parameters that are its blocks, and its form."""

    attribute: str
    parameters: tuple[Parameter, ...]
    form: str

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.parameters[0].shape


class Copies:
    """The arrays of parameters that the code reads."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.all: dict[tuple[tuple[Parameter, ...], str], Copy] = {}

    def attribute(self, parameters: Sequence[Parameter], form: str) -> str:
        """The attribute of the array of these parameters in that form."""
        blocks = tuple(parameters)
        if form == BLOCKS and len(blocks) == 1:
            form = ACROSS
        if (blocks, form) not in self.all:
            hint = joined(parameter.name for parameter in blocks) + {ACROSS: "_T", BLOCKS: "_blocks"}.get(form, "")
            self.all[blocks, form] = Copy(self.names.of((blocks, form), hint), blocks, form)
        return self.all[blocks, form].attribute

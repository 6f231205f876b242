"""A worked example as it is read: cell, loss, exact givens, display."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.cell import Cell
from lstm_sym.evaluate.systems.givens import Givens

DEFAULT_DECIMALS = 5


@dataclass(frozen=True)
class Example:
    """`decimals` is how many digits after the point are shown where nothing else is asked."""

    name: str
    title: str
    cell: Cell
    loss: str
    givens: Givens
    decimals: int = DEFAULT_DECIMALS

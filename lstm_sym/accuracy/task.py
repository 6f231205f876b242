"""What an implementation is given, what it gives back, and the interface of a module that can be measured.

    forward(W_a=..., ..., x=..., out_initial=..., state_initial=...)  ->  {"out": (steps, n), ...}
    backward(the same arguments, label=...)                           ->  {"delta_W_a": ..., "delta_x": (steps, m), ...}

`label` is the derivative of the loss by the output of each step. Names and shapes are those of a pack; what is not returned is
not measured.

Law: what comes back is compared by name, and an unknown name or another shape is refused, so that nothing is measured by
accident.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy

from lstm_sym.cell import Cell
from lstm_sym.errors import InputError
from lstm_sym.floating.formats import Format
from lstm_sym.vectors.npz import mapped, nested
from lstm_sym.vectors.record import Solved

NUMPY_DTYPES = {"float16": numpy.float16, "float32": numpy.float32, "float64": numpy.float64}


@dataclass(frozen=True)
class Task:
    """A cell with the exact givens of a case, as arrays of float64 by name; each format holds them exactly."""

    cell: Cell
    format: Format
    solved: Solved
    arrays: Mapping[str, Any]

    @property
    def numpy_dtype(self) -> Any:
        """The dtype of NumPy; raises InputError for bfloat16, which NumPy has not."""
        if self.format.name not in NUMPY_DTYPES:
            raise InputError(
                f"dtype {self.format.name} in NumPy", got="no such dtype", expected=f"one of {', '.join(NUMPY_DTYPES)}"
            )
        return NUMPY_DTYPES[self.format.name]

    def given(self) -> dict[str, Any]:
        """Fresh arrays of the format in NumPy."""
        return {name: array.astype(self.numpy_dtype) for name, array in self.arrays.items()}


Results = Mapping[str, Any]


@dataclass(frozen=True)
class Implementation:
    """A name, what it is in words, the formats and cells that it knows (None: all), and how it is run."""

    name: str
    about: str
    run: Callable[[Task], Results]
    formats: tuple[str, ...]
    cells: tuple[str, ...] | None = None


def task(solved: Solved, cell: Cell, format: Format) -> Task:
    """The task of a solved case."""
    given = nested(solved.given, cell)
    arrays = {name: mapped(entries, lambda number: float(number.decimal), "f8") for name, entries in given.items()}
    return Task(cell, format, solved, arrays)

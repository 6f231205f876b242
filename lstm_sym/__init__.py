"""Derive, prove, typeset and evaluate backpropagation through time of declared recurrent cells.

Law: importing this package loads nothing; each public name is loaded from its own module when it is first used.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstm_sym.calculus.derive import derive
    from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
    from lstm_sym.cells import CELLS
    from lstm_sym.cells import cell as load_cell
    from lstm_sym.code.checking.floats import verify_floats
    from lstm_sym.code.checking.verify import verify_gradient
    from lstm_sym.drawing import picture
    from lstm_sym.errors import LstmSymError
    from lstm_sym.example.solve import solve
    from lstm_sym.notes.audit import audit
    from lstm_sym.notes.example_file import load_example
    from lstm_sym.proof.prove import prove
    from lstm_sym.symbols.applied import sigma, tanh
    from lstm_sym.symbols.nodes import odot
    from lstm_sym.symbols.scalars import m, n

_HOMES: dict[str, str] = {
    "CELLS": "cells",
    "Cell": "cell",
    "LstmSymError": "errors",
    "audit": "notes.audit",
    "biases": "cell",
    "define": "cell",
    "derive": "calculus.derive",
    "inputs": "cell",
    "load_cell": "cells:cell",
    "load_example": "notes.example_file",
    "m": "symbols.scalars",
    "n": "symbols.scalars",
    "odot": "symbols.nodes",
    "picture": "drawing",
    "prove": "proof.prove",
    "sigma": "symbols.applied",
    "solve": "example.solve",
    "tanh": "symbols.applied",
    "variables": "cell",
    "verify_floats": "code.checking.floats",
    "verify_gradient": "code.checking.verify",
    "weights": "cell",
}
"""Public name: the module that holds it, and its name there where that differs."""

__all__ = [
    "CELLS",
    "Cell",
    "LstmSymError",
    "audit",
    "biases",
    "define",
    "derive",
    "inputs",
    "load_cell",
    "load_example",
    "m",
    "n",
    "odot",
    "picture",
    "prove",
    "sigma",
    "solve",
    "tanh",
    "variables",
    "verify_floats",
    "verify_gradient",
    "weights",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'lstm_sym' has no attribute {name!r}; public names: {', '.join(__all__)}")
    from importlib import import_module

    module, _, its_name = _HOMES[name].partition(":")
    found = getattr(import_module(f"lstm_sym.{module}"), its_name or name)
    globals()[name] = found
    if "IPython" in sys.modules:
        _show_in_notebook()
    return found


def _show_in_notebook() -> None:
    from lstm_sym import notebook

    if notebook.is_running():
        notebook.register()


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""Hand-written backward code, verified by running it on scalars that know their expression.

verify_gradient compares gradient(**arguments) with the derivative of loss(**arguments); verify_file does so for a file in a
process of its own; verify_floats compares floats with certified enclosures where a function runs on floats only.
"""

from __future__ import annotations

from typing import Any

__all__ = ["verify_file", "verify_floats", "verify_gradient"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    homes = {"verify_gradient": "verify", "verify_file": "process", "verify_floats": "floats"}
    if name in homes:
        return getattr(import_module(f"lstm_sym.code.{homes[name]}"), name)
    raise AttributeError(f"module 'lstm_sym.code' has no attribute {name!r}")

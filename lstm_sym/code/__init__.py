"""Hand-written backward code, verified by running it on scalars that know their expression.

verify_gradient compares gradient(**arguments) with the derivative of loss(**arguments); verify_file does so for a file in a
process of its own; verify_floats compares floats with certified enclosures where a function runs on floats only.

    scalars    numbers that know their expression      checking    judge, cause, report
    running    one run of the user's functions         file        a user's file in a process of its own
    mistakes   named mistakes, planted                 plugin      the pytest fixture

Law: rooms import in the order scalars, running, mistakes, checking, then file and plugin.
"""

from __future__ import annotations

from typing import Any

__all__ = ["verify_file", "verify_floats", "verify_gradient"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    homes = {"verify_gradient": "checking.verify", "verify_file": "file.process", "verify_floats": "checking.floats"}
    if name in homes:
        return getattr(import_module(f"lstm_sym.code.{homes[name]}"), name)
    raise AttributeError(f"module 'lstm_sym.code' has no attribute {name!r}")

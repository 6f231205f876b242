"""`lstm-sym report`: the derivation and a worked example as one document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lstm_sym.cli.options import ExampleArgument


def report(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write to; made if it is not there.")],
    example: ExampleArgument = None,
) -> int:
    """Write the derivation and a worked example as LaTeX, and as PDF where a TeX engine is installed; say what was proved."""
    raise NotImplementedError

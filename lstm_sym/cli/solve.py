"""`lstm-sym solve`: every value of a worked example."""

from __future__ import annotations

from typing import Annotated

import typer

from lstm_sym.cli.options import ExampleArgument, Format, FormatOption


def solve(
    example: ExampleArgument = None,
    digits: Annotated[str | None, typer.Option(metavar="N", help="Digits shown, 1 to 100000; without it, the example's.")] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Work an example out: forward, loss, backward, gradients, update; every digit shown is certified."""
    raise NotImplementedError

"""`lstm-sym verify`: the backward pass in somebody's file, against the derivative of its loss."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lstm_sym.cli.failures import BAD_INPUT, NOT_PROVED
from lstm_sym.cli.options import TableFormat, TableFormatOption
from lstm_sym.cli.terminal import show, working


def verify_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A Python file or a notebook.")],
    loss: Annotated[str, typer.Option(help="Name of the loss: loss(**arguments) gives one number.")] = "loss",
    gradient: Annotated[str, typer.Option(help="Name of the gradient: gradient(**arguments) gives {name: array}.")] = "gradient",
    arguments: Annotated[str, typer.Option(help="Name of the dictionary of arrays, or of shapes.")] = "arguments",
    definitions_only: Annotated[bool, typer.Option("--definitions-only", help="Run imports, defs and constants only.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the points.")] = 20,
    seconds: Annotated[int, typer.Option(min=1, help="Limit on time.")] = 120,
    memory: Annotated[int, typer.Option(min=256, help="Limit on memory, in MiB.")] = 4096,
    format: TableFormatOption = TableFormat.TEXT,
) -> int:
    """Verify a hand-written backward pass: proof, not finite differences.

    The file is run, in a process with limits on time and memory. That is no sandbox: run no file that you would not run yourself.

    Exit code 0: no gradient is wrong; 1: one is refuted; 2: nothing could be decided.
    """
    from lstm_sym.code.file.process import verify_file

    with working(f"running {file.name}"):
        report = verify_file(
            file,
            loss=loss,
            gradient=gradient,
            arguments=arguments,
            definitions_only=definitions_only,
            seed=seed,
            seconds=seconds,
            memory_mib=memory,
        )
    if format is TableFormat.JSON:
        from lstm_sym.cli.records import json_text

        show(json_text(report.record))
    else:
        show(report.text + "\n")
    return NOT_PROVED if report.refuted else 0 if report.ran else BAD_INPUT

"""The commands of `lstm-sym`, in a table. To add one, write its file and its row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from lstm_sym.cli.accuracy import accuracy
from lstm_sym.cli.audit import audit_command
from lstm_sym.cli.cells import cells
from lstm_sym.cli.codegen import codegen_command
from lstm_sym.cli.derive import derive
from lstm_sym.cli.failures import reported
from lstm_sym.cli.figure import figure
from lstm_sym.cli.mark import mark_command
from lstm_sym.cli.report import report
from lstm_sym.cli.solve import solve
from lstm_sym.cli.stability import stability
from lstm_sym.cli.vectors import vectors
from lstm_sym.cli.verify import verify_command
from lstm_sym.cli.worksheet import worksheet

COMMANDS: dict[str, Callable[..., Any]] = {
    "report": report,
    "derive": derive,
    "solve": solve,
    "figure": figure,
    "cells": cells,
    "audit": audit_command,
    "verify": verify_command,
    "vectors": vectors,
    "accuracy": accuracy,
    "stability": stability,
    "worksheet": worksheet,
    "mark": mark_command,
    "codegen": codegen_command,
}

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _name, _command in COMMANDS.items():
    app.command(_name)(reported(_command))


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"lstm-sym {version('lstm-sym')}")
        raise typer.Exit


VersionOption = Annotated[bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)]


@app.callback()
def lstm_sym(version: VersionOption = False) -> None:
    """Derive, prove, typeset and evaluate backpropagation through time of recurrent cells."""

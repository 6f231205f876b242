"""What a command's failure becomes: one message on standard error and an exit code, never a traceback for what a user can cause.

LstmSymError, OSError    2      an error of the program    70, with its traceback
Ctrl-C                   130    closed pipe                141
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from lstm_sym.cli.terminal import MANNER, Manner, printable
from lstm_sym.errors import LstmSymError

NOT_PROVED = 1
BAD_INPUT = 2
PROGRAM_ERROR = 70
INTERRUPTED = 130
READER_GONE = 141


MANNERS = {
    "quiet": Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress, no words about files written: answer and exit code only.")
    ],
    "no_color": Annotated[bool, typer.Option("--no-color", help="No colour; the variable NO_COLOR does the same.")],
}
"""The options of every command."""


def reported(command: Callable[..., Any]) -> Callable[..., None]:
    """The command with the options that all have, and with its failures turned into messages and exit codes."""

    @wraps(command)
    def run(*arguments: Any, quiet: bool = False, no_color: bool = False, **options: Any) -> None:
        manner = MANNER.set(Manner(no_color, quiet))
        try:
            code = _exit_code(lambda: command(*arguments, **options))
        finally:
            MANNER.reset(manner)
        if code:
            raise typer.Exit(code)

    own = inspect.signature(command, eval_str=True)
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=kind) for name, kind in MANNERS.items()
    ]
    run.__signature__ = own.replace(parameters=[*own.parameters.values(), *more])  # type: ignore[attr-defined]  # what typer reads
    return run


def _exit_code(command: Callable[[], int | None]) -> int:
    try:
        code = command()
        if sys.stdout is not None:
            sys.stdout.flush()
    except LstmSymError as error:
        return _refuse(str(error))
    except BrokenPipeError:
        _discard_output()
        return READER_GONE
    except OSError as error:
        _discard_output()
        subject = f"{error.filename}: " if error.filename else ""
        return _refuse(f"{subject}{error.strerror or error}")
    except KeyboardInterrupt:
        typer.echo("lstm-sym: interrupted", err=True)
        return INTERRUPTED
    except Exception:
        return _confess()
    return code or 0


def _refuse(message: str) -> int:
    typer.echo(f"lstm-sym: {' '.join(printable(message).split())}", err=True)
    return BAD_INPUT


def _confess() -> int:
    import traceback

    traceback.print_exc()
    typer.echo("lstm-sym: this is an error of lstm-sym, not of its input; please report it with the lines above", err=True)
    return PROGRAM_ERROR


def _discard_output() -> None:
    """Sends what is still buffered for standard output nowhere, so that the interpreter's last flush cannot fail again."""
    try:
        descriptor = sys.stdout.fileno()
    except (AttributeError, OSError, ValueError):
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)

"""Printing an answer: on a terminal with the verdicts in colour, elsewhere as plain text, byte for byte the same characters.

Laws: colour only on a terminal, and not where NO_COLOR is set or TERM is dumb; lines are never broken or padded; characters
that would steer a terminal are shown, not sent; a sign of work in progress goes to standard error, to a terminal only, and not
where quiet is asked for. Rich is imported only where it is used.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

import typer

STYLES = {"PROVED": "green", "SUPPORTED": "cyan", "UNKNOWN": "yellow", "REFUTED": "bold red"}


Item = TypeVar("Item")


@dataclass(frozen=True)
class Manner:
    """How a command speaks: without colour; without signs of work and without words about what it wrote."""

    no_color: bool = False
    quiet: bool = False


PLAIN = Manner()
MANNER: ContextVar[Manner] = ContextVar("MANNER", default=PLAIN)
"""The manner of the command that runs."""

STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Control characters and those that change the direction of writing; tab and line break are none of them."""


def printable(text: str) -> str:
    """The text with every steering character written as its escape, in the form that JSON allows too."""
    return STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def show(text: str) -> None:
    """Prints an answer, which ends with a line break of its own."""
    text = printable(text)
    if _coloured():
        from rich.console import Console
        from rich.text import Text

        shown = Text(text, end="")
        for word, style in STYLES.items():
            shown.highlight_words([word], style)
        Console(highlight=False).print(shown, soft_wrap=True, end="")
    else:
        typer.echo(text, nl=False)


def tell(text: str) -> None:
    """Prints words about an answer that is in files; nothing where quiet is asked for."""
    if not MANNER.get().quiet:
        show(text)


def _coloured() -> bool:
    refused = MANNER.get().no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return _is_terminal(sys.stdout) and not refused


def _is_watched() -> bool:
    """Whether somebody sees signs of work in progress, and wants them."""
    return _is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb" and not MANNER.get().quiet


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())


@contextmanager
def working(on: str) -> Iterator[None]:
    """Says on a terminal what the program is doing, until it is done."""
    if not _is_watched():
        yield
        return
    from rich.console import Console

    with Console(stderr=True, no_color=MANNER.get().no_color or None).status(on):
        yield


def each(items: Sequence[Item], on: str) -> Iterator[Item]:
    """The items one by one; a bar on a terminal says how many are done and how long the rest takes."""
    if len(items) < 2 or not _is_watched():
        with working(on):
            yield from items
        return
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True, no_color=MANNER.get().no_color or None)
    yield from track(items, on, console=console, transient=True)

"""Errors that say which object, what was got, what was expected and what to do.

Every error that a user can cause is a `LstmSymError`; the command line prints it as one message and exits with code 2.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where in a text: file, line and column, counted from 1; what is unknown is None."""

    file: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class LstmSymError(Exception):
    """One message: place, subject, got, expected, advice. Parts that are absent are left out."""

    def __init__(
        self,
        subject: str,
        *,
        got: str | None = None,
        expected: str | None = None,
        advice: str | None = None,
        place: Place | None = None,
    ) -> None:
        self.subject, self.got, self.expected, self.advice, self.place = subject, got, expected, advice, place
        super().__init__(self._message())

    def _message(self) -> str:
        head = f"{self.place}: {self.subject}" if self.place and str(self.place) else self.subject
        details = [
            f"{label} {text}"
            for label, text in (("got", self.got), ("expected", self.expected), ("to mend it:", self.advice))
            if text is not None
        ]
        return "; ".join([head, *details])


class DeclarationError(LstmSymError):
    """A cell, symbol or expression is declared wrongly: undefined or doubly defined, shapes, looking ahead."""


class InputError(LstmSymError):
    """A file, option or value from the user cannot be used."""


class UnsupportedError(LstmSymError):
    """A node or number system without a rule for it; the message says what to add, and where."""

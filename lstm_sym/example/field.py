"""One value of a TOML file with its place: what it can be read as, and the error if it is something else.

Law: an error names the file, the line where it can be found, the key, what stands there, what is expected and what to do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from lstm_sym.errors import InputError
from lstm_sym.evaluate.systems.givens import Matrix
from lstm_sym.example.decimals import DecimalText, NotANumberError, exact
from lstm_sym.example.source import KeyPath, Source

KINDS = {bool: "true or false", str: "a text", list: "a list", dict: "a table", int: "a whole number", DecimalText: "a number"}


@dataclass(frozen=True)
class Field:
    """The value at a key path of the source."""

    source: Source
    path: KeyPath
    value: Any

    @property
    def name(self) -> str:
        text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        return text.removeprefix(".") or "the file"

    def error(self, got: str, expected: str, advice: str | None = None) -> InputError:
        return InputError(self.name, got=got, expected=expected, advice=advice, place=self.source.place(self.path))

    def kind(self) -> str:
        return KINDS.get(type(self.value), f"a {type(self.value).__name__}")

    def child(self, key: str | int) -> Field:
        return Field(self.source, (*self.path, key), self.value[key])

    def has(self, key: str) -> bool:
        return key in self.value

    def table(self, known: Collection[str], required: Collection[str] = ()) -> Field:
        """Itself, if it is a table with all required keys and only known ones."""
        if not isinstance(self.value, dict):
            raise self.error(self.kind(), "a table")
        for key in self.value:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                where = Field(self.source, (*self.path, key), None)
                raise where.error("an unknown key", f"one of {', '.join(known)}", f"write {near[0]}" if near else "remove it")
        for key in required:
            if key not in self.value:
                raise self.error(f"no {key}", f"a value for {key}", f"add {key} = ...")
        return self

    def items(self) -> Iterator[Field]:
        """The entries of a list that is not empty."""
        if not isinstance(self.value, list):
            raise self.error(self.kind(), "a list")
        if not self.value:
            raise self.error("an empty list", "at least one entry")
        return (self.child(position) for position in range(len(self.value)))

    def text(self, choices: Collection[str] = ()) -> str:
        if not isinstance(self.value, str) or isinstance(self.value, DecimalText) or not 1 <= len(self.value) <= 200:
            raise self.error(
                self.kind() if not isinstance(self.value, str) else "another length", "a text of 1 to 200 characters"
            )
        if choices and self.value not in choices:
            near = get_close_matches(self.value, choices, n=1)
            raise self.error(repr(self.value[:60]), f"one of {', '.join(choices)}", f"write {near[0]!r}" if near else None)
        return self.value

    def integer(self, least: int, most: int) -> int:
        if type(self.value) is not int or not least <= self.value <= most:
            got = _short(self.value) if type(self.value) is int else self.kind()
            raise self.error(got, f"a whole number from {least} to {most}")
        return self.value

    def number(self) -> Fraction:
        """A number as a TOML number or as decimal text, exactly."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | str):
            raise self.error(self.kind(), "a decimal number")
        if isinstance(self.value, int) and self.value.bit_length() > 7000:
            raise self.error("a whole number of more than 2000 digits", "a decimal number of at most 2000 characters")
        text = self.value.replace("_", "") if isinstance(self.value, DecimalText) else str(self.value)
        try:
            return exact(text)
        except NotANumberError as error:
            raise self.error(str(error), "a decimal number such as 0.45", "write a finite decimal number") from error

    def positive(self) -> Fraction:
        """A number above zero."""
        number = self.number()
        if number <= 0:
            raise self.error(str(self.value)[:60], "a number above zero")
        return number

    def matrix(self) -> Matrix:
        """A number, a list of numbers (a column) or a list of rows."""
        if not isinstance(self.value, list):
            return ((self.number(),),)
        entries = list(self.items())
        if not isinstance(entries[0].value, list):
            return tuple((entry.number(),) for entry in entries)
        rows = tuple(tuple(entry.number() for entry in row.items()) for row in entries)
        for position, row in enumerate(rows):
            if len(row) != len(rows[0]):
                raise entries[position].error(f"{len(row)} entries", f"{len(rows[0])}, as in the first row")
        return rows


def _short(number: int) -> str:
    return str(number) if number.bit_length() < 100 else "a number of more than 30 digits"

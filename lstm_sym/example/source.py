"""A TOML file with its text, so that an error can name file, key and line.

Law: whatever cannot be read as TOML becomes one InputError with the place; numbers stay text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_sym.errors import InputError, Place
from lstm_sym.example.decimals import DecimalText

MAX_BYTES = 16_000_000

KeyPath = tuple[str | int, ...]
HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.\-]+)\s*\]\]?")
ASSIGNMENT = re.compile(r"\s*[\"']?([A-Za-z0-9_\-]+)[\"']?\s*=")
AT = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True)
class Source:
    """The text of a file, and where it came from."""

    file: str
    text: str

    def parse(self) -> Mapping[str, Any]:
        """The tables of the file; floats are DecimalText."""
        try:
            return tomllib.loads(self.text, parse_float=DecimalText)
        except tomllib.TOMLDecodeError as error:
            found = AT.search(str(error))
            line, column = (int(number) for number in found.groups()) if found else (None, None)
            raise self._unreadable(AT.sub("", str(error)).strip(), Place(self.file, line, column)) from error
        except (ValueError, RecursionError) as error:
            # a whole number beyond Python's limit of digits, or arrays nested thousands deep
            raise self._unreadable(str(error).split(";")[0], Place(self.file)) from error

    def _unreadable(self, reason: str, place: Place) -> InputError:
        return InputError("not valid TOML", got=reason, expected="a file such as worksheet.toml", place=place)

    def place(self, path: KeyPath) -> Place:
        """The file and, where it can be found, the line that sets the key at this path."""
        keys = [part for part in path if isinstance(part, str)]
        position = next((part for part in path if isinstance(part, int)), 0) if keys[:1] == ["steps"] else 0
        return Place(self.file, self._line(keys, position))

    def _line(self, keys: list[str], position: int) -> int | None:
        """The line of the key, in the table that holds it; `position` counts the tables of an array of tables."""
        table, seen = "", -1
        for number, line in enumerate(self.text.splitlines(), start=1):
            header, assigned = HEADER.match(line), ASSIGNMENT.match(line)
            if header:
                table = header[1]
                seen += table == keys[0] if keys else 0
                if keys == [table] and seen == position:
                    return number
            elif assigned and ([table, assigned[1]] if table else [assigned[1]]) == keys[:2] and seen in (-1, position):
                return number
        return None


def read_source(path: str | Path) -> Source:
    """The text of the file; raises InputError where it cannot be opened, is too large, or is not UTF-8 text."""
    file = str(path)
    try:
        with open(path, "rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError("the file cannot be read", got=reason, expected="a readable TOML file", place=Place(file)) from error
    if len(content) > MAX_BYTES:
        raise InputError(
            "the file is too large", got=f"more than {MAX_BYTES} bytes", expected="at most that many", place=Place(file)
        )
    try:
        return Source(file, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(
            "not a text file",
            got=f"a byte that is not UTF-8 at offset {error.start}",
            expected="TOML text in UTF-8",
            place=Place(file),
        ) from error

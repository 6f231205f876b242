"""Answers of a student from a TOML, JSON or CSV file.

    out_0 = "0.5363"        delta_W_a = [["-0.0267", "-0.0922"]]        CSV: out_0,0.5363  or  delta_W_a,-0.0267,-0.0922

Laws: numbers are read exactly from their text; a blank is a missing answer; what is no number, an unknown quantity or another
number of entries is an error with file and line.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any

from lstm_sym.errors import InputError, Place
from lstm_sym.example.decimals import DecimalText, NotANumberError, exact
from lstm_sym.example.source import Source, read_source
from lstm_sym.sheet import Asked
from lstm_sym.worked import Entries

SUFFIXES = (".toml", ".json", ".csv")


def read_answers(path: str | Path, asked: Sequence[Asked]) -> dict[str, Entries]:
    """The answers by label, as their authors wrote them; missing ones are left out."""
    source = read_source(path)
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"answers {source.file}", got=f"a file {suffix or 'without suffix'}", expected=f"one of {', '.join(SUFFIXES)}"
        )
    data = {".toml": _toml, ".json": _json, ".csv": _csv}[suffix](source)
    shapes = {one.label: (len(one.line.value), len(one.line.value[0])) for one in asked}
    found = {}
    for label, value in data.items():
        place = Place(source.file, _line(source, str(label)))
        if label not in shapes:
            near = get_close_matches(str(label), shapes, n=1)
            advice = f"write {near[0]}" if near else None
            raise InputError(
                str(label)[:60],
                got="a quantity that is not asked for",
                expected="one of the key's quantities",
                advice=advice,
                place=place,
            )
        entries = _entries(str(label), value, shapes[label], place)
        if entries is not None:
            found[label] = entries
    return found


def numbers(entries: Entries) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(exact(entry) for entry in row) for row in entries)


def _toml(source: Source) -> Mapping[str, Any]:
    return source.parse()


def _json(source: Source) -> Mapping[str, Any]:
    try:
        data = json.loads(source.text, parse_float=DecimalText, parse_int=DecimalText, parse_constant=DecimalText)
    except json.JSONDecodeError as error:
        place = Place(source.file, error.lineno, error.colno)
        raise InputError("not valid JSON", got=error.msg, expected="answers by quantity", place=place) from error
    except RecursionError as error:
        raise InputError(
            "not valid JSON", got="lists too deep", expected="answers by quantity", place=Place(source.file)
        ) from error
    if not isinstance(data, dict):
        raise InputError("the answers", got="no object", expected='{"out_0": "0.5363", ...}', place=Place(source.file))
    return data


def _csv(source: Source) -> Mapping[str, Any]:
    """A line for each quantity: its label, then its entries row by row."""
    found: dict[str, Any] = {}
    for number, row in enumerate(csv.reader(io.StringIO(source.text)), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if cells[0] in found:
            raise InputError(
                cells[0][:60], got="a second line for it", expected="one line each", place=Place(source.file, number)
            )
        found[cells[0]] = cells[1:]
    return found


def _entries(label: str, value: Any, shape: tuple[int, int], place: Place) -> Entries | None:
    """The entries in rows; None where all are blank. A list of all entries row by row will do."""
    flat = _flat(value)
    count = shape[0] * shape[1]
    texts = [
        str(entry).replace("−", "-").replace("_", "").strip()
        if isinstance(entry, str | int) and not isinstance(entry, bool)
        else None
        for entry in flat
    ]
    if all(text == "" for text in texts):
        return None
    if len(texts) != count:
        raise InputError(label, got=f"{len(texts)} entries", expected=f"{count}, {shape[0]} x {shape[1]} row by row", place=place)
    for text, entry in zip(texts, flat, strict=True):
        try:
            if text is None:
                raise NotANumberError(f"{str(entry)[:40]!r}, which is no number")
            exact(text)
        except NotANumberError as error:
            raise InputError(
                label,
                got=str(error) if text != "" else "a blank among numbers",
                expected="a decimal number such as -0.0534",
                place=place,
            ) from error
    kept = [str(text) for text in texts]
    return tuple(tuple(kept[row * shape[1] : (row + 1) * shape[1]]) for row in range(shape[0]))


def _flat(value: Any) -> list[Any]:
    if not isinstance(value, list):
        return [value]
    return [inner for entry in value for inner in (entry if isinstance(entry, list) else [entry])]


def _line(source: Source, label: str) -> int | None:
    """The first line that begins with the label."""
    start = re.compile(rf"[\s{{,]*[\"']?{re.escape(label)}[\"']?\s*[=:,]")
    return next((number for number, line in enumerate(source.text.splitlines(), start=1) if start.match(line)), None)

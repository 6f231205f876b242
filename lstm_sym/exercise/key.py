"""The key of a sheet: its example, what is asked, and the exact values rounded; as JSON, in the schema docs/key.schema.json.

Laws: the key holds the example itself, so that marking needs no other file but that of a cell which is none of the package; a key
whose values are not those of its example is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_sym.calculus.derive import derive
from lstm_sym.cell import Cell
from lstm_sym.errors import InputError, LstmSymError, Place
from lstm_sym.example.example import Example
from lstm_sym.example.reader import CellReader, parse_example
from lstm_sym.example.solve import solve
from lstm_sym.example.source import Source
from lstm_sym.exercise.draw import Options, asked_lines, draw
from lstm_sym.exercise.source import example_text
from lstm_sym.sheet import PARTS, Asked, Sheet
from lstm_sym.worked import Line, Solution

FORMAT = 1
MAX_BYTES = 4_000_000


@dataclass(frozen=True)
class Key:
    """A key with its example worked out; `asked` is in the order of the sheet."""

    name: str
    example: Example
    solution: Solution
    asked: tuple[Asked, ...]


def sheet(cell: Cell, options: Options, seed: int, parts: Sequence[str] = tuple(PARTS), file: str = "") -> Sheet:
    """The sheet of that seed; `file` will declare the cell where that is none of the package."""
    letters = part_letters(parts)
    example, solution = draw(cell, options, seed)
    return Sheet(example.name, seed, options.decimals, derive(cell), solution, letters, example_text(example, file))


def part_letters(parts: Sequence[str]) -> tuple[str, ...]:
    """The letters of the named parts in the order of the sheet; raises InputError."""
    for part in parts:
        if part not in PARTS:
            raise InputError(f"part {part[:40]!r}", got="no part of that name", expected=f"some of {', '.join(PARTS)}")
    if not parts:
        raise InputError("--parts", got="nothing", expected=f"some of {', '.join(PARTS)}")
    return tuple(letter for name, letter in PARTS.items() if name in parts)


def asked(solution: Solution, letters: Sequence[str]) -> tuple[Asked, ...]:
    """What the parts with these letters ask for; what is zero without calculation is not asked."""
    kept = set(map(id, asked_lines(solution)))
    return tuple(
        Asked(label(line), part.key, part.title, line)
        for part in solution.parts
        if part.key in letters
        for line in part.lines
        if id(line) in kept and line.numbers
    )


def label(line: Line) -> str:
    """out_0 for out at t = 0; delta_W_a where there is no time."""
    name: str = line.left.name
    return name if line.time is None else f"{name}_{_time(line)}"


def _time(line: Line) -> int:
    """The time of the left side, which may be one before that of its step."""
    time: Any = getattr(line.left, "time", line.time)
    return int(time)


def key_text(given: Sheet) -> str:
    """The key as JSON."""
    quantities = [
        {"label": one.label, "part": one.part, "shape": [len(one.line.value), len(one.line.value[0])], "value": one.line.value}
        for one in asked(given.solution, given.asked)
    ]
    record = {
        "format": FORMAT,
        "name": given.name,
        "seed": given.seed,
        "decimals": given.decimals,
        "parts": [name for name, letter in PARTS.items() if letter in given.asked],
        "quantities": quantities,
        "example": given.source,
    }
    return json.dumps(record, indent=2) + "\n"


def template_text(given: Sheet) -> str:
    """A blank form for the answers, as TOML."""
    return "\n".join(_form(given)) + "\n"


def _form(given: Sheet) -> Iterator[str]:
    yield f"# Answers to {given.name}, to {given.decimals} decimals: a number between each pair of quotes; blank is no answer."
    title = ""
    for one in asked(given.solution, given.asked):
        if one.title != title:
            title = one.title
            yield from ("", f"# ({one.part}) {title}")
        rows = ["[" + ", ".join('""' for _ in row) + "]" for row in one.line.value]
        flat = len(one.line.value[0]) == 1
        blank = '""' if flat and len(rows) == 1 else f"[{', '.join(row[1:-1] if flat else row for row in rows)}]"
        yield f"{one.label} = {blank}"


def read_key(path: str | Path, cell_from: CellReader | None = None) -> Key:
    """The key in a file; `cell_from` reads a cell that a file beside it declares. Raises InputError with file and line."""
    file = str(path)
    try:
        with open(path, "rb") as stream:
            content = stream.read(MAX_BYTES).decode("utf-8-sig")
        record = json.loads(content)
    except OSError as error:
        raise InputError(
            "the key cannot be read", got=error.strerror, expected="a key from worksheet", place=Place(file)
        ) from error
    except json.JSONDecodeError as error:
        raise InputError(
            "not valid JSON", got=error.msg, expected="a key from worksheet", place=Place(file, error.lineno)
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError("not a key", got="no JSON text", expected="a key from worksheet", place=Place(file)) from error
    return _checked(record, file, cell_from)


def _checked(record: Any, file: str, cell_from: CellReader | None) -> Key:
    names = ("format", "name", "decimals", "parts", "quantities", "example")
    missing = [name for name in names if not isinstance(record, dict) or name not in record]
    if missing or record["format"] != FORMAT or not isinstance(record["example"], str):
        got = f"no {missing[0]}" if missing else f"format {record['format']!r}"
        raise InputError("not a key", got=got, expected=f"format {FORMAT}, as worksheet writes it", place=Place(file))
    try:
        example = parse_example(Source(f"{file} (its example)", record["example"]), str(record["name"]), cell_from)
        letters = part_letters(record["parts"])
    except (LstmSymError, TypeError) as error:
        raise InputError("the key's example", got=str(error)[:200], expected="a worked example", place=Place(file)) from error
    solution = solve(example)
    found = asked(solution, letters)
    values = {one.label: [list(row) for row in one.line.value] for one in found}
    stated = record["quantities"] if isinstance(record["quantities"], list) else []
    if {q.get("label"): q.get("value") for q in stated if isinstance(q, dict)} != values:
        advice = "write the key anew from its seed"
        raise InputError(
            "the key's values", got="others than its example has", expected="unchanged values", advice=advice, place=Place(file)
        )
    return Key(str(record["name"]), example, solution, found)

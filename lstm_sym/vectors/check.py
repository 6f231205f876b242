"""Checks a pack: checksums first, then every case is computed again and compared to the byte.

Law: a pack is right only where nothing is missing, nothing was added, each checksum agrees, and each file is what its name
says. A checksum alone shows that a file was not changed by accident; that its numbers are true is what computing them again
shows.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lstm_sym.cell import Cell
from lstm_sym.errors import InputError, LstmSymError
from lstm_sym.floating.formats import Format, floating_format
from lstm_sym.losses import LOSSES
from lstm_sym.notes.declaration import Declaration, declaration
from lstm_sym.vectors.case import LINEAR, Case
from lstm_sym.vectors.pack import MANIFEST, SUMS, case_files, other_files
from lstm_sym.vectors.record import solve_case

LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_][A-Za-z0-9_.-]*)")
NAME = re.compile(r"(\w+?)_m(\d{1,4})_n(\d{1,4})_steps(\d{1,4})_sat(\d{1,4})_seed(\d{1,10})(?:_(\w+))?", re.ASCII)


@dataclass(frozen=True)
class Problem:
    """A file of a pack, and what is wrong with it."""

    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


@dataclass(frozen=True)
class Checked:
    """What was looked at, and every problem."""

    files: int
    cases: int
    problems: tuple[Problem, ...]


def check(folder: Path) -> Checked:
    """Checks the pack in a folder; raises InputError where there is no pack."""
    sums = _sums(folder)
    contents = {name: _content(folder / name) for name in sums}
    problems = list(_changed(folder, sums, contents))
    if problems:
        return Checked(len(sums), 0, tuple(problems))
    try:
        cases, formats, declarations = _manifest(folder, contents.get(MANIFEST))
    except (LstmSymError, KeyError, TypeError, ValueError) as error:
        return Checked(len(sums), 0, (Problem(MANIFEST, f"not a manifest of this version: {error}"),))
    return Checked(len(sums), len(cases), tuple(_different(contents, cases, formats, declarations)))


def _sums(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not ASCII text"
        raise InputError(
            f"{folder / SUMS}", got=reason, expected="the checksums of a pack that `lstm-sym vectors` wrote"
        ) from error
    found = [LINE.fullmatch(line) for line in lines]
    if not found or None in found:
        number = found.index(None) + 1 if found else 1
        raise InputError(f"{folder / SUMS}:{number}", got="another line", expected="a SHA-256, two spaces and a file name")
    return {line[2]: line[1] for line in found if line}


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _changed(folder: Path, sums: dict[str, str], contents: dict[str, bytes | None]) -> Iterator[Problem]:
    for name, digest in sums.items():
        content = contents[name]
        if content is None:
            yield Problem(name, "is missing")
        elif hashlib.sha256(content).hexdigest() != digest:
            yield Problem(name, "its SHA-256 is not the one in SHA256SUMS")
    for path in sorted(folder.iterdir()):
        if path.name not in sums and path.name != SUMS:
            yield Problem(path.name, "is not in SHA256SUMS")


def _manifest(folder: Path, content: bytes | None) -> tuple[list[Case], list[Format], list[Declaration]]:
    if content is None:
        raise ValueError(f"{MANIFEST} is not in SHA256SUMS")
    found = json.loads(content)
    declarations = [declaration(folder / Path(name).name) for name in found.get("declarations", ())]
    own = {each.cell.name: each.cell for each in declarations}
    return [case_of(name, own) for name in found["cases"]], [floating_format(name) for name in found["formats"]], declarations


def case_of(name: str, own: Mapping[str, Cell] = MappingProxyType({})) -> Case:
    """The case of that name, of a cell of the package or one of `own`; raises InputError."""
    found = NAME.fullmatch(name)
    if not found or (found[7] or LINEAR) not in LOSSES:
        raise InputError(f"case {name[:80]!r}", got="another name", expected="a name such as lstm_m2_n3_steps4_sat10_seed1")
    m, n, steps, saturation, seed = (int(found[k]) for k in range(2, 7))
    return Case(found[1], m, n, steps, saturation, seed, found[7] or LINEAR, own.get(found[1]))


def _different(
    contents: dict[str, bytes | None], cases: list[Case], formats: list[Format], declarations: list[Declaration]
) -> Iterator[Problem]:
    """What differs from the pack that these cases give; the names of all files first."""
    others = other_files(cases, formats, declarations)
    expected = {*others, *(case.name + ending for case in cases for ending in (".json", ".npz"))}
    for name in sorted(expected ^ contents.keys()):
        yield Problem(name, "is missing" if name in expected else "is of no case in the manifest")
    for name, right in others.items():
        if contents.get(name, right) != right:
            yield Problem(name, "is not what these cases give")
    for case in cases:
        for name, right in case_files(solve_case(case, formats)).items():
            got = contents.get(name)
            if got is not None and got != right:
                yield Problem(name, f"is not what its case gives: {_first_difference(name, got, right)}")


def _first_difference(name: str, got: bytes, right: bytes) -> str:
    """The quantity that differs first in JSON, else the place."""
    if name.endswith(".json"):
        for line, (a, b) in enumerate(zip(got.splitlines(), right.splitlines(), strict=False), start=1):
            if a != b:
                return f"line {line}" + _quantity(b)
    place = next((k for k, (a, b) in enumerate(zip(got, right, strict=False)) if a != b), min(len(got), len(right)))
    return f"byte {place}"


def _quantity(line: bytes) -> str:
    try:
        found: Any = json.loads(line.rstrip(b","))
        return f", {found['quantity']}" + ("" if found["t"] is None else f" at t={found['t']}")
    except (ValueError, KeyError, TypeError):
        return ""

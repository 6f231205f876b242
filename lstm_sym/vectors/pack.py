"""A pack: for each case a JSON and an NPZ file, a manifest, readers in Python and C, files that declare cells of a user, and the
checksums of all of them.

    manifest.json   SHA256SUMS   read_vectors.py   read_vectors.c   CASE.json   CASE.npz   CELL.toml   ...

Law: the bytes of a pack are a function of its cases, formats and declarations. SHA256SUMS is what `sha256sum -c` reads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files

from lstm_sym.errors import InputError
from lstm_sym.floating.formats import Format
from lstm_sym.notes.declaration import Declaration
from lstm_sym.vectors.case import Case
from lstm_sym.vectors.npz import DTYPES, npz_bytes
from lstm_sym.vectors.record import FORMAT_NAME, ROUNDING, Solved, equations, record, record_text, solve_case

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
READERS = ("read_vectors.py", "read_vectors.c")
MOST_CASES = 5000


def pack(cases: Sequence[Case], formats: Sequence[Format], declarations: Sequence[Declaration] = ()) -> dict[str, bytes]:
    """The files of a pack by name; raises InputError where a case cannot be certified."""
    if not 1 <= len(cases) <= MOST_CASES:
        raise InputError(
            "grid", got=f"{len(cases)} cases", expected=f"1 to {MOST_CASES}", advice="take fewer sizes, steps or seeds"
        )
    if not formats:
        raise InputError("--dtype", got="no format", expected="at least one")
    found: dict[str, bytes] = {}
    for case in cases:
        found |= case_files(solve_case(case, formats))
    found |= other_files(cases, formats, declarations)
    return {**found, SUMS: sums(found)}


def other_files(cases: Sequence[Case], formats: Sequence[Format], declarations: Sequence[Declaration] = ()) -> dict[str, bytes]:
    """The manifest, the readers and the files that declare cells."""
    readers = {name: files("lstm_sym.vectors.readers").joinpath(name).read_bytes() for name in READERS}
    declaring = {each.file: each.content for each in declarations}
    return {MANIFEST: _manifest(cases, formats, list(declaring)).encode(), **readers, **declaring}


def case_files(solved: Solved) -> dict[str, bytes]:
    """The two files of a case."""
    name = solved.case.name
    return {f"{name}.json": record_text(record(solved)).encode("ascii"), f"{name}.npz": npz_bytes(solved)}


def sums(contents: dict[str, bytes]) -> bytes:
    """The checksums in the form of sha256sum."""
    return "".join(f"{hashlib.sha256(contents[name]).hexdigest()}  {name}\n" for name in sorted(contents)).encode()


def _manifest(cases: Sequence[Case], formats: Sequence[Format], declaring: Sequence[str]) -> str:
    cells = {(case.cell, case.loss): case for case in cases}
    described = {
        "format": FORMAT_NAME,
        "rounding": ROUNDING,
        "formats": {f.name: {"width": f.width, "precision": f.precision, "npz": DTYPES[f.name]} for f in formats},
        "equations": {f"{name}, {loss} loss": equations(case) for (name, loss), case in cells.items()},
        **({"declarations": declaring} if declaring else {}),
        "cases": [case.name for case in cases],
    }
    return json.dumps(described, indent=1) + "\n"

"""A case as NPZ: one array for each quantity and format, steps along the first axis.

    float32/out   (steps, n)        float32/out_initial (n,)   the value at t = -1        float32/delta_W_a (n, m)
    decimal/out   byte strings      radius/out  byte strings    bfloat16/out  uint16: NumPy has no bfloat16, these are its bits

Law: the bytes are a function of the numbers: members in fixed order, stored, little-endian, with the time stamp of 1980-01-01.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy

from lstm_sym.cell import Cell
from lstm_sym.evaluate.systems.addresses import Key
from lstm_sym.floating.formats import Format
from lstm_sym.vectors.layout import arrays_of, matrices
from lstm_sym.vectors.record import Solved
from lstm_sym.vectors.values import Matrix, Number

DTYPES = {"float16": "<f2", "bfloat16": "<u2", "float32": "<f4", "float64": "<f8"}
"""How the bits of each format are stored."""
READ: dict[str, Callable[[Number], bytes]] = {
    "decimal": lambda number: number.decimal.encode(),
    "radius": lambda number: number.radius.encode(),
}
"""The parts of a number that are stored as text."""
EPOCH = (1980, 1, 1, 0, 0, 0)


def npz_bytes(solved: Solved) -> bytes:
    """The file of a case."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as file:
        for name, array in arrays(solved):
            member = zipfile.ZipInfo(f"{name}.npy", EPOCH)
            member.create_system, member.external_attr = 3, 0o644 << 16
            content = io.BytesIO()
            numpy.lib.format.write_array(content, array, version=(1, 0), allow_pickle=False)
            file.writestr(member, content.getvalue())
    return stream.getvalue()


def arrays(solved: Solved) -> Iterator[tuple[str, Any]]:
    """The arrays of a case by name."""
    stacked = nested({**solved.given, **solved.values}, solved.case.declared)
    for format in solved.formats:
        for name, entries in stacked.items():
            yield f"{format.name}/{name}", _bits_array(entries, format)
    for part, read in READ.items():
        for name, entries in stacked.items():
            yield f"{part}/{name}", mapped(entries, read, "S")


def nested(values: Mapping[Key, Matrix], declared: Cell) -> dict[str, list[Any]]:
    """Nested lists of numbers by the name of the array."""
    square = matrices(declared)
    found: dict[str, list[Any]] = {}
    for name, place in arrays_of(values).items():
        parts = [[list(row) if name in square else row[0] for row in values[key]] for key in place.keys]
        found[name] = parts[0] if place.is_single else parts
    return found


def _bits_array(entries: Sequence[Any], format: Format) -> Any:
    integers = mapped(entries, lambda number: number.bits[format.name], f"<u{format.width // 8}")
    return integers.view(DTYPES[format.name])


def mapped(entries: Sequence[Any], read: Callable[[Number], Any], dtype: str) -> Any:
    """The array of what is read of each number."""

    def walk(part: Any) -> Any:
        return read(part) if isinstance(part, Number) else [walk(inner) for inner in part]

    return numpy.array(walk(entries), dtype=dtype)

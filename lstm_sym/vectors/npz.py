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

from lstm_sym.evaluate.program import Key
from lstm_sym.floating.formats import Format
from lstm_sym.vectors.record import Solved
from lstm_sym.vectors.values import Matrix, Number

DTYPES = {"float16": "<f2", "bfloat16": "<u2", "float32": "<f4", "float64": "<f8"}
"""How the bits of each format are stored."""
INITIAL = "_initial"
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
    stacked = dict(_stacked({**solved.given, **solved.values}))
    for format in solved.formats:
        for name, entries in stacked.items():
            yield f"{format.name}/{name}", _bits_array(entries, format)
    for part in ("decimal", "radius"):
        for name, entries in stacked.items():
            yield f"{part}/{name}", _mapped(entries, lambda number, part=part: getattr(number, part).encode(), "S")


def _stacked(values: Mapping[Key, Matrix]) -> Iterator[tuple[str, list[Any]]]:
    """Nested lists of numbers: steps t = 0, ..., T of a quantity together, columns as vectors."""
    times: dict[str, list[int | None]] = {}
    for name, time in values:
        times.setdefault(name, []).append(time)
    for name, found in times.items():
        if None in found:
            yield name, _vector(values[name, None])
            continue
        steps = sorted(time for time in found if time is not None)
        if -1 in steps:
            yield name + INITIAL, _vector(values[name, -1])
        if steps[-1] >= 0:
            yield name, [_vector(values[name, step]) for step in steps if step >= 0]


def _vector(matrix: Matrix) -> list[Any]:
    return [row[0] for row in matrix] if len(matrix[0]) == 1 else [list(row) for row in matrix]


def _bits_array(entries: Sequence[Any], format: Format) -> Any:
    integers = _mapped(entries, lambda number: number.bits[format.name], f"<u{format.width // 8}")
    return integers.view(DTYPES[format.name])


def _mapped(entries: Sequence[Any], read: Callable[[Number], Any], dtype: str) -> Any:
    def walk(part: Any) -> Any:
        return read(part) if isinstance(part, Number) else [walk(inner) for inner in part]

    return numpy.array(walk(entries), dtype=dtype)

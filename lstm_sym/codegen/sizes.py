"""Sizes that a caller gives: n = 1, m = 2. Each symbolic size of the cell gets one whole number, and no other name does.

Law: what cannot be used is refused with the option as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lstm_sym.cell import Cell
from lstm_sym.errors import InputError

MOST_DIGITS = 9
"""Of a size; no array is longer."""


def sizes_given(texts: Sequence[str]) -> dict[str, int]:
    """{"n": 1, "m": 2} of "n=1" and "m=2"; raises InputError for what is no name and whole number, and for a name given twice."""
    found: dict[str, int] = {}
    for text in texts:
        name, sign, number = (part.strip() for part in text.partition("="))
        option, shown = f"--size {text[:40]}", number[:40]
        if not name or not sign:
            raise InputError(option, got=repr(text[:40]), expected="NAME=NUMBER, as in --size n=1")
        if not re.fullmatch(rf"[0-9]{{1,{MOST_DIGITS}}}", number) or int(number) == 0:
            raise InputError(option, got=repr(shown), expected=f"a whole number from 1 to {10**MOST_DIGITS - 1}")
        if name in found:
            raise InputError(option, got=f"a second number for {name}", expected=f"one, where {name}={found[name]} stands before")
        found[name] = int(number)
    return found


def size_names(cell: Cell) -> tuple[str, ...]:
    """The names of the symbolic sizes, in the order in which the declaration brings them."""
    symbols = (*cell.inputs, *cell.variables, *cell.parameters)
    return tuple(
        dict.fromkeys(size.name for each in symbols for side in each.shape for size in sorted(side.free_symbols, key=str))
    )


def checked_sizes(cell: Cell, sizes: Mapping[str, int]) -> dict[str, int]:
    """The sizes in the order of the declaration; raises InputError for unknown names, missing ones, and numbers below 1."""
    names = size_names(cell)
    wanted = f"a number for each size of the cell {cell.name}: {', '.join(names) or 'it has none'}"
    for name, number in sizes.items():
        if name not in names:
            raise InputError(f"--size {name}={number}", got=f"no size {name}", expected=wanted)
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise InputError(f"--size {name}={number}", got=repr(number), expected="a whole number from 1 on")
    missing = [name for name in names if name not in sizes]
    if missing or not names:
        raise InputError("--size", got=f"no {', '.join(missing) or 'sizes'}", expected=wanted)
    return {name: sizes[name] for name in names}

"""What a module of a tensor framework refuses: shapes that do not fit, another type, no step, no sequence.

Law: only shapes and types are looked at, which are known where nothing is computed yet, under a compiler too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr

from lstm_sym.codegen.tensors.text import Tensors, size

ANY = "float64"
"""The option for which a module takes any one floating type: the default, as frameworks compute in the type of what is given."""


@dataclass(frozen=True)
class DtypeWords:
    """How a framework spells a type, and whether an array has a floating one."""

    dtype: str
    is_floating: str


def checks(made: Tensors, words: DtypeWords) -> Iterator[str]:
    """A function that compares every shape with the sizes that the first arguments give, and every type with one type."""
    first, fixed = made.inputs[0], made.options.dtype != ANY
    yield from _opening(made, words)
    yield from _axes(made)
    yield f"    {made.axes} = {first}.shape[:2]"
    sizes: dict[str, str] = {}
    wanted = [(name, made.axes.split(", "), (s.shape[0],), name) for name, s in zip(made.inputs, made.cell.inputs, strict=True)]
    wanted += [(name, ["batch"], (s.shape[0],), name) for name, s in zip(made.initial, made.cell.recurrent, strict=True)]
    for parameter in made.cell.parameters:
        sides = parameter.shape[:1] if parameter.shape[1] == 1 else parameter.shape
        wanted.append((f"p.{parameter.name}", [], sides, parameter.name))
    for code, leading, sides, _ in wanted:
        for place, side in enumerate(sides, start=len(leading)):
            if side.is_Symbol and side.name not in sizes:
                sizes[side.name] = f"size_{side.name}"
                yield f"    size_{side.name} = {code}.shape[{place}]"
    yield "    for name, value, expected in ("
    for code, leading, sides, name in wanted:
        shape = [*leading, *(_side(side, sizes) for side in sides)]
        yield f'        ("{name}", {code}, ({", ".join(shape)},)),'
    yield "    ):"
    yield "        if tuple(value.shape) != expected:"
    yield '            raise ValueError(f"{name}: got shape {tuple(value.shape)}, expected {expected}")'
    dtype = "DTYPE" if fixed else f"{first}.dtype"
    yield f"        if value.dtype != {dtype}:"
    yield f'            raise ValueError(f"{{name}}: got dtype {{value.dtype}}, expected {{{dtype}}}")'


def _opening(made: Tensors, words: DtypeWords) -> Iterator[str]:
    """The type of a module that has one, the head of the function, and what the first array must be."""
    first, fixed = made.inputs[0], made.options.dtype != ANY
    if fixed:
        yield f"DTYPE = {words.dtype.format(dtype=made.options.dtype)}  # of every array"
        yield ""
        yield ""
    yield f"def check({made.arguments}):"
    yield '    """Raises ValueError for shapes and types that do not fit, and where there is no step or no sequence."""'
    yield f"    if {first}.ndim != 3 or 0 in {first}.shape[:2]:"
    yield f'        got = f"{first}: got shape {{tuple({first}.shape)}}"'
    yield f'        raise ValueError(f"{{got}}, expected ({made.axes}, size) with at least one step and one sequence")'
    if not fixed:
        yield f"    if not {words.is_floating.format(array=first)}:"
        yield f'        raise ValueError(f"{first}: got dtype {{{first}.dtype}}, expected a floating type")'


def _side(side: Expr, sizes: dict[str, str]) -> str:
    text = size(side)
    for symbol in sorted(side.free_symbols, key=lambda s: -len(s.name)):
        text = text.replace(symbol.name, sizes[symbol.name])
    return text


def _axes(made: Tensors) -> Iterator[str]:
    """The number of axes of what comes after the first array, so that sizes can be read off."""
    others = [(name, f"({made.axes}, size)", 3) for name in made.inputs[1:]]
    others += [(name, "(batch, size)", 2) for name in made.initial]
    rows = [f'("{name}", {name}, "{axes}", {count})' for name, axes, count in others]
    if rows:
        yield f"    for name, value, expected, axes in ({', '.join(rows)},):"
        yield "        if value.ndim != axes:"
        yield '            raise ValueError(f"{name}: got shape {tuple(value.shape)}, expected {expected}")'


def in_double(made: Tensors, double: str = "") -> list[str]:
    """Lines that let a self-test run in double precision where the module has its own type; without `double` what ends it."""
    if made.options.dtype == ANY:
        return []
    return ["global DTYPE", f"asked, DTYPE = DTYPE, {double}"] if double else ["DTYPE = asked"]

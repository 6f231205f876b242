"""The class `Workspace` of a generated module: every array, allocated once, and the views of every step.

Laws: an array that is stacked has its blocks in the order of the plan; block buffers hold so many steps as fit the cache; the
text follows from the layout alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sympy import Expr, Symbol

from lstm_sym.codegen.numpy.buffers import Buffer, sizes_of
from lstm_sym.codegen.numpy.functions import Functions
from lstm_sym.codegen.numpy.parameters import AFFINE, DOWN, ENTRIES, Copy
from lstm_sym.codegen.numpy.scope import ALL, BLOCK, Scope, Scratch, size, times_size
from lstm_sym.codegen.plan import Plan

CACHE = 1 << 19
"""Bytes that the arrays of a block of steps may take."""


def workspace(plan: Plan, functions: Functions, block: str = "") -> str:
    """The text of the class; `block` is the number of steps of a block as code, where it is not that of block buffers."""
    lines = [
        f"def __init__(self, steps, batch, {', '.join(f'size_{name}' for name in sizes_of(plan))}, block=None):",
        *[f"    {line}" for line in _body(plan, functions, block or _block(functions))],
    ]
    doc = [
        '"""Arrays for so many steps, rows of the batch, and sizes. Make one for many calls: results are views into it,',
        "and hold until its next use.",
        "",
        f"Memory: {_memory(functions)} numbers for each step and row of the batch, linear in the number of steps.",
        '"""',
    ]
    return "\n".join(["class Workspace:", *[f"    {line}" if line else "" for line in (*doc, "", *lines)]])


def _memory(functions: Functions) -> Expr:
    """Numbers that are kept for each step and row of the batch."""
    buffers = [buffer for buffer in functions.memory.layout.buffers if buffer.kind in ("all", "kept")]
    scratch = [scratch for scratch in functions.memory.scratch if scratch.mode == ALL]
    inputs = functions.memory.inputs_with_one
    numbers = [len(b.members) * b.rows for b in buffers] + [s.blocks * s.rows for s in scratch] + [x.shape[0] + 1 for x in inputs]
    return sum(numbers, Symbol("n") * 0)


def _body(plan: Plan, functions: Functions, block: str) -> Iterator[str]:
    memory = functions.memory
    sizes = [f"size_{name}" for name in sizes_of(plan)]
    yield f"self.steps, self.batch, {', '.join(f'self.{name}' for name in sizes)} = steps, batch, {', '.join(sizes)}"
    yield f"self.block = block = min(steps, block or {block})"
    yield "self.ran = False"
    copies = tuple(memory.copies.all.values())
    yield from _carved("weights", [(copy.attribute, _copy_shape(copy)) for copy in copies])
    yield "self.places = ["
    for copy in copies:
        for place, parameter in enumerate(copy.parameters):
            yield f'    ("{parameter.name}", {copy.signs[place]}, {_place(copy, place)}),'
    yield "]"
    arrays = [(b.attribute, _buffer_shape(b)) for b in memory.layout.buffers if b.kind != "given"]
    arrays += [(s.attribute, _scratch_shape(s)) for s in memory.scratch]
    arrays += [(name, f"({len(b.members)}, batch, {_size(b.rows)})") for b, name in memory.apart.items()]
    arrays += [(name, f"(steps, batch, {_size(column.shape[0])} + 1)") for column, name in memory.inputs_with_one.items()]
    arrays += [(attribute, _tuple(shape)) for attribute, shape in functions.totals.arrays]
    yield from _carved("memory", [*arrays, ("ones", "(steps * batch,)")])
    yield "self.ones[...] = 1"
    for name in memory.inputs_with_one.values():
        yield f"self.{name}[..., -1] = 1"
    for buffer in memory.layout.buffers:
        if buffer.side_by_side:
            yield f"self.{buffer.attribute}_blocks = _side_by_side(self.{buffer.attribute}, {len(buffer.members)})"
    for scratch in memory.scratch:
        if scratch.is_product:
            yield f"self.{scratch.attribute}_rows, self.{scratch.attribute} = _as_product(self.{scratch.attribute})"
    yield from _views(functions.forward, functions.backward)


def _carved(memory: str, arrays: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The arrays out of one piece of memory."""
    yield f"self.{memory}, *arrays = _carved(DTYPE, ["
    yield from (f"    {shape}," for _, shape in arrays)
    yield "])"
    if arrays:
        names = ", ".join(f"self.{attribute}" for attribute, _ in arrays)
        yield f"{names}{',' if len(arrays) == 1 else ''} = arrays"


def _block(functions: Functions) -> str:
    """So many steps that the arrays of a block fit the cache."""
    buffers = [(len(b.members), b.rows) for b in functions.memory.layout.buffers if b.kind == "block"]
    scratch = [(s.blocks, s.rows) for s in functions.memory.scratch if s.mode == BLOCK]
    numbers = " + ".join(f"{count} * {_size(rows)}" for count, rows in (*buffers, *scratch)) or "1"
    return f"max(1, {CACHE} // (DTYPE.itemsize * batch * ({numbers})))"


def _size(rows: Expr) -> str:
    return size(rows, "")


def _tuple(sides: list[str]) -> str:
    return f"({', '.join(sides)}{',' if len(sides) == 1 else ''})"


def _copy_shape(copy: Copy) -> str:
    count, (rows, columns) = copy.blocks, (_size(side) for side in copy.shape)
    if copy.form == ENTRIES:
        return f"({rows},)" if count == 1 else f"({count}, 1, {rows})"
    if copy.form == DOWN:
        return f"_panels(batch, {times_size(count, copy.shape[0], '')}, {columns})"
    inner = f"{columns} + 1" if copy.form == AFFINE else columns
    return f"_panels(batch, {inner}, {rows}{f', {count}' if count > 1 else ''})"


def _place(copy: Copy, place: int) -> str:
    """The part of the array that holds one parameter, its axes in the parameter's order."""
    array, count, rows = f"self.{copy.attribute}", copy.blocks, copy.shape[0]
    if copy.form == ENTRIES:
        return array if count == 1 else f"{array}[{place}, 0]"
    if copy.form == DOWN:
        return f"_rows({array}, {times_size(place, rows, '')}, {times_size(place + 1, rows, '')})"
    part = f"_block({array}, {place % copy.blocks}, {_size(rows)})"
    if copy.form != AFFINE:
        return part
    return f"{part}[..., {':' if place < copy.blocks else ''}-1]"


def _buffer_shape(buffer: Buffer) -> str:
    rows, count = _size(buffer.rows), len(buffer.members)
    leading = {"all": ["steps"], "kept": ["steps + 1"], "block": ["block"]}.get(buffer.kind, [])
    if buffer.kind == "block" and count > 1:
        return _tuple([str(count), *leading, "batch", rows])
    if buffer.side_by_side:
        return _tuple([*leading, "batch", f"{count} * {rows}"])
    return _tuple([*leading, *([str(count)] if count > 1 else []), "batch", rows])


def _scratch_shape(scratch: Scratch) -> str:
    leading = {ALL: ["steps"], BLOCK: ["block"]}.get(scratch.mode, [])
    return _tuple([*leading, *([str(scratch.blocks)] if scratch.blocks > 1 else []), "batch", _size(scratch.rows)])


def _views(forward: Scope, backward: Scope) -> Iterator[str]:
    if not forward.lines:
        return
    yield "self.forward_views, self.backward_views = [], []"
    yield "for lo in range(0, steps, block):"
    yield "    hi = min(lo + block, steps)"
    yield f"    self.forward_views.append((lo, hi, {_zipped(forward)}))"
    if backward.lines:
        yield f"    self.backward_views.insert(0, (lo, hi, {_zipped(backward)}[::-1]))"


def _zipped(loop: Scope) -> str:
    views = [re.sub(r"\bw\.", "self.", code) for code in loop.views] or ["range(lo, hi)"]
    return f"list(zip({', '.join(views)}, strict=True))"

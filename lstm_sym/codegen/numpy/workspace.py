"""The class `Workspace` of a generated module: every array, allocated once, and the views of every step.

Laws: an array that is stacked has its blocks in the order of the plan; block buffers hold so many steps as fit the cache; the text
follows from the layout alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sympy import Expr, Symbol

from lstm_sym.codegen.numpy.buffers import Buffer, sizes_of
from lstm_sym.codegen.numpy.functions import Functions
from lstm_sym.codegen.numpy.parameters import ACROSS, BLOCKS, DOWN, ENTRIES, Copy
from lstm_sym.codegen.numpy.scope import ALL, BLOCK, Scope, Scratch, size
from lstm_sym.codegen.plan import Plan
from lstm_sym.symbols.leaves import Parameter

CACHE = 1 << 19
"""Bytes that the arrays of a block of steps may take."""


def workspace(plan: Plan, functions: Functions) -> str:
    """The text of the class."""
    lines = [
        f"def __init__(self, steps, batch, {', '.join(f'size_{name}' for name in sizes_of(plan))}, block=None):",
        *[f"    {line}" for line in _body(plan, functions)],
    ]
    doc = [
        '"""Arrays for so many steps, rows of the batch, and sizes. Make one and hand it to every call: results are views into it,',
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
    return sum((len(b.members) * b.rows for b in buffers), Symbol("n") * 0) + sum(s.blocks * s.rows for s in scratch)


def _body(plan: Plan, functions: Functions) -> Iterator[str]:
    memory = functions.memory
    sizes = [f"size_{name}" for name in sizes_of(plan)]
    yield f"self.steps, self.batch, {', '.join(f'self.{name}' for name in sizes)} = steps, batch, {', '.join(sizes)}"
    yield f"self.block = block = min(steps, block or max(1, {CACHE} // (DTYPE.itemsize * batch * ({_per_step(functions)}))))"
    yield "self.ran = False"
    yield from _copies(memory.copies.all.values())
    for buffer in memory.layout.buffers:
        yield from _buffer(buffer)
    for scratch in memory.scratch:
        yield from _scratch(scratch)
    for gradient in functions.gradients:
        yield f"self.{gradient.attribute} = np.empty({_tuple(_parameter_shape(gradient.members))}, DTYPE)"
    yield "self.ones = np.ones(steps * batch, DTYPE)"
    yield from _views(functions.forward, functions.backward)


def _per_step(functions: Functions) -> str:
    """How many numbers a step takes in the arrays of a block."""
    buffers = [(len(b.members), b.rows) for b in functions.memory.layout.buffers if b.kind == "block"]
    scratch = [(s.blocks, s.rows) for s in functions.memory.scratch if s.mode == BLOCK]
    return " + ".join(f"{count} * {_size(rows)}" for count, rows in (*buffers, *scratch)) or "1"


def _size(rows: Expr) -> str:
    return size(rows, "")


def _tuple(sides: list[str]) -> str:
    return f"({', '.join(sides)}{',' if len(sides) == 1 else ''})"


def _parameter_shape(members: tuple[Parameter, ...]) -> list[str]:
    rows, columns = members[0].shape
    height = _size(rows) if len(members) == 1 else f"{len(members)} * {_size(rows)}"
    return [height] if columns == 1 else [height, _size(columns)]


def _copies(copies: object) -> Iterator[str]:
    copies = list(copies)  # type: ignore[call-overload]
    if not copies:
        yield "self.weights, self.places = np.empty(0, DTYPE), []"
        return
    shapes = [_copy_shape(copy) for copy in copies]
    yield f"shapes = [{', '.join(shapes)}]"
    yield "self.weights = np.empty(sum(prod(shape) for shape in shapes), DTYPE)"
    yield f"{', '.join(f'self.{copy.attribute}' for copy in copies)}{',' if len(copies) == 1 else ''} = _carved(self.weights, shapes)"
    yield "self.places = ["
    for copy in copies:
        for place, parameter in enumerate(copy.parameters):
            yield f'    ("{parameter.name}", {_place(copy, place)}),'
    yield "]"


def _copy_shape(copy: Copy) -> str:
    count, (rows, columns) = len(copy.parameters), (_size(side) for side in copy.shape)
    stacked = rows if count == 1 else f"{count} * {rows}"
    return {
        ACROSS: f"({columns}, {stacked})",
        BLOCKS: f"({count}, {columns}, {rows})",
        DOWN: f"({stacked}, {columns})",
        ENTRIES: f"({rows},)" if count == 1 else f"({count}, 1, {rows})",
    }[copy.form]


def _place(copy: Copy, place: int) -> str:
    """The part of the array that holds one parameter, in the parameter's own shape."""
    array, count = f"self.{copy.attribute}", len(copy.parameters)
    rows, columns = copy.shape
    block = f"{place} * {_size(rows)}:{place + 1} * {_size(rows)}"
    if copy.form == ENTRIES:
        return array if count == 1 else f"{array}[{place}, 0]"
    code = {
        ACROSS: f"{array}.T" if count == 1 else f"{array}[:, {block}].T",
        BLOCKS: f"{array}[{place}].T",
        DOWN: array if count == 1 else f"{array}[{block}]",
    }[copy.form]
    return f"{code}[:, 0]" if columns == 1 else code


def _buffer(buffer: Buffer) -> Iterator[str]:
    array, rows, count = f"self.{buffer.attribute}", _size(buffer.rows), len(buffer.members)
    leading = {"all": ["steps"], "kept": ["steps + 1"], "block": ["block"]}.get(buffer.kind, [])
    if buffer.kind == "given":
        yield f"{array} = None"
    elif buffer.side_by_side:
        yield f"{array} = np.empty({_tuple([*leading, 'batch', f'{count} * {rows}'])}, DTYPE)"
        yield f"{array}_blocks = _side_by_side({array}, {count})"
    else:
        shape = [*([str(count)] if count > 1 else []), *leading, "batch", rows]
        yield f"{array} = np.empty({_tuple(shape)}, DTYPE)"


def _scratch(scratch: Scratch) -> Iterator[str]:
    array, rows, count = f"self.{scratch.attribute}", _size(scratch.rows), scratch.blocks
    if scratch.is_product:
        yield f"{array}_rows = np.empty((batch, {count} * {rows}), DTYPE)"
        yield f"{array} = _side_by_side({array}_rows, {count})"
        return
    leading = {ALL: ["steps"], BLOCK: ["block"]}.get(scratch.mode, [])
    yield f"{array} = np.empty({_tuple([*([str(count)] if count > 1 else []), *leading, 'batch', rows])}, DTYPE)"


def _views(forward: Scope, backward: Scope) -> Iterator[str]:
    yield f"self.forward_views = {_zipped(forward, 'range(steps)')}"
    if backward.lines:
        yield "self.backward_views = []"
        yield "for lo in reversed(range(0, steps, block)):"
        yield "    hi = min(lo + block, steps)"
        yield f"    self.backward_views.append((lo, hi, {_zipped(backward, 'range(lo, hi)')}[::-1]))"


def _zipped(loop: Scope, otherwise: str) -> str:
    views = [re.sub(r"\bw\.", "self.", code) for code in loop.views] or [otherwise]
    return f"list(zip({', '.join(views)}, strict=True))"

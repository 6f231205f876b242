"""How a line of a function reads and writes quantities: views that a loop steps over, blocks of steps, or all steps.

Laws: in a loop nothing is looked up or sliced, because the views of every step are made once, with the workspace; a scratch array
is given back when what it holds was read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sympy import Expr

from lstm_sym.codegen.names import Names, joined
from lstm_sym.codegen.numpy.buffers import Buffer, Layout, Run
from lstm_sym.codegen.numpy.parameters import ENTRIES, Copies, Signed
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.scalars import t

STEP, BLOCK, ALL = "step", "block", "all"


@dataclass(frozen=True)
class Scratch:
    """An array for intermediate values; that of a product of several blocks lies as the product writes it."""

    attribute: str
    mode: str
    blocks: int
    rows: Expr
    is_product: bool = False


@dataclass
class Memory:
    """What the workspace holds: the layout, the copies of parameters, scratch arrays, gradients, and the names of all."""

    layout: Layout
    names: Names
    copies: Copies
    scratch: list[Scratch] = field(default_factory=list)
    inputs_with_one: dict[Timed, str] = field(default_factory=dict)
    apart: dict[Buffer, str] = field(default_factory=dict)

    def with_one(self, column: Timed) -> str:
        """The attribute of an input with a one below each column."""
        return self.inputs_with_one.setdefault(column, self.names.of(("one", column), f"{column.name}_one"))

    def blocks_apart(self, buffer: Buffer) -> str:
        """The attribute of an array for one step in which the blocks that lie side by side in a buffer lie one after another."""
        return self.apart.setdefault(buffer, self.names.of(("apart", buffer), f"{buffer.attribute}_step"))


@dataclass
class Scope:
    """One function of the module: its mode, the views of its loop, what it binds before the loop, and its lines."""

    memory: Memory
    mode: str
    names: Names
    views: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    bound: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    borrowed: dict[str, Scratch] = field(default_factory=dict)
    free: list[str] = field(default_factory=list)
    pending: dict[Buffer, set[int]] = field(default_factory=dict)

    def fits(self, symbols: Sequence[Timed]) -> bool:
        return self.memory.layout.run([symbol.name for symbol in symbols]) is not None

    def entries(self, parameters: Sequence[Signed]) -> str:
        """The code of vectors that meet the entries of quantities."""
        return self.parameter(parameters, ENTRIES)

    def parameter(self, parameters: Sequence[Signed], form: str) -> str:
        return self._bind("w." + self.memory.copies.attribute(parameters, form))

    def quantity(self, symbols: Sequence[Timed], side_by_side: bool = False) -> str:
        """The code of these quantities, of shape (..., blocks, batch, rows), or with the blocks side by side in the last axis."""
        run = self.memory.layout.run([symbol.name for symbol in symbols])
        if run is None:
            raise UnsupportedError(f"blocks {', '.join(map(str, symbols))}", got="an order that is not that of their array")
        buffer = run.buffer
        if buffer.kind in ("step", "carry"):
            return self._bind(f"w.{buffer.attribute}{index([blocks_of(run)])}")
        if self.mode == STEP and buffer.side_by_side and not side_by_side:
            return self._bind(f"w.{self.memory.blocks_apart(buffer)}{index([blocks_of(run)])}")
        code = self._over_time(run, self._times(buffer.kind, int(symbols[0].time - t)), side_by_side and buffer.side_by_side)
        if self.mode != STEP:
            return code
        self.put_side_by_side(buffer)
        hint = joined(self.memory.layout.root(symbol.name) for symbol in symbols) + ("_prev" if symbols[0].time == t - 1 else "")
        return self._view(code, hint, buffer.kind == "given")

    def wrote(self, target: Timed | Parameter) -> None:
        """Remembers that a block was written which has yet to be put side by side."""
        run = self.memory.layout.run([target.name]) if isinstance(target, Timed) else None
        if self.mode == STEP and run is not None and run.buffer.side_by_side:
            self.pending.setdefault(run.buffer, set()).update(range(run.first, run.last))

    def put_side_by_side(self, buffer: Buffer) -> None:
        """Copies the blocks of a step that were written since, next to one another where all steps are kept: entrywise lines are
        fast on blocks that lie apart, products want them side by side.
        """
        places = sorted(self.pending.pop(buffer, ()))
        while places:
            count = next((k for k, place in enumerate(places) if place != places[0] + k), len(places))
            run = Run(buffer, places[0], places[0] + count)
            out = self._view(self._over_time(run, "lo:hi", False), f"{buffer.attribute}_blocks", False)
            self.lines.append(f"np.copyto({out}, {self._bind(f'w.{self.memory.blocks_apart(buffer)}{index([blocks_of(run)])}')})")
            places = places[count:]

    def _over_time(self, run: Run, times: str, side_by_side: bool) -> str:
        buffer, array = run.buffer, f"w.{run.buffer.attribute}"
        if side_by_side:
            columns = (
                ""
                if run.count == len(buffer.members)
                else f"{times_size(run.first, buffer.rows)}:{times_size(run.last, buffer.rows)}"
            )
            return array + (f"[{times or ':'}, :, {columns}]" if columns else index([times]))
        if buffer.side_by_side:
            array += "_blocks"
        if buffer.kind == "block" and buffer.is_stacked:
            return array + index([blocks_of(run), times]) + (".swapaxes(0, 1)" if run.count > 1 else "")
        return array + index([times, blocks_of(run)] if buffer.is_stacked else [times])

    def _times(self, kind: str, offset: int) -> str:
        if kind == "block":
            return ":hi - lo"
        shift = offset + 1 if kind == "kept" else 0
        if self.mode == ALL:
            return {0: ":-1", 1: "1:"}[shift] if kind == "kept" else ""
        return "lo + 1:hi + 1" if shift else "lo:hi"

    def _view(self, code: str, hint: str, is_given: bool) -> str:
        views = self.given if is_given else self.views
        if code not in views:
            views[code] = self.names.of(code, hint)
        return views[code]

    def _bind(self, code: str) -> str:
        if self.mode != STEP:
            return code
        if code not in self.bound:
            self.bound[code] = self.names.of(code, code.removeprefix("w."))
        return self.bound[code]

    def borrow(self, blocks: int, rows: Expr, is_product: bool = False) -> str:
        """The code of a scratch array of that many blocks; `give_back` ends its use."""
        for code in self.free:
            known = self.borrowed[code]
            if (known.blocks, known.rows, known.is_product) == (blocks, rows, is_product):
                self.free.remove(code)
                return code
        memory = self.memory
        word = "product" if is_product else "scratch"
        scratch = Scratch(memory.names.of(object(), f"{word}_{self.mode}"), self.mode, blocks, rows, is_product)
        memory.scratch.append(scratch)
        code = self._bind(f"w.{scratch.attribute}{'[:hi - lo]' if self.mode == BLOCK else ''}")
        self.borrowed[code] = scratch
        return code

    def as_written(self, code: str) -> str:
        """The memory of a product's scratch array as the product writes it."""
        return self._bind(f"w.{self.borrowed[code].attribute}_rows{'[:hi - lo]' if self.mode == BLOCK else ''}")

    def seen_by(self, product: str, code: str, function: str) -> str:
        """In a loop, the code of a quantity as a function of the support text shows it to a product with these panels."""
        for table in (self.views, self.given, self.bound):
            for known, name in list(table.items()):
                if name == code:
                    shown = f"{function}({known}, {self._source(product)})"
                    if shown not in table:
                        table[shown] = self.names.of(shown, code + function.removeprefix("_in"))
                    return table[shown]
        raise AssertionError(f"{code} is no quantity of a loop")

    def _source(self, name: str) -> str:
        """What a name stands for that is bound before the loop."""
        return next(code for code, known in self.bound.items() if known == name)

    def finish(self) -> None:
        """Puts the last blocks in place, and forgets the views and bound names that no line reads."""
        for buffer in list(self.pending):
            self.put_side_by_side(buffer)
        read = {word for line in self.lines for word in re.findall(r"\w+", line.partition("#")[0])}
        for table in (self.views, self.given, self.bound):
            for code in [code for code, name in table.items() if name not in read]:
                del table[code]

    def give_back(self, code: str) -> None:
        if code in self.borrowed and code not in self.free:
            self.free.append(code)


def blocks_of(run: Run) -> str:
    """The index of the blocks, nothing for all."""
    if not run.buffer.is_stacked or run.count == len(run.buffer.members):
        return ""
    return str(run.first) if run.count == 1 else f"{run.first}:{run.last}"


def index(parts: Sequence[str]) -> str:
    """An index, without what selects everything."""
    kept = list(parts)
    while kept and not kept[-1]:
        kept.pop()
    return f"[{', '.join(part or ':' for part in kept)}]" if kept else ""


def size(expression: Expr, owner: str = "w.") -> str:
    """A size as code over the attributes of the workspace."""
    if expression.is_Integer:
        return str(int(expression))
    if expression.is_Symbol:
        return f"{owner}size_{expression.name}"
    if expression.is_Add or expression.is_Mul:
        return "(" + (" + " if expression.is_Add else " * ").join(size(arg, owner) for arg in expression.args) + ")"
    raise UnsupportedError(
        f"size {expression}", got="an expression of its own", expected="sums and products of sizes and whole numbers"
    )


def times_size(count: int, rows: Expr, owner: str = "w.") -> str:
    return "0" if count == 0 else size(rows, owner) if count == 1 else f"{count} * {size(rows, owner)}"

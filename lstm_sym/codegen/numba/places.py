"""Where the quantities of a step lie, as code: pieces of the workspace's arrays with one axis, rows of the batch in turn.

    a_i_f_o[t, 1]       block 1 at step t                    delta_a_i_f_o[t][size_n:]     block 1 of blocks side by side
    out[t + 1]          a value that is kept, at t; out[t] is the one before

Law: a dense quantity is one piece without gaps, so that a loop over it needs no second index.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sympy import Expr

from lstm_sym.codegen.names import Names
from lstm_sym.codegen.numpy.buffers import Buffer
from lstm_sym.codegen.numpy.parameters import ENTRIES, Signed
from lstm_sym.codegen.numpy.scope import STEP, Memory, Scratch, size, times_size
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.scalars import t

LOCALS = ("np", "numba", "F", "t", "row", "range", "numbers", "batch", "steps", "lo", "hi")


@dataclass(frozen=True)
class Place:
    """A piece of memory: its code, the rows of a column in it, where the first begins, and how far the next row of the batch is.
    Without a stride it is one column for the whole batch. `by_row` is the same memory with an index for the row of the batch: the
    attribute, its shape, the index of what is read at a step, and the index of its block.
    """

    code: str
    rows: str
    first: str = ""
    stride: str = ""
    by_row: tuple[str, str, str, str] = ("", "", "", "")

    @property
    def is_dense(self) -> bool:
        return self.stride == self.rows

    @property
    def start(self) -> str:
        return f"{self.code}[{self.first}:]" if self.first else self.code


@dataclass
class Places:
    """The arrays that one loop reads and writes; `arguments` are their names there, by what they are in the workspace."""

    memory: Memory
    names: Names = field(default_factory=lambda: Names(LOCALS))
    arguments: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    free: list[tuple[Place, Expr]] = field(default_factory=list)
    lent: list[tuple[Place, Expr]] = field(default_factory=list)

    def quantity(self, symbol: Timed) -> Place:
        """The place of a quantity at its step."""
        run = self.memory.layout.run([symbol.name])
        assert run is not None
        buffer = run.buffer
        rows, offset = size(buffer.rows, ""), int(symbol.time - t)
        time = {"kept": "t + 1" if offset == 0 else "t", "step": "", "carry": ""}.get(buffer.kind, "t")
        if buffer.side_by_side:
            stride = times_size(len(buffer.members), buffer.rows, "")
            first = times_size(run.first, buffer.rows, "") if run.first else ""
            by_row = buffer.attribute, f"steps, batch, {len(buffer.members)}, -1", time, f"{run.first}, "
            return Place(f"{self._array(buffer)}[{time}]", rows, first, stride, by_row)
        index = ", ".join(part for part in (time, str(run.first) if buffer.is_stacked else "") if part)
        shape = ", ".join([*self._leading(buffer), "batch", "-1"])
        return Place(self._array(buffer) + (f"[{index}]" if index else ""), rows, "", rows, (buffer.attribute, shape, index, ""))

    def in_rows(self, place: Place) -> tuple[str, str]:
        """The code of the same memory with an index for the row of the batch, and the indices of an entry k."""
        attribute, shape, index, block = place.by_row
        if not attribute:
            return place.code, "k"
        name = self.names.of((attribute, "rows"), f"{attribute}_rows")
        if any(each.attribute == attribute and each.kind == "given" for each in self.memory.layout.buffers):
            self.given[f"w.{attribute}"] = name
        else:
            self.arguments[f"self.{attribute}.reshape({shape})"] = name
        return f"{name}[{index}]" if index else name, f"row, {block}k"

    def _array(self, buffer: Buffer) -> str:
        code = f"w.{buffer.attribute}"
        if buffer.kind == "given":
            return self.given.setdefault(f"{code}.reshape(w.steps, -1)", self.names.of(code, buffer.attribute))
        return self._argument(buffer.attribute, self._leading(buffer))

    def _leading(self, buffer: Buffer) -> list[str]:
        """The axes of a buffer above that of one step."""
        axes = {"kept": ["steps + 1"], "step": [], "carry": []}.get(buffer.kind, ["steps"])
        blocks = [str(len(buffer.members))] if buffer.is_stacked and not buffer.side_by_side else []
        return [*axes, *blocks]

    def _argument(self, attribute: str, leading: list[str]) -> str:
        code = f"self.{attribute}.reshape({', '.join([*leading, '-1'])})"
        return self.arguments.setdefault(code, self.names.of(attribute, attribute))

    def matrix(self, parameters: list[Signed], form: str) -> str:
        return self._argument(self.memory.copies.attribute(parameters, form), [])

    def entries(self, parameter: Signed) -> Place:
        return Place(self._argument(self.memory.copies.attribute([parameter], ENTRIES), []), size(parameter[1].shape[0], ""))

    def borrow(self, rows: Expr) -> Place:
        """A place for a value in between; `give_back` ends the use of all."""
        known = next((pair for pair in self.free if pair[1] == rows), None)
        if known is not None:
            self.free.remove(known)
        else:
            scratch = Scratch(self.memory.names.of(object(), "scratch_step"), STEP, 1, rows)
            self.memory.scratch.append(scratch)
            text = size(rows, "")
            known = Place(self._argument(scratch.attribute, []), text, "", text, (scratch.attribute, "batch, -1", "", "")), rows
        self.lent.append(known)
        return known[0]

    def give_back(self) -> None:
        self.free += self.lent
        self.lent.clear()

"""How a line of generated code reads and writes quantities: views that a loop steps over, blocks of steps, or all steps.

Law: a name in generated code is given out once, is no keyword and hides no other; text of a declaration enters code only so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from keyword import iskeyword

from sympy import Expr

from lstm_sym.codegen.layout import Buffer, Layout
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.scalars import t

STEP, BLOCK, ALL = "step", "block", "all"
TAKEN = ("np", "w", "lo", "hi", "math", "zip", "range", "self", "steps", "batch", "dtype", "block")


@dataclass
class Parameters:
    """Arrays of parameters that the code needs: single ones, and blocks above one another."""

    stacks: dict[tuple[tuple[str, ...], bool], str] = field(default_factory=dict)

    def name(self, parameters: Sequence[Parameter], is_matrix: bool) -> str:
        """The attribute of the array with these blocks: (k * rows, columns) for products, (k, rows, 1) for elementwise lines."""
        names = tuple(parameter.name for parameter in parameters)
        if (names, is_matrix) not in self.stacks:
            family = names[0].rpartition("_")[0] or names[0]
            word = names[0] if len(names) == 1 else f"{family}_of_" + "_".join(n.removeprefix(family + "_") for n in names)
            taken = set(self.stacks.values())
            self.stacks[names, is_matrix] = next(
                f"p_{word}{mark}" for mark in ("", *(f"_{k}" for k in range(2, 99))) if f"p_{word}{mark}" not in taken
            )
        return self.stacks[names, is_matrix]


@dataclass
class Scope:
    """One function of the generated module: its mode, the views of its loop, what it binds before, and its temporaries."""

    layout: Layout
    parameters: Parameters
    mode: str
    reverse: bool = False
    views: dict[str, str] = field(default_factory=dict)
    bound: dict[str, str] = field(default_factory=dict)
    temporaries: dict[str, tuple[str, int, Expr]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    free: list[str] = field(default_factory=list)

    def parameter(self, parameters: Sequence[Parameter], is_matrix: bool) -> str:
        return self._bind(f"w.{self.parameters.name(parameters, is_matrix)}")

    def leaf(self, symbols: Sequence[Timed], flat: bool = False) -> str:
        """The code of these quantities, blocks of one buffer in its order; `flat` puts the blocks' rows on one axis."""
        found = self.layout.run([symbol.name for symbol in symbols])
        if found is None:
            raise UnsupportedError(f"blocks {', '.join(map(str, symbols))}", got="an order that is not that of their array")
        buffer, first, last = found
        offset = int(symbols[0].time - t)
        return self._over_time(buffer, offset, _block_index(buffer, first, last, flat), flat and buffer.is_stacked)

    def _over_time(self, buffer: Buffer, offset: int, index: str, flat: bool) -> str:
        array = f"w.{buffer.attribute}" + ("_rows" if flat else "")
        if buffer.kind in ("step", "carry"):
            return self._bind(array + (f"[{index}]" if index else ""))
        times = self._times(buffer.kind, offset)
        inner = f"{times}, {index}" if index else times
        code = array if inner == ":" else f"{array}[{inner}]"
        return self._view(code, f"{buffer.attribute}{index}{'_prev' if offset < 0 else ''}") if self.mode == STEP else code

    def _times(self, kind: str, offset: int) -> str:
        if kind == "block":
            return ":hi - lo"
        shift = offset + 1 if kind == "kept" else 0
        if self.mode == ALL or not self.reverse:
            return {0: ":-1", 1: "1:"}[shift] if kind == "kept" else ":"
        return "lo + 1:hi + 1" if shift else "lo:hi"

    def _view(self, code: str, hint: str) -> str:
        if code not in self.views:
            self.views[code] = self._fresh(hint)
        return self.views[code]

    def _bind(self, code: str) -> str:
        if self.mode != STEP:
            return code
        if code not in self.bound:
            self.bound[code] = self._fresh(code.removeprefix("w."))
        return self.bound[code]

    def _fresh(self, hint: str) -> str:
        word = "".join(c if c.isalnum() else "_" for c in hint).strip("_")
        while "__" in word:
            word = word.replace("__", "_")
        used = {*self.views.values(), *self.bound.values(), *TAKEN}
        return next(
            word + mark for mark in ("", *(f"_v{k}" for k in range(2, 999))) if word + mark not in used and not iskeyword(word + mark)
        )

    def temporary(self, blocks: int, rows: Expr) -> str:
        """A scratch array of that many blocks; `release` gives it back."""
        for code in self.free:
            if self.temporaries[code][1:] == (blocks, rows):
                self.free.remove(code)
                return code
        attribute = f"scratch_{self.mode}_{len(self.temporaries)}" + ("_back" if self.reverse else "")
        code = self._bind(f"w.{attribute}") if self.mode == STEP else f"w.{attribute}" + ("[:hi - lo]" if self.mode == BLOCK else "")
        self.temporaries[code] = (attribute, blocks, rows)
        return code

    def release(self, code: str) -> None:
        if code in self.temporaries and code not in self.free:
            self.free.append(code)


def _block_index(buffer: Buffer, first: int, last: int, flat: bool) -> str:
    if not buffer.is_stacked or (last - first == len(buffer.members)):
        return ""
    if flat:
        return f"{first} * {size(buffer.rows)}:{last} * {size(buffer.rows)}".replace("w.", "w.")
    return str(first) if last - first == 1 else f"{first}:{last}"


def size(expression: Expr) -> str:
    """A size as code over the workspace's attributes size_n, size_m, ..."""
    if expression.is_Integer:
        return str(int(expression))
    if expression.is_Symbol:
        return f"w.size_{expression.name}"
    if expression.is_Add or expression.is_Mul:
        return "(" + (" + " if expression.is_Add else " * ").join(size(arg) for arg in expression.args) + ")"
    raise UnsupportedError(f"size {expression}", got="an expression of its own", expected="sums and products of sizes and whole numbers")

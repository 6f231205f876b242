"""The functions that compute: `_forward` and `_backward`, which call NumPy for what is done for many steps at once, and
the compiled loops `_forward_loop` and `_backward_loop` for what recurs.

Law: the loops run no Python and allocate nothing that grows; what they read was checked, what they write was allocated, before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lstm_sym.codegen.names import Names
from lstm_sym.codegen.numba.kernels import Kernels
from lstm_sym.codegen.numba.places import Places
from lstm_sym.codegen.numba.writer import LoopWriter
from lstm_sym.codegen.numpy.affine import at_once
from lstm_sym.codegen.numpy.buffers import layout, sizes_of
from lstm_sym.codegen.numpy.functions import ATTRIBUTES, LOCALS, Functions
from lstm_sym.codegen.numpy.parameters import Copies
from lstm_sym.codegen.numpy.scope import ALL, BLOCK, STEP, Memory, Scope
from lstm_sym.codegen.numpy.totals import Totals
from lstm_sym.codegen.numpy.writer import Writer
from lstm_sym.codegen.options import Options
from lstm_sym.codegen.plan import Lines, Plan

TAKEN = (*ATTRIBUTES, "forward_arrays", "backward_arrays")


@dataclass(frozen=True)
class Compiled:
    """The functions, as the NumPy module has them, and the arrays that each loop takes, by name."""

    functions: Functions
    loops: Mapping[str, Places]


def compiled(plan: Plan, options: Options) -> Compiled:
    """The functions of a plan."""
    names = Names((*TAKEN, *(f"size_{name}" for name in sizes_of(plan))))
    memory, kernels = Memory(layout(plan, names), names, Copies(names)), Kernels()
    after = _blockwise(plan.after, memory)
    forward, backward = LoopWriter(Places(memory), kernels), LoopWriter(Places(memory), kernels)
    early, others = at_once(plan.before, memory, plan.derivation.cell.inputs)
    for each in (*others, *plan.forward):
        forward.line(each)
    for each in plan.backward:
        backward.line(each)
    totals = Totals(Scope(memory, ALL, Names(LOCALS)), memory.names, transposed=options.dtype == "float64")
    totals.lines(plan.totals)
    parts = [
        _outer(
            "_forward",
            "Every value of every step, into the workspace.",
            [*early, *_call("forward", forward, plan, "0", "w.steps")],
        ),
        _loop_text("forward", forward, plan, "range(lo, hi)"),
        _outer(
            "_backward",
            "Every adjoint from the last step to the first, then the gradients, into the workspace.",
            [*_blocks(_call("backward", backward, plan, "lo", "hi"), after), *totals.scope.lines],
        ),
        _loop_text("backward", backward, plan, "range(hi - 1, lo - 1, -1)"),
    ]
    text = "\n\n\n".join(part for part in (kernels.text(), *parts) if part)
    no_views = Scope(memory, STEP, Names(()))
    loops = {"forward": forward.places, "backward": backward.places}
    return Compiled(Functions(text, memory, no_views, no_views, totals), loops)


def _blockwise(lines: Lines, memory: Memory) -> list[str]:
    """Lines for a block of steps at once, in NumPy."""
    writer = Writer(Scope(memory, BLOCK, Names(LOCALS)))
    for each in lines:
        writer.line(each)
    return writer.scope.lines


def _blocks(*parts: list[str]) -> list[str]:
    """A loop over blocks of steps that fit the cache, the last first: what one part wrote is near when the next reads it."""
    lines = [line for part in parts for line in part]
    head = ["for lo in reversed(range(0, w.steps, w.block)):", "    hi = min(lo + w.block, w.steps)"]
    return [*head, *_indented(lines)] if lines else []


def _sizes(plan: Plan) -> list[str]:
    return ["batch", *(f"size_{name}" for name in sizes_of(plan))]


def _call(name: str, loop: LoopWriter, plan: Plan, first: str, last: str) -> list[str]:
    if not loop.lines:
        return []
    arguments = [first, last, *(f"w.{size}" for size in _sizes(plan)), *loop.places.given, f"*w.{name}_arrays"]
    return [f"_{name}_loop({', '.join(arguments)})"]


def _loop_text(name: str, loop: LoopWriter, plan: Plan, steps: str) -> str:
    if not loop.lines:
        return ""
    arguments = ["lo", "hi", *_sizes(plan), *loop.places.given.values(), *loop.places.arguments.values()]
    lines = ["numbers = _numbers()", f"for t in {steps}:", *_indented(loop.lines)]
    return "\n".join(["@_compiled", f"def _{name}_loop({', '.join(arguments)}):", *_indented(lines)])


def _outer(name: str, doc: str, lines: list[str]) -> str:
    return "\n".join([f"def {name}(w):", *_indented([f'"""{doc}"""', *lines])])


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]

"""The two functions that compute: `_forward` and `_backward`, each phase of the plan in its mode.

    before    all, or a block  forward   a loop over the steps of the block
    local     a block          backward  a loop over the steps of the block, from the last
    after     all steps        totals    all steps

Law: the functions only compute; what they read was checked, and what they write was allocated, before.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent

from lstm_sym.codegen.names import Names
from lstm_sym.codegen.numpy.affine import at_once
from lstm_sym.codegen.numpy.buffers import layout, sizes_of
from lstm_sym.codegen.numpy.parameters import Copies
from lstm_sym.codegen.numpy.scope import ALL, BLOCK, STEP, Memory, Scope
from lstm_sym.codegen.numpy.totals import Totals
from lstm_sym.codegen.numpy.writer import Writer
from lstm_sym.codegen.options import Options
from lstm_sym.codegen.plan import Lines, Plan
from lstm_sym.symbols.names import ARRIVING
from lstm_sym.symbols.nodes import Zeros

LOCALS = ("np", "w", "lo", "hi", "zip", "views", "steps", "range", "_flat")
ATTRIBUTES = ("steps", "batch", "block", "split", "ones", "weights", "places", "forward_views", "backward_views", "ran")


@dataclass(frozen=True)
class Functions:
    """The text of both functions, and what the workspace has to hold for them."""

    text: str
    memory: Memory
    forward: Scope
    backward: Scope
    totals: Totals


def functions(plan: Plan, options: Options) -> Functions:
    names = Names((*ATTRIBUTES, *(f"size_{name}" for name in sizes_of(plan))))
    memory = Memory(layout(plan, names), names, Copies(names))
    forward, forward_text = _forward(plan, memory)
    backward, backward_text, totals = _backward(plan, memory, options)
    return Functions(f"{forward_text}\n\n{backward_text}", memory, forward, backward, totals)


def _scope(memory: Memory, mode: str) -> Scope:
    return Scope(memory, mode, Names(LOCALS))


def _written(lines: Lines, scope: Scope) -> Scope:
    writer = Writer(scope)
    for each in lines:
        writer.line(each)
    scope.finish()
    return scope


def _forward(plan: Plan, memory: Memory) -> tuple[Scope, str]:
    early, others = at_once(plan.before, memory, plan.derivation.cell.inputs)
    before = _written(tuple(others), _scope(memory, BLOCK))
    loop = _written(plan.forward, _scope(memory, STEP))
    block = [f"for {_header(loop, '')}:", *_indented(loop.lines)]
    if before.lines:
        block = ["# a block of steps at once: what does not recur", *before.lines, "", *block]
    parts = ['"""Every value of every step, into the workspace."""']
    if early:
        parts += ["# all steps at once: what does not recur", *early, ""]
    parts += _bound(loop)
    return loop, _function("_forward", [*parts, "for lo, hi, views in w.forward_views:", *_indented(block)])


def _backward(plan: Plan, memory: Memory, options: Options) -> tuple[Scope, str, Totals]:
    loop = _written(plan.backward, _scope(memory, STEP))
    local = _written(plan.local if loop.lines else (), _scope(memory, BLOCK))
    after = _written(plan.after if loop.lines else (*plan.local, *plan.after), _scope(memory, ALL))
    totals = Totals(_scope(memory, ALL), memory.names, transposed=options.dtype == "float64")
    totals.scope.borrowed, totals.scope.free = after.borrowed, after.free
    totals.lines(plan.totals)
    parts = ['"""Every adjoint from the last step to the first, then the gradients, into the workspace."""', *_bound(loop)]
    if loop.lines:
        block = [f"for {_header(loop, '[::-1]')}:", *_indented(loop.lines)]
        if local.lines:
            block = ["# a block of steps at once: factors that hold no adjoint", *local.lines, "", *block]
        parts += ["for lo, hi, views in w.backward_views:", *_indented(block)]
    parts += ["", "# all steps at once: what no step before needs", *after.lines, *totals.scope.lines]
    return loop, _function("_backward", parts), totals


def _bound(loop: Scope) -> list[str]:
    return [f"{name} = {code}" for code, name in loop.bound.items()]


def _header(loop: Scope, order: str) -> str:
    """The loop over the views of each step, and over the caller's arrays beside them."""
    names = ", ".join(loop.views.values()) or "_step"
    if not loop.given:
        return f"{names}{',' if len(loop.views) < 2 else ''} in views"
    given = ", ".join(loop.given.values())
    sources = ", ".join(code + order for code in loop.given)
    return f"({names}{',' if len(loop.views) < 2 else ''}), {given} in zip(views, {sources}, strict=True)"


def _indented(lines: list[str]) -> list[str]:
    return [indent(line, "    ") for line in lines]


def _function(name: str, parts: list[str]) -> str:
    return "\n".join([f"def {name}(w):", *_indented(parts)])


def never_sent_back(plan: Plan) -> tuple[str, ...]:
    """Recurrent variables to which no step sends anything back."""
    sent = {target.name for each in plan.backward for target in each.targets if not isinstance(each.values[0], Zeros)}
    return tuple(v.name for v in plan.derivation.cell.recurrent if ARRIVING + v.name not in sent)

"""Where each quantity of a plan lies in the workspace: one array a quantity, or one for all blocks of a kind.

    all    (steps, rows, batch)      kept   (steps + 1, rows, batch), the initial value first
    block  (steps of a block, ...)   step   (rows, batch), written anew at each step        carry  as step, from step to step

Law: what several phases need is kept for all steps; what one loop needs is kept for one step. Stacked arrays have one axis more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr

from lstm_sym.codegen.plan import Plan
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LOSS_ADJOINT, PRE_ACTIVATION, VALUE_ADJOINT

WORDS = {"": "value", PRE_ACTIVATION: "net", ADJOINT: "delta", ARRIVING: "arriving", VALUE_ADJOINT: "partial"}


@dataclass(frozen=True)
class Buffer:
    """An array: its attribute of the workspace, the quantities that are its blocks, the rows of one, and its kind."""

    attribute: str
    members: tuple[str, ...]
    rows: Expr
    kind: str

    @property
    def is_stacked(self) -> bool:
        return len(self.members) > 1


@dataclass(frozen=True)
class Layout:
    """The buffers, and the one of each quantity by its name."""

    buffers: tuple[Buffer, ...]

    def buffer(self, name: str) -> Buffer:
        return next(buffer for buffer in self.buffers if name in buffer.members)

    def run(self, names: Sequence[str]) -> tuple[Buffer, int, int] | None:
        """The buffer in which the quantities lie one after another in this order, and from where to where."""
        buffer = self.buffer(names[0])
        first = buffer.members.index(names[0])
        return (buffer, first, first + len(names)) if buffer.members[first : first + len(names)] == tuple(names) else None


def layout(plan: Plan) -> Layout:
    """The buffers of a plan; blocks are put together where the plan has an order of blocks."""
    kinds: dict[tuple[str, Expr, str], list[str]] = {}
    for symbol in _symbols(plan):
        kind = _kind(plan, symbol)
        prefix, key = plan.prefix_and_key(symbol.name)
        together = key in plan.order and kind in ("all", "block", "step")
        kinds.setdefault((prefix if together else symbol.name, symbol.shape[0], kind if together else f"{kind} alone"), []).append(
            symbol.name
        )
    buffers = []
    for (label, rows, kind), names in kinds.items():
        names.sort(key=lambda name: plan.order.index(plan.prefix_and_key(name)[1]) if len(names) > 1 else 0)
        word = WORDS.get(label, label.rstrip("_")) + "s" if len(names) > 1 else names[0]
        taken = {buffer.attribute for buffer in buffers} | {s.name for s in _symbols(plan)} - set(names[:1])
        attribute = next(word + mark for mark in ("", *(f"_{k}" for k in range(2, 99))) if word + mark not in taken)
        buffers.append(Buffer(attribute, tuple(names), rows, kind.removesuffix(" alone")))
    return Layout(tuple(buffers))


def _symbols(plan: Plan) -> tuple[Timed, ...]:
    """Every quantity with a time, at t, each once: the given ones first, then in the order in which they are written."""
    cell = plan.derivation.cell
    given = [*cell.inputs, cell.output.named(LOSS_ADJOINT), *(v.named(ARRIVING + v.name) for v in cell.recurrent)]
    written = [target for lines in plan.phases.values() for each in lines for target in each.targets if isinstance(target, Timed)]
    return tuple(dict.fromkeys(symbol.named(symbol.name).at(given[0].time) for symbol in (*given, *written)))


def _kind(plan: Plan, symbol: Timed) -> str:
    cell = plan.derivation.cell
    if symbol in cell.recurrent:
        return "kept"
    if symbol.name.startswith(ARRIVING):
        return "carry"
    if symbol == cell.output or symbol.name in (LOSS_ADJOINT, *(name for s in cell.inputs for name in (s.name, ADJOINT + s.name))):
        return "all"
    phases = {
        "backward" if phase == "totals" and not plan.at_once else phase
        for phase, lines in plan.phases.items()
        for each in lines
        if symbol in each.targets or symbol in each.reads or any(symbol in _inside(value) for value in each.values)
    }
    if phases in ({"forward"}, {"backward"}):
        return "step"
    return "block" if phases <= {"local", "backward"} else "all"


def _inside(value: object) -> frozenset[object]:
    from lstm_sym.symbols.compound import SumOverTime
    from lstm_sym.symbols.traversal import symbols_in

    return frozenset(symbols_in(value.body)) if isinstance(value, SumOverTime) else frozenset()

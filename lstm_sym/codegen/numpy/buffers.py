"""Where each quantity of a plan lies in memory: an array for one quantity, or for the blocks of several.

    all    every step            kept   every step and the initial value before them       given   the caller's, every step
    block  a block of steps      step   written anew at each step                          carry   as step, from step to step

One quantity is (steps, batch, rows); several are (steps, blocks, batch, rows), or lie side by side in (steps, batch, blocks *
rows) where they are adjoints, so that one matrix product reads them all. Laws: what several phases need is kept for all steps,
what one loop needs for one step; quantities share memory only where the second is computed entry by entry from the first and
nothing else reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import Expr

from lstm_sym.codegen.names import Names, joined
from lstm_sym.codegen.plan import Line, Plan
from lstm_sym.codegen.sizes import size_names
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LOSS_ADJOINT
from lstm_sym.symbols.nodes import Expression, Scaled, Sum
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import symbols_in, walk


@dataclass(frozen=True)
class Buffer:
    """An array: its attribute of the workspace, the quantities that are its blocks, the rows of one, and its kind."""

    attribute: str
    members: tuple[str, ...]
    rows: Expr
    kind: str
    side_by_side: bool = False

    @property
    def is_stacked(self) -> bool:
        return len(self.members) > 1


@dataclass(frozen=True)
class Run:
    """Blocks of a buffer that lie one after another."""

    buffer: Buffer
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first


@dataclass(frozen=True)
class Layout:
    """The buffers, and for each quantity that shares memory the one that it shares it with."""

    buffers: tuple[Buffer, ...]
    roots: Mapping[str, str]

    def root(self, name: str) -> str:
        while name in self.roots:
            name = self.roots[name]
        return name

    def buffer(self, name: str) -> Buffer:
        return next(buffer for buffer in self.buffers if self.root(name) in buffer.members)

    def run(self, names: Sequence[str]) -> Run | None:
        """The blocks of these quantities, if they lie one after another in this order."""
        buffer, roots = self.buffer(names[0]), tuple(self.root(name) for name in names)
        first = buffer.members.index(roots[0])
        return Run(buffer, first, first + len(names)) if buffer.members[first : first + len(names)] == roots else None


def layout(plan: Plan, names: Names) -> Layout:
    """The buffers of a plan; blocks are put together where the plan has an order of blocks."""
    roots = shared_memory(plan)
    groups: dict[tuple[str, ...], list[Timed]] = {}
    kinds: dict[str, str] = {}
    for symbol in quantities(plan):
        if symbol.name in roots:
            continue
        kinds[symbol.name] = kind = _kind(plan, symbol, roots)
        prefix, key = plan.prefix_and_key(symbol.name)
        together = key in plan.order and kind in ("all", "block", "step")
        groups.setdefault((prefix if together else symbol.name, str(symbol.shape[0]), kind, str(together)), []).append(symbol)
    buffers = []
    for group in groups.values():
        members = [symbol.name for symbol in group]
        if len(group) > 1:
            members.sort(key=lambda name: plan.order.index(plan.prefix_and_key(name)[1]))
        side_by_side = len(group) > 1 and members[0].startswith(ADJOINT) and kinds[members[0]] == "all"
        attribute = names.of(("buffer", *members), joined(members))
        buffers.append(Buffer(attribute, tuple(members), group[0].shape[0], kinds[members[0]], side_by_side))
    return Layout(tuple(buffers), roots)


def quantities(plan: Plan) -> tuple[Timed, ...]:
    """Every quantity with a time, at t, each once: the given ones first, then in the order in which they are written."""
    cell = plan.derivation.cell
    given = [*cell.inputs, cell.output.named(LOSS_ADJOINT), *(v.named(ARRIVING + v.name) for v in cell.recurrent)]
    written = [target for lines in plan.phases.values() for each in lines for target in each.targets if isinstance(target, Timed)]
    return tuple(dict.fromkeys(symbol.at(t) for symbol in (*given, *written)))


def _kind(plan: Plan, symbol: Timed, roots: Mapping[str, str]) -> str:
    cell = plan.derivation.cell
    if symbol.name.startswith(ARRIVING):
        return "carry"
    if symbol in cell.recurrent:
        return "kept"
    if symbol.name in (LOSS_ADJOINT, *(each.name for each in cell.inputs)):
        return "given"
    if symbol == cell.output or symbol.name in (ADJOINT + each.name for each in cell.inputs):
        return "all"
    phases = {phase for name in _family(symbol.name, roots) for phase in _phases(plan, name)}
    if phases in ({"forward"}, {"backward"}):
        return "step"
    return "block" if phases <= {"local", "backward"} else "all"


def _family(name: str, roots: Mapping[str, str]) -> Iterator[str]:
    """The name and all that share its memory."""
    yield name
    for other, root in roots.items():
        if root == name:
            yield from _family(other, roots)


def _phases(plan: Plan, name: str) -> Iterator[str]:
    for phase, lines in plan.phases.items():
        for each in lines:
            if any(target.name == name for target in each.targets) or any(symbol.name == name for symbol in read_by(each)):
                yield phase


def read_by(each: Line) -> tuple[Timed, ...]:
    """Every symbol with a time in a line's values, below sums over time too, as often as it stands there."""
    bodies = [value.body if isinstance(value, SumOverTime) else value for value in each.values]
    return tuple(node for body in bodies for node in walk(body) if isinstance(node, Timed))


def shared_memory(plan: Plan) -> dict[str, str]:
    """What may lie in the memory of the quantity that is computed from it: net_a in that of a, before_a in that of net_a."""
    if not plan.in_place:
        return {}
    lines = [each for phase in plan.phases.values() for each in phase]
    uses: dict[str, int] = {}
    for each in lines:
        for symbol in read_by(each):
            uses[symbol.name] = uses.get(symbol.name, 0) + 1
    own = {target.name for each in (*plan.before, *plan.forward) for target in each.targets}
    kept = {v.name for v in (*plan.derivation.cell.recurrent, plan.derivation.cell.output)}
    found: dict[str, str] = {}
    for each in plan.forward:
        pairs = [(_source(value, uses, own - kept), target) for target, value in zip(each.targets, each.values, strict=True)]
        if all(source is not None and source.shape == target.shape for source, target in pairs):
            found.update({source.name: target.name for source, target in pairs if source is not None})
    return found


def _source(value: Expression, uses: Mapping[str, int], allowed: set[str]) -> Timed | None:
    """The quantity that the last operation of this value reads entry by entry, if nothing else reads it."""
    terms = value.args if isinstance(value, Sum) else (value.body,) if isinstance(value, Apply) else ()
    for term in terms:
        if isinstance(term, Scaled) and isinstance(value, Apply):
            term = term.body
        if isinstance(term, Timed) and term.time == t and term.name in allowed and uses[term.name] == 1:
            return term
    return None


def sizes_of(plan: Plan) -> tuple[str, ...]:
    """The names of the symbolic sizes, in the order in which the declaration brings them."""
    return size_names(plan.derivation.cell)


def free_of_time(value: Expression) -> bool:
    return not any(isinstance(symbol, Timed) for symbol in symbols_in(value))

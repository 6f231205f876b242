"""The pass `stack`: lines of one form become one call on blocks of rows that lie one after another in memory.

    net_a = before_a + U_a h,  net_i = before_i + U_i h      becomes      [net_a; net_i] = [before_a; before_i] + [U_a; U_i] h

Laws: values are not touched, only put side by side; a line moves only past lines that do not read it, and those that send back
stay last. The order of blocks is the one that needs the fewest calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as with_fields
from itertools import groupby, permutations

from lstm_sym.codegen.mirror import sign_and_parameter
from lstm_sym.codegen.plan import Line, Lines, Plan
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import ARRIVING
from lstm_sym.symbols.nodes import Expression, Product

MOST_PERMUTED = 7
"""Up to so many variables all orders are tried."""
STACKED_PHASES = ("before", "forward", "backward", "totals")


def stack(plan: Plan) -> Plan:
    """Lines grouped by form, in an order of blocks that makes each group contiguous where that is possible."""
    grouped = {phase: _groups(plan, getattr(plan, phase)) for phase in STACKED_PHASES}
    names = [v.name for v in plan.derivation.cell.variables]
    sets = [[_key(plan, each) for each in group] for groups in grouped.values() for group in groups if len(group) > 1]
    order = _best_order(names, [keys for keys in sets if set(keys) <= set(names)])
    lines = {phase: tuple(each for group in groups for each in _runs(plan, group, order)) for phase, groups in grouped.items()}
    return with_fields(
        plan,
        order=tuple(order),
        before=lines["before"],
        forward=lines["forward"],
        backward=lines["backward"],
        totals=lines["totals"],
    )


def _key(plan: Plan, each: Line) -> str:
    return block_key(plan, each.targets[0], each.values[0])


def block_key(plan: Plan, target: Expression, value: Expression) -> str:
    """The variable to which a line belongs: that of its target; for a parameter's gradient that of the first adjoint in it."""
    if isinstance(target, Timed):
        return plan.prefix_and_key(target.name)[1]
    return next(plan.prefix_and_key(s.name)[1] for s in Line((target,), (value,)).reads if isinstance(s, Timed))


def _groups(plan: Plan, lines: Lines) -> list[list[Line]]:
    """The lines in an order that respects what they read, those of one form together where all of them are ready."""
    waiting = [each for each in lines if not _sends_back(each)]
    groups: list[list[Line]] = []
    while waiting:
        pending = {each.targets[0] for each in waiting}
        ready = [each for each in waiting if not pending & set(each.reads)]
        forms = {each: _form(plan, each) for each in waiting}
        whole = [each for each in ready if all(other in ready for other in waiting if forms[other] == forms[each])]
        chosen = (whole or ready)[0]
        group = [each for each in ready if forms[each] == forms[chosen]]
        groups.append(group)
        waiting = [each for each in waiting if each not in group]
    return groups + [[each] for each in lines if _sends_back(each)]


def _sends_back(each: Line) -> bool:
    return each.targets[0].name.startswith(ARRIVING)


def _form(plan: Plan, each: Line) -> str:
    """A text that two lines share where one call can compute both."""
    target = each.targets[0]
    kept = {v.name for v in plan.derivation.cell.recurrent}
    if target.name in kept or target == plan.derivation.cell.output:
        return target.name
    key = _key(plan, each)
    prefix = plan.prefix_and_key(target.name)[0] if isinstance(target, Timed) else "total"
    return f"{prefix} {target.shape} {_skeleton(plan, each.values[0], key, kept)}"


def _skeleton(plan: Plan, node: Expression, key: str, kept: set[str]) -> str:
    """The expression with its own variable's symbols and its parameters left open; all else as it is."""
    if isinstance(node, Timed):
        prefix, its_key = plan.prefix_and_key(node.name)
        return f"<{prefix}{node.shape}{node.time}>" if its_key == key and node.name not in kept else str(node)
    if sign_and_parameter(node) is not None:
        return f"<parameter{node.shape}>"
    if isinstance(node, Product):
        return f"{_skeleton(plan, node.args[0], key, kept)} @ {', '.join(map(str, node.args[1:]))}"
    inner = ", ".join(_skeleton(plan, arg, key, kept) if isinstance(arg, Expression) else str(arg) for arg in node.args)
    return f"{type(node).__name__}({inner})"


def _best_order(names: Sequence[str], sets: Sequence[Sequence[str]]) -> list[str]:
    used = [name for name in names if any(name in group for group in sets)]
    rest = [name for name in names if name not in used]
    if len(used) > MOST_PERMUTED:
        return used + rest
    return list(min(permutations(used), key=lambda order: _calls(list(order), sets))) + rest


def _calls(order: Sequence[str], sets: Sequence[Sequence[str]]) -> int:
    return sum(len(_contiguous(group, order)) for group in sets)


def _contiguous(keys: Sequence[str], order: Sequence[str]) -> list[list[int]]:
    """The places of the keys in the order, cut into runs without a gap."""
    places = sorted(order.index(key) for key in keys)
    return [[place for _, place in run] for _, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0])]


def _runs(plan: Plan, group: list[Line], order: Sequence[str]) -> Lines:
    if len(group) == 1:
        return tuple(group)
    by_key = {_key(plan, each): each for each in group}
    if len(by_key) < len(group) or not set(by_key) <= set(order):
        return tuple(group)
    runs = [[by_key[order[place]] for place in run] for run in _contiguous(list(by_key), order)]
    return tuple(Line(tuple(e.targets[0] for e in run), tuple(e.values[0] for e in run)) for run in runs)

"""The plain plan of a derivation: its equations in the order in which they were derived, one loop forward and one back.

    delta_state_t = (terms at t) + delta_state_{t+1} odot f_{t+1}
    becomes   delta_state_t = (terms at t) + Delta_state_t,   Delta_state_{t-1} = delta_state_t odot f_t

Law: a step sends back all that the step before needs, so that nothing after the last step is ever read, and what the first step
sends back is the gradient by the initial value.
"""

from __future__ import annotations

from collections.abc import Iterable

from lstm_sym.cell import Cell
from lstm_sym.codegen.plan import Line, Plan, is_at, line
from lstm_sym.derivation import Derivation, Result
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.blocks import blocks
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import ARRIVING
from lstm_sym.symbols.nodes import Expression, Sum, Zeros, add
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import at_time, symbols_in


def plain_plan(derivation: Derivation) -> Plan:
    """Every equation a line of its own; raises UnsupportedError for a cell whose values are not columns, or without inputs."""
    cell = derivation.cell
    _check(cell)
    backward, arriving = [], []
    for result in derivation.of_kind("adjoint", "input", "arriving"):
        now, later = _split(_unstacked(result))
        symbol = result.statement.left
        if result.kind == "arriving":
            arriving.append(line(symbol, now))
        elif later is None:
            backward.append(line(symbol, now))
        else:
            carried = _carried(cell, symbol)
            backward.append(line(symbol, add(now, carried)))
            arriving.append(line(carried.prev, at_time(later, t - 1)))
    forward = tuple(line(equation.variable, equation.body) for equation in cell.split)
    totals = tuple(line(result.statement.left, result.statement.right) for result in derivation.of_kind("parameter"))
    return Plan(derivation, forward, tuple(_in_order(backward)) + tuple(arriving), totals)


def _unstacked(result: Result) -> Expression:
    (right,) = blocks(result.statement.right)
    return right


def _split(right: Expression) -> tuple[Expression, Expression | None]:
    """The terms at t, and those that come from the step t+1, if there are any."""
    terms = right.args if isinstance(right, Sum) else (right,)
    later = [term for term in terms if any(is_at(symbol, 1) for symbol in symbols_in(term))]
    now = [term for term in terms if term not in later]
    return add(Zeros(*right.shape), *now), add(*later) if later else None


def _carried(cell: Cell, adjoint: Timed) -> Timed:
    variable = next(v for v in cell.recurrent if cell.adjoint(v) == adjoint)
    return variable.named(ARRIVING + variable.name)


def _in_order(lines: Iterable[Line]) -> Iterable[Line]:
    """Lines that read what a later one writes wait for it."""
    waiting = list(lines)
    written: set[Expression] = set()
    targets = {target for each in waiting for target in each.targets}
    while waiting:
        ready = next(each for each in waiting if all(s in written or s not in targets for s in each.reads))
        waiting.remove(ready)
        written.update(ready.targets)
        yield ready


def _check(cell: Cell) -> None:
    if not cell.inputs:
        raise UnsupportedError(
            f"code for cell {cell.name}", got="a cell without inputs", expected="an input, whose length is the number of steps"
        )
    for symbol in (*cell.inputs, *cell.variables):
        if symbol.shape[1] != 1:
            raise UnsupportedError(
                f"code for cell {cell.name}",
                got=f"{symbol.name} of shape {symbol.shape[0]} x {symbol.shape[1]}",
                expected="columns, because the columns of an array hold the batch",
            )

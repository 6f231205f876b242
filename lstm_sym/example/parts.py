"""The parts of a solution in the order of a sheet: (a) forward and loss, (b) backward, (c) gradients, (d) update."""

from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.derivation import Derivation, Result
from lstm_sym.example.lines import Lines
from lstm_sym.symbols.compound import Stack, SumOverTime
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import PRE_ACTIVATION
from lstm_sym.symbols.scalars import T
from lstm_sym.symbols.traversal import symbols_in
from lstm_sym.worked import Line, Part


def parts(lines: Lines) -> Iterator[Part]:
    """Every part, each with its lines."""
    last = lines.givens.last
    for step in range(last + 1):
        yield Part("a", f"Forward @ t={step}", tuple(_forward(lines, step)))
    loss = [result for result in lines.derivation.of_kind("loss") if not isinstance(result.statement.left, Timed)]
    yield Part("a", "Loss", tuple(lines.once(result) for result in loss))
    for step in reversed(range(last + 1)):
        yield Part("b", f"Backward @ t={step}", tuple(_backward(lines, step)))
    yield Part("c", "Gradients of the parameters", tuple(_gradients(lines)))
    yield Part("d", "Update of the parameters", tuple(lines.once(result) for result in lines.derivation.of_kind("update")))


def _forward(lines: Lines, step: int) -> Iterator[Line]:
    """The declared equations; one is split at its pre-activation only where a later line needs that."""
    cell, needed = lines.derivation.cell, needed_pre_activations(lines.derivation)
    whole = {equation.name: equation for equation in cell.equations}
    for part in cell.split:
        net = PRE_ACTIVATION + part.name
        if part.name in needed:
            yield lines.at_step(part.name, part.variable, part.body, step)
        elif part.name in whole:
            equation = part if net in needed else whole[part.name]
            yield lines.at_step(equation.name, equation.variable, equation.body, step)


def needed_pre_activations(derivation: Derivation) -> frozenset[str]:
    """The pre-activations that stand in a right side other than that of their own activation."""
    used = {symbol.name for result in derivation if result.kind != "definition" for symbol in symbols_in(result.statement.right)}
    return frozenset(e.name for e in derivation.cell.split if e.name.startswith(PRE_ACTIVATION) and e.name in used)


def _backward(lines: Lines, step: int) -> Iterator[Line]:
    """The derivative of the loss, what arrives after the last step, every adjoint; at t = 0 the gradients of initial values."""
    derivation = lines.derivation
    results = [result for result in derivation.of_kind("loss") if isinstance(result.statement.left, Timed)]
    for result in results:
        yield _at_step(lines, result, step)
    if step == lines.givens.last:
        for result in derivation.of_kind("boundary"):
            if result.statement.left.time == T:
                yield lines.once(result)
    for result in derivation.of_kind("adjoint", "input", "arriving"):
        yield _at_step(lines, result, step)
    if step == 0:
        for result in derivation.of_kind("initial"):
            yield lines.once(result)


def _at_step(lines: Lines, result: Result, step: int) -> Line:
    return lines.at_step(result.id, result.statement.left, result.statement.right, step)


def _gradients(lines: Lines) -> Iterator[Line]:
    """Gate by gate, then stacked, where the cell has a stacked form."""
    for result in (*lines.derivation.of_kind("parameter"), *_stacked_sums(lines.derivation, lines)):
        yield lines.once(result)


def _stacked_sums(derivation: Derivation, lines: Lines) -> list[Result]:
    """The stacked gradients; of two forms of one, the later whose premises hold, such as that of a zero initial value."""
    sums = [
        result
        for result in derivation.of_kind("stacked")
        if isinstance(result.statement.right, SumOverTime) and all(lines.holds(premise) for premise in result.statement.assuming)
    ]
    assert all(isinstance(result.statement.left, Stack) for result in sums)
    return list({result.statement.left: result for result in sums}.values())

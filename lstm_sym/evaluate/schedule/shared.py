"""Activations inside an equation, computed once: each gets an assignment of its own, which later equations read.

    out_t = tanh(state_t) odot o_t        becomes   u_t = tanh(state_t),  out_t = u_t odot o_t
    delta_o_t = ... tanh(state_t) ...     reads     u_t

Law: no equation but an assignment's whole right side applies an activation, so that each activation of a step is computed once,
and its slope, a polynomial in its value, is at hand wherever a derivative is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lstm_sym.evaluate.systems.addresses import Address, Assignment, assignment
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import at_time, symbols_in

Known = dict[Expression, Address]
"""Activations that are computed at each step t, with their addresses."""


def shared(lines: Sequence[Assignment], known: Known) -> tuple[Assignment, ...]:
    """The lines with their inner activations as lines of their own, before they are used; `known` gains these."""
    return tuple(new for line in lines for new in _split(line, known))


def reading(line: Assignment, known: Known) -> Assignment:
    """The line with the values of the known activations among its arguments, and no argument that is then not needed."""
    found = {node: address for node in _inner(line.expression, top=True) if (address := _address(node, known))}
    needed = set(_leaves(line.expression, found))
    pairs = [*zip(line.arguments, line.sources, strict=True), *found.items()]
    kept = [(argument, source) for argument, source in pairs if argument in needed]
    return replace(line, arguments=tuple(a for a, _ in kept), sources=tuple(s for _, s in kept))


def _split(line: Assignment, known: Known) -> Iterator[Assignment]:
    for node in _inner(line.expression, top=True):
        if _address(node, known) is None:
            yield from _split(replace(assignment(Timed("u", *node.shape), node), target=Address(str(node), "step")), known)
            known[node] = Address(str(node), "step")
    yield reading(line, known)


def _inner(expression: Expression, top: bool = False) -> list[Expression]:
    """The outermost activations below the top of an expression, each once."""
    if isinstance(expression, Apply) and not top:
        return [expression]
    return list(dict.fromkeys(node for part in expression.parts for node in _inner(part)))


def _address(node: Expression, known: Known) -> Address | None:
    """Where the node is computed: at this step, or at the next one."""
    for offset in (0, 1):
        address = known.get(at_time(node, t - offset))
        if address is not None:
            return replace(address, offset=address.offset + offset)
    return None


def _leaves(expression: Expression, found: dict[Expression, Address]) -> Iterator[Expression]:
    if expression in found:
        yield expression
    elif not expression.parts:
        yield from symbols_in(expression)
    else:
        for part in expression.parts:
            yield from _leaves(part, found)

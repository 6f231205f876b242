"""Single edits of an expression: the mistakes that people make, as a table of named operations.

    mutants of right statements show that a prover can say no; edits of a wrong one lead to the right one

Law: every edit changes one place and keeps the shape; what it changed is said by `before` and `after`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lstm_sym.cell import Cell
from lstm_sym.errors import DeclarationError
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import Outer, Stack, SumOverTime, outer
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Power, Scaled, Sum, Transposed, add, negate, odot
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import at_time, rebuild, symbols_in


@dataclass(frozen=True)
class Edit:
    """The whole expression after one edit of that kind, which put `after` where `before` stood (None: nothing)."""

    kind: str
    expression: Expression
    before: Expression | None
    after: Expression | None


@dataclass(frozen=True)
class Kind:
    """A kind of edit, how it is said, and what it makes of one node: pairs (new node, before, after)."""

    name: str
    sentence: str
    change: Callable[[Expression, Cell], Iterator[tuple[Expression, Expression | None, Expression | None]]]


Changes = Iterator[tuple[Expression, Expression | None, Expression | None]]


def _without_part(kind: type[Expression], join: Callable[..., Expression]) -> Callable[[Expression, Cell], Changes]:
    def change(node: Expression, cell: Cell) -> Changes:
        if isinstance(node, kind):
            for position, part in enumerate(node.args):
                yield join(*node.args[:position], *node.args[position + 1 :]), part, None

    return change


def _time(node: Expression, cell: Cell) -> Changes:
    if isinstance(node, Timed) and t in node.time.free_symbols:
        yield node.next, node, node.next
        yield node.prev, node, node.prev
    elif isinstance(node, Stack) and any(isinstance(part, Timed) for part in symbols_in(node)):
        for moved in (at_time(node, t + 1), at_time(node, t - 1)):
            yield moved, node, moved


def _neighbour(node: Expression, cell: Cell) -> Changes:
    if isinstance(node, Timed):
        timed = [*cell.variables, *cell.inputs]
        others: list[Expression] = [symbol.at(node.time) for symbol in timed]
        others += [cell.adjoint(e.variable).at(node.time) for e in cell.split]
        is_adjoint = node.name.startswith("delta_")
        others = [other for other in others if other.name.startswith("delta_") == is_adjoint]
    elif isinstance(node, Parameter):
        others = list(cell.parameters)
    else:
        return
    for other in others:
        if other != node and other.shape == node.shape:
            yield other, node, other


def _transposition(node: Expression, cell: Cell) -> Changes:
    if isinstance(node, Transposed):
        yield node.body, node, node.body
    elif isinstance(node, Parameter) and node.shape[1] != 1:
        yield Transposed(node), node, Transposed(node)


def _exponent(node: Expression, cell: Cell) -> Changes:
    if isinstance(node, Power):
        lower = node.base if node.exponent == 2 else Power(node.base, node.exponent - 1)
        yield lower, node, lower


def _sign(node: Expression, cell: Cell) -> Changes:
    if isinstance(node, Sum):
        for position, part in enumerate(node.args):
            flipped = negate(part)
            yield add(*node.args[:position], flipped, *node.args[position + 1 :]), part, flipped
    elif isinstance(node, Scaled) and node.coefficient != -1:
        yield Scaled(-node.coefficient, node.body), node, Scaled(-node.coefficient, node.body)


def _range(node: Expression, cell: Cell) -> Changes:
    if isinstance(node, SumOverTime):
        later = SumOverTime(node.body, node.lower + 1, node.upper)
        sooner = SumOverTime(node.body, node.lower, node.upper - 1)
        for changed in (later, sooner):
            yield changed, node, changed


def _activated(node: Expression, cell: Cell) -> Changes:
    """tanh'(a) where a is already activated: 1 - a^2 becomes 1 - tanh(a)^2."""
    if isinstance(node, Timed) and cell.is_gate(node.name):
        function = next(e.body.function for e in cell.split if e.name == node.name)
        yield Apply(function, node), node, Apply(function, node)


def _order(node: Expression, cell: Cell) -> Changes:
    if isinstance(node, Outer):
        yield outer(node.args[1], node.args[0]), node, outer(node.args[1], node.args[0])


def _factor_as_term(node: Expression, cell: Cell) -> Changes:
    """A parenthesis lost: (1 - u) odot v written 1 - u odot v."""
    if isinstance(node, Hadamard):
        for position, factor in enumerate(node.args):
            if isinstance(factor, Sum) and len(node.args) > 1:
                rest = odot(*node.args[:position], *node.args[position + 1 :])
                last = factor.args[-1]
                bare = Scaled(last.coefficient, odot(last.body, rest)) if isinstance(last, Scaled) else odot(last, rest)
                yield add(*factor.args[:-1], bare), node, add(*factor.args[:-1], bare)


KINDS: tuple[Kind, ...] = (
    Kind("factor missing", "the factor {before} is missing", _without_part(Hadamard, odot)),
    Kind("term missing", "the term {before} is missing", _without_part(Sum, add)),
    Kind("time index", "{after} stands where {before} belongs", _time),
    Kind("neighbour", "{after} stands where {before} belongs", _neighbour),
    Kind("transposition", "{after} stands where {before} belongs", _transposition),
    Kind("exponent", "{after} stands where {before} belongs", _exponent),
    Kind("sign", "the sign of {before} is wrong", _sign),
    Kind("sum range", "the sum must run as in {before}", _range),
    Kind("activated value", "the slope is taken at {before}, which is activated already", _activated),
    Kind("order", "the factors of {before} are exchanged", _order),
    Kind("parenthesis", "a parenthesis is missing: {before}", _factor_as_term),
)
"""The kinds of single edits. `before` is the right expression, `after` the wrong one that people write."""


def mutants(expression: Expression, cell: Cell) -> Iterator[Edit]:
    """Every expression that one edit makes of this one, of the same shape, each once."""
    seen = {expression}
    for place, node in _places(expression):
        for kind in KINDS:
            for edit in _edits_at(expression, place, node, kind, cell):
                if edit.expression not in seen:
                    seen.add(edit.expression)
                    yield edit


def _edits_at(whole: Expression, place: tuple[int, ...], node: Expression, kind: Kind, cell: Cell) -> Iterator[Edit]:
    for new, before, after in kind.change(node, cell):
        try:
            changed = _put(whole, place, new)
        except DeclarationError:
            continue
        if changed.shape == whole.shape:
            yield Edit(kind.name, changed, before, after)


def _places(expression: Expression, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Expression]]:
    yield path, expression
    if isinstance(expression, Stack) and expression.name:
        return  # a stack is one name to a reader: its blocks change together
    for position, part in enumerate(expression.args):
        if isinstance(part, Expression):
            yield from _places(part, (*path, position))


def _put(whole: Expression, place: tuple[int, ...], new: Expression) -> Expression:
    if not place:
        return new
    args = list(whole.args)
    args[place[0]] = _put(args[place[0]], place[1:], new)
    return rebuild(whole, args)

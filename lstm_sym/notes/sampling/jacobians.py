"""Derivatives of one forward name by another, and chains of them.

    dE/dh_t * dh_t/dh_{t-1} * ...      the chain rule, composed as linear maps whatever the order and layout

Laws: a Jacobian is computed by pulling back unit cotangents on the sample. `total` follows every path; `step` holds the
other variables of the earlier step fixed; `direct` looks at the one equation alone. A chain is composed where each factor
continues the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lstm_sym.notes.formula.names import Reference, reference
from lstm_sym.notes.formula.tree import Big, Derivative, Factors, Formula, Group, Indexed, Name
from lstm_sym.notes.sampling.values import Rows, ShapeError, Value, flip
from lstm_sym.notes.text.bounds import UnreadableError

if TYPE_CHECKING:
    from lstm_sym.notes.sampling.interpret import Interpreter
    from lstm_sym.notes.sampling.scope import ClaimScope


@dataclass(frozen=True)
class Link:
    """The map of cotangents of `of` to cotangents of `by`: rows are entries of `of`, columns entries of `by`."""

    of: tuple[str, int | None]
    by: tuple[str, int | None]
    rows: Rows
    shape: tuple[int, int]


def jacobian(scope: ClaimScope, node: Derivative, run: Interpreter) -> Value:
    """The Jacobian matrix in the layout of the reading."""
    link = link_of(scope, node, run)
    rows = link.rows if scope.reading.layout != "denominator" else flip(link.rows)
    return Value(rows)


def link_of(scope: ClaimScope, node: Derivative, run: Interpreter) -> Link:
    """The link of one derivative; each is computed once for a network and a sense of partial derivatives."""
    of, by = _place(scope, node.of, run), _place(scope, node.by, run)
    place = of, by, scope.reading.partials
    known = scope.network.links
    if place not in known:
        known[place] = _link(scope, node, of, by)
    return known[place]


def _link(scope: ClaimScope, node: Derivative, of: tuple, by: tuple) -> Link:
    target = _node(scope, node.of, of)
    source = _node(scope, node.by, by)
    blocked = _blocked(scope, of, by)
    network = scope.network
    network.complete()
    rows = []
    for index in range(target.shape[0] * target.shape[1]):
        width = target.shape[1]
        seed = tuple(tuple(int(r * width + c == index) for c in range(width)) for r in range(target.shape[0]))
        found = network.matrices.backward({target: seed}, blocked - {target.order})
        rows.append(_flat(_collected(scope, found, source, by, of)))
    return Link(of, by, tuple(rows), source.shape)


def _collected(scope: ClaimScope, found: dict[int, Rows], source: Value, by: tuple, of: tuple) -> Rows:
    rows, columns = source.shape
    zero: Rows = ((0,) * columns,) * rows
    if by[1] is not None and by[0] in scope.model.parameters:  # the weight at one step
        return _uses(scope, found, by[0], by[1], zero)
    if by[1] is not None or scope.reading.partials == "total" or by[0] not in scope.model.parameters:
        if by[1] is None and by[0] in scope.model.parameters:
            return _uses(scope, found, by[0], None, zero)
        return found.get(source.order, zero)
    return _uses(scope, found, by[0], of[1], zero)


def _uses(scope: ClaimScope, found: dict[int, Rows], key: str, time: int | None, total: Rows) -> Rows:
    for (_consumer, at), node in scope.network.uses[key, None]:
        if node.order in found and (time is None or at == time):
            total = scope.network.matrices.plus(total, found[node.order])
    return total


def _flat(rows: Rows) -> tuple:
    return tuple(entry for row in rows for entry in row)


def _place(scope: ClaimScope, node: Formula, run: Interpreter) -> tuple[str, int | None]:
    read = _reference(scope, node)
    time = run.time(read.time)
    if time is None and read.key not in scope.model.parameters:
        time = run.times.get("t")
    return read.key, time


def _reference(scope: ClaimScope, node: Formula) -> Reference:
    read = reference(node, scope.timed) if isinstance(node, Name | Indexed) else None
    if read is None:
        raise UnreadableError("a derivative of or by something that is no name", node.start)
    return read


def _node(scope: ClaimScope, node: Formula, place: tuple[str, int | None]) -> Value:
    key, time = place
    model = scope.model
    if key in model.parameters:
        return scope.network.value(key, None)
    if key in model.definitions or key in model.inputs:
        return scope.network.value(key, time)
    role = scope.reading.role(key)
    if role is not None and role.kind == "preact" and time is not None:
        net = scope.network.net(role.key, time)
        if net is not None:
            return net
    from lstm_sym.notes.sampling.scope import NameUnknownError

    raise NameUnknownError(key)


def _blocked(scope: ClaimScope, of: tuple, by: tuple) -> frozenset[int]:
    """The nodes that the reading of partial derivatives holds fixed."""
    network, model = scope.network, scope.model
    if scope.reading.partials == "total":
        return frozenset()
    held = set()
    for (key, time), node in network.nodes.items():
        if time is None or key not in model.definitions or (key, time) in (of, by):
            continue
        if (
            scope.reading.partials == "direct"
            or (by[1] is not None and time <= by[1])
            or (by[1] is None and of[1] is not None and time < of[1])
        ):
            held.add(node.order)
    return frozenset(held)


def chain_value(scope: ClaimScope, node: Factors, run: Interpreter) -> Any:
    """The chain rule written out, composed link by link; None where the product holds anything but derivatives."""
    start, links = None, list[Link]()
    for written in node.factors:
        factor = written.items[0] if isinstance(written, Group) and len(written.items) == 1 else written
        if isinstance(factor, Derivative) and scope._loss(factor.of) is not None and start is None:
            start = factor
        elif isinstance(factor, Derivative) and scope._loss(factor.of) is None:
            links.append(link_of(scope, factor, run))
        elif isinstance(factor, Big) and factor.kind == "prod" and isinstance(factor.body, Derivative):
            links.extend(_product_links(scope, factor, run))
        else:
            return None
    if not links or (start is None and len(links) < 2):
        return None
    return _composed(scope, start, links, run)


def _product_links(scope: ClaimScope, node: Big, run: Interpreter) -> list[Link]:
    name, first, last = run.bounds(node)
    assert isinstance(node.body, Derivative)
    return [link_of(scope, node.body, run.at(**{name: time})) for time in range(first, last + 1)]


def _composed(scope: ClaimScope, start: Derivative | None, links: list[Link], run: Interpreter) -> Value:
    if start is not None:
        flat = _flat(_column(scope, start, run).rows)
        current: tuple = _place(scope, start.by, run)
        total: Rows = (flat,)
    else:
        of = {link.of for link in links} - {link.by for link in links}
        if len(of) != 1:
            raise ShapeError("a chain of derivatives that does not join")
        current = next(iter(of))
        first = next(link for link in links if link.of == current)
        links = [link for link in links if link is not first]
        total, current = first.rows, first.by
        shape = first.shape
    left = list(links)
    shape = left[-1].shape if left else shape
    while left:
        following = next((link for link in left if link.of == current), None)
        if following is None:
            raise ShapeError(f"a chain of derivatives that does not join: nothing follows {current[0]}")
        left.remove(following)
        if len(total[0]) != len(following.rows):
            raise ShapeError(f"a chain of derivatives whose factors at {current[0]} have different sizes")
        total = scope.network.matrices._product(total, following.rows)
        current, shape = following.by, following.shape
    if start is not None:
        width = shape[1]
        rows = tuple(tuple(total[0][r * width : (r + 1) * width]) for r in range(shape[0]))
        return Value(rows) if scope.reading.layout != "row" else Value(flip(rows))
    return Value(total) if scope.reading.layout != "denominator" else Value(flip(total))


def _column(scope: ClaimScope, start: Derivative, run: Interpreter) -> Value:
    value = scope.derivative(start, run)
    return value if scope.reading.layout != "row" else Value(flip(value.rows))

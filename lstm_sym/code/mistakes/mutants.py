"""Named mistakes, planted in the backward pass of the user's own forward pass.

Each mutant says which edges change and how, and names the mistake in the user's lines and names. Tables: SLOPES (in
slopes.py), KEPT for steps that are counted; functions below yield the mutants that depend on values (missing factor,
neighbour, time index, transposed).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lstm_sym.code.mistakes.slopes import SLOPES, SlopeRule, negative
from lstm_sym.code.running.tape import ONE, ZERO, Change, Edge, Key, Tape, residues
from lstm_sym.code.scalars.graph import Graph, Residues, Scalar
from lstm_sym.code.scalars.trace import Made, Site


@dataclass(frozen=True)
class Mutant:
    """A planted mistake: its name, the kind by which tests speak of it, the edges it changes."""

    kind: str
    text: str
    changes: dict[Key, Change]
    redirected: Mapping[Key, Scalar] | None = None


Keep = Callable[[int, int], bool]
KEPT: list[tuple[str, str, Keep]] = [
    ("lost", "every step is missing", lambda k, last: False),
    ("only one step", "only the last step is counted", lambda k, last: k == last),
    ("only one step", "only the first step is counted (an assignment where a sum belongs)", lambda k, last: k == 0),
    ("one step missing", "the first step is missing", lambda k, last: k != 0),
    ("one step missing", "the last step is missing", lambda k, last: k != last),
]
"""Which steps a contribution is counted at."""


def mutants(tape: Tape) -> Iterator[Mutant]:
    """All mutants of this tape, the likeliest first."""
    yield from _slopes(tape)
    yield from _accumulations(tape)
    yield from _recurrences(tape)
    yield from _neighbour_slopes(tape)
    yield from _contributions(tape)
    yield from _values(tape)


def _slopes(tape: Tape) -> Iterator[Mutant]:
    groups: dict[tuple[str, Site | None], list[Edge]] = defaultdict(list)
    for edge in tape.edges:
        if edge.activation:
            made = tape.inside(edge.consumer)
            groups[edge.activation, made.site if made else None].append(edge)
            groups[edge.activation, None].append(edge)
    graph = tape.run.graph
    for (kind, site), edges in groups.items():
        where = (
            f"{'σ' if kind == 'sigma' else 'tanh'} at {site.quoted()}" if site else f"every {'σ' if kind == 'sigma' else 'tanh'}"
        )
        for name, text, rule in SLOPES[kind]:
            yield Mutant(name, f"{text} ({where})", {edge.key: _slope(graph, edge, rule) for edge in edges})


def _neighbour_slopes(tape: Tape) -> Iterator[Mutant]:
    """The slope of another gate: f for i."""
    groups: dict[Site, dict[tuple[int, int], Edge]] = defaultdict(dict)
    for edge in tape.edges:
        made = tape.entry(edge.consumer)
        if edge.activation and made:
            groups[made.site][made.count, made.position] = edge
    for site, edges in groups.items():
        for other, donors in groups.items():
            if other != site and edges.keys() == donors.keys():
                text = (
                    f"the slope of {other.name} (line {other.line}) stands where that of {site.name} (line {site.line}) belongs"
                )
                yield Mutant("neighbour", text, {edge.key: (donors[place].slope, ZERO) for place, edge in edges.items()})
                both = f"{site.name} (line {site.line}) and {other.name} (line {other.line})"
                text = f"the adjoints of {both} are exchanged: wrong slice or order"
                exchanged = {edge.key: donors[place].operand for place, edge in edges.items()}
                exchanged.update({donors[place].key: edge.operand for place, edge in edges.items()})
                if site.line < other.line or (site.line == other.line and site.shown.column < other.shown.column):
                    yield Mutant("exchanged", text, {}, exchanged)


def _slope(graph: Graph, edge: Edge, rule: SlopeRule) -> Change:
    y = edge.consumer
    once_more = graph.tanh(y) if edge.activation == "tanh" else graph.invert(graph.add(graph.one, graph.exp(graph.negative(y))))
    return rule(residues(y), residues(edge.operand), residues(once_more))


def _recurrent(tape: Tape) -> dict[Site, list[Edge]]:
    """Edges from a step to a result of the step before, by the site of that result; sums that only add up the loss are none."""
    groups: dict[Site, list[Edge]] = defaultdict(list)
    adjoints = tape.backward({})
    for edge in tape.edges:
        consumer, producer = tape.inside(edge.consumer), tape.entry(edge.operand)
        if consumer and producer and consumer.count == producer.count + 1:
            adjoint = adjoints.get(edge.operand.ident, ZERO)
            if adjoint[0] != adjoint[1]:
                groups[producer.site].append(edge)
    return groups


def _with_initial(tape: Tape, edges: list[Edge]) -> list[Edge]:
    """The edges, and those that at the first step lead to the initial state in the same way."""
    ways = {(made.site, made.position, edge.key[1]) for edge in edges if (made := tape.inside(edge.consumer))}
    first = [
        edge
        for edge in tape.edges
        if (made := tape.inside(edge.consumer)) and made.count == 0 and (made.site, made.position, edge.key[1]) in ways
    ]
    return edges + first


def _recurrences(tape: Tape) -> Iterator[Mutant]:
    groups = _recurrent(tape)
    if len(groups) > 1:
        every = [edge for edges in groups.values() for edge in edges]
        text = f"the recurrence is lost: nothing is passed back to the step before ({', '.join(site.name for site in groups)})"
        yield from _lost(tape, text, every)
    for site, edges in groups.items():
        text = f"the recurrence through {site.name} is lost: its adjoint (line {site.line}) lacks what the next step passes back"
        yield from _lost(tape, text, edges)
        for consumer, part in _by_site(tape, edges).items():
            yield from _lost(tape, f"the recurrence through {site.name} by way of {consumer.quoted()} is lost", part)
    for site in groups:
        direct = [edge for edge in tape.edges if _direct(tape, edge, site)]
        if direct:
            text = f"the adjoint of {site.name} (line {site.line}) holds only what the next step passes back"
            yield Mutant("term missing", text, {edge.key: (ZERO, ZERO) for edge in direct})
            counted = [(made.count, edge) for edge in direct if (made := tape.entry(edge.operand))]
            yield from _kept(
                "loss steps", f"of what reaches {site.name} (line {site.line}) at its own step, loss included,", counted
            )


def _lost(tape: Tape, text: str, edges: list[Edge]) -> Iterator[Mutant]:
    text += "; right at T=1 and wrong from T=2 on"
    yield Mutant("recurrence lost", text, {edge.key: (ZERO, ZERO) for edge in edges})
    yield Mutant("recurrence lost", text, {edge.key: (ZERO, ZERO) for edge in _with_initial(tape, edges)})


def _direct(tape: Tape, edge: Edge, site: Site) -> bool:
    producer, consumer = tape.entry(edge.operand), tape.inside(edge.consumer)
    if producer is None or producer.site != site or consumer is None:
        return False
    return consumer.count != producer.count + 1 and tape.entry(edge.operand) is not None


def _by_site(tape: Tape, edges: list[Edge]) -> dict[Site, list[Edge]]:
    groups: dict[Site, list[Edge]] = defaultdict(list)
    for edge in edges:
        made = tape.inside(edge.consumer)
        if made:
            groups[made.site].append(edge)
    return groups


def _accumulations(tape: Tape) -> Iterator[Mutant]:
    groups: dict[str, list[tuple[int, Edge]]] = defaultdict(list)
    for edge in tape.edges:
        made = tape.inside(edge.consumer)
        if edge.operand.op == "arg" and made:
            groups[edge.operand.args[0]].append((made.count, edge))
    yield from _kept(
        "accumulation", "of the sums over the steps in the gradients", [pair for pairs in groups.values() for pair in pairs]
    )
    for path, edges in groups.items():
        yield from _kept("accumulation", f"of the sum over the steps in the gradient for {path}", edges)


def _kept(kind: str, text: str, edges: list[tuple[int, Edge]]) -> Iterator[Mutant]:
    last = max(count for count, _ in edges)
    if last == 0:
        return
    for name, words, keep in KEPT[1:]:
        dropped = {edge.key: (ZERO, ZERO) for count, edge in edges if not keep(count, last)}
        yield Mutant(f"{kind}: {name}", f"{text} {words}", dropped)


def _contributions(tape: Tape) -> Iterator[Mutant]:
    groups: dict[tuple[Site, str, str], list[tuple[int, Edge]]] = defaultdict(list)
    adjoints = tape.backward({})
    for edge in tape.edges:
        made = tape.inside(edge.consumer)
        reached = adjoints.get(edge.operand.ident, ZERO)
        if made is None or edge.operand.value is not None or reached[0] == reached[1]:
            continue
        producer = tape.entry(edge.operand)
        name = edge.operand.args[0] if edge.operand.op == "arg" else producer.site.quoted() if producer else ""
        if name:
            count = producer.count if producer and producer.count != made.count else made.count
            groups[made.site, name, edge.consumer.op].append((count, edge))
    for (site, name, _), edges in groups.items():
        subject = f"what {site.quoted()} passes back to {name}"
        yield Mutant("term missing", f"{subject} is missing", {edge.key: (ZERO, ZERO) for _, edge in edges})
        minus_slopes: dict[Key, Change] = {edge.key: (negative(edge.slope), ZERO) for _, edge in edges}
        yield Mutant("sign", f"{subject} has the wrong sign", minus_slopes)
        yield from _kept("term", subject, edges)


def _values(tape: Tape) -> Iterator[Mutant]:
    """Products whose other factor is replaced: missing, of another step, wrapped, a neighbour's, transposed."""
    groups: dict[tuple[Site, int, int], list[tuple[int, Edge]]] = defaultdict(list)
    for edge in tape.edges:
        made = tape.inside(edge.consumer)
        if edge.other is not None and made is not None and edge.activation is None:
            groups[made.site, made.position, edge.key[1]].append((made.count, edge))
    merged: dict[tuple[Site, str, str], list[list[tuple[int, Edge]]]] = defaultdict(list)
    for (site, _, _), edges in groups.items():
        edges.sort(key=lambda pair: pair[0])
        merged[site, _source(tape, edges[-1][1].operand), _source(tape, _other(edges[-1][1]))].append(edges)
    for (site, to, factor), streams in merged.items():
        if not to or to == "constant":
            continue
        yield from _replaced(tape, site, to, factor, streams)


def _other(edge: Edge) -> Scalar:
    assert edge.other is not None
    return edge.other


def _source(tape: Tape, scalar: Scalar) -> str:
    if scalar.op == "arg":
        return str(scalar.args[0])
    if scalar.value is not None:
        return "constant"
    made = tape.entry(scalar)
    return f"{made.site.name} (line {made.site.line})" if made else ""


Streams = list[list[tuple[int, Edge]]]


def _replaced(tape: Tape, site: Site, to: str, factor: str, streams: Streams) -> Iterator[Mutant]:
    step_before = to == f"{site.name} (line {site.line})"
    place = f"in what {site.quoted()} passes back to {'the step before' if step_before else to}"
    ones = {edge.key: (ONE, ZERO) for stream in streams for _, edge in stream}
    yield Mutant("local factor", f"{place} the factor {factor or 'beside it'} is missing", ones)
    for kind, words, pick in (
        ("time index", "is taken one step late", lambda values, k: values[k + 1] if k + 1 < len(values) else None),
        ("time index", "is taken one step early", lambda values, k: values[k - 1] if k else values[0]),
        ("time index", "is taken one step early, and its first is left out", lambda values, k: values[k - 1] if k else ZERO),
        ("wrap", "wraps at the first step: h[-1] is the last step", lambda values, k: values[-1] if k == 0 else values[k]),
    ):
        picked = [
            (edge, pick(values, k))
            for stream in streams
            for values in [_stream(tape, stream)]
            for k, (_, edge) in enumerate(stream)
        ]
        changes: dict[Key, Change] = {edge.key: (value, ZERO) for edge, value in picked if value is not None}
        if len(changes) == len(picked):
            yield Mutant(kind, f"{place} the factor {factor} {words}", changes)
    yield from _neighbours(tape, place, factor, streams)


def _stream(tape: Tape, stream: list[tuple[int, Edge]]) -> list[Residues]:
    """The other factor at each step, and what it would be one step later."""
    values = [residues(_other(edge)) for _, edge in stream]
    made = tape.entry(_other(stream[-1][1]))
    if made is not None:
        later = tape.at.get(Made(made.site, made.count + 1, made.position))
        if later is not None:
            values.append(residues(later))
    return values


def _neighbours(tape: Tape, place: str, factor: str, streams: Streams) -> Iterator[Mutant]:
    first = tape.entry(_other(streams[0][-1][1]))
    if first is not None:
        sites = {made.site for made in tape.at if made.count == first.count and made.site != first.site}
        for other in sorted(sites, key=lambda s: s.line):
            yield from _from_site(tape, place, factor, streams, other)
    paths = {s.op == "arg" for s in (_other(streams[0][-1][1]),)}
    if True in paths:
        yield from _from_arguments(tape, place, streams)


def _from_site(tape: Tape, place: str, factor: str, streams: Streams, other: Site) -> Iterator[Mutant]:
    changes: dict[Key, Change] = {}
    for stream in streams:
        for count, edge in stream:
            made = tape.entry(_other(edge))
            position = made.position if made else stream_position(tape, stream)
            value = tape.at.get(Made(other, made.count if made else count, position))
            if value is None:
                return
            changes[edge.key] = (residues(value), ZERO)
    yield Mutant("neighbour", f"{place} stands {other.name} (line {other.line}) for {factor}", changes)


def stream_position(tape: Tape, stream: list[tuple[int, Edge]]) -> int:
    """The position of the factor in its array, from the steps where it is a result."""
    return next((made.position for _, edge in stream if (made := tape.entry(_other(edge)))), 0)


def _turned(index: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    """The index in the transposed matrix; of stacked square blocks each is transposed by itself."""
    *front, row, column = index
    if front:
        return (*front, column, row)
    if shape[0] > shape[1] and shape[0] % shape[1] == 0:
        block = row - row % shape[1]
        return block + column, row - block
    if shape[1] > shape[0] and shape[1] % shape[0] == 0:
        block = column - column % shape[0]
        return column - block, block + row
    return column, row


def _from_arguments(tape: Tape, place: str, streams: Streams) -> Iterator[Mutant]:
    graph, edges = tape.run.graph, [edge for stream in streams for _, edge in stream]
    if any(_other(edge).op != "arg" for edge in edges):
        return
    path = _other(edges[0]).args[0]
    shapes = {leaf.path: leaf.shape for leaf in tape.run.arguments.leaves.values()}
    options = [(other, False) for other, shape in shapes.items() if shape == shapes[path] and other != path]
    if len(shapes[path]) >= 2:
        turned_shape = (*shapes[path][:-2], *shapes[path][:-3:-1])
        options += [(other, True) for other, shape in shapes.items() if shape == turned_shape or other == path]
    for other, turned in options:
        changes: dict[Key, Change] = {}
        for edge in edges:
            index = _other(edge).args[1]
            value = graph.argument_at(other, _turned(index, shapes[path]) if turned else index)
            if value is None:
                break
            changes[edge.key] = (residues(value), ZERO)
        else:
            if turned and other == path:
                yield Mutant("transposed", f"{place} {path} and its transpose are exchanged", changes)
            else:
                yield Mutant("neighbour", f"{place} stands {other}{' transposed' if turned else ''} for {path}", changes)

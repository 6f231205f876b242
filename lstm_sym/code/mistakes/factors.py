"""Mistakes of factors: beside a product stands nothing, the value of another step, of a neighbour, or a transpose.

Law: what stands in the place of a factor is a value of the same run, of the same shape.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lstm_sym.code.mistakes.mutant import Mutant
from lstm_sym.code.running.tape import ONE, ZERO, Change, Edge, Key, Tape, residues
from lstm_sym.code.scalars.graph import Residues, Scalar
from lstm_sym.code.scalars.trace import Made, Site

Streams = list[list[tuple[int, Edge]]]


def wrong_factors(tape: Tape) -> Iterator[Mutant]:
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

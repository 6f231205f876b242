"""Mistakes at activations: each wrong slope of the table at each activation, and the slope or adjoint of another gate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lstm_sym.code.mistakes.mutant import Mutant
from lstm_sym.code.mistakes.slopes import SLOPES, SlopeRule
from lstm_sym.code.running.tape import ZERO, Change, Edge, Tape, residues
from lstm_sym.code.scalars.graph import Graph
from lstm_sym.code.scalars.trace import Site


def wrong_slopes(tape: Tape) -> Iterator[Mutant]:
    """Every row of SLOPES, at one activation and at all of its kind."""
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


def neighbour_slopes(tape: Tape) -> Iterator[Mutant]:
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

"""Mistakes of steps and terms: a recurrence that is lost, sums that miss steps, a term that is missing or has the wrong sign.

Law: only what reaches the step before in the right pass can be lost; sums that add up the loss are no recurrence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lstm_sym.code.mistakes.mutant import Mutant, kept
from lstm_sym.code.mistakes.slopes import negative
from lstm_sym.code.running.tape import ZERO, Change, Edge, Key, Tape
from lstm_sym.code.scalars.trace import Site


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


def recurrences(tape: Tape) -> Iterator[Mutant]:
    """What the step after passes back is lost: all of it, through one result, or by one way; or nothing else is passed back."""
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
            yield from kept(
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


def accumulations(tape: Tape) -> Iterator[Mutant]:
    """The gradient of an argument misses some of the steps that it sums over."""
    groups: dict[str, list[tuple[int, Edge]]] = defaultdict(list)
    for edge in tape.edges:
        made = tape.inside(edge.consumer)
        if edge.operand.op == "arg" and made:
            groups[edge.operand.args[0]].append((made.count, edge))
    yield from kept(
        "accumulation", "of the sums over the steps in the gradients", [pair for pairs in groups.values() for pair in pairs]
    )
    for path, edges in groups.items():
        yield from kept("accumulation", f"of the sum over the steps in the gradient for {path}", edges)


def contributions(tape: Tape) -> Iterator[Mutant]:
    """One term that one line passes back is missing, has the wrong sign, or is counted at some steps only."""
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
        yield from kept("term", subject, edges)

"""A planted mistake, and the steps that a contribution can be counted at by mistake.

Law: a mutant names its mistake in the user's lines and names, and says which edges of the tape change and how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lstm_sym.code.running.tape import ZERO, Change, Edge, Key
from lstm_sym.code.scalars.graph import Scalar

Keep = Callable[[int, int], bool]
KEPT: list[tuple[str, str, Keep]] = [
    ("lost", "every step is missing", lambda k, last: False),
    ("only one step", "only the last step is counted", lambda k, last: k == last),
    ("only one step", "only the first step is counted (an assignment where a sum belongs)", lambda k, last: k == 0),
    ("one step missing", "the first step is missing", lambda k, last: k != 0),
    ("one step missing", "the last step is missing", lambda k, last: k != last),
]
"""Which steps a contribution is counted at."""


@dataclass(frozen=True)
class Mutant:
    """A planted mistake: its name, the kind by which tests speak of it, the edges it changes."""

    kind: str
    text: str
    changes: dict[Key, Change]
    redirected: Mapping[Key, Scalar] | None = None


def kept(kind: str, text: str, edges: list[tuple[int, Edge]]) -> Iterator[Mutant]:
    """The contributions counted at some of the steps only; none where there is one step."""
    last = max(count for count, _ in edges)
    if last == 0:
        return
    for name, words, keep in KEPT[1:]:
        dropped = {edge.key: (ZERO, ZERO) for count, edge in edges if not keep(count, last)}
        yield Mutant(f"{kind}: {name}", f"{text} {words}", dropped)

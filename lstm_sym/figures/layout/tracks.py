"""The order of the upright pieces of the nets in one channel: no two wires lie upon each other, and few cross.

net A comes in at its left height, runs upright on its track, and leaves at its right heights
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

NEAR = 3.0
"""Two level wires nearer than this look like one."""
UPON = 1000.0
"""What two wires upon each other cost, in crossings."""
ALL_ORDERS = 7
"""Up to so many tracks every order is tried."""


@dataclass(frozen=True)
class Passage:
    """A net in a channel: the heights where it comes in (None: from below) and goes out, how far its upright piece reaches."""

    net: str
    left: float | None
    right: tuple[float, ...]
    top: float
    bottom: float

    @property
    def is_level(self) -> bool:
        return self.bottom - self.top < 1e-6


def track_order(passages: Sequence[Passage]) -> list[Passage]:
    """The passages that need an upright piece, from left to right."""
    upright = [passage for passage in passages if not passage.is_level]
    if len(upright) <= ALL_ORDERS:
        return list(min(permutations(upright), key=_cost))
    found: list[Passage] = []
    for passage in upright:
        places = [[*found[:place], passage, *found[place:]] for place in range(len(found) + 1)]
        found = min(places, key=_cost)
    return found


def _cost(order: Iterable[Passage]) -> float:
    return sum(_pair(first, second) for first, second in combinations(order, 2))


def _pair(first: Passage, second: Passage) -> float:
    """What two tracks cost where the first stands left of the second."""
    cost = sum(second.top < height < second.bottom for height in first.right)
    if second.left is None:
        return cost
    upon = any(abs(second.left - height) < NEAR for height in first.right)
    return cost + (first.top < second.left < first.bottom) + UPON * upon

"""The order of the items of each layer, with few crossings: exchanges of two items as long as one makes the picture simpler.

Laws: entries and exits keep one order, because they stand at the same heights; inputs count as lowest, exit upward as highest.
The search has no chance in it, so that a cell has one picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from lstm_sym.figures.layout.network import Network, links

Order = list[list[str]]
Hops = Sequence[tuple[str, str]]
LENGTH = 0.02
"""What one place of length costs, in crossings."""
MOST_ROUNDS = 60


def ordered(network: Network) -> Order:
    """The items of each layer from top to bottom."""
    order = network.items()
    hops = links(network)
    best = _cost(network, order, hops)
    for _ in range(MOST_ROUNDS):
        before = best
        for layer in range(len(order) - 1):
            for i, j in combinations(range(len(order[layer])), 2):
                best = _try(network, order, hops, layer, (i, j), best)
        if best >= before:
            break
    return order


def _try(
    network: Network, order: Order, hops: Sequence[tuple[str, str]], layer: int, pair: tuple[int, int], best: float
) -> float:
    """Exchanges two items, and back again where that is no better."""
    _exchange(order, layer, pair)
    cost = _cost(network, order, hops)
    if cost < best - 1e-9:
        return cost
    _exchange(order, layer, pair)
    return best


def _exchange(order: Order, layer: int, pair: tuple[int, int]) -> None:
    for place in (0, len(order) - 1) if layer == 0 else (layer,):
        items, (i, j) = order[place], pair
        items[i], items[j] = items[j], items[i]


def _cost(network: Network, order: Order, hops: Hops) -> float:
    """Crossings between layers, and the length of the hops, as if the items of a layer stood evenly about its middle."""
    height: dict[str, float] = {network.up: -50.0} | dict.fromkeys(network.inputs, 50.0)
    rank: dict[str, int] = {}
    for layer, items in enumerate(order):
        for place, item in enumerate(items):
            height[item], rank[item] = place - (len(items) - 1) / 2, layer
    by_channel: dict[int, list[tuple[float, float]]] = {}
    length = 0.0
    for source, target in hops:
        channel = rank[target] - 1 if target in rank else len(order) - 2
        a, b = height[source], height[target]
        by_channel.setdefault(channel, []).append((a, b))
        if abs(a) < 50 and abs(b) < 50:
            length += abs(a - b)
    crossings = sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for channel in by_channel.values() for a, b in combinations(channel, 2))
    return crossings + LENGTH * length

"""The heights of the items: each as near as it may be to the items that it is wired to, in the order of its layer.

Law: neighbours in a layer keep their distance exactly; the nearest heights that keep it come from pooling (isotonic regression).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lstm_sym.figures.layout.network import Network, links, passing
from lstm_sym.figures.layout.ordering import Order

ROUNDS = 240
BETWEEN = 9.0
"""The room between the labels of two neighbours."""
WIRE = 2.0
"""How far from the middle line nothing else comes, for items without a size."""
STRAIGHT, STRAIGHTER = 4.0, 40.0
"""How much more than others a passing wire pulls, and how much more the next piece of the same wire."""
SNAP = 3.0
"""A passing wire nearer than this to its level is put on it."""


def heights(network: Network, order: Order, port_room: float) -> dict[str, float]:
    """The middle line of every item; `port_room` is the distance that entries keep above and below."""
    pulls = _pulls(network)
    places = {item: 30.0 * (place - (len(items) - 1) / 2) for items in order for place, item in enumerate(items)}
    for turn in range(ROUNDS):
        layers = order[:-1] if turn % 2 == 0 else order[-2::-1]
        for items in layers:
            ends = order[-1] if items is order[0] else items
            wanted, weights = [], []
            for item, twin in zip(items, ends, strict=True):
                near = pulls.get(item, []) + (pulls.get(twin, []) if twin != item else [])
                total = sum(weight for _, weight in near)
                wanted.append(sum(places[other] * weight for other, weight in near) / total if total else places[item])
                weights.append(total or 0.1)
            room = [_room(network, item, port_room if ends is not items else WIRE) for item in items]
            for item, twin, place in zip(items, ends, spread(wanted, weights, _distances(room)), strict=True):
                places[item] = places[twin] = place
    _level(network, order, places)
    _straighten(network, places)
    return places


def _level(network: Network, order: Order, places: dict[str, float]) -> None:
    """Puts all pieces of a passing wire on one level, where their neighbours leave room: if possible that of its source."""
    free: dict[str, tuple[float, float]] = {}
    for items in order[1:-1]:
        room = [_room(network, item, WIRE) for item in items]
        distances = _distances(room)
        for place, item in enumerate(items):
            low = places[items[place - 1]] + distances[place - 1] if place else -1e6
            high = places[items[place + 1]] - distances[place] if place + 1 < len(items) else 1e6
            free[item] = low, high
    for net in network.nets:
        pieces = [passing(net.source, layer) for layer in range(network.layer[net.source] + 1, network.reach(net))]
        if pieces:
            low, high = max(free[piece][0] for piece in pieces), min(free[piece][1] for piece in pieces)
            node = network.node.get(net.source)
            ends = [places[net.source] - (node.out if node else 0.0)] if net.source in places else []
            ends += [places[target] for target in net.targets if target in network.exits]
            mean = sum(places[piece] for piece in pieces) / len(pieces)
            wanted = [*ends, min(max(mean, low), high)]
            level = next((one for one in wanted if low - 1e-9 <= one <= high + 1e-9), None)
            if level is not None:
                places.update(dict.fromkeys(pieces, level))


def _straighten(network: Network, places: dict[str, float]) -> None:
    """Puts the pieces of a passing wire on the level of what is next to them, where they almost are."""
    for source, target in reversed(links(network)):
        if source.startswith("~") and target in places and abs(places[source] - places[target]) < SNAP:
            places[source] = places[target]
    for source, target in links(network):
        if target.startswith("~") and source not in network.inputs:
            node = network.node.get(source)
            level = places[source] - (node.out if node else 0.0)
            if abs(places[target] - level) < SNAP:
                places[target] = level


def _pulls(network: Network) -> dict[str, list[tuple[str, float]]]:
    """For each item those that it is wired to, with weights; what lies below or above the panel pulls at nothing."""
    outside = {*network.inputs, network.up}
    found: dict[str, list[tuple[str, float]]] = {}
    for source, target in links(network):
        if source not in outside and target not in outside:
            weight = (1.0, STRAIGHT, STRAIGHTER)[source.startswith("~") + (target.startswith("~") or target in network.exits)]
            found.setdefault(source, []).append((target, weight))
            found.setdefault(target, []).append((source, weight))
    return found


def _room(network: Network, item: str, least: float) -> tuple[float, float]:
    """How far an item reaches above and below its middle line."""
    if item not in network.node:
        return least, least
    node = network.node[item]
    return max(node.above, node.height / 2), max(node.below, node.height / 2)


def _distances(room: Sequence[tuple[float, float]]) -> list[float]:
    return [upper[1] + lower[0] + BETWEEN for upper, lower in pairwise(room)]


def spread(wanted: Sequence[float], weights: Sequence[float], distances: Sequence[float]) -> list[float]:
    """The places nearest to those wanted, by weighted squares, with at least these distances from one to the next."""
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    pools: list[list[float]] = []
    for want, weight, offset in zip(wanted, weights, offsets, strict=True):
        pools.append([want - offset, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, wa, na), (b, wb, nb) = pools[-2:]
            pools[-2:] = [[(a * wa + b * wb) / (wa + wb), wa + wb, na + nb]]
    level = [value for value, _, count in pools for _ in range(int(count))]
    return [value + offset for value, offset in zip(level, offsets, strict=True)]

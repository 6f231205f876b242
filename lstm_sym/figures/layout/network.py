"""A network to lay out: nodes in layers from left to right, nets from one node to several, what enters and what leaves.

Laws: recurrent values enter at the left and leave at the right, at one height; inputs come from below, the output leaves upward.
A net that passes a layer has an item of its own there, so that no wire runs through a node.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Node:
    """A node of a box or circle of that size. `stub` is the room for labels on the wire that leaves it, `above` and `below`
    how far its labels reach from the middle line; `out` is how far above the middle line the wire leaves.
    """

    id: str
    width: float
    height: float
    form: str = "box"
    stub: float = 0.0
    above: float = 0.0
    below: float = 0.0
    out: float = 0.0


@dataclass(frozen=True)
class Net:
    """What one node, entry or input sends to others; targets in declared order, a node twice where it is used twice."""

    source: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Network:
    """`entries` maps the id of what enters to the id of what leaves at the same height on the right; `up` leaves upward."""

    nodes: tuple[Node, ...]
    nets: tuple[Net, ...]
    entries: dict[str, str]
    inputs: tuple[str, ...]
    up: str
    input_room: dict[str, float] = field(default_factory=dict)

    @cached_property
    def node(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def layer(self) -> dict[str, int]:
        """The layer of everything: entries and inputs 0, each node one after the last of its sources, exits at the end."""
        found = dict.fromkeys((*self.entries, *self.inputs), 0)
        sources = {node.id: [net.source for net in self.nets if node.id in net.targets] for node in self.nodes}
        for node in self.nodes:
            found[node.id] = 1 + max((found[source] for source in sources[node.id]), default=0)
        last = 1 + max(found.values())
        return found | dict.fromkeys((*self.exits, self.up), last)

    @cached_property
    def exits(self) -> tuple[str, ...]:
        return tuple(self.entries.values())

    @property
    def last(self) -> int:
        """The layer of the exits."""
        return self.layer[self.up]

    def items(self) -> list[list[str]]:
        """What stands in each layer, in declared order: nodes, and the passing nets as `~source@layer`."""
        found: list[list[str]] = [[] for _ in range(self.last + 1)]
        found[0], found[-1] = list(self.entries), list(self.exits)
        for node in self.nodes:
            found[self.layer[node.id]].append(node.id)
        for net in self.nets:
            for layer in range(self.layer[net.source] + 1, self.reach(net)):
                found[layer].append(passing(net.source, layer))
        return found

    def reach(self, net: Net) -> int:
        """The layer of the last target of a net."""
        return max((self.layer[target] for target in net.targets), default=self.layer[net.source])

    def item(self, net: Net, layer: int) -> str:
        """Where a net comes from at a layer: its source, or its own item."""
        return net.source if layer == self.layer[net.source] else passing(net.source, layer)

    def hops(self, net: Net, layer: int) -> list[str]:
        """Where a net goes to in the channel after a layer: targets in the next one, and its own item there."""
        found = [target for target in net.targets if self.layer[target] == layer + 1]
        return found + ([passing(net.source, layer + 1)] if self.reach(net) > layer + 1 else [])

    def in_channel(self, layer: int) -> list[Net]:
        """The nets of the channel between a layer and the next."""
        return [net for net in self.nets if self.layer[net.source] <= layer < self.reach(net)]


def passing(source: str, layer: int) -> str:
    return f"~{source}@{layer}"


def links(network: Network) -> list[tuple[str, str]]:
    """Every hop of every net, from item to item."""
    channels: Sequence[int] = range(network.last)
    return [
        (network.item(net, channel), hop)
        for channel in channels
        for net in network.in_channel(channel)
        for hop in network.hops(net, channel)
    ]

"""A network laid out: columns of nodes, channels of wires between them, ports at the borders.

Laws: wires run level and upright in channels only, so that none runs through a node; every target of every net has its wire.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lstm_sym.figures.layout.heights import WIRE, heights
from lstm_sym.figures.layout.network import Net, Network, Node
from lstm_sym.figures.layout.ordering import ordered
from lstm_sym.figures.layout.tracks import Passage, track_order
from lstm_sym.figures.scene.geometry import after_shared, tidy
from lstm_sym.figures.scene.scene import Dot, Point, Rectangle, Wire

TRACK = 6.0
BEFORE, AFTER = 4.0, 9.5
"""The room before the first track of a channel, and after the last, where the arrows are."""
PORT = 7.0
"""The distance between two wires that come into one box."""
NEAREST = 4.5
"""How near two ports may come."""
SNAP = 4.0
"""How far a port may move to where its wire comes from."""
MARGIN = 12.0


@dataclass
class Panel:
    """Where everything is: rectangles of nodes, where their stubs begin and end, wires, branchings, and the ports."""

    boxes: dict[str, Rectangle] = field(default_factory=dict)
    stubs: dict[str, tuple[Point, Point]] = field(default_factory=dict)
    wires: list[Wire] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    rails: dict[str, float] = field(default_factory=dict)
    """The height of each entry, and of the exit at its other end."""
    below: dict[str, float] = field(default_factory=dict)
    up: float = 0.0
    width: float = 0.0
    height: float = 0.0


def laid_out(network: Network, port_room: float = 12.0, header: float = 16.0) -> Panel:
    """The panel of a network; its top left corner is (0, 0). `header` is the room for a heading above the nodes."""
    return _Layout(network, port_room, header).panel


class _Layout:
    """One layout: heights first, then columns and channels from left to right, then the wires."""

    def __init__(self, network: Network, port_room: float, header: float) -> None:
        self.network, self.panel = network, Panel()
        self.order = ordered(network)
        places = heights(network, self.order, port_room)
        top = min(places[item] - self._reach(item, port_room)[0] for items in self.order for item in items)
        bottom = max(places[item] + self._reach(item, port_room)[1] for items in self.order for item in items)
        self.y = {item: place - top + header + MARGIN for item, place in places.items()}
        self.panel.height = bottom - top + header + 2 * MARGIN
        self.ports = self._ports()
        self.x: dict[str, tuple[float, float]] = {}
        self.tracks: dict[tuple[int, str], float] = {}
        self._columns()
        self._wires()

    def _reach(self, item: str, least: float) -> tuple[float, float]:
        node = self.network.node.get(item)
        if node:
            return max(node.above, node.height / 2), max(node.below, node.height / 2)
        return (WIRE, WIRE) if item.startswith("~") else (least, least)

    def _ports(self) -> dict[tuple[str, str, int], float]:
        """The height at which each net comes into each node, by node, net and how often it came before."""
        found: dict[tuple[str, str, int], float] = {}
        for node in self.network.nodes:
            incoming = []
            for net in self.network.nets:
                repeats = net.targets.count(node.id)
                if repeats:
                    height = self._leaving(net, self.network.layer[node.id] - 1)
                    incoming += [(height, net.source, again) for again in range(repeats)]
            step = min(PORT, (node.height - 4) / max(1, len(incoming))) if node.form == "box" else node.height * 0.5
            for place, (height, source, again) in enumerate(sorted(incoming)):
                port = self.y[node.id] + step * (place - (len(incoming) - 1) / 2)
                room = max(0.0, min(SNAP, (step - NEAREST) / 2 if len(incoming) > 1 else node.height / 2 - 3))
                found[node.id, source, again] = height if abs(height - port) <= room else port
        return found

    def _leaving(self, net: Net, layer: int) -> float:
        """The height at which a net enters the channel after a layer; inputs come from below everything."""
        item = self.network.item(net, layer)
        if item in self.network.inputs:
            return 1e6
        node = self.network.node.get(item)
        return self.y[item] - (node.out if node else 0.0)

    def _arrivals(self, net: Net, layer: int) -> list[tuple[str, int, float]]:
        """Where a net goes in the channel after a layer: item, repetition, height; upward is above everything."""
        found: list[tuple[str, int, float]] = []
        for hop in self.network.hops(net, layer):
            again = sum(hop == other for other, _, _ in found)
            if hop == self.network.up:
                found.append((hop, again, 0.0))
            else:
                found.append((hop, again, self.ports[hop, net.source, again] if hop in self.network.node else self.y[hop]))
        return found

    def _columns(self) -> None:
        x = 0.0
        for layer, items in enumerate(self.order):
            nodes = [self.network.node[item] for item in items if item in self.network.node]
            width = max((node.width for node in nodes), default=0.0)
            total = max((width + node.stub for node in nodes), default=0.0)
            for item in items:
                self.x[item] = (x, x + total)
                if item in self.network.node:
                    self._box(self.network.node[item], x, width, total)
            x += total
            if layer < self.network.last:
                x = self._channel(layer, x)
        self.panel.width = x
        for entry, leaving in self.network.entries.items():
            self.panel.rails[entry] = self.panel.rails[leaving] = self.y[entry]

    def _box(self, node: Node, x: float, width: float, total: float) -> None:
        left, y = x + (width - node.width) / 2, self.y[node.id]
        self.panel.boxes[node.id] = (left, y - node.height / 2, left + node.width, y + node.height / 2)
        self.panel.stubs[node.id] = ((left + node.width, y - node.out), (x + total, y - node.out))

    def _channel(self, layer: int, x: float) -> float:
        """Gives the nets of a channel their tracks; gives where the next column begins."""
        passages = []
        for net in self.network.in_channel(layer):
            left = self._leaving(net, layer)
            right = tuple(height for _, _, height in self._arrivals(net, layer))
            from_below = net.source in self.network.inputs and layer == 0
            ends = (*right, self.panel.height if from_below else left)
            passages.append(Passage(net.source, None if from_below else left, right, min(ends), max(ends)))
        at = x + BEFORE
        for passage in track_order(passages):
            room = self.network.input_room.get(passage.net, TRACK) if passage.left is None else TRACK
            at += room / 2
            self.tracks[layer, passage.net] = at
            at += room / 2
            if passage.left is None:
                self.panel.below[passage.net] = at - room / 2
        return at + AFTER

    def _wires(self) -> None:
        for net in self.network.nets:
            drawn: list[tuple[Point, ...]] = []
            for target, again in _numbered(net.targets):
                points = self._path(net, target, again)
                rest = after_shared(points, drawn)
                drawn.append(points)
                self.panel.wires.append(Wire(rest, "forward", net.source, target, head=target in self.network.node))
            self._branchings(net)

    def _path(self, net: Net, target: str, again: int) -> tuple[Point, ...]:
        start = self.network.layer[net.source]
        points: list[Point] = []
        if net.source in self.network.inputs:
            points.append((self.panel.below[net.source], self.panel.height))
        elif net.source in self.network.node:
            points.append(self.panel.stubs[net.source][0])
        else:
            points.append((0.0, self.y[net.source]))
        for layer in range(start, self.network.layer[target]):
            points += self._hop(net, layer, target, again)
        return tidy(points)

    def _hop(self, net: Net, layer: int, target: str, again: int) -> list[Point]:
        """The points of a path in one channel, up to where it goes on."""
        arrivals = self._arrivals(net, layer)
        is_last = self.network.layer[target] == layer + 1
        item, _, height = next(
            arrival
            for arrival in arrivals
            if (arrival[0] == target and arrival[1] == again if is_last else arrival[0].startswith("~"))
        )
        track = self.tracks.get((layer, net.source))
        points: list[Point] = []
        if track is not None:
            left = None if layer == 0 and net.source in self.network.inputs else self._leaving(net, layer)
            points = ([] if left is None else [(track, left)]) + [(track, height)]
        if item == self.network.up:
            self.panel.up = points[-1][0]
            return points
        if item in self.network.node:
            return [*points, (self._edge(item, height), height)]
        return [*points, (self.x[item][0], height), *([] if is_last else [(self.x[item][1], height)])]

    def _edge(self, item: str, height: float) -> float:
        """Where a level wire at that height meets the left side of a node."""
        left, top, right, bottom = self.panel.boxes[item]
        if self.network.node[item].form == "box":
            return left
        radius, off = (right - left) / 2, height - (top + bottom) / 2
        return (left + right) / 2 - (max(0.0, radius**2 - off**2)) ** 0.5

    def _branchings(self, net: Net) -> None:
        """A dot where the upright piece of a net goes on and a level piece leaves it."""
        for layer in range(self.network.layer[net.source], self.network.reach(net)):
            track = self.tracks.get((layer, net.source))
            arrivals = [height for _, _, height in self._arrivals(net, layer)]
            if track is None or len(arrivals) < 2:
                continue
            from_below = net.source in self.network.inputs and layer == 0
            ends = [*arrivals, self.panel.height if from_below else self._leaving(net, layer)]
            for height in sorted(set(ends)):
                is_end = height in (min(ends), max(ends))
                if not is_end or ends.count(height) > 1:
                    self.panel.dots.append(Dot(track, height, "forward", radius=1.5))


def _numbered(targets: tuple[str, ...]) -> list[tuple[str, int]]:
    return [(target, targets[:place].count(target)) for place, target in enumerate(targets)]

"""True values of the example inside a document: a formula in balls of high precision, as far as the givens reach.

Laws: what has no value is None, and `stop` says why; a value from the numbers printed before is asked for apart, and is never
mixed with the true ones.
"""

from __future__ import annotations

from lstm_sym.errors import LstmSymError
from lstm_sym.notes.formula.names import reference
from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.formula.tree import Formula, Indexed, Name
from lstm_sym.notes.sampling.network import Network
from lstm_sym.notes.sampling.scope import ClaimScope
from lstm_sym.notes.sampling.values import ShapeError, Value
from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.notes.worked.example import Example, network_of
from lstm_sym.notes.worked.memory import Memory
from lstm_sym.notes.worked.page import Page

CANNOT = (UnreadableError, ShapeError, LstmSymError, ZeroDivisionError, AttributeError)


class Truth:
    """Evaluates formulas of one document in its example."""

    def __init__(self, page: Page, example: Example) -> None:
        self.page, self.example = page, example
        self.network: Network | None = None
        self.stop = ""
        try:
            self.network = network_of(example, page.setting.first)
        except UnreadableError as stop:
            self.stop = stop.reason

    def scope(self) -> ClaimScope | None:
        if self.network is None:
            return None
        setting = self.page.setting
        steps = self.network.span[1] + setting.steps - setting.last
        return ClaimScope(self.network, self.page.reading, steps, self.page.samples.abbreviations)

    def value(self, node: Formula, times: dict[str, int] | None = None) -> Value | None:
        """The true value of a formula in the example; None where it has none."""
        scope = self.scope()
        if scope is None:
            return None
        try:
            run = scope.interpreter(**(times or {}))
            return run.matrix(run(node))
        except UnreadableError as stop:
            self.stop = stop.reason
            return None
        except CANNOT:
            return None

    def from_printed(self, pair: Pair, memory: Memory) -> Value | None:
        """The value of a forward name by its own definition from the numbers that are printed for what it uses."""
        model = self.page.model
        read = reference(pair.left, model.timed) if isinstance(pair.left, Name | Indexed) else None
        if read is None or read.time is None or read.time.base or read.key not in model.definitions:
            return None
        try:
            network = network_of(self.example, self.page.setting.first)
            for place in memory.known:
                mark, key, step = place
                if not mark and key in model.definitions and (key, step) != (read.key, read.time.offset):
                    network.given[key, step] = memory.value(place)
            return network.value(read.key, read.time.offset)
        except CANNOT:
            return None

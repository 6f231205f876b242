"""One equation ready to run: its compiled function, and where its values are read from and written to.

Law: addresses relative to the step are taken apart once, so that a step costs one look-up for each symbol.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from lstm_sym.evaluate.interpret import Function
from lstm_sym.evaluate.program import Assignment, Key


class Line:
    """`zero` is the value at a step without a label, for an equation that needs one; else None."""

    def __init__(self, assignment: Assignment, function: Function, zero: Any = None) -> None:
        self.assignment, self.function, self.zero = assignment, function, zero
        sources = assignment.sources
        self._relative = all(source.origin in (None, "step") for source in sources)
        self._sources = [(source.name, None if source.origin is None else source.offset) for source in sources]

    def keys(self, step: int, last: int) -> list[Key]:
        """Where the values of the arguments stand, at that step."""
        if self._relative:
            return [(name, None if offset is None else step + offset) for name, offset in self._sources]
        return [source.key(step, last) for source in self.assignment.sources]

    def target(self, step: int, last: int) -> Key:
        return self.assignment.target.key(step, last)

    def run(self, values: MutableMapping[Key, Any], step: int, last: int) -> None:
        """Computes the value at that step and stores it."""
        values[self.target(step, last)] = self.function([values[key] for key in self.keys(step, last)])

"""The derivatives of every line of a step by what the step reads from the step before, for a chunk of steps at once.

Law: what a derivative depends on is looked up (lookup.py) or a jet found before; nothing else is known of a value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy

from lstm_sym.evaluate.enclosures.jets import Jet, Jets
from lstm_sym.evaluate.enclosures.lookup import Lookup, entries_of
from lstm_sym.evaluate.enclosures.midrad import MidRad
from lstm_sym.evaluate.schedule.recurrence import Recurrence
from lstm_sym.evaluate.schedule.run import Prepared
from lstm_sym.evaluate.systems.addresses import Address, Assignment, Key
from lstm_sym.evaluate.systems.interpret import Function
from lstm_sym.symbols.applied import Apply


class Linearized:
    """The lines of a recurrence compiled to jets."""

    def __init__(self, prepared: Prepared, recurrence: Recurrence, jets: Jets) -> None:
        self.prepared, self.recurrence, self.jets = prepared, recurrence, jets
        givens = prepared.givens.parameters
        self.parameters = {name: jets.matrix(matrix) for name, matrix in givens.items()}
        self.functions = [(line, self._compiled(line)) for line in recurrence.lines]

    def _compiled(self, line: Assignment) -> Function:
        expression, arguments = line.expression, line.arguments
        body = expression.body if isinstance(expression, Apply) else expression
        return self.jets.compile(body, arguments, self.prepared.scalars)

    def derivatives(
        self, steps: Sequence[int], lookup: Lookup, midpoints: Mapping[Key, Any]
    ) -> tuple[list[tuple[Assignment, Jet]], Any, list[float]]:
        """Each line that has a derivative with its jet, the Jacobians of the steps and their radii."""
        chunk = _Chunk(self, steps, lookup, midpoints)
        seeds = chunk.seeds()
        found: dict[str, Jet] = {}
        for line, function in self.functions:
            found[line.target.name] = chunk.jet(line, function, seeds, found)
        lines = [
            (line, jet) for line, jet in ((line, found[line.target.name]) for line, _ in self.functions) if jet.inner is not None
        ]
        jacobians, radii = numpy.zeros((len(steps), chunk.size, chunk.size)), numpy.zeros(len(steps))
        place = 0
        for name in seeds:
            rows, derivative = chunk.sizes[name], found[name].derivative
            if derivative is not None:
                mid = numpy.broadcast_to(derivative.mid, (len(steps), *derivative.mid.shape[1:]))
                jacobians[:, place : place + rows] = mid.reshape(len(steps), rows, chunk.size)
                radii = numpy.maximum(radii, derivative.rad.reshape(-1))
            place += rows
        return lines, jacobians, radii.tolist()


class _Chunk:
    """One evaluation of the jets at some steps."""

    def __init__(self, linearized: Linearized, steps: Sequence[int], lookup: Lookup, midpoints: Mapping[Key, Any]) -> None:
        self.linearized, self.steps, self.lookup, self.midpoints = linearized, steps, lookup, midpoints
        self.recurrence = linearized.recurrence
        self.size = 0
        self.sizes: dict[str, int] = {}
        self.found: dict[tuple[str, int], MidRad] = {}

    def seeds(self) -> dict[str, Jet]:
        """What is carried, each entry with its own direction."""
        middles = {name: self.midpoints[self.recurrence.read(name, self.steps[0])] for name in self.recurrence.carried}
        self.sizes = {name: len(entries_of(middle)) for name, middle in middles.items()}
        self.size = sum(self.sizes.values())
        seeds, place = {}, 0
        for name, middle in middles.items():
            entries = self.sizes[name]
            rows = entries if isinstance(middle, list) else middle.nrows()
            identity = numpy.eye(self.size)[place : place + entries].reshape(1, rows, -1, self.size)
            offset = self.recurrence.carried[name] - self.recurrence.direction
            seeds[name] = Jet(self._looked_up(name, offset), MidRad(identity, numpy.zeros((1, 1, 1, 1))))
            place += entries
        return seeds

    def jet(self, line: Assignment, function: Function, seeds: Mapping[str, Jet], found: Mapping[str, Jet]) -> Jet:
        target = line.target
        body = function([self._argument(source, seeds, found) for source in line.sources])
        output = Jet(self._looked_up(target.name, target.offset))
        expression = line.expression
        if isinstance(expression, Apply):
            return self.linearized.jets.sloped(expression.function, output, body)
        if line.needs_label:
            labelled = [0.0 if self.linearized.prepared.unlabelled(step) else 1.0 for step in self.steps]
            exact = MidRad(numpy.array(labelled).reshape(-1, 1, 1, 1), numpy.zeros((1, 1, 1, 1)))
            return body.times(exact, output._find)
        return Jet(output._find, body.inner, body.factors)

    def _argument(self, source: Address, seeds: Mapping[str, Jet], found: Mapping[str, Jet]) -> Jet:
        if source.origin is None:
            return self.linearized.parameters[source.name]
        if self.recurrence.is_carried(source.name, source.offset):
            return seeds[source.name]
        return found.get(source.name) or Jet(self._looked_up(source.name, source.offset))

    def _looked_up(self, name: str, offset: int) -> Any:
        def find() -> MidRad:
            if (name, offset) not in self.found:
                self.found[name, offset] = self.lookup(name, [step + offset for step in self.steps])
            return self.found[name, offset]

        return find

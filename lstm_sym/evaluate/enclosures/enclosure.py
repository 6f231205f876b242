"""A run over many steps, enclosed after the fact: balls lose what one step costs, and not what wrapping multiplies.

Naive balls go from step to step as boxes, and boxes wrap: 10 to 30 digits are lost in 100 steps. Here a phase, forward and then
backward, is
    1. computed from exact midpoints: y_t is the midpoint of the ball of step(y_{t-1}), its radius r_t the defect of that step;
    2. differentiated, every step at once, in float64 with error bounds (jets.py): J_t encloses the step's derivative by y_{t-1};
    3. bounded: the true value is y_t + e_t with e_t = J e_{t-1} + r, J in J_t and |r| <= r_t; frames.py bounds e_t;
    4. widened: a line with ball V at the midpoints and derivative D by y_{t-1} has its true value in V +- |D| |e_{t-1}|.

Why it is right. Let Phi be the step on the true values of all that it reads besides y_{t-1}. On the segment y_{t-1} + s e_{t-1},
0 <= s <= 1, let v(s) be the values of its lines. Jets are right while each v(s) that they looked up is within rho of the float
looked up. At s = 0 it is, as the ball V says. The v(s) are continuous, and up to the first s at which one would leave,
|v(s) - v(0)| <= |D| |e_{t-1}| by the mean value theorem; this is checked to be below rho with room to spare, so that there is no
such s. Hence D and J_t hold on the whole segment, and Phi(y_{t-1} + e_{t-1}) - Phi(y_{t-1}) = J e_{t-1} with J the mean of the
derivatives on it, which is in the convex set J_t. Induction over t. In the backward phase y are the adjoints that are carried;
Phi is linear in them, and what it reads besides, the values of the forward phase, is there as enclosed balls, whose radius the
defects contain. Gradients are sums over time of products of enclosed values.

Law: any declared cell; nothing but the order and the addresses of its equations is used. Errors are floats in units of
2^-precision. Where a bound is not finite or a check fails the answer is None: no statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import repeat
from operator import add, mul
from typing import Any

import flint
import numpy

from lstm_sym.errors import InputError, UnsupportedError
from lstm_sym.evaluate.columns.columns import ColumnBalls
from lstm_sym.evaluate.enclosures.frames import Frame, LostError
from lstm_sym.evaluate.enclosures.jets import Jets
from lstm_sym.evaluate.enclosures.linearized import Linearized
from lstm_sym.evaluate.enclosures.lookup import Lookup, entries_of
from lstm_sym.evaluate.enclosures.midrad import TINY, UP
from lstm_sym.evaluate.schedule.program import Program
from lstm_sym.evaluate.schedule.recurrence import Recurrence, recurrence
from lstm_sym.evaluate.schedule.run import Prepared, Values, run
from lstm_sym.evaluate.systems.addresses import Key
from lstm_sym.evaluate.systems.givens import Givens

CHUNK = 2**16
"""Entries of the derivatives that are held at a time, which fits a processor's cache."""


MANY_STEPS = 32
"""From here on wrapping costs more than enclosing after the fact; below, certify.py has guard bits enough for it."""
GUARD_BITS = 24
"""Worked with in addition, for the digits that even the enclosure loses."""


def balls_run(program: Program, givens: Givens, precision: int) -> Values:
    """Every value as a ball: enclosed after the fact over many steps, by naive balls over few or where no bound is found."""
    enclosed = enclosed_run(program, givens, precision) if givens.last >= MANY_STEPS else None
    return enclosed or run(program, givens, ColumnBalls(precision))


def enclosed_run(program: Program, givens: Givens, precision: int) -> Values | None:
    """Every value, enclosed without wrapping; None where no bound is found at this precision."""
    return Enclosure(program, givens, precision).run()


class Enclosure:
    """A program prepared for runs that are enclosed after the fact."""

    def __init__(self, program: Program, givens: Givens, precision: int) -> None:
        self.precision = precision + GUARD_BITS
        self.prepared = Prepared(program, givens, ColumnBalls(self.precision))

    @cached_property
    def phases(self) -> tuple[_Recurrent, _Recurrent]:
        """Forward and backward; may raise where weights have no float, or a cell reads from further away than one step."""
        prepared, blocks, last, jets = self.prepared, self.prepared.phases, self.prepared.last, Jets()
        forward = recurrence([*blocks["forward"], *blocks["loss"]], 1)
        backward = recurrence(blocks["backward"], -1)
        return (
            _Recurrent(prepared, jets, forward, range(last + 1)),
            _Recurrent(prepared, jets, backward, range(last - 1, -1, -1)),
        )

    def run(self) -> Values | None:
        prepared, last = self.prepared, self.prepared.last
        values = dict(prepared.given)
        lookup = Lookup(values, last)
        try:
            with prepared.system.session(), numpy.errstate(all="ignore"):
                forward, backward = self.phases
                _Phase(self, forward, values, lookup).run()
                self._at("boundary", 0, values)
                self._at("backward_last", last, values)
                _Phase(self, backward, values, lookup).run()
                self._at("initial", 0, values)
                prepared.finish(values)
        except (LostError, UnsupportedError, InputError, OverflowError):
            return None
        return Values(prepared.system, values)

    def _at(self, phase: str, step: int, values: dict[Key, Any]) -> None:
        for block in self.prepared.phases[phase]:
            self.prepared.call(block, step)(values)


class _Recurrent:
    """The steps of a phase with what they call, read of the step before, and write; found once for all runs."""

    def __init__(self, prepared: Prepared, jets: Jets, recurrence: Recurrence, steps: Sequence[int]) -> None:
        self.linearized, self.steps = Linearized(prepared, recurrence, jets), steps
        self.calls = [[prepared.call(block, step) for block in recurrence.blocks] for step in steps]
        self.read = [[recurrence.read(name, step) for name in recurrence.carried] for step in steps]
        self.carried = [[recurrence.written(name, step) for name in recurrence.carried] for step in steps]
        rest = [line.target for line in recurrence.lines if line.target.name not in recurrence.carried]
        self.keys = {target: [target.key(step, prepared.last) for step in steps] for target in rest}


class _Phase:
    """One phase under way: midpoints of what is carried, the frame of its error, and the values of all lines."""

    def __init__(self, enclosure: Enclosure, phase: _Recurrent, values: dict[Key, Any], lookup: Lookup) -> None:
        self.phase, self.values, self.lookup = phase, values, lookup
        self.unit = flint.arb(0, 1) * flint.arb(2) ** -enclosure.precision
        self.per_unit = flint.arb(2) ** enclosure.precision
        self.midpoints: dict[Key, Any] = {}

    def run(self) -> None:
        if not self.phase.steps:
            return
        self.frame = Frame(numpy.array(self._cut(self.phase.read[0])) * UP + TINY)
        size = max(1, len(self.frame.recent))
        length = max(1, CHUNK // size**2)
        for first in range(0, len(self.phase.steps), length):
            self._chunk(slice(first, first + length))

    def _chunk(self, chunk: slice) -> None:
        phase, steps = self.phase, self.phase.steps[chunk]
        start = {key: self.values[key] for key in phase.read[chunk][0]}
        defects = numpy.array([self._midpoint_step(place) for place in range(len(phase.steps))[chunk]]) * UP + TINY
        self.values.update(start)
        lines, jacobians, radii = phase.linearized.derivatives(steps, self.lookup, self.midpoints)
        bounds = [self.frame.bound()]
        for jacobian, radius, defect in zip(jacobians, radii, defects, strict=True):
            self.frame.advance(jacobian, radius, defect)
            bounds.append(self.frame.bound())
        errors = numpy.array(bounds)
        self._put_back(phase.carried[chunk], errors[1:])
        for line, jet in lines:
            if line.target in phase.keys:
                keys = phase.keys[line.target][chunk]
                self._widen(keys, [self.values[key] for key in keys], jet.widths(errors[:-1]))
        self.lookup.check()

    def _midpoint_step(self, place: int) -> list[float]:
        """Runs the lines from the midpoints of what is carried, which stand in place of the values until these are put back."""
        self.values.update([(key, self.midpoints[key]) for key in self.phase.read[place]])
        for call in self.phase.calls[place]:
            call(self.values)
        return self._cut(self.phase.carried[place])

    def _cut(self, keys: Sequence[Key]) -> list[float]:
        """Takes the midpoints of these values; gives their radii in units."""
        radii: list[float] = []
        for key in keys:
            value = self.values[key]
            self.midpoints[key] = list(map(flint.arb.mid, value)) if isinstance(value, list) else value.mid()
            radii += map(float, map(mul, map(flint.arb.rad, entries_of(value)), repeat(self.per_unit)))
        return radii

    def _put_back(self, carried: Sequence[Sequence[Key]], bounds: Any) -> None:
        """The carried values of each step as their midpoints within the error bounds."""
        place = 0
        for keys in zip(*carried, strict=True):
            middles = [self.midpoints[key] for key in keys]
            size = len(entries_of(middles[0]))
            self._widen(keys, middles, bounds[:, place : place + size].max(axis=1))
            place += size

    def _widen(self, keys: Sequence[Key], values: Sequence[Any], widths: Any) -> None:
        """Stores the values, each wider by as many units."""
        if not (widths < 1e300).all():
            raise LostError
        for key, value, width in zip(keys, values, widths.tolist(), strict=True):
            self.values[key] = widened(value, self.unit * width)


def widened(value: Any, ball: Any) -> Any:
    if isinstance(value, list):
        return list(map(add, value, repeat(ball)))
    return flint.arb_mat(value.nrows(), value.ncols(), [entry + ball for entry in value.entries()])

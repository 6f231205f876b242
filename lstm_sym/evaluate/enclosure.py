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
from typing import Any

import flint
import numpy

from lstm_sym.errors import InputError, UnsupportedError
from lstm_sym.evaluate.addresses import Key
from lstm_sym.evaluate.columns import ColumnBalls
from lstm_sym.evaluate.frames import Frame, LostError
from lstm_sym.evaluate.givens import Givens
from lstm_sym.evaluate.jets import Jets
from lstm_sym.evaluate.linearized import Linearized, entries_of
from lstm_sym.evaluate.midrad import TINY, UP
from lstm_sym.evaluate.program import Program
from lstm_sym.evaluate.recurrence import Recurrence, recurrence
from lstm_sym.evaluate.run import Prepared, Values, run

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
        self.jets = Jets()

    def run(self) -> Values | None:
        prepared, last = self.prepared, self.prepared.last
        values, floats = dict(prepared.given), dict[Key, list[float]]()
        phases = prepared.phases
        try:
            with prepared.system.session(), numpy.errstate(all="ignore"):
                forward = recurrence([*phases["forward"], *phases["loss"]], 1)
                _Phase(self, forward, values, floats).run(range(last + 1))
                for name, step in (("boundary", 0), ("backward_last", last)):
                    prepared.at_each(phases[name], [step], values)
                _Phase(self, recurrence(phases["backward"], -1), values, floats).run(range(last - 1, -1, -1))
                prepared.finish(values)
        except (LostError, UnsupportedError, InputError, OverflowError):
            return None
        return Values(prepared.system, values)


class _Phase:
    """One phase under way: midpoints of what is carried, the frame of its error, and the values of all lines."""

    def __init__(
        self, enclosure: Enclosure, recurrence: Recurrence, values: dict[Key, Any], floats: dict[Key, list[float]]
    ) -> None:
        self.prepared, self.recurrence, self.values = enclosure.prepared, recurrence, values
        self.linearized = Linearized(enclosure.prepared, recurrence, enclosure.jets, floats)
        self.unit = flint.arb(2) ** -enclosure.precision
        self.per_unit = flint.arb(2) ** enclosure.precision
        self.midpoints: dict[Key, Any] = {}

    def run(self, steps: Sequence[int]) -> None:
        if not steps:
            return
        start = [self.recurrence.read(name, steps[0]) for name in self.recurrence.carried]
        self.frame = Frame(numpy.array(self._cut(start)))
        size = max(1, len(self.frame.recent))
        length = max(1, CHUNK // size**2)
        for first in range(0, len(steps), length):
            self._chunk(steps[first : first + length])

    def _chunk(self, steps: Sequence[int]) -> None:
        defects = [self._midpoint_step(step) for step in steps]
        lines, jacobians, radii = self.linearized.derivatives(steps, self.values, self.midpoints)
        bounds = [self.frame.bound()]
        for step, jacobian, radius, defect in zip(steps, jacobians, radii, defects, strict=True):
            self.frame.advance(jacobian, radius, defect)
            bounds.append(self.frame.bound())
            self._put_back(step, bounds[-1])
        errors = numpy.array(bounds[:-1])[:, None, None, :]
        for line, derivative in lines:
            widths = ((derivative.bound() * errors).sum(axis=3).max(axis=(1, 2)) * UP + TINY).tolist()
            self._widen(line.target, steps, widths)
        self.linearized.check(self.values)

    def _midpoint_step(self, step: int) -> list[float]:
        """Runs the lines from the midpoints of what is carried; gives the defects."""
        values, last = self.values, self.prepared.last
        carried = {self.recurrence.read(name, step) for name in self.recurrence.carried}
        for block in self.recurrence.blocks:
            if block.needs_label and self.prepared.unlabelled(step):
                self.prepared.put_zeros(block, step, values)
                continue
            keys = block.keys(step, last)
            arguments = [*block.bound, *[self.midpoints[key] if key in carried else values[key] for key in keys]]
            values.update(zip(block.written(step, last), block.function(arguments), strict=True))
        return self._cut([self.recurrence.written(name, step) for name in self.recurrence.carried])

    def _cut(self, keys: Sequence[Key]) -> list[float]:
        """Takes the midpoints of these values; gives upper bounds of their radii in units."""
        radii: list[float] = []
        for key in keys:
            value = self.values[key]
            self.midpoints[key] = [x.mid() for x in value] if isinstance(value, list) else value.mid()
            radii += [float(x.rad() * self.per_unit) * UP + TINY for x in entries_of(value)]
        return radii

    def _ball(self, width: float) -> Any:
        if not width < 1e300:
            raise LostError
        return flint.arb(0, flint.arb(width) * self.unit)

    def _put_back(self, step: int, bounds: Any) -> None:
        """The carried values of the step as their midpoints within the error bounds."""
        place = 0
        for name in self.recurrence.carried:
            key = self.recurrence.written(name, step)
            middle = self.midpoints[key]
            size = len(entries_of(middle))
            self.values[key] = widened(middle, self._ball(float(bounds[place : place + size].max())))
            place += size

    def _widen(self, target: Any, steps: Sequence[int], widths: list[float]) -> None:
        if target.name in self.recurrence.carried:
            return
        for step, width in zip(steps, widths, strict=True):
            key = target.key(step, self.prepared.last)
            self.values[key] = widened(self.values[key], self._ball(width))


def widened(value: Any, ball: Any) -> Any:
    if isinstance(value, list):
        return [entry + ball for entry in value]
    return flint.arb_mat(value.nrows(), value.ncols(), [entry + ball for entry in value.entries()])

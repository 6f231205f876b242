"""How an error moves from step to step: e_t = J_t e_{t-1} + r_t with |r_t| known, in frames that turn with the errors.

A box [-e, e] that is multiplied by matrices step after step grows by |J_T| ... |J_1|, far beyond |J_T ... J_1|: the wrapping
effect. Here the error is  e = P s' + b'  with |s'| <= s and |b'| <= b. A step multiplies P by J, and only the new, small b by
|J|. Before b has grown, both go into a new frame Q, an orthogonal factor of P diag(s), longest columns first (Lohner 1988):

    P s' + b' = Q v,   v = Q^-1 (P s' + b'),   Q^-1 = (I + E)^-1 Q^T  for  Q^T Q = I + E,
    |v| <= |Q^T P| s + |Q^T| b + 2 eps max(...)  with  eps >= |E| row by row,  eps < 1/2.

Law: the bounds hold for any Q, which is found by ordinary floats; only E and the products are enclosed, as in midrad.py. That is
why Q need not be orthogonal to be right, only to be tight.
"""

from __future__ import annotations

from typing import Any

import numpy

from lstm_sym.evaluate.enclosures.midrad import TINY, UNIT, UP

Array = Any

EVERY = 6
"""Steps in one frame: turning costs a QR factorisation, waiting lets the new errors wrap."""


class LostError(Exception):
    """No finite bound was found; more precision, or another enclosure, may find one."""


class Frame:
    """The set {P s' + b' : |s'| <= s, |b'| <= b} for every P within `radius` of `axes`."""

    def __init__(self, errors: Array) -> None:
        size = len(errors)
        self.axes, self.radius = numpy.eye(size), 0.0
        self.lengths, self.recent = numpy.array(errors), numpy.zeros(size)
        self._age = 0

    def bound(self) -> Array:
        """An upper bound of |e|."""
        return ((abs(self.axes) + self.radius) @ self.lengths + self.recent) * UP + TINY

    def advance(self, jacobian: Array, radius: float, defects: Array) -> None:
        """e becomes J e + r, for every J within `radius` of `jacobian` and every |r| <= `defects`."""
        self.axes, self.radius = _product(jacobian, radius, self.axes, self.radius)
        self.recent = ((abs(jacobian) + radius) @ self.recent + defects) * UP + TINY
        self._age += 1
        if self._age == EVERY:
            self._turn()

    def _turn(self) -> None:
        scaled = self.axes * self.lengths
        if not numpy.isfinite(scaled).all():
            raise LostError
        order = numpy.argsort(-abs(scaled).max(axis=0), kind="stable")
        frame = numpy.linalg.qr(scaled[:, order])[0]
        size = len(frame)
        gram, error = _product(frame.T, 0.0, frame, 0.0)
        epsilon = size * (abs(gram - numpy.eye(size)).max() + error) * UP
        if not epsilon < 0.5:
            raise LostError
        turned, radius = _product(frame.T, 0.0, self.axes, self.radius)
        lengths = ((abs(turned) + radius) @ self.lengths + abs(frame.T) @ self.recent) * UP + TINY
        self.lengths = (lengths + 2 * epsilon * lengths.max()) * UP
        self.axes, self.radius, self.recent, self._age = frame, 0.0, numpy.zeros(size), 0


def _product(left: Array, left_radius: float, right: Array, right_radius: float) -> tuple[Array, float]:
    """The product of two enclosed matrices, and its radius."""
    size, rows, largest = len(left), float(abs(left).sum(axis=1).max()), float(abs(right).max())
    radius = rows * right_radius + size * left_radius * (largest + right_radius) + 2 * size * UNIT * rows * largest
    return left @ right, radius * UP + TINY

"""Float64 arrays that carry a bound on their own error: what is said about derivatives of a step is proved with these.

    {x : |x - mid| <= rad}, entrywise, at each moment of a batch; mid has axes (moments, rows, columns, directions)

Law: every operation encloses. With u = 2^-53, IEEE arithmetic rounded to nearest has |fl(a op b) - a op b| <= u |a op b| +
2^-1074, where |a op b| is bounded by the norms of a and b, and a sum of q products in any order, with or without fused
operations, errs by at most 2 q u times the sum of moduli, for q u < 1/2. Radii are computed in the same arithmetic with fewer
than 2^20 roundings, each relative to a nonnegative result; the factor 1 + 2^-30 covers these, and 2^-900 the underflows. What
overflows becomes infinite or NaN, and no test passes on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy

UNIT = 2.0**-53
UP = 1 + 2.0**-30
TINY = 2.0**-900
Array = Any


@dataclass(frozen=True)
class MidRad:
    """`mid` has four axes; `rad` is one number for each moment, and so is `known`, a bound of the moduli in mid, or None."""

    mid: Array
    rad: Array
    known: Array = None

    @cached_property
    def norm(self) -> Array:
        """At least the largest modulus of each moment."""
        return norm(self.mid) if self.known is None else self.known

    def __add__(self, other: MidRad) -> MidRad:
        size = (self.norm + other.norm) * UP
        return MidRad(self.mid + other.mid, (self.rad + other.rad + UNIT * size) * UP + TINY, size)

    def __mul__(self, other: MidRad) -> MidRad:
        size = self.norm * other.norm * UP + TINY
        return MidRad(self.mid * other.mid, (self._product_radius(other) + UNIT * size) * UP + TINY, size)

    def __matmul__(self, other: MidRad) -> MidRad:
        """Matrix products over rows and columns; at most one side has more than one direction."""
        inner = self.mid.shape[2]
        error = rounding(inner) * self.norm * other.norm
        return MidRad(_products(self.mid, other.mid), (inner * self._product_radius(other) + error) * UP + TINY)

    def _product_radius(self, other: MidRad) -> Array:
        return self.norm * other.rad + self.rad * (other.norm + other.rad)

    def transposed(self) -> MidRad:
        return MidRad(self.mid.swapaxes(1, 2), self.rad, self.norm)

    def bound(self) -> Array:
        """An upper bound of every entry's modulus, entrywise."""
        return (abs(self.mid) + self.rad) * UP

    def moved(self, errors: Array) -> Array:
        """Entrywise an upper bound of |D| e, for every D inside; `errors` has e at each moment, entries being directions."""
        sums = errors.sum(axis=1).reshape(-1, 1, 1, 1)
        return (abs(self.mid) @ errors[:, None, :, None] + self.rad * sums) * UP + TINY


def rounding(inner: int) -> float:
    """What a computed sum of that many products of numbers at most 1 may err by."""
    return 2 * inner * UNIT * inner


def norm(mid: Array) -> Array:
    """The largest modulus of each moment."""
    return abs(mid).max(axis=(1, 2, 3), keepdims=True)


def stacked(blocks: list[MidRad]) -> MidRad:
    """Blocks above one another."""
    moments = max(block.mid.shape[0] for block in blocks)
    directions = max(block.mid.shape[3] for block in blocks)
    mids = [numpy.broadcast_to(b.mid, (moments, *b.mid.shape[1:3], directions)) for b in blocks]
    return MidRad(numpy.concatenate(mids, axis=1), numpy.maximum.reduce([block.rad for block in blocks]))


def _products(left: Array, right: Array) -> Array:
    if left.shape[3] == 1:
        rows, inner = left.shape[1:3]
        columns, directions = right.shape[2:]
        flat = right.reshape(right.shape[0], inner, columns * directions)
        return (left[..., 0] @ flat).reshape(-1, rows, columns, directions)
    return numpy.moveaxis(numpy.moveaxis(left, 3, 1) @ right[:, None, :, :, 0], 1, 3)

"""Polynomials with rational coefficients, from the constant term up.

Records of functions of e = exp(z) check themselves with them, as identities.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Coefficients = tuple[Fraction, ...]


def coefficients(values: Sequence[int]) -> Coefficients:
    """Whole numbers as coefficients."""
    return tuple(Fraction(value) for value in values)


def product(*factors: Coefficients) -> Coefficients:
    """The product; 1 where there is no factor."""
    total: Coefficients = (Fraction(1),)
    for factor in factors:
        total = _times(total, factor)
    return total


def _times(left: Coefficients, right: Coefficients) -> Coefficients:
    found = [Fraction(0)] * max(len(left) + len(right) - 1, 0)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            found[i + j] += a * b
    return tuple(found)


def plus(left: Coefficients, right: Coefficients) -> Coefficients:
    """The sum."""
    size = max(len(left), len(right))
    padded = [tuple(side) + (Fraction(0),) * (size - len(side)) for side in (left, right)]
    return tuple(a + b for a, b in zip(*padded, strict=True))


def scaled(polynomial: Coefficients, factor: Fraction | int) -> Coefficients:
    """The polynomial times a number."""
    return tuple(factor * coefficient for coefficient in polynomial)


def diff(polynomial: Coefficients) -> Coefficients:
    """The derivative."""
    return tuple(power * coefficient for power, coefficient in enumerate(polynomial))[1:]


def trim(polynomial: Coefficients) -> Coefficients:
    """The polynomial without zeros of highest order, so that equal ones are equal tuples."""
    size = max((power + 1 for power, coefficient in enumerate(polynomial) if coefficient), default=0)
    return tuple(polynomial[:size])


def at_power(polynomial: Coefficients, power: int) -> Coefficients:
    """The polynomial at e^power."""
    spread = [Fraction(0)] * (power * (len(polynomial) - 1) + 1)
    spread[::power] = polynomial
    return tuple(spread)

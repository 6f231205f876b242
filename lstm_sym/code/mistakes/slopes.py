"""Wrong slopes of activations: what people write for 1 - y² and y(1 - y), as a table.

A rule takes the residues of y, of its operand z, and of the activation applied once more to y; it gives (slope, offset), so
that what is passed back is slope * adjoint + offset. A parenthesis in the wrong place is what needs the offset.
"""

from __future__ import annotations

from collections.abc import Callable

from lstm_sym.code.running.tape import ONE, ZERO, Change, minus, times
from lstm_sym.code.scalars.graph import Residues

SlopeRule = Callable[[Residues, Residues, Residues], Change]


def square(y: Residues) -> Residues:
    return times(y, y)


def negative(y: Residues) -> Residues:
    return minus(ZERO, y)


SLOPES: dict[str, list[tuple[str, str, SlopeRule]]] = {
    "tanh": [
        (
            "activated",
            "you differentiate the activated value: 1 - tanh(y)² for 1 - y²",
            lambda y, z, f: (minus(ONE, square(f)), ZERO),
        ),
        (
            "activated",
            "the slope is taken of the pre-activation z itself: 1 - z² for 1 - tanh(z)²",
            lambda y, z, f: (minus(ONE, square(z)), ZERO),
        ),
        ("local factor", "the slope 1 - y² of tanh is missing", lambda y, z, f: (ONE, ZERO)),
        ("local factor", "the slope of tanh is written 1 - y, without the square", lambda y, z, f: (minus(ONE, y), ZERO)),
        ("local factor", "the slope of tanh is written 1 + y²", lambda y, z, f: (minus(ONE, negative(square(y))), ZERO)),
        ("local factor", "the slope of tanh is written y² - 1", lambda y, z, f: (minus(square(y), ONE), ZERO)),
        (
            "other activation",
            "the slope y(1 - y) of σ stands where the forward pass has tanh",
            lambda y, z, f: (minus(y, square(y)), ZERO),
        ),
        (
            "parenthesis",
            "a parenthesis is missing: 1 - y² · adjoint for (1 - y²) · adjoint",
            lambda y, z, f: (negative(square(y)), ONE),
        ),
        (
            "parenthesis",
            "a parenthesis is missing: adjoint · 1 - y² for adjoint · (1 - y²)",
            lambda y, z, f: (ONE, negative(square(y))),
        ),
    ],
    "sigma": [
        (
            "activated",
            "you differentiate the activated value: σ(y)(1 - σ(y)) for y(1 - y)",
            lambda y, z, f: (minus(f, square(f)), ZERO),
        ),
        (
            "activated",
            "the slope is taken of the pre-activation z itself: z(1 - z) for σ(z)(1 - σ(z))",
            lambda y, z, f: (minus(z, square(z)), ZERO),
        ),
        ("local factor", "the slope y(1 - y) of σ is missing", lambda y, z, f: (ONE, ZERO)),
        ("local factor", "of the slope y(1 - y) of σ the factor 1 - y is missing", lambda y, z, f: (y, ZERO)),
        ("local factor", "of the slope y(1 - y) of σ the factor y is missing", lambda y, z, f: (minus(ONE, y), ZERO)),
        ("local factor", "the slope of σ is written y(1 + y)", lambda y, z, f: (minus(y, negative(square(y))), ZERO)),
        ("local factor", "the slope of σ is written y²(1 - y)", lambda y, z, f: (times(square(y), minus(ONE, y)), ZERO)),
        (
            "other activation",
            "the slope 1 - y² of tanh stands where the forward pass has σ",
            lambda y, z, f: (minus(ONE, square(y)), ZERO),
        ),
        (
            "parenthesis",
            "a parenthesis is missing: adjoint · y · 1 - y for adjoint · y · (1 - y)",
            lambda y, z, f: (y, negative(y)),
        ),
        ("parenthesis", "a parenthesis is missing: y - y · adjoint for y(1 - y) · adjoint", lambda y, z, f: (negative(y), y)),
    ],
}
"""For each activation: kind, name of the mistake, and what is passed back, from y, its operand z and the activation of y."""

"""Number systems for sample networks: integers modulo a large prime, exact rationals, and balls.

Law: in the first two an activation is a free atom of its argument, the same at equal arguments, that keeps the symmetries
of the real function (sigma(-z) = 1 - sigma(z), tanh odd, both quotients of one exponential). So a true identity holds at
every sample, and a false one fails at a random sample but for a chance of about 2^-50.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import Any

from lstm_sym.notes.text.bounds import UnreadableError

Entry = Any
PRIME = (1 << 61) - 1
SMALL = [
    Fraction(a, b)
    for a, b in ((2, 1), (3, 1), (3, 2), (4, 1), (5, 2), (5, 3), (4, 3), (5, 1), (7, 2), (7, 3), (5, 4), (7, 4), (6, 5))
]


class Modular:
    """Integers modulo 2^61 - 1 with atoms drawn from a hash of the seed and the argument."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._memo: dict[tuple, int] = {}

    def norm(self, value: Entry) -> Entry:
        return value % PRIME

    def number(self, value: Fraction) -> Entry:
        return value.numerator % PRIME * pow(value.denominator, PRIME - 2, PRIME) % PRIME

    def inverse(self, value: Entry) -> Entry:
        if value % PRIME == 0:
            raise ZeroDivisionError
        return pow(value, PRIME - 2, PRIME)

    def draw(self, *key: object) -> Entry:
        if key not in self._memo:
            digest = hashlib.blake2b(repr((self.seed, *key)).encode(), digest_size=8).digest()
            self._memo[key] = int.from_bytes(digest, "big") % (PRIME - 3) + 2
        return self._memo[key]

    def exponential(self, argument: Entry) -> Entry:
        if argument == 0:
            return 1
        if argument > PRIME // 2:
            return self.inverse(self.draw("exp", PRIME - argument))
        return self.draw("exp", argument)


class Rational:
    """Exact rationals with small atoms, for witnesses that a reader can check."""

    def __init__(self, seed: int) -> None:
        self.seed, self._memo = seed, dict[tuple, Fraction]()

    def norm(self, value: Entry) -> Entry:
        return value

    def number(self, value: Fraction) -> Entry:
        return value

    def inverse(self, value: Entry) -> Entry:
        return 1 / Fraction(value)

    def draw(self, *key: object) -> Entry:
        if key not in self._memo:
            digest = hashlib.blake2b(repr((self.seed, *key)).encode(), digest_size=2).digest()
            self._memo[key] = SMALL[(int.from_bytes(digest, "big") + len(self._memo)) % len(SMALL)]
        return self._memo[key]

    def exponential(self, argument: Entry) -> Entry:
        if argument == 0:
            return Fraction(1)
        return 1 / self.draw("exp", -argument) if argument < 0 else self.draw("exp", argument)


class Balls:
    """Arb balls: the values of a worked example. Nothing is drawn; what the document does not give is unknown."""

    def norm(self, value: Entry) -> Entry:
        return value

    def number(self, value: Fraction) -> Entry:
        from flint import arb, fmpq

        return arb(fmpq(value.numerator, value.denominator))

    def inverse(self, value: Entry) -> Entry:
        return 1 / value

    def exponential(self, argument: Entry) -> Entry:
        return argument.exp()

    def draw(self, *key: object) -> Entry:
        raise UnreadableError(f"the value of {' '.join(str(part) for part in key if part is not None)} is given nowhere", 0)


def activate(numbers: Any, function: str, argument: Entry) -> Entry:
    """The value of an activation at one entry."""
    if function == "relu":
        return argument * step(numbers, argument)
    if function not in ("sigma", "tanh", "exp", "cosh", "sinh", "log"):
        return numbers.draw(function, argument)
    if isinstance(numbers, Balls):
        return _ball(function, argument)
    if function == "log":
        return numbers.draw("log", argument)
    e = numbers.exponential(argument)
    if function == "exp":
        return e
    inverse = numbers.inverse
    if function == "sigma":
        return numbers.norm(e * inverse(1 + e))
    if function == "tanh":
        return numbers.norm((e * e - 1) * inverse(e * e + 1))
    half = numbers.number(Fraction(1, 2))
    return numbers.norm(half * (e + inverse(e))) if function == "cosh" else numbers.norm(half * (e - inverse(e)))


def _ball(function: str, argument: Entry) -> Entry:
    if function == "sigma":
        return 1 / (1 + (-argument).exp())
    return getattr(argument, function)()


def slope(numbers: Any, function: str, argument: Entry, value: Entry) -> Entry:
    """The slope of an activation at one entry, from its argument and its value."""
    norm = numbers.norm
    if function == "sigma":
        return norm(value * (1 - value))
    if function == "tanh":
        return norm(1 - value * value)
    if function == "exp":
        return value
    if function == "log":
        return numbers.inverse(argument)
    if function == "relu":
        return step(numbers, argument)
    if function in ("cosh", "sinh"):
        return activate(numbers, "sinh" if function == "cosh" else "cosh", argument)
    return numbers.draw(function + "'", argument)


def step(numbers: Any, argument: Entry) -> Entry:
    """The slope of relu: 0 or 1; at a sample one of the two, the same at equal arguments."""
    if isinstance(numbers, Balls):
        return 1 if argument > 0 else 0
    return numbers.draw("step", argument) & 1 if isinstance(numbers, Modular) else numbers.draw("step", argument).numerator & 1

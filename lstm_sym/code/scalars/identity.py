"""Prove that two scalars are equal for all values of the arguments: an identity of rational functions, found one operation at a
time.

Scalars are taken in the order in which they were made. One whose residues are a constant multiple of an earlier one's is
compared with it, as polynomials over operands that are already in normal form; only as much is expanded as the proof needs.
So the work grows with the length of the program, not with the size of the unrolled expression. Law: a proof is exact
arithmetic on polynomials; residues only suggest what to prove. What is not proved stays open.

Generators are arguments, exponentials, logarithms, and sums not yet expanded. An inverse is eliminated by multiplying with
its operand, tanh(z) and exp(k z) are reduced to one exponential when nothing else is left.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from fractions import Fraction

from flint import fmpq

from lstm_sym.code.scalars.graph import ATOMIC, PRIME, Scalar, inverse

Monomial = tuple[tuple[int, int], ...]
Polynomial = dict[Monomial, fmpq]
ONE: Monomial = ()
UNIT = fmpq(1)
TERMS, ROUNDS, FLAT, LOCAL = 2000, 80, 500, 8
SECONDS = 20.0


def times(a: Monomial, b: Monomial) -> Monomial:
    if not a or not b:
        return a or b
    powers = dict(a)
    for generator, power in b:
        powers[generator] = powers.get(generator, 0) + power
    return tuple(sorted((g, p) for g, p in powers.items() if p))


def add_to(total: Polynomial, part: Polynomial, factor: fmpq = UNIT) -> None:
    for monomial, coefficient in part.items():
        value = factor * coefficient
        if monomial in total:
            value += total[monomial]
        if value:
            total[monomial] = value
        else:
            total.pop(monomial, None)


def product(a: Polynomial, b: Polynomial) -> Polynomial:
    if len(a) == len(b) == 1:
        ((left, first),), ((right, second),) = a.items(), b.items()
        return {times(left, right): first * second}
    result: Polynomial = {}
    for left, first in a.items():
        for right, second in b.items():
            add_to(result, {times(left, right): first * second})
    return result


def small_rational(residue: int) -> Fraction | None:
    """The fraction with small terms that has this residue, if there is one."""
    old, new, s_old, s_new = PRIME, residue, 0, 1
    while new > 1 << 24:
        quotient = old // new
        old, new, s_old, s_new = new, old - quotient * new, s_new, s_old - quotient * s_new
    if s_new == 0 or abs(s_new) > 1 << 24:
        return None
    return Fraction(new, s_new)


class TooLargeError(Exception):
    """An expansion passed its limit: the identity stays open."""


class Prover:
    """Normal forms of the scalars of one graph, extended as needed, within a number of seconds."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._until = time.monotonic() + seconds
        self.normal: dict[int, tuple[fmpq, Scalar]] = {}
        self.forms: dict[int, Polynomial] = {}
        self._classes: dict[int, list[Scalar]] = {}
        self._generators: dict[int, Scalar] = {}

    def equal(self, left: Scalar, right: Scalar) -> bool:
        """Whether the two are proved equal."""
        if left is right:
            return True
        if (left.r1, left.r2) != (right.r1, right.r2):
            return False
        self.prepare((left, right))
        (a, first), (b, second) = self.normal[left.ident], self.normal[right.ident]
        return (first is second and a == b) or self._vanishes(self._difference(left, right, UNIT))

    def prepare(self, scalars: Iterable[Scalar]) -> None:
        """Bring all of these to normal form, in the order in which they were made: best done for a whole run at once."""
        for scalar in _cone(scalars, self.normal):
            self._normalise(scalar)

    def _normalise(self, scalar: Scalar) -> None:
        if scalar.value is not None:
            form: Polynomial = {ONE: _exact(scalar.value)} if scalar.value else {}
        elif scalar.op in ("add", "mul"):
            form = self._combined(scalar)
        else:
            form = {self._generator(scalar): UNIT}
        self.forms[scalar.ident] = form
        self.normal[scalar.ident] = self._represent(scalar)

    def _represent(self, scalar: Scalar) -> tuple[fmpq, Scalar]:
        """The scalar as a multiple of an earlier one, where that is proved; otherwise as itself."""
        if scalar.r1 == 0 and scalar.r2 == 0 and self._vanishes(dict(self.forms[scalar.ident])):
            self.forms[scalar.ident] = {}
            return fmpq(0), scalar
        known = self._classes.setdefault(scalar.r1 * inverse(scalar.r2) % PRIME, [])
        for earlier in known[:3]:
            ratio = small_rational(scalar.r1 * inverse(earlier.r1) % PRIME)
            factor = None if ratio is None else _exact(ratio)
            if factor is not None and self._same(scalar, earlier, factor):
                self.forms[scalar.ident] = {m: factor * c for m, c in self.forms[earlier.ident].items()}
                return factor, earlier
        known.append(scalar)
        return UNIT, scalar

    def _same(self, scalar: Scalar, earlier: Scalar, factor: fmpq) -> bool:
        if scalar.op == earlier.op and scalar.op not in ("add", "mul", "arg", "const"):
            if not scalar.args or not earlier.args:
                return False
            (a, first), (b, second) = self.normal[scalar.args[0].ident], self.normal[earlier.args[0].ident]
            if first is second and (a == b if scalar.op != "inv" else a * factor == b):
                return True
        return self._vanishes(self._difference(scalar, earlier, factor))

    def _difference(self, left: Scalar, right: Scalar, factor: fmpq) -> Polynomial:
        result = dict(self.forms[left.ident])
        add_to(result, self.forms[right.ident], -factor)
        return result

    def _generator(self, scalar: Scalar) -> Monomial:
        self._generators[scalar.ident] = scalar
        return ((scalar.ident, 1),)

    def _operand(self, scalar: Scalar, single: bool) -> Polynomial:
        """The form of an operand; where a single term is wanted, a sum stands as a generator."""
        form = self.forms[scalar.ident]
        if len(form) <= (1 if single else FLAT):
            return form
        factor, representative = self.normal[scalar.ident]
        return {self._generator(representative): factor}

    def _combined(self, scalar: Scalar) -> Polynomial:
        a, b = scalar.args
        if scalar.op == "mul":
            return product(self._operand(a, True), self._operand(b, True))
        total = dict(self._operand(a, False))
        add_to(total, self._operand(b, False))
        return total

    # deciding that a polynomial over generators is zero

    def _vanishes(self, polynomial: Polynomial) -> bool:
        """Tried from what was made last downwards; then with what belongs to one gate expanded first."""
        if not polynomial:
            return True
        return any(time.monotonic() < self._until and self._vanishes_by(dict(polynomial), local) for local in (False, True))

    def _vanishes_by(self, polynomial: Polynomial, local: bool) -> bool:
        try:
            for _ in range(ROUNDS):
                if not polynomial:
                    return True
                polynomial = _without_content(polynomial)
                chosen = self._to_expand(polynomial, local)
                if chosen is None:
                    return not self._reduced(polynomial)
                polynomial = self._expanded(polynomial, chosen)
        except TooLargeError:
            return False
        return False

    def _to_expand(self, polynomial: Polynomial, local: bool) -> Scalar | None:
        candidates = {g for monomial in polynomial for g, _ in monomial}
        inner = [self._generators[g] for g in candidates if self._generators[g].op not in ATOMIC]
        shallow = [scalar for scalar in inner if scalar.height <= LOCAL]
        if shallow and local:
            return min(shallow, key=lambda scalar: (scalar.height, -scalar.ident))
        return max(inner, key=lambda scalar: (scalar.height, scalar.ident)) if inner else None

    def _expanded(self, polynomial: Polynomial, chosen: Scalar) -> Polynomial:
        degree = max(dict(monomial).get(chosen.ident, 0) for monomial in polynomial)
        if chosen.op == "inv":
            base = self._operand(chosen.args[0], False)
            exponent = {power: degree - power for power in range(degree + 1)}
        else:
            base = self.forms[chosen.ident]
            exponent = {power: power for power in range(degree + 1)}
        powers: list[Polynomial] = [{ONE: UNIT}]
        for _ in range(degree):
            powers.append(product(powers[-1], base))
        return _substituted(polynomial, chosen.ident, [powers[exponent[power]] for power in range(degree + 1)])

    def _reduced(self, polynomial: Polynomial) -> Polynomial:
        """With tanh(z) and exp(k z) in terms of exp(z/2), where z stands for the normal form of the operand, and square roots
        squared.
        """
        for generator in {g for monomial in polynomial for g, _ in monomial}:
            scalar = self._generators[generator]
            if scalar.op in ("exp", "tanh"):
                polynomial = self._as_exponential(polynomial, scalar)
            elif scalar.op == "sqrt":
                polynomial = self._squared(polynomial, scalar)
        return polynomial

    def _as_exponential(self, polynomial: Polynomial, scalar: Scalar) -> Polynomial:
        factor, base = self.normal[scalar.args[0].ident]
        power = 2 * factor if scalar.op == "exp" else 4 * factor
        if power.q != 1 or abs(power) > 64:
            return polynomial
        generator = -1 - base.ident
        degree = max(dict(monomial).get(scalar.ident, 0) for monomial in polynomial)
        shift = int(power.p)
        if scalar.op == "exp":
            top: Polynomial = {((generator, max(shift, 0)),) if shift > 0 else ONE: UNIT}
            bottom: Polynomial = {((generator, -shift),) if shift < 0 else ONE: UNIT}
        else:
            e, sign = ((generator, abs(shift)),), fmpq(1 if shift > 0 else -1)
            top, bottom = {e: sign, ONE: -sign}, {e: UNIT, ONE: UNIT}
        table = [_raised(top, k, bottom, degree - k) for k in range(degree + 1)]
        return _substituted(polynomial, scalar.ident, table)

    def _squared(self, polynomial: Polynomial, scalar: Scalar) -> Polynomial:
        degree = max(dict(monomial).get(scalar.ident, 0) for monomial in polynomial)
        inner = self._operand(scalar.args[0], False)
        root: Polynomial = {((scalar.ident, 1),): UNIT}
        table = [_raised(inner, k // 2, root, k % 2) for k in range(degree + 1)]
        return _substituted(polynomial, scalar.ident, table)


def _exact(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _raised(a: Polynomial, power: int, b: Polynomial, other: int) -> Polynomial:
    result: Polynomial = {ONE: UNIT}
    for factor in [a] * power + [b] * other:
        result = product(result, factor)
    return result


def _substituted(polynomial: Polynomial, generator: int, table: list[Polynomial]) -> Polynomial:
    """The polynomial with each power k of the generator replaced by table[k]."""
    result: Polynomial = {}
    for monomial, coefficient in polynomial.items():
        power = dict(monomial).get(generator, 0)
        rest = tuple((g, p) for g, p in monomial if g != generator)
        for other, factor in table[power].items():
            add_to(result, {times(rest, other): coefficient * factor})
        if len(result) > TERMS:
            raise TooLargeError
    return result


def _without_content(polynomial: Polynomial) -> Polynomial:
    """Divided by the largest monomial that divides every term; generators are not zero as functions."""
    monomials = iter(polynomial)
    common = dict(next(monomials))
    for monomial in monomials:
        powers = dict(monomial)
        common = {g: min(p, powers.get(g, 0)) for g, p in common.items() if g in powers}
        if not common:
            return polynomial
    divisor = tuple((g, -p) for g, p in common.items())
    return {times(monomial, divisor): coefficient for monomial, coefficient in polynomial.items()}


def _cone(roots: Iterable[Scalar], done: dict[int, tuple[fmpq, Scalar]]) -> list[Scalar]:
    """The scalars below these that have no normal form yet, earliest first."""
    seen: dict[int, Scalar] = {}
    stack = list(roots)
    while stack:
        scalar = stack.pop()
        if scalar.ident in seen or scalar.ident in done:
            continue
        seen[scalar.ident] = scalar
        if scalar.op not in ("const", "arg", "unset", "infinite"):
            stack.extend(scalar.args)
    return [seen[ident] for ident in sorted(seen)]

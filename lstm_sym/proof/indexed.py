"""Indexed polynomials: exact sums of products of entries such as W_a[k,l] delta_a[k], summed over bound indices of any range.

    (W^T delta)[l] = sum_k W[k,l] delta[k]   is   {1 * W[#1,l] delta[#1]}

Law: the representation is canonical: factors are sorted, bound indices are renamed to the least labelling, terms with coefficient
zero are dropped. So two expressions with the same polynomial are equal for every size, because the rewriting used only the
laws of a commutative ring, the exchange of finite sums and the renaming of bound indices.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from fractions import Fraction
from itertools import permutations, product
from typing import NamedTuple

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.activations import activation

Index = int
"""Free indices are negative, bound ones positive."""
ROW, COLUMN = -1, -2
MAX_TERMS = 3_000
MAX_PRODUCTS = 6_000
MAX_ALIKE = 6
"""Bounds on the terms of a polynomial, on the terms that one product makes, and on factors alike in one term, so that no input
makes a proof run away."""


class Factor(NamedTuple):
    """An entry of the atom with that number."""

    atom: int
    indices: tuple[Index, ...]


class Term(NamedTuple):
    """A product of entries; `over_time` says that it is summed over t = 0, ..., T."""

    over_time: bool
    factors: tuple[Factor, ...]


class Symbol(NamedTuple):
    """A symbol at a time (base, offset): base is "t", "T" or "" for a number; a parameter has base "const"."""

    name: str
    base: str
    offset: int


class Activated(NamedTuple):
    """An activation of a polynomial in the free indices."""

    function: str
    argument: Hashable


Atom = Symbol | Activated | str
"""What an entry belongs to; a string names a scalar: a size such as n, or a rate such as lambda."""

_numbers: dict[Atom, int] = {}
_atoms: list[Atom] = []
_arguments: dict[int, Polynomial] = {}


def number_of(atom: Atom) -> int:
    """The number under which this atom is known in this process."""
    number = _numbers.get(atom)
    if number is None:
        number = _numbers[atom] = len(_atoms)
        _atoms.append(atom)
    return number


def atom_of(number: int) -> Atom:
    return _atoms[number]


def argument_of(number: int) -> Polynomial:
    """The polynomial inside the activation with that number."""
    return _arguments[number]


class Polynomial:
    """A canonical sum of terms with rational coefficients. Immutable by convention."""

    __slots__ = ("terms",)

    def __init__(self, terms: dict[Term, Fraction]) -> None:
        self.terms = terms

    @classmethod
    def collect(cls, pairs: Iterable[tuple[Term, Fraction]]) -> Polynomial:
        """The sum of (already canonical) terms."""
        terms: dict[Term, Fraction] = {}
        for term, coefficient in pairs:
            total = terms.get(term, 0) + coefficient
            if total:
                terms[term] = Fraction(total)
            else:
                terms.pop(term, None)
        if len(terms) > MAX_TERMS:
            raise _too_large(f"{len(terms)} terms", MAX_TERMS)
        return cls(terms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(self.key)

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def key(self) -> Hashable:
        return frozenset(self.terms.items())

    def __add__(self, other: Polynomial) -> Polynomial:
        return Polynomial.collect((*self.terms.items(), *other.terms.items()))

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + other.scaled(Fraction(-1))

    def scaled(self, coefficient: Fraction) -> Polynomial:
        return Polynomial({term: value * coefficient for term, value in self.terms.items()} if coefficient else {})

    def __mul__(self, other: Polynomial) -> Polynomial:
        if len(self.terms) * len(other.terms) > MAX_PRODUCTS:
            raise _too_large(f"a product of {len(self.terms)} by {len(other.terms)} terms", MAX_PRODUCTS)
        pairs = product(self.terms.items(), other.terms.items())
        return Polynomial.collect((times(left, right), a * b) for (left, a), (right, b) in pairs)

    def __pow__(self, exponent: int) -> Polynomial:
        result = ONE
        for _ in range(exponent):
            result = result * self
        return result

    def renamed(self, names: dict[Index, Index]) -> Polynomial:
        """The polynomial with free indices renamed (also to bound ones that occur nowhere in it)."""
        return Polynomial.collect((canonical(t.over_time, rename(t.factors, names)), c) for t, c in self.terms.items())

    def atoms(self) -> set[int]:
        """The numbers of all atoms, those inside activations included."""
        found: set[int] = set()
        waiting = [factor.atom for term in self.terms for factor in term.factors]
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                if isinstance(_atoms[number], Activated):
                    waiting += [factor.atom for term in _arguments[number].terms for factor in term.factors]
        return found

    def __repr__(self) -> str:
        return " + ".join(f"{c}*{_text(term)}" for term, c in self.terms.items()) or "0"


def _too_large(got: str, bound: int) -> UnsupportedError:
    return UnsupportedError("an indexed polynomial", got=got, expected=f"at most {bound}")


def _text(term: Term) -> str:
    body = " ".join(f"{_atoms[f.atom]}{list(f.indices)}" for f in term.factors)
    return f"sum_t({body})" if term.over_time else body


def rename(factors: Iterable[Factor], names: dict[Index, Index]) -> tuple[Factor, ...]:
    return tuple(Factor(f.atom, tuple(names.get(i, i) for i in f.indices)) for f in factors)


def bound_indices(factors: Iterable[Factor]) -> list[Index]:
    return list(dict.fromkeys(i for f in factors for i in f.indices if i > 0))


def times(left: Term, right: Term) -> Term:
    if left.over_time and right.over_time:
        raise UnsupportedError("a product of two sums over time", expected="one sum over time in a term")
    shift = max(bound_indices(left.factors), default=0)
    apart = rename(right.factors, {i: i + shift for i in bound_indices(right.factors)}) if shift else right.factors
    return canonical(left.over_time or right.over_time, left.factors + apart)


def canonical(over_time: bool, factors: tuple[Factor, ...]) -> Term:
    """The term with sorted factors and the least labelling of its bound indices."""
    bound = bound_indices(factors)
    if not bound:
        return Term(over_time, tuple(sorted(factors)))
    groups: dict[tuple[tuple[int, int, tuple[Index, ...]], ...], list[Index]] = {}
    for index in bound:
        groups.setdefault(_signature(index, factors), []).append(index)
    ordered = [groups[signature] for signature in sorted(groups)]
    if max(len(group) for group in ordered) > MAX_ALIKE:
        raise UnsupportedError("a product of entries", got="too many alike factors", expected=f"at most {MAX_ALIKE}")
    choices = product(*(permutations(group) for group in ordered))
    best = min(_labelled(factors, [index for group in choice for index in group]) for choice in choices)
    return Term(over_time, best)


def _signature(index: Index, factors: tuple[Factor, ...]) -> tuple[tuple[int, int, tuple[Index, ...]], ...]:
    """Where an index stands, without the names of bound indices: the same for indices that may change places."""
    places = []
    for factor in factors:
        for position, other in enumerate(factor.indices):
            if other == index:
                places.append((factor.atom, position, tuple(i if i < 0 else 0 for i in factor.indices)))
    return tuple(sorted(places))


def _labelled(factors: tuple[Factor, ...], order: list[Index]) -> tuple[Factor, ...]:
    return tuple(sorted(rename(factors, {index: label for label, index in enumerate(order, start=1)})))


def entry(atom: Atom, *indices: Index) -> Polynomial:
    """One entry of an atom."""
    return _entry(number_of(atom), indices)


def _entry(number: int, indices: tuple[Index, ...]) -> Polynomial:
    return Polynomial({canonical(False, (Factor(number, indices),)): Fraction(1)})


def constant(value: Fraction | int) -> Polynomial:
    return Polynomial({Term(False, ()): Fraction(value)} if value else {})


ONE = constant(1)
ZERO = constant(0)


def activation_number(function: str, argument: Polynomial) -> int:
    """The number of an activation of that polynomial, which is remembered."""
    number = number_of(Activated(function, argument.key))
    _arguments[number] = argument
    return number


def activated(function: str, argument: Polynomial, *indices: Index) -> Polynomial:
    """An entry of an activation; `argument` has the free indices ROW, COLUMN (as many as `indices`).

    Of z and -z one is chosen, so that tanh(-z) and -tanh(z) are one polynomial, and sigma(-z) and 1 - sigma(z).
    """
    record = activation(function)
    if not argument:
        return constant(record.at_zero)
    if not _leads_negative(argument):
        return _entry(activation_number(function, argument), indices)
    offset, factor = record.reflection
    mirrored = _entry(activation_number(function, argument.scaled(Fraction(-1))), indices)
    return constant(offset) + mirrored.scaled(factor)


def _leads_negative(polynomial: Polynomial) -> bool:
    """Whether the first term is negative, in an order by names that a move in time keeps; terms alike in it count as one."""
    signs = {coefficient < 0 for coefficient in polynomial.terms.values()}
    if len(signs) == 1:
        return signs.pop()
    keys = {term: tuple(sorted(_by_name(factor) for factor in term.factors)) for term in polynomial.terms}
    first = min(keys.values())
    return sum(polynomial.terms[term] for term, key in keys.items() if key == first) < 0


def _by_name(factor: Factor) -> tuple[str, int, tuple[Index, ...]]:
    atom = _atoms[factor.atom]
    if isinstance(atom, Symbol):
        return atom.name, atom.offset, factor.indices
    return (atom.function if isinstance(atom, Activated) else atom), 0, factor.indices


def slope(function: str, argument: Polynomial, *indices: Index) -> Polynomial:
    """An entry of the slope of an activation, as the record says: a polynomial in the activation itself."""
    value = activated(function, argument, *indices)
    total = ZERO
    for power, coefficient in enumerate(activation(function).slope):
        total = total + (value**power).scaled(coefficient)
    return total

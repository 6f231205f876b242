"""Indexed polynomials: exact sums of products of entries such as W_a[k,l] delta_a[k], summed over bound indices of any range.

    (W^T delta)[l] = sum_k W[k,l] delta[k]   is   {1 * W[#1,l] delta[#1]}

Law: the representation is canonical: factors are sorted, bound indices are renamed to the least labelling, terms with coefficient
zero are dropped. So two expressions with the same polynomial are equal for every size, because the rewriting used only the
laws of a commutative ring, the exchange of finite sums and the renaming of bound indices.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from fractions import Fraction
from itertools import count, permutations, product
from typing import NamedTuple

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.activations import activation

Index = int
"""Free indices are negative, bound ones positive."""
ROW, COLUMN = -1, -2
MAX_TERMS = 20_000
MAX_ALIKE = 6
"""Bounds on the size of one polynomial and on the relabellings of one term, so that no input makes a proof run away."""


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

FIRST_FRESH = 1000
_fresh = count(FIRST_FRESH)
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
            raise UnsupportedError("an indexed polynomial", got=f"{len(terms)} terms", expected=f"at most {MAX_TERMS}")
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
        pairs = product(self.terms.items(), other.terms.items())
        return Polynomial.collect((_times(left, right), a * b) for (left, a), (right, b) in pairs)

    def __pow__(self, exponent: int) -> Polynomial:
        result = ONE
        for _ in range(exponent):
            result = result * self
        return result

    def renamed(self, names: dict[Index, Index]) -> Polynomial:
        """The polynomial with free indices renamed (also to bound ones that occur nowhere in it)."""
        return Polynomial.collect((_canonical(t.over_time, _rename(t.factors, names)), c) for t, c in self.terms.items())

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


def _text(term: Term) -> str:
    body = " ".join(f"{_atoms[f.atom]}{list(f.indices)}" for f in term.factors)
    return f"sum_t({body})" if term.over_time else body


def _rename(factors: Iterable[Factor], names: dict[Index, Index]) -> tuple[Factor, ...]:
    return tuple(Factor(f.atom, tuple(names.get(i, i) for i in f.indices)) for f in factors)


def _bound(factors: Iterable[Factor]) -> list[Index]:
    return list(dict.fromkeys(i for f in factors for i in f.indices if i > 0))


def _times(left: Term, right: Term) -> Term:
    if left.over_time and right.over_time:
        raise UnsupportedError("a product of two sums over time", expected="one sum over time in a term")
    shift = max(_bound(left.factors), default=0)
    apart = _rename(right.factors, {i: i + shift for i in _bound(right.factors)}) if shift else right.factors
    return _canonical(left.over_time or right.over_time, left.factors + apart)


def _canonical(over_time: bool, factors: tuple[Factor, ...]) -> Term:
    """The term with sorted factors and the least labelling of its bound indices."""
    bound = _bound(factors)
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
    return tuple(sorted(_rename(factors, {index: label for label, index in enumerate(order, start=1)})))


def entry(atom: Atom, *indices: Index) -> Polynomial:
    """One entry of an atom."""
    return Polynomial({_canonical(False, (Factor(number_of(atom), indices),)): Fraction(1)})


def constant(value: Fraction | int) -> Polynomial:
    return Polynomial({Term(False, ()): Fraction(value)} if value else {})


ONE = constant(1)
ZERO = constant(0)


def activated(function: str, argument: Polynomial, *indices: Index) -> Polynomial:
    """An entry of an activation; `argument` has the free indices ROW, COLUMN (as many as `indices`)."""
    atom = Activated(function, argument.key)
    _arguments[number_of(atom)] = argument
    return entry(atom, *indices)


def slope(function: str, argument: Polynomial, *indices: Index) -> Polynomial:
    """An entry of the slope of an activation, as the record says: a polynomial in the activation itself."""
    value = activated(function, argument, *indices)
    total = ZERO
    for power, coefficient in enumerate(activation(function).slope):
        total = total + (value**power).scaled(coefficient)
    return total


def sum_over(polynomial: Polynomial, index: Index, size: str) -> Polynomial:
    """The sum over one free index of that size; a term without the index is multiplied by the size."""
    fresh = 1 + max((i for term in polynomial.terms for i in _bound(term.factors)), default=0)
    total = []
    for term, coefficient in polynomial.terms.items():
        if any(index in factor.indices for factor in term.factors):
            total.append((_canonical(term.over_time, _rename(term.factors, {index: fresh})), coefficient))
        else:
            total.append((_times(term, Term(False, (Factor(number_of(size), ()),))), coefficient))
    return Polynomial.collect(total)


def summed_over_time(polynomial: Polynomial) -> Polynomial:
    """The sum over t = 0, ..., T."""
    return Polynomial.collect((Term(True, term.factors), c) for term, c in polynomial.terms.items())


def gradient(scalar: Polynomial, symbol: Symbol, *indices: Index) -> Polynomial:
    """The derivative of a polynomial without free indices by the entry symbol[indices], other symbols held fixed."""
    number = number_of(symbol)
    total = ZERO
    for rest, removed in _removals(scalar, number):
        if len(set(removed)) != len(removed):
            raise UnsupportedError(
                f"a derivative by an entry of {symbol.name}", got="a diagonal entry", expected="distinct indices"
            )
        total = total + _closed(rest.renamed(dict(zip(removed, indices, strict=True))))
    return total


def _removals(polynomial: Polynomial, number: int) -> Iterator[tuple[Polynomial, tuple[Index, ...]]]:
    """For every occurrence of the atom: what multiplies it, and its indices. Bound indices are opened: made free, each anew."""
    for term, coefficient in polynomial.terms.items():
        opened = _rename(term.factors, {index: -next(_fresh) for index in _bound(term.factors)})
        for position, factor in enumerate(opened):
            rest = _single(term.over_time, opened[:position] + opened[position + 1 :]).scaled(coefficient)
            if factor.atom == number:
                yield rest, factor.indices
            elif factor.atom in _arguments and number in _arguments[factor.atom].atoms():
                function, argument = _atoms[factor.atom], _arguments[factor.atom]
                assert isinstance(function, Activated)
                outside = rest * slope(function.function, argument, *factor.indices)
                inside = argument.renamed(dict(zip((ROW, COLUMN), factor.indices, strict=False)))
                for inner, removed in _removals(inside, number):
                    yield outside * inner, removed


def _single(over_time: bool, factors: tuple[Factor, ...]) -> Polynomial:
    return Polynomial({_canonical(over_time, factors): Fraction(1)})


def _closed(polynomial: Polynomial) -> Polynomial:
    """The polynomial with all opened indices bound again."""
    opened = {i for term in polynomial.terms for f in term.factors for i in f.indices if i <= -FIRST_FRESH}
    high = max((i for term in polynomial.terms for i in _bound(term.factors)), default=0)
    return polynomial.renamed({index: high + label for label, index in enumerate(sorted(opened), start=1)})


Definition = Callable[[Symbol], "Polynomial | None"]
"""Gives the polynomial of a symbol in the free indices ROW, COLUMN, or None where the symbol stands for itself."""


def substitute(polynomial: Polynomial, definition: Definition) -> Polynomial:
    """The polynomial with defined symbols replaced, inside activations too, until none is left."""
    memo: dict[int, Polynomial | None] = {}

    def replacement(number: int) -> Polynomial | None:
        """What stands for the atom, in the free indices ROW, COLUMN; None where nothing changes."""
        if number not in memo:
            memo[number] = _replacement(number, definition, resolve)
        return memo[number]

    def resolve(body: Polynomial) -> Polynomial:
        if not any(replacement(f.atom) is not None for term in body.terms for f in term.factors):
            return body
        total: list[tuple[Term, Fraction]] = []
        for term, coefficient in body.terms.items():
            total += _expanded(term, replacement).scaled(coefficient).terms.items()
        return Polynomial.collect(total)

    return resolve(polynomial)


def _replacement(number: int, definition: Definition, resolve: Callable[[Polynomial], Polynomial]) -> Polynomial | None:
    atom = _atoms[number]
    if isinstance(atom, Symbol):
        found = definition(atom)
        return None if found is None else resolve(found)
    if isinstance(atom, Activated):
        argument = _arguments[number]
        resolved = resolve(argument)
        if resolved is argument:
            return None
        return activated(atom.function, resolved, *_free(argument))
    return None


def _free(polynomial: Polynomial) -> tuple[Index, ...]:
    """The free indices ROW, COLUMN that an activation's argument has."""
    present = {i for term in polynomial.terms for f in term.factors for i in f.indices if i < 0}
    return tuple(index for index in (ROW, COLUMN) if index in present)


def _expanded(term: Term, replacement: Callable[[int], Polynomial | None]) -> Polynomial:
    opened = {index: -next(_fresh) for index in _bound(term.factors)}
    kept: list[Factor] = []
    total = ONE
    for factor in _rename(term.factors, opened):
        body = replacement(factor.atom)
        if body is None:
            kept.append(factor)
        else:
            total = total * body.renamed(dict(zip((ROW, COLUMN), factor.indices, strict=False)))
    return _closed(total * _single(term.over_time, tuple(kept)))


def moved(polynomial: Polynomial, move: Callable[[Symbol], Symbol]) -> Polynomial:
    """The polynomial with every symbol replaced by another one of the same shape, inside activations too."""
    memo: dict[int, int] = {}

    def renumber(number: int) -> int:
        if number not in memo:
            atom = _atoms[number]
            if isinstance(atom, Symbol):
                memo[number] = number_of(move(atom))
            elif isinstance(atom, Activated):
                argument = go(_arguments[number])
                new = number_of(Activated(atom.function, argument.key))
                _arguments[new] = argument
                memo[number] = new
            else:
                memo[number] = number
        return memo[number]

    def go(body: Polynomial) -> Polynomial:
        return Polynomial.collect(
            (_canonical(term.over_time, tuple(Factor(renumber(f.atom), f.indices) for f in term.factors)), coefficient)
            for term, coefficient in body.terms.items()
        )

    return go(polynomial)

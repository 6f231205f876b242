"""Operations on indexed polynomials: sums over an index and over time, the derivative by an entry, substitution, moving in time.

Laws: each gives a canonical polynomial again. A derivative opens the bound indices of a term, takes one factor away, and binds
what is left; a substitution goes into activations, whose arguments are polynomials themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import count

from lstm_sym.errors import UnsupportedError
from lstm_sym.proof.indexed import (
    COLUMN,
    ONE,
    ROW,
    ZERO,
    Activated,
    Factor,
    Index,
    Polynomial,
    Symbol,
    Term,
    activated,
    activation_number,
    argument_of,
    atom_of,
    bound_indices,
    canonical,
    constant,
    number_of,
    rename,
    slope,
    times,
)
from lstm_sym.symbols.doubling import DOUBLINGS

FIRST_FRESH = 1000
"""Opened indices are labelled from here on, below all that an expression uses."""
_fresh = count(FIRST_FRESH)


def sum_over(polynomial: Polynomial, index: Index, size: str) -> Polynomial:
    """The sum over one free index of that size; a term without the index is multiplied by the size."""
    fresh = 1 + max((i for term in polynomial.terms for i in bound_indices(term.factors)), default=0)
    total = []
    for term, coefficient in polynomial.terms.items():
        if any(index in factor.indices for factor in term.factors):
            total.append((canonical(term.over_time, rename(term.factors, {index: fresh})), coefficient))
        else:
            total.append((times(term, Term(False, (Factor(number_of(size), ()),))), coefficient))
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
        opened = rename(term.factors, {index: -next(_fresh) for index in bound_indices(term.factors)})
        for position, factor in enumerate(opened):
            rest = _single(term.over_time, opened[:position] + opened[position + 1 :]).scaled(coefficient)
            if factor.atom == number:
                yield rest, factor.indices
            elif isinstance(function := atom_of(factor.atom), Activated):
                argument = argument_of(factor.atom)
                if number not in argument.atoms():
                    continue
                outside = rest * slope(function.function, argument, *factor.indices)
                inside = argument.renamed(dict(zip((ROW, COLUMN), factor.indices, strict=False)))
                for inner, removed in _removals(inside, number):
                    yield outside * inner, removed


def _single(over_time: bool, factors: tuple[Factor, ...]) -> Polynomial:
    return Polynomial({canonical(over_time, factors): Fraction(1)})


def _closed(polynomial: Polynomial) -> Polynomial:
    """The polynomial with all opened indices bound again."""
    opened = {i for term in polynomial.terms for f in term.factors for i in f.indices if i <= -FIRST_FRESH}
    high = max((i for term in polynomial.terms for i in bound_indices(term.factors)), default=0)
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
    atom = atom_of(number)
    if isinstance(atom, Symbol):
        found = definition(atom)
        return None if found is None else resolve(found)
    if isinstance(atom, Activated):
        argument = argument_of(number)
        resolved = resolve(argument)
        if resolved is argument:
            return None
        return activated(atom.function, resolved, *_free(argument))
    return None


def in_sigma(polynomial: Polynomial) -> Polynomial:
    """The polynomial with each activation that has a doubling written in sigma: tanh(z) as 2 sigma(2 z) - 1."""
    memo: dict[int, Polynomial | None] = {}

    def replacement(number: int) -> Polynomial | None:
        if number not in memo:
            memo[number] = _doubled(number, in_sigma)
        return memo[number]

    if not any(replacement(f.atom) is not None for term in polynomial.terms for f in term.factors):
        return polynomial
    total: list[tuple[Term, Fraction]] = []
    for term, coefficient in polynomial.terms.items():
        total += _expanded(term, replacement).scaled(coefficient).terms.items()
    return Polynomial.collect(total)


def _doubled(number: int, resolve: Callable[[Polynomial], Polynomial]) -> Polynomial | None:
    atom = atom_of(number)
    if not isinstance(atom, Activated):
        return None
    argument = argument_of(number)
    resolved, record = resolve(argument), DOUBLINGS.get(atom.function)
    if record is not None:
        value = activated("sigma", resolved.scaled(Fraction(2)), *_free(argument))
        return constant(record.constant) + value.scaled(record.factor)
    return None if resolved is argument else activated(atom.function, resolved, *_free(argument))


def _free(polynomial: Polynomial) -> tuple[Index, ...]:
    """The free indices ROW, COLUMN that an activation's argument has."""
    present = {i for term in polynomial.terms for f in term.factors for i in f.indices if i < 0}
    return tuple(index for index in (ROW, COLUMN) if index in present)


def _expanded(term: Term, replacement: Callable[[int], Polynomial | None]) -> Polynomial:
    opened = {index: -next(_fresh) for index in bound_indices(term.factors)}
    kept: list[Factor] = []
    total = ONE
    for factor in rename(term.factors, opened):
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
            atom = atom_of(number)
            if isinstance(atom, Symbol):
                memo[number] = number_of(move(atom))
            elif isinstance(atom, Activated):
                memo[number] = activation_number(atom.function, go(argument_of(number)))
            else:
                memo[number] = number
        return memo[number]

    def go(body: Polynomial) -> Polynomial:
        return Polynomial.collect(
            (canonical(term.over_time, tuple(Factor(renumber(f.atom), f.indices) for f in term.factors)), coefficient)
            for term, coefficient in body.terms.items()
        )

    return go(polynomial)

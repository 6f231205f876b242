"""Certified decimals of every value: exact rationals decide ties and zeros, balls the rest, at ever more bits.

Law: a digit is printed only where an exact value or an enclosure decides it. What the bound on precision does not tell from zero
is written 0e-k, zero to k decimals, where significant digits are asked for; anything else undecided is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import flint

from lstm_sym.errors import InputError
from lstm_sym.evaluate.enclosures.enclosure import balls_run
from lstm_sym.evaluate.rounding import Rounding
from lstm_sym.evaluate.schedule.program import Program
from lstm_sym.evaluate.schedule.run import Values, given_matrices, run
from lstm_sym.evaluate.systems.addresses import Key
from lstm_sym.evaluate.systems.givens import Givens
from lstm_sym.evaluate.systems.rationals import UNKNOWN, ExactRationals

Entries = tuple[tuple[str, ...], ...]

GUARD_BITS = 64
SMALLEST_EXPONENT = -4_000_000
"""Binary exponents below this are widened to it: what lies there is not told from zero."""


@dataclass(frozen=True)
class Certified:
    """The text of every value, the rounding, and the precision in bits that decided the last entry."""

    entries: Mapping[Key, Entries]
    rounding: Rounding
    precision: int


class UndecidedError(InputError):
    """Digits were asked for that no precision within the bound decides."""


Place = tuple[Key, int, int]


def certify(
    program: Program, givens: Givens, rounding: Rounding, wanted: Callable[[Key], bool], max_precision: int | None = None
) -> Certified:
    """The certified text of every value whose key is wanted."""
    text: dict[Place, str] = {}
    exact = run(program, givens, ExactRationals())
    shapes = {key: _shape(exact.entries(key)) for key in exact.matrices if wanted(key)}
    undecided: list[Place] = []
    for place, entry in _places(exact, shapes):
        if entry is UNKNOWN:
            undecided.append(place)
        else:
            text[place] = _sure(rounding.text(entry, entry))
    precision, values = 0, exact
    for precision in _precisions(rounding, _size_bits(program, givens), max_precision) if undecided else ():
        values = balls_run(program, givens, precision)
        entries_of = _by_key(values, undecided)
        undecided = [place for place in undecided if not _decide(entries_of, place, rounding, text)]
        if not undecided:
            break
    for place in undecided:
        text[place] = _near_zero(_by_key(values, [place]), place, rounding, precision)
    entries = {
        key: tuple(tuple(text[key, i, j] for j in range(columns)) for i in range(rows)) for key, (rows, columns) in shapes.items()
    }
    return Certified(entries, rounding, precision)


def _size_bits(program: Program, givens: Givens) -> int:
    """The bits before the point of the largest given, which digits after the point come on top of."""
    matrices = [matrix for _, _, matrix in given_matrices(program.cell, givens)]
    return int(max(abs(entry) for matrix in matrices for row in matrix for entry in row)).bit_length()


def _precisions(rounding: Rounding, size: int, max_precision: int | None) -> Iterator[int]:
    start = rounding.digits * 3322 // 1000 + size + GUARD_BITS
    bound = max_precision or 8 * start + 2**14
    precision = min(start, bound)
    while precision <= bound:
        yield precision
        precision *= 2


def _shape(entries: list[list[Any]]) -> tuple[int, int]:
    return len(entries), len(entries[0])


def _places(values: Values, keys: Mapping[Key, Any]) -> Iterator[tuple[Place, Any]]:
    for key in keys:
        for i, row in enumerate(values.entries(key)):
            for j, entry in enumerate(row):
                yield (key, i, j), entry


def _by_key(values: Values, places: Iterable[Place]) -> dict[Key, list[list[Any]]]:
    return {key: values.entries(key) for key in {place[0] for place in places}}


def _decide(entries: Mapping[Key, list[list[Any]]], place: Place, rounding: Rounding, text: dict[Place, str]) -> bool:
    key, i, j = place
    ends = endpoints(entries[key][i][j])
    found = rounding.text(*ends) if ends else None
    if found is not None:
        text[place] = found
    return found is not None


def endpoints(ball: Any) -> tuple[Any, Any] | None:
    """The exact ends of a ball as rationals (fmpq), widened where it is tiny; None if it is not finite."""
    if not ball.is_finite():
        return None
    middle, radius = _dyadic(ball.mid()), _dyadic(ball.rad())
    if middle is None:
        middle, radius = flint.fmpq(0), (radius or flint.fmpq(0)) + _tiny()
    if radius is None:
        radius = _tiny()
    return middle - radius, middle + radius


def _tiny() -> Any:
    return flint.fmpq(1, flint.fmpz(1) << -SMALLEST_EXPONENT)


def _dyadic(number: Any) -> Any:
    """An exact ball as a rational, or None where it is smaller than 2^SMALLEST_EXPONENT."""
    mantissa, exponent = number.man_exp()
    if exponent >= 0:
        return flint.fmpq(mantissa << int(exponent))
    if exponent + mantissa.bit_length() < SMALLEST_EXPONENT:
        return None
    return flint.fmpq(mantissa, flint.fmpz(1) << -int(exponent))


def _near_zero(entries: Mapping[Key, list[list[Any]]], place: Place, rounding: Rounding, precision: int) -> str:
    key, i, j = place
    ends = endpoints(entries[key][i][j])
    found = rounding.near_zero(*ends) if ends else None
    if found is None:
        raise _undecided(place, rounding, precision)
    return found


def _sure(text: str | None) -> str:
    assert text is not None, "an exact value rounds"
    return text


def _undecided(place: Place, rounding: Rounding, precision: int) -> UndecidedError:
    (name, time), i, j = place
    when = "" if time is None else f" at t={time}"
    return UndecidedError(
        f"entry ({i}, {j}) of {name}{when}",
        got=f"{rounding.digits} {rounding.unit()} that are not decided at {precision} bits",
        expected="an enclosure that rounds to one decimal",
        advice="ask for another number of digits",
    )

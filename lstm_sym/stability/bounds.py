"""Bounds on the error of formulas under a stated model of floating point, with every constant decided by balls.

    Model: each + - * is correctly rounded, |fl(x) - x| <= u |x|, u = 2^-precision; an activation is within k ulp of its true
    value at the number that it is given, so within 2 k u of it relatively; a factor 2^j is exact; nothing overflows or
    underflows; gates are activations of what they are given, and other symbols on the right side are taken as they stand in
    memory.

On a path of c roundings, an activation counting 2 k, the product of all 1 + delta is within exp(c u) - 1 of 1, which is at most
gamma(c) = c u / (1 - c u); so the error is at most gamma(c) of the sum of the magnitudes of the terms (Higham 2002, lemma 3.1).
Law: 1 - y is bounded apart: an error r of y becomes r F/(1 - F) where F is the largest value of y, enclosed by a
ball.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
from sympy import Expr, Integer, Max, Rational

from lstm_sym.cell import Cell
from lstm_sym.errors import UnsupportedError
from lstm_sym.floating.arithmetic import enclosure, ends
from lstm_sym.floating.formats import Format
from lstm_sym.stability.stable import complements
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.complements import Complement
from lstm_sym.symbols.compound import Outer, Stack, SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros

PRECISION = 320
MODEL = (
    "exactly 0: every operation, exp, sigma and tanh correctly rounded, or sigma by exp in three roundings",
    "bounds: each + - * is correctly rounded, to nearest",
    "an activation is within {ulps} ulp of its true value at the number that it is given",
    "nothing overflows or underflows; gates are activations of what they are given, other symbols are as they stand in memory",
    "where sizes enter a bound: {sizes}",
)
SIZES = {"n": 64, "m": 64, "T": 100}
OTHER_SIZE = 64
"""The sizes for which bounds that depend on them are printed; the last is that of any size of another name."""


@dataclass(frozen=True)
class Model:
    """`ulps` is k: how far an activation may be off."""

    ulps: Fraction = Fraction(1)

    def words(self) -> tuple[str, ...]:
        sizes = ", ".join(f"{name} = {size}" for name, size in SIZES.items()) + f", other sizes {OTHER_SIZE}"
        return tuple(line.format(ulps=self.ulps, sizes=sizes) for line in MODEL)


def roundings(expression: Expression, cell: Cell, model: Model, free: Sequence[Expression] = ()) -> Expr:
    """The number of roundings on the longest path, an activation counting 2 k; nodes in `free` count nothing."""
    if expression in free:
        return Integer(0)
    inner = [roundings(part, cell, model, free) for part in expression.parts]
    if isinstance(expression, Timed | Parameter | Ones | Zeros):
        return _activation(model) if _is_activation(expression, cell) else Integer(0)
    if isinstance(expression, Apply):
        return inner[0] + _activation(model)
    if isinstance(expression, Hadamard):
        return sum(inner, Integer(len(inner) - 1))
    if isinstance(expression, Product):
        return sum(inner, Integer(0)) + sum((factor.shape[1] for factor in expression.parts[:-1]), Integer(0))
    if isinstance(expression, Outer):
        return sum(inner, Integer(1))
    if isinstance(expression, Power):
        return expression.exponent * inner[0] + expression.exponent - 1
    if isinstance(expression, Sum):
        return Max(*inner) + len(inner) - 1
    if isinstance(expression, SumOverTime):
        return roundings(expression.body, cell, model, free) + expression.upper - expression.lower
    if isinstance(expression, Scaled):
        return inner[0] + (0 if _is_power_of_two(expression.coefficient) else 1)
    if isinstance(expression, Transposed | Stack):
        return Max(*inner)
    raise UnsupportedError(
        f"counting the roundings of {type(expression).__name__}",
        got=str(expression)[:80],
        expected="a node with a rule",
        advice="add it to roundings in lstm_sym/stability/bounds.py",
    )


def gamma(count: Expr, format: Format) -> Any:
    """gamma(c) as a rational, at SIZES where c depends on them; None where c u >= 1, so that there is no bound."""
    number = count.subs({symbol: SIZES.get(symbol.name, OTHER_SIZE) for symbol in count.free_symbols})
    relative = flint.fmpq(int(number.p), int(number.q)) / (1 << format.precision)
    return relative / (1 - relative) if relative < 1 else None


def naive_bound(expression: Expression, cell: Cell, format: Format, saturation: Fraction, model: Model) -> Any:
    """A bound in ulps (fmpq) for arguments up to `saturation` in size; None where it leaves no bit certain."""
    found = complements(expression, cell)
    rest = gamma(roundings(expression, cell, model, [complement.node for complement in found]), format)
    if rest is None:
        return None
    total = 1 + rest
    for complement in found:
        total *= 1 + _complement_error(complement.form, format, saturation, model)
    return _ulps(total - 1, format)


def bound(expression: Expression, cell: Cell, format: Format, model: Model) -> Any:
    """A bound in ulps (fmpq) of the sum of the magnitudes, for a formula without complements."""
    return _ulps(gamma(roundings(expression, cell, model), format), format)


def _ulps(relative: Any, format: Format) -> Any:
    """x / ulp(x) < 2^precision, so a relative error r is less than r 2^precision ulps."""
    return None if relative is None or relative >= 1 else relative * (1 << format.precision)


def _complement_error(complement: Complement, format: Format, saturation: Fraction, model: Model) -> Any:
    """The relative error of 1 - y^power: that of y^power times F/(1 - F), and one rounding; 1 or more says nothing."""
    u = flint.fmpq(1, 1 << format.precision)
    largest = _largest(complement, saturation)
    of_power = gamma(complement.power * _activation(model) + complement.power - 1, format)
    if of_power is None:
        return flint.fmpq(1)
    return of_power * largest / (1 - largest) * (1 + u) + u


def _largest(complement: Complement, saturation: Fraction) -> Any:
    """An upper bound of the largest y^power over arguments up to `saturation`, which is that at its end."""
    _, high = ends(enclosure(complement.function, flint.fmpq(saturation.numerator, saturation.denominator), PRECISION))
    return high**complement.power


def _activation(model: Model) -> Expr:
    return 2 * Rational(model.ulps.numerator, model.ulps.denominator)


def _is_activation(symbol: Expression, cell: Cell) -> bool:
    """Whether the variable is a gate: an activation of what it is given, and no nearer than that to its true value."""
    return isinstance(symbol, Timed) and cell.is_gate(symbol.name)


def _is_power_of_two(coefficient: Expr) -> bool:
    if not coefficient.is_Rational or coefficient == 0:
        return False
    top, bottom = abs(int(coefficient.p)), int(coefficient.q)
    return top & (top - 1) == 0 and bottom & (bottom - 1) == 0

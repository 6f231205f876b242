"""Bounds in ulps against random inputs: every formula of every cell in float32, as printed and in stable form, against 60 digits.

Sizes are small here; the bounds are those for the sizes of the table, which are larger, so that they hold all the more.
"""

from fractions import Fraction
from functools import reduce
from operator import add, matmul, mul

import mpmath
import numpy as np
import pytest
from sympy import Integer

from lstm_sym.cells import CELLS
from lstm_sym.floating.formats import FORMATS
from lstm_sym.stability.bounds import Model, bound, naive_bound
from lstm_sym.stability.stable import complements, stable_form
from lstm_sym.stability.table import KINDS
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import Outer, Stack, SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros
from lstm_sym.symbols.scalars import T, m, n
from lstm_sym.symbols.traversal import at_time

SIZES, STEPS = {n: 3, m: 2, T: 2}, range(3)
SINGLE = FORMATS["float32"]
DIGITS = mpmath.mp.clone()
DIGITS.dps = 60


def exact(array):
    return np.vectorize(lambda number: DIGITS.mpf(float(number)), otypes=[object])(array)


def activation(name, array, is_exact):
    """In 60 digits; in float32 rounded from there, so that it is within half an ulp."""
    of = {"sigma": lambda z: 1 / (1 + DIGITS.exp(-z)), "tanh": DIGITS.tanh}[name]
    found = np.vectorize(of, otypes=[object])(array if is_exact else exact(array))
    return found if is_exact else found.astype(np.float32)


class Drawn:
    """Values of symbols: each random, a gate the rounded activation of its random argument."""

    def __init__(self, cell, seed, size):
        self.cell, self.rng, self.size, self.values = cell, np.random.default_rng(seed), size, {}
        self.activated = {e.name: e.body for e in cell.split if isinstance(e.body, Apply)}

    def of(self, symbol, is_exact):
        """The float32 value; in exact arithmetic that of a gate is the true one at its argument."""
        body = self.activated.get(symbol.name) if isinstance(symbol, Timed) else None
        if body is not None and (self.cell.is_gate(symbol.name) or not is_exact):
            argument = at_time(body, symbol.time).body
            if isinstance(argument, Timed):
                return activation(body.function, self.of(argument, is_exact), is_exact)
        return self.drawn(symbol) if is_exact else self.drawn(symbol).astype(np.float32)

    def drawn(self, symbol):
        key = str(symbol)
        if key not in self.values:
            body = self.activated.get(symbol.name) if isinstance(symbol, Timed) else None
            shape = [int(side.subs(SIZES)) for side in symbol.shape]
            if body is not None and isinstance(at_time(body, symbol.time).body, Timed):
                self.values[key] = exact(self.of(symbol, False))
            else:
                self.values[key] = exact(self.rng.uniform(-self.size, self.size, shape).astype(np.float32))
        return self.values[key]


def value(node, drawn, is_exact, kept=(), magnitudes=False):
    """A formula at the drawn values; `kept` are complements, exact from their arguments; magnitudes: sums of absolute values."""

    def inner(part):
        return value(part, drawn, is_exact, kept, magnitudes)

    found = next((each for each in kept if each.node == node), None)
    if found is not None and is_exact:
        y = activation(found.form.function, value(found.argument, drawn, True), True)
        return 1 - y**found.form.power
    if isinstance(node, Timed | Parameter):
        array = drawn.of(node, is_exact)
        return abs(array) if magnitudes else array
    if isinstance(node, Zeros | Ones):
        shape = [int(side.subs(SIZES)) for side in node.shape]
        array = np.full(shape, float(not isinstance(node, Zeros)), np.float32)
        return exact(array) if is_exact else array
    if isinstance(node, Scaled):
        factor = abs(node.coefficient) if magnitudes else node.coefficient
        return inner(node.body) * (DIGITS.mpf(int(factor.p)) / int(factor.q) if is_exact else np.float32(float(factor)))
    if isinstance(node, Apply):
        array = activation(node.function, value(node.body, drawn, is_exact), is_exact)
        return abs(array) if magnitudes else array
    if isinstance(node, Power):
        return reduce(mul, [inner(node.base)] * int(node.exponent))
    if isinstance(node, SumOverTime):
        return reduce(add, [inner(at_time(node.body, Integer(step))) for step in STEPS])
    if isinstance(node, Transposed):
        return inner(node.body).T
    parts = [inner(part) for part in node.parts]
    if isinstance(node, Outer):
        return parts[0] @ parts[1].T
    if isinstance(node, Stack):
        return np.vstack(parts)
    return reduce({Sum: add, Hadamard: mul, Product: matmul}[type(node)], parts)


def worst(right, drawn, kept=()):
    """The largest error in ulps of the sum of the magnitudes, an ulp being at least 2^-24 of a number."""
    at = right if isinstance(right, SumOverTime) else at_time(right, Integer(1))
    kept = tuple(type(each)(at_time(each.node, Integer(1)), each.form, at_time(each.argument, Integer(1))) for each in kept)
    got, true = value(at, drawn, False), value(at, drawn, True, kept)
    error = abs(exact(got) - true) / value(at, drawn, True, kept, magnitudes=True)
    return float(error.max()) * 2**SINGLE.precision


@pytest.mark.parametrize("size", [1, 5])
@pytest.mark.parametrize("name", CELLS)
def test_no_random_input_is_beyond_its_bound(name, size, derivation):
    found, checked, near = derivation(name), 0, 0.0
    for seed, result in enumerate(found.of_kind(*KINDS)):
        right, form, drawn = result.statement.right, stable_form(result, found), Drawn(found.cell, seed, size)
        pairs = [(right, complements(right, found.cell), naive_bound(right, found.cell, SINGLE, size, Model()))]
        pairs += [(form.statement.right, (), bound(form.statement.right, found.cell, SINGLE, Model()))] if form else []
        for formula, kept, most in pairs:
            if most is None:
                continue
            ulps, most = worst(formula, drawn, kept), float(Fraction(int(most.p), int(most.q)))
            assert ulps <= most, (result.id, formula)
            checked, near = checked + 1, max(near, ulps / most)
    assert checked >= 10
    assert near > 0.1

"""Activation records: each proves its own slope, and a wrong one is refused when it is built."""

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.activations import ACTIVATIONS, SIGMA, TANH, slope_identity_holds
from lstm_sym.symbols.sigma import sigma

z = sympy.Symbol("z", real=True)


@pytest.mark.parametrize("record", [SIGMA, TANH], ids=lambda record: record.name)
def test_the_slope_identity_holds(record):
    assert slope_identity_holds(record.numerator, record.denominator, record.slope)


MUTANTS = [
    (SIGMA, (0, 1, 1)),
    (SIGMA, (0, 1)),
    (SIGMA, (1, 0, -1)),
    (TANH, (1, -1)),
    (TANH, (1, 0, 1)),
    (TANH, (0, 1, -1)),
    (TANH, (1, 0, 0, -1)),
]


@pytest.mark.parametrize(("record", "slope"), MUTANTS, ids=str)
def test_a_wrong_slope_is_refused(record, slope):
    with pytest.raises(UnsupportedError, match=r"got a slope that is not the derivative; expected y' = slope\(y\)"):
        replace(record, slope=tuple(map(Fraction, slope)))


@pytest.mark.parametrize("record", [SIGMA, TANH])
def test_a_wrong_reflection_is_refused(record):
    with pytest.raises(UnsupportedError, match=f"activation {record.name}; got a reflection that does not hold"):
        replace(record, reflection=(Fraction(0), Fraction(1)))


def test_a_wrong_value_at_zero_is_refused():
    with pytest.raises(UnsupportedError, match=r"got y\(0\) = 1; expected"):
        replace(TANH, at_zero=Fraction(1))


def test_sympy_agrees_with_the_records():
    assert sympy.simplify(sigma(z).rewrite(sympy.exp).diff(z) - sigma(z).diff(z).rewrite(sympy.exp)) == 0
    assert sympy.tanh(z).diff(z) == 1 - sympy.tanh(z) ** 2
    e = sympy.Symbol("e")
    for record, function in ((SIGMA, 1 / (1 + 1 / e)), (TANH, (e - 1 / e) / (e + 1 / e))):
        quotient = sum(c * e**k for k, c in enumerate(record.numerator)) / sum(c * e**k for k, c in enumerate(record.denominator))
        assert sympy.simplify(quotient - function) == 0


def test_sigma_at_zero_and_in_digits():
    assert sigma(0) == sympy.Rational(1, 2)
    assert str(sigma(sympy.Integer(1)).evalf(20)) == "0.73105857863000487925"


def test_the_table_is_keyed_by_name():
    assert {name: record.name for name, record in ACTIVATIONS.items()} == {"sigma": "sigma", "tanh": "tanh"}

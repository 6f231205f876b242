"""Rounding against decimal.Decimal, and what an enclosure decides."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_sym.errors import InputError
from lstm_sym.evaluate.certify import certify
from lstm_sym.evaluate.rounding import Decimals, Significant
from lstm_sym.evaluate.schedule.program import program
from lstm_sym.evaluate.systems.rationals import fmpq
from tests.evaluate.samples import derivation, random_givens

numbers = st.builds(lambda units, power: Decimal(units).scaleb(power), st.integers(-(10**12), 10**12), st.integers(-25, 10))


def exactly(text):
    return fmpq(Fraction(text))


@given(numbers, st.integers(0, 12))
def test_fixed_decimals_agree_with_decimal(number, digits):
    expected = number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN, Context(prec=60))
    value = exactly(number)
    assert Decimals(digits).text(value, value) == f"{abs(expected) if expected == 0 else expected:f}"


@given(numbers, st.integers(1, 12))
def test_significant_digits_agree_with_decimal(number, digits):
    value = exactly(number)
    text = Significant(digits).text(value, value)
    assert Decimal(text) == Context(prec=digits, rounding=ROUND_HALF_EVEN).create_decimal(number)
    if number:
        assert len(Decimal(text).as_tuple().digits) == digits


@given(numbers, numbers, st.integers(1, 8))
def test_an_enclosure_decides_only_where_both_ends_agree(one, other, digits):
    low, high = sorted((exactly(one), exactly(other)))
    for rounding in (Decimals(digits), Significant(digits)):
        ends = {rounding.text(low, low), rounding.text(high, high)}
        text = rounding.text(low, high)
        assert text is None or ends == {text}


@pytest.mark.parametrize(
    ("rounding", "number", "text"),
    [
        (Decimals(0), "2.5", "2"),
        (Decimals(2), "-0.001", "0.00"),
        (Decimals(5), "0", "0.00000"),
        (Significant(3), "0", "0"),
        (Significant(3), "9.996", "10.0"),
        (Significant(3), "0.0000012345", "0.00000123"),
        (Significant(3), "0.00000012345", "1.23e-7"),
        (Significant(2), "-12345", "-1.2e4"),
    ],
)
def test_literal_texts(rounding, number, text):
    assert rounding.text(exactly(number), exactly(number)) == text


def test_a_tie_inside_an_enclosure_is_not_decided():
    assert Decimals(1).text(exactly("0.2499"), exactly("0.2501")) is None
    assert Significant(3).text(exactly("-0.1"), exactly("0.1")) is None


@pytest.mark.parametrize("digits", [0, -1, 10**9])
def test_a_number_of_digits_out_of_range_is_refused(digits):
    with pytest.raises(InputError, match=r"number of significant digits; got .*; expected an integer from 1 to 100000"):
        Significant(digits)


def test_the_bound_on_precision_is_said():
    with pytest.raises(InputError, match="significant digits that are not decided at 40 bits"):
        certify(program(derivation("elman")), random_givens("elman"), Significant(30), lambda key: key[0] == "h", 40)


def test_what_no_precision_tells_from_zero_is_zero_to_some_decimals():
    rounding = Significant(3)
    assert rounding.near_zero(exactly("-3e-41"), exactly("2e-41")) == "0e-40"
    assert rounding.near_zero(exactly("-5e-41"), exactly("4e-41")) == "0e-39"
    assert rounding.near_zero(exactly("-4.9e-41"), exactly("0")) == "0e-40"
    assert rounding.near_zero(exactly("-3"), exactly("3")) is None
    assert rounding.near_zero(exactly("1e-9"), exactly("2e-9")) is None
    assert Decimals(3).near_zero(exactly("-3e-41"), exactly("2e-41")) is None


def test_ten_thousand_digits_begin_with_the_digits_of_a_hundred():
    few, many = (
        certify(program(derivation("elman")), random_givens("elman"), Significant(digits), lambda key: key == ("h", 3))
        for digits in (100, 10_000)
    )
    short, long = few.entries["h", 3][0][0], many.entries["h", 3][0][0]
    assert long[:100] == short[:100]
    assert len(long) > 10_000

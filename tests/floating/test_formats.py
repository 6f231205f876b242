"""Formats, rounding and hexadecimal text against NumPy's own conversions, and at the edges by literal bits."""

from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_sym.errors import InputError, UnsupportedError
from lstm_sym.floating.arithmetic import Arithmetic
from lstm_sym.floating.formats import FORMATS, Format, floating_format
from lstm_sym.floating.rounding import rounded, rounded_enclosure, ulp, value_of
from lstm_sym.floating.text import hex_text

KINDS = {"float16": (np.float16, np.uint16), "float32": (np.float32, np.uint32), "float64": (np.float64, np.uint64)}


def q(text):
    value = Fraction(text)
    return flint.fmpq(value.numerator, value.denominator)


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=300)
@pytest.mark.parametrize("name", KINDS)
def test_rounding_is_numpys(name, number):
    kind, bits = KINDS[name]
    value = Fraction(number)
    with np.errstate(over="ignore"):
        expected = int(kind(number).view(bits))
    found = rounded(flint.fmpq(value.numerator, value.denominator), FORMATS[name])
    assert found == (0 if number == 0 else expected)


@given(st.fractions())
def test_rationals_round_as_python_does(value):
    found = rounded(flint.fmpq(value.numerator, value.denominator), FORMATS["float64"])
    assert found == (int(np.float64(float(value)).view(np.uint64)) if value else 0)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_bfloat16_is_the_upper_half_of_float32_rounded_to_even(number):
    bits = int(np.float32(number).view(np.uint32))
    expected = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16
    value = Fraction(number)
    assert rounded(flint.fmpq(value.numerator, value.denominator), FORMATS["bfloat16"]) == (0 if number == 0 else expected)


@pytest.mark.parametrize(
    ("value", "name", "bits"),
    [
        ("0", "float16", 0x0000),
        ("65519.99", "float16", 0x7BFF),
        ("65520", "float16", 0x7C00),  # the tie at the end of the range is infinity
        ("-65520", "float16", 0xFC00),
        ("2049", "float16", 0x6800),  # a tie goes to the even 2048
        ("2051", "float16", 0x6802),  # and to the even 2052
        ("1/16777216", "float16", 0x0001),  # the smallest subnormal 2^-24
        ("1/33554432", "float16", 0x0000),  # half of it is a tie: to zero
        ("-1/33554432", "float16", 0x8000),  # with the sign of the value
        ("3/67108864", "float16", 0x0001),
        ("257", "bfloat16", 0x4380),
        ("1e-45", "float32", 0x00000001),
        ("1e-400", "float64", 0x0000000000000000),
        ("-1e-400", "float64", 0x8000000000000000),
        ("1e309", "float64", 0x7FF0000000000000),
    ],
)
def test_edges(value, name, bits):
    assert rounded(q(value), FORMATS[name]) == bits


@pytest.mark.parametrize("name", FORMATS)
def test_bits_value_and_text_agree(name):
    format = FORMATS[name]
    samples = [0, 1, 2, 3, format.infinity // 3, format.infinity // 2 + 5, (1 << (format.precision - 1)) - 1, format.largest]
    for bits in [*samples, *(format.sign | bits for bits in samples)]:
        value = value_of(bits, format)
        assert rounded(value, format) == (bits if value != 0 else 0)
        text = hex_text(bits, format)
        assert Fraction(float.fromhex(text)) == Fraction(int(value.p), int(value.q))
        assert text.startswith("-") == bool(bits & format.sign)
    assert [hex_text(b, format) for b in (format.infinity, format.infinity | format.sign, format.infinity + 1)] == [
        "inf",
        "-inf",
        "nan",
    ]
    assert value_of(format.infinity, format) is None


def test_hexadecimal_text():
    assert hex_text(0x3555, FORMATS["float16"]) == "0x1.554p-2"
    assert hex_text(0x0001, FORMATS["float16"]) == "0x1p-24"
    assert hex_text(0x8000, FORMATS["float16"]) == "-0x0p+0"
    assert hex_text(0x3FF0000000000001, FORMATS["float64"]) == "0x1.0000000000001p+0"


def test_an_enclosure_is_decided_only_where_both_ends_agree():
    half = FORMATS["float16"]
    assert rounded_enclosure(q("0.33"), q("0.330001"), half) == rounded(q("0.33"), half)
    assert rounded_enclosure(q("0.33"), q("0.34"), half) is None
    assert rounded_enclosure(q("2048.9999"), q("2049.0001"), half) is None
    assert rounded_enclosure(q("-1e-30"), q("1e-30"), half) is None  # the sign of the zero is not known
    assert rounded_enclosure(q("-2e-30"), q("-1e-30"), half) == 0x8000
    assert rounded_enclosure(q("0"), q("0"), half) == 0


def test_units_in_the_last_place():
    assert ulp(q("1"), FORMATS["float64"]) == q(Fraction(1, 2**52))
    assert ulp(q("0.999"), FORMATS["float64"]) == q(Fraction(1, 2**53))
    assert ulp(q("-3e-8"), FORMATS["float16"]) == ulp(q("0"), FORMATS["float16"]) == q(Fraction(1, 2**24))
    assert ulp(q("4096"), FORMATS["float16"]) == q(4)


@given(st.floats(-700, 700, allow_nan=False), st.sampled_from(["exp", "tanh", "sigma"]))
def test_functions_lie_within_one_unit_of_numpys(number, function):
    arithmetic, format = Arithmetic(FORMATS["float64"]), FORMATS["float64"]
    value = Fraction(number)
    bits = arithmetic.apply(function, rounded(flint.fmpq(value.numerator, value.denominator), format))
    expected = {"exp": np.exp(number), "tanh": np.tanh(number), "sigma": 1 / (1 + np.exp(-number))}[function]
    assert abs((bits & ~format.sign) - int(np.float64(abs(expected)).view(np.uint64))) <= 4


def test_arithmetic_at_the_edges():
    half = Arithmetic(FORMATS["float16"])
    one, infinity, sign = half.number(1), FORMATS["float16"].infinity, FORMATS["float16"].sign
    assert half.apply("exp", half.number(12)) == infinity
    assert half.apply("exp", infinity | sign) == 0
    assert half.apply("tanh", infinity | sign) == half.number(-1)
    assert half.apply("sigma", 0) == 0x3800
    assert half.apply("exp", half.number(-60000)) == 0
    assert half.divide(one, infinity) == 0
    assert half.subtract(one, one) == 0
    assert half.times(half.number(60000), half.number(-2)) == infinity | sign
    with pytest.raises(UnsupportedError, match="zero times infinity"):
        half.times(0, infinity)
    with pytest.raises(UnsupportedError, match="infinity minus infinity"):
        half.subtract(infinity, infinity)
    with pytest.raises(UnsupportedError, match="division by zero"):
        half.divide(one, 0)


def test_unknown_and_impossible_formats():
    with pytest.raises(
        InputError, match="dtype 'float8'; got no format of that name; expected one of float16, bfloat16, float32, float64"
    ):
        floating_format("float8")
    with pytest.raises(InputError, match="fields of 15 bits; expected 16 bits"):
        Format("wrong", 16, 10, 15)

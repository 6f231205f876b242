"""The first number of a format at which an expression is exactly zero, found by evaluating it with every operation correctly
rounded.

Law: each operation is monotone and so is its rounding; so the numbers at which an expression of this table is zero are all from
one on, and bisection over the numbers of the format finds it. Nothing is read off from a formula: each step is decided by balls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from lstm_sym.errors import UnsupportedError
from lstm_sym.evaluate.rounding import Significant
from lstm_sym.floating.arithmetic import Arithmetic
from lstm_sym.floating.formats import FORMATS, Format
from lstm_sym.floating.rounding import value_of
from lstm_sym.floating.text import hex_text
from lstm_sym.ulps import Threshold

DIGITS = Significant(17)


@dataclass(frozen=True)
class Expression:
    """A function of one argument as it is evaluated."""

    text: str
    evaluation: str
    run: Callable[[Arithmetic, int], int]


def sigma_by_exp(arithmetic: Arithmetic, z: int) -> int:
    """1 / (1 + exp(-z)), three roundings."""
    one = arithmetic.number(1)
    return arithmetic.divide(one, arithmetic.add(one, arithmetic.apply("exp", arithmetic.negated(z))))


def _one_minus(arithmetic: Arithmetic, number: int) -> int:
    return arithmetic.subtract(arithmetic.number(1), number)


def _square(arithmetic: Arithmetic, number: int) -> int:
    return arithmetic.times(number, number)


def _sigma_product(arithmetic: Arithmetic, z: int) -> int:
    return arithmetic.times(arithmetic.apply("sigma", z), arithmetic.apply("sigma", arithmetic.negated(z)))


def _sech_squared(arithmetic: Arithmetic, z: int) -> int:
    product = _sigma_product(arithmetic, arithmetic.add(z, z))
    return arithmetic.times(arithmetic.number(4), product)


def _sech_by_cosh(arithmetic: Arithmetic, z: int) -> int:
    return _square(arithmetic, arithmetic.divide(arithmetic.number(1), arithmetic.apply("cosh", z)))


def _by_cosh(arithmetic: Arithmetic, z: int) -> int:
    return arithmetic.divide(arithmetic.number(1), _square(arithmetic, arithmetic.apply("cosh", z)))


ROUNDED = "correctly rounded"
BY_EXP = "1/(1 + exp(-z))"
"""How sigma is evaluated: by a function that rounds correctly, as tanh and exp are, or in three roundings."""

EXPRESSIONS: tuple[Expression, ...] = (
    Expression("1 - sigma(z)", BY_EXP, lambda a, z: _one_minus(a, sigma_by_exp(a, z))),
    Expression("1 - sigma(z)", ROUNDED, lambda a, z: _one_minus(a, a.apply("sigma", z))),
    Expression("1 - tanh(z)^2", ROUNDED, lambda a, z: _one_minus(a, _square(a, a.apply("tanh", z)))),
    Expression("sigma(-z)", BY_EXP, lambda a, z: sigma_by_exp(a, a.negated(z))),
    Expression("sigma(-z)", ROUNDED, lambda a, z: a.apply("sigma", a.negated(z))),
    Expression("sigma(z) sigma(-z)", ROUNDED, _sigma_product),
    Expression("4 sigma(2 z) sigma(-2 z)", ROUNDED, _sech_squared),
    Expression("(1/cosh(z))^2", ROUNDED, _sech_by_cosh),
    Expression("1/cosh(z)^2", ROUNDED, _by_cosh),
)
"""What is looked at: the forms that lose their bits early, then those that end where the range of the format ends."""


@lru_cache(maxsize=256)
def first_zero(expression: Expression, format: Format) -> int:
    """The bits of the smallest positive z at which the expression is zero; raises UnsupportedError where there is none."""
    arithmetic = Arithmetic(format)

    def is_zero(z: int) -> bool:
        return expression.run(arithmetic, z) & ~format.sign == 0

    low, high = 0, format.largest // 2
    while high < format.largest and not is_zero(high):
        low, high = high, (high + format.largest + 1) // 2
    if not is_zero(high):
        raise UnsupportedError(
            f"threshold of {expression.text} in {format.name}", got="no zero", expected="an expression with one"
        )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_zero(middle) else (middle, high)
    return high


def thresholds(formats: tuple[Format, ...] = tuple(FORMATS.values())) -> Iterator[Threshold]:
    """Every expression of the table in every format."""
    for expression in EXPRESSIONS:
        for format in formats:
            bits = first_zero(expression, format)
            value = value_of(bits, format)
            decimal = DIGITS.text(value, value)
            assert decimal is not None, "an exact value rounds"
            yield Threshold(expression.text, expression.evaluation, format.name, decimal, hex_text(bits, format))

"""The number of digits: what is accepted, and what the refusal says."""

import pytest

from lstm_sym.cli.options import MOST_DIGITS, digits_from
from lstm_sym.errors import InputError


@pytest.mark.parametrize(("text", "digits"), [("1", 1), ("5", 5), ("007", 7), ("100000", MOST_DIGITS)])
def test_accepted(text, digits):
    assert digits_from(text) == digits


@pytest.mark.parametrize(
    "text", ["0", "-5", "100001", "1000000000", "1e9", "2.5", "five", "", " 5", "5_0", "٣", "nan", "9" * 5000]
)
def test_refused_with_the_bounds(text):
    with pytest.raises(InputError, match=r"^--digits .*; got .*; expected a whole number from 1 to 100000$") as caught:
        digits_from(text)
    assert len(str(caught.value)) < 200

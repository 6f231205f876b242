"""Bad example files: each error names file, line, key, what stands there and what is expected."""

from fractions import Fraction
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_sym.errors import InputError
from lstm_sym.example.decimals import exact, exact_text
from lstm_sym.example.reader import builtin_example, parse_example, read_example
from lstm_sym.example.source import MAX_BYTES, Source

TEXT = files("lstm_sym.example").joinpath("worksheet.toml").read_text("utf-8")

BAD = [
    ("b_a = [0.2]", "b_a = [nan]", r"e\.toml:13: weights\.b_a\[0\]; got 'nan', which is not a finite decimal number"),
    ("b_a = [0.2]", "b_a = [-inf]", r"'-inf', which is not a finite decimal number"),
    ("b_a = [0.2]", 'b_a = ["fish"]', r"'fish', which is not a finite decimal number"),
    ("b_a = [0.2]", "b_a = [true]", r"b_a\[0\]; got true or false; expected a decimal number"),
    ("b_a = [0.2]", "b_a = [1e999999999]", r"an exponent of 999999999, beyond 10000 in size"),
    ("b_a = [0.2]", "b_a = [0." + "1" * 3000 + "]", r"a number of 3002 characters, more than 2000"),
    ("b_a = [0.2]", "b_a = [" + "1" * 3000 + "]", r"a whole number of more than 2000 digits"),
    ("b_a = [0.2]", "b_a = [" + "1" * 5000 + "]", r"not valid TOML; got Exceeds the limit"),
    ("b_a = [0.2]", "b_a = []", r"b_a; got an empty list; expected at least one entry"),
    ("b_a = [0.2]", "b_a = [0.2, 0.3]", r"e\.toml:13: weights\.b_a; got 2 x 1 .*expected 1 x 1, because n = 1 by weights\.W_a"),
    ("b_a = [0.2]", "", r"e\.toml:10: weights; got no b_a; expected a value for b_a; to mend it: add b_a = "),
    ("b_a = [0.2]", "b_a = [0.2]\nW_b = [[1]]", r"e\.toml:14: weights\.W_b; got an unknown key; expected one of W_a"),
    ("W_i = [[0.95, 0.8]]", "W_i = [0.95, 0.8]", r"weights\.W_i; got 2 x 1.*write it as a list of rows"),
    ("W_i = [[0.95, 0.8]]", "W_i = [[0.95, 0.8], [1]]", r"weights\.W_i\[1\]; got 1 entries; expected 2, as in the first row"),
    ("learning_rate = 0.1", "", r"the file; got no learning_rate"),
    ("learning_rate = 0.1", "learning_rate = 0", r"e\.toml:7: learning_rate; got 0; expected a number above zero"),
    ("learning_rate = 0.1", 'learning_rate = "-0.1"', r"e\.toml:7: learning_rate; got -0\.1; expected a number above zero"),
    ("learning_rate = 0.1", "lerning_rate = 0.1", r"e\.toml:7: lerning_rate; got an unknown key.*write learning_rate"),
    ('cell = "lstm"', 'cell = "lsmt"', r"e\.toml:4: cell; got 'lsmt'; expected one of lstm, .*write 'lstm'"),
    ('cell = "lstm"', "cell = 3", r"cell; got a whole number; expected a text of 1 to 200 characters"),
    ('loss = "squared"', 'loss = "cubed"', r"loss; got 'cubed'; expected one of squared"),
    ("decimals = 5", "decimals = -1", r"e\.toml:8: decimals; got -1; expected a whole number from 0 to 100000"),
    ("decimals = 5", "decimals = 5.5", r"decimals; got a number; expected a whole number"),
    ("decimals = 5", "decimals = 5\n[sizes]\nn = 0", r"e\.toml:10: sizes\.n; got 0; expected a whole number from 1 to 10000"),
    (
        "decimals = 5",
        "decimals = 5\n[sizes]\nn = 3",
        r"W_a; got 1 x 2 .*expected 3 x 2, because n = 3 by \[sizes\], m = 2 by weights",
    ),
    ("decimals = 5", "decimals = 5\n[sizes]\nk = 3", r"sizes\.k; got an unknown key"),
    ("out = [0]", "a = [0]", r"initial\.a; got an unknown key; expected one of state, out"),
    ("x = [0.5, 3]", "x = [0.5]", r"e\.toml:33: steps\[1\]\.x; got 1 x 1 .*expected 2 x 1"),
    ("x = [0.5, 3]", "", r"e\.toml:32: steps\[1\]; got no x"),
    ("label = [1.25]", "lable = [1.25]", r"e\.toml:34: steps\[1\]\.lable; got an unknown key.*write label"),
    ("[weights]", "weights = 3\n[other]", r"got an unknown key|weights; got a whole number; expected a table"),
    ("[weights]", "[weights", r"e\.toml:10:\d+: not valid TOML; got Expected"),
    ("b_a = [0.2]", "b_a = " + "[" * 5000, r"not valid TOML"),
]


@pytest.mark.parametrize(("old", "new", "message"), BAD, ids=range(len(BAD)))
def test_bad_files(old, new, message):
    assert old in TEXT
    with pytest.raises(InputError, match=message):
        parse_example(Source("e.toml", TEXT.replace(old, new, 1)), "e")


def test_no_steps():
    with pytest.raises(InputError, match="steps; got an empty list"):
        parse_example(Source("e.toml", "steps = []\n" + TEXT.split("[[steps]]")[0]), "e")


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="the file cannot be read; got No such file"):
        read_example(tmp_path / "absent.toml")
    with pytest.raises(InputError, match="the file cannot be read"):
        read_example(tmp_path)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\x89PNG\xff\x00")
    with pytest.raises(InputError, match="not a text file; got a byte that is not UTF-8 at offset 0"):
        read_example(binary)
    binary.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(InputError, match="the file is too large"):
        read_example(binary)


def test_numbers_are_exact_and_text_reads_as_numbers(tmp_path):
    example = builtin_example()
    assert example.givens.parameters["W_a"] == ((Fraction(45, 100), Fraction(1, 4)),)
    assert example.givens.rate == Fraction(1, 10)
    file = tmp_path / "quoted.toml"
    file.write_text(TEXT.replace("0.45, 0.25", '"0.45", "2.5e-1"').replace("label = [0.5]", "label = 0.5"), "utf-8")
    assert read_example(file).givens == example.givens
    assert read_example(file).name == "worksheet"


def test_a_byte_order_mark_and_other_line_ends_are_read(tmp_path):
    file = tmp_path / "windows.toml"
    file.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert read_example(file).givens == builtin_example().givens


@given(st.decimals(allow_nan=False, allow_infinity=False, places=30))
def test_exact_text_reads_back(number):
    assert exact(str(number)) == Fraction(number)
    assert exact(exact_text(Fraction(number))) == Fraction(number)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("0.70", "0.7"), ("-3", "-3"), ("1e400", "1e400"), ("1e-400", "1e-400"), ("120", "120"), (".5", "0.5"), ("+2.", "2")],
)
def test_exact_text(text, shown):
    assert exact_text(exact(text)) == shown

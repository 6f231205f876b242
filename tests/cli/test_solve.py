"""`lstm-sym solve`: the JSON contract, digits, formats, and an example from a file."""

import json
from importlib.resources import files

import pytest
from typer.testing import CliRunner

from lstm_sym.cli.app import app

EXAMPLES = files("lstm_sym.example")


def run(*arguments):
    return CliRunner().invoke(app, ["solve", *(str(argument) for argument in arguments)])


def values(*arguments):
    done = run("--format", "json", *arguments)
    assert done.exit_code == 0, done.output
    return {(value["quantity"], value["t"]): value for value in json.loads(done.stdout)["values"]}


def test_json_is_the_contract():
    found = values()
    assert all(set(value) == {"quantity", "t", "shape", "entries"} for value in found.values())
    assert found["a", 0] == {"quantity": "a", "t": 0, "shape": [1, 1], "entries": [["0.81775"]]}
    assert found["delta_x", 1]["shape"] == [2, 1]
    assert found["delta_x", 1]["entries"] == [["-0.04742"], ["-0.03073"]]
    assert found["W_a_new", None]["entries"] == [["0.45267", "0.25922"]]


def test_every_quantity_of_the_worksheet_is_there():
    gates = ["a", "i", "f", "o"]
    timed = [*gates, "state", "out", "Delta", "Delta_out", "delta_out", "delta_state", *(f"delta_{g}" for g in gates), "delta_x"]
    timeless = [f"{kind}_{g}" for kind in ("delta_W", "delta_U", "delta_b") for g in gates]
    timeless += [f"{kind}_{g}_new" for kind in ("W", "U", "b") for g in gates]
    found = values()
    assert {(name, t) for name in timed for t in (0, 1)} | {(name, None) for name in timeless} <= set(found)


def test_digits_are_significant_and_nested():
    assert values("--digits", "1")["out", 1]["entries"] == [["0.8"]]
    assert values("--digits", "12")["out", 1]["entries"] == [["0.771981105759"]]
    assert values("--digits", "40")["delta_state", 0]["entries"][0][0].startswith("-0.053483684340")


def test_a_thousand_digits():
    (entry,) = values("--digits", "1000")["a", 0]["entries"][0]
    assert len(entry) == len("0.") + 1000
    assert entry.startswith("0.817754077970287729321390506047")


@pytest.mark.parametrize(
    ("format", "mark"), [("text", "a_0 = tanh(W_a · x_0"), ("latex", r"\begin{align*}"), ("markdown", "$$W_a = ")]
)
def test_other_formats(format, mark):
    done = run("--format", format)
    assert done.exit_code == 0
    assert mark in done.stdout
    assert "0.81775" in done.stdout


def test_an_example_from_a_file_of_other_sizes(tmp_path):
    example = tmp_path / "mine.toml"
    example.write_text(EXAMPLES.joinpath("gru_four_steps.toml").read_text("utf-8"), encoding="utf-8")
    found = values(example)
    assert ("h", 3) in found
    assert found["h", 3]["shape"][0] >= 2


TIES = """
cell = "elman"
learning_rate = 1
[weights]
W_h = [[1]]
U_h = [[1]]
b_h = [0]
[[steps]]
x = [0]
label = [-0.25]
[[steps]]
x = [0]
label = [-0.35]
"""


def test_ties_go_to_even_and_zeros_are_exact(tmp_path):
    example = tmp_path / "ties.toml"
    example.write_text(TIES, encoding="utf-8")
    found = values(example, "--digits", "1")
    assert [found["Delta", t]["entries"] for t in (0, 1)] == [[["0.2"]], [["0.4"]]]
    assert found["h", 1]["entries"] == [["0"]]
    assert values(example, "--digits", "2")["Delta", 0]["entries"] == [["0.25"]]
    assert values(example, "--digits", "3")["E", None]["entries"] == [["0.0925"]]


def test_every_digit_is_that_of_an_evaluation_by_other_means():
    """mpmath at twice the precision, rounded by Python's decimal module, against 700 certified digits of every value."""
    from decimal import ROUND_HALF_EVEN, Context, Decimal

    from mpmath import mp

    from lstm_sym.calculus.derive import derive
    from lstm_sym.evaluate.schedule.run import evaluate
    from lstm_sym.evaluate.systems.mpfloats import MPFloats
    from lstm_sym.notes.example_file import load_example

    example, digits = load_example(), 700
    other = evaluate(derive(example.cell), example.givens, MPFloats(5000))
    checked = 0
    with mp.workprec(5000):
        for key, value in values("--digits", digits).items():
            for got, expected in zip(value["entries"], other.entries(key), strict=True):
                for text, number in zip(got, expected, strict=True):
                    rounded = Context(prec=digits, rounding=ROUND_HALF_EVEN).create_decimal(mp.nstr(number, 1400))
                    assert Decimal(text) == rounded
                    checked += 1
    assert checked > 60


def test_ten_thousand_digits_and_the_rounding_in_words():
    done = run("--digits", "10000")
    assert done.exit_code == 0
    assert "10000 significant digits, half to even, every digit certified" in done.stdout
    assert max(map(len, done.stdout.split())) > 10_000
    help_text = " ".join(run("--help").stdout.split())
    assert "certified, rounded to nearest, ties to even" in help_text
    assert "Ties, which only rational values can be, and zeros are decided exactly" in help_text


def test_html_is_the_worked_part_of_the_page():
    page = run("--format", "html").stdout
    assert '<section id="worked"' in page
    assert '<section id="derivation"' not in page
    assert '<select id="digits"' in page
    assert '<select id="digits"' not in run("--format", "html", "--digits", "7").stdout

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

"""`lstm-sym figure`: each kind in each format, to a file or to standard output; what cannot be drawn is refused."""

from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from lstm_sym.cli.app import app


def run(*arguments):
    return CliRunner().invoke(app, ["figure", *(str(argument) for argument in arguments)])


def test_without_arguments_it_is_the_unrolled_worksheet():
    done = run()
    assert done.exit_code == 0
    assert ElementTree.fromstring(done.stdout).find("{http://www.w3.org/2000/svg}title").text == "The cell unrolled: worksheet"


@pytest.mark.parametrize("kind", ["unrolled", "graph", "flow", "rounding"])
def test_every_kind_of_an_example_goes_to_a_file(kind, tmp_path):
    done = run("gru_four_steps", "--kind", kind, "-o", tmp_path / "new" / f"{kind}.svg")
    assert done.exit_code == 0, done.output
    assert done.stdout == f"wrote {tmp_path / 'new' / kind}.svg\n"
    assert (tmp_path / "new" / f"{kind}.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_a_cell_is_drawn_as_its_graph():
    done = run("peephole", "--format", "tikz")
    assert done.exit_code == 0
    assert r"\begin{tikzpicture}" in done.stdout


def test_a_notation_changes_the_names():
    done = run("lstm", "--notation", "colah")
    assert done.exit_code == 0, done.output
    labels = ["".join(node.itertext()) for node in ElementTree.fromstring(done.stdout).iter("{http://www.w3.org/2000/svg}text")]
    assert {"C\N{SMALL TILDE}\N{ZERO WIDTH SPACE}t", "Ct−1", "∗"} <= set(labels)


def test_a_cell_of_a_file_is_drawn(tmp_path):
    (tmp_path / "mgu.toml").write_text(
        "title = 'Minimal gated unit'\n"
        "forward = ['f_t = \\sigma(W_f x_t + U_f h_{t-1} + b_f)', 'h_t = f_t \\odot h_{t-1} + (1 - f_t) \\odot x_t']\n"
    )
    done = run(tmp_path / "mgu.toml")
    assert done.exit_code == 0, done.output
    assert "Minimal gated unit" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lsmt"], "figure of 'lsmt'; got no cell or example of that name; expected one of lstm, elman, gru"),
        (["lstm", "--kind", "flow"], "picture of kind 'flow' of the cell lstm; got a cell, which has no numbers"),
        (["missing.toml"], "missing.toml: the file cannot be read"),
        (["-o", "/proc/nowhere/a.svg"], "expected a folder that can be written to"),
        (["-o", ".hidden"], "file name '.hidden'; got not a plain file name"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, words):
    done = run(*arguments)
    assert done.exit_code == 2
    assert words in done.stderr

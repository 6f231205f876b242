"""`lstm-sym worksheet` and `mark`: files for a class, marks with follow-through, bad input as one message."""

import json

import pytest
from typer.testing import CliRunner

from lstm_sym.cli.app import app


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sheets")
    done = run("worksheet", "--cell", "elman", "--seed", 7, "--variants", 2, "--out", folder)
    assert done.exit_code == 0, done.output
    return folder


def answers(folder, **changed):
    key = json.loads((folder / "key-7.json").read_text())
    given = {each["label"]: each["value"] for each in key["quantities"]} | changed
    path = folder / "answers.json"
    path.write_text(json.dumps(given))
    return path


def test_each_variant_has_its_files(folder):
    for seed in (7, 8):
        for name in ("sheet-{}.tex", "sheet-{}.md", "solution-{}.tex", "key-{}.json", "answers-{}.toml", "example-{}.toml"):
            assert (folder / name.format(seed)).stat().st_size > 100


def test_the_same_seed_gives_the_same_bytes(folder, tmp_path):
    assert run("worksheet", "--cell", "elman", "--seed", 7, "--out", tmp_path).exit_code == 0
    for name in ("sheet-7.tex", "key-7.json", "example-7.toml"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_the_example_is_one_that_solve_reads(folder):
    done = run("solve", folder / "example-7.toml", "--format", "json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["cell"] == "elman"


def test_a_cell_from_a_file_goes_with_its_sheets(tmp_path):
    """Elsewhere, without the file that was given, the example is solved and answers are marked."""
    own, sheets = tmp_path / "mine.toml", tmp_path / "sheets"
    own.write_text(r"forward = ['h_t = \tanh(W x_t + U h_{t-1} + b)']", encoding="utf-8")
    assert run("worksheet", "--cell", own, "--seed", 7, "--out", sheets).exit_code == 0
    own.rename(tmp_path / "gone.toml")
    assert run("solve", sheets / "example-7.toml").exit_code == 0
    done = run("mark", sheets / "key-7.json", answers(sheets))
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1].startswith("total: ")
    earned, _, most = done.stdout.splitlines()[-1].removeprefix("total: ").split()
    assert earned == most
    (sheets / "mine.toml").unlink()
    lost = run("mark", sheets / "key-7.json", sheets / "answers.json")
    assert lost.exit_code == 2
    assert "mine.toml" in lost.stderr


def test_right_answers_have_every_mark(folder):
    done = run("mark", folder / "key-7.json", answers(folder))
    assert done.stdout.splitlines()[-1] == "total: 19 of 19"


def test_one_slip_costs_one_mark_and_is_named(folder):
    done = run("mark", folder / "key-7.json", answers(folder, delta_net_h_1=[["0.2970"]]))
    assert "the sign is wrong" in done.stdout
    assert done.stdout.splitlines()[-1] == "total: 18 of 19"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["worksheet", "--out", " "], "--out; got an empty name"),
        (["worksheet", "--out", "x", "--variants", 0], "--variants 0; got 0; expected a whole number from 1 to 500"),
        (["worksheet", "--out", "x", "--units", 9], "9"),
        (["worksheet", "--out", "x", "--parts", "forwards"], "forwards"),
        (["mark", "nothing.json", "nothing.csv"], "nothing.json"),
    ],
)
def test_bad_input_is_one_message(words, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert done.exit_code == 2
    assert message in done.output
    assert "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == []

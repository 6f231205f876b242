"""Bad input, one row each: exit code 2, the message that names what is wrong and where, no traceback, nothing written."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lstm_sym.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
WORKSHEET = files("lstm_sym.example").joinpath("worksheet.toml").read_text("utf-8")


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refused(done, *words):
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr, done.stderr


def changed(old, new):
    assert old in WORKSHEET
    return WORKSHEET.replace(old, new, 1)


EXAMPLES = [
    pytest.param(changed("W_a = [[0.45, 0.25]]", 'W_a = [["x", 0.25]]'), ["W_a", "'x'"], id="not a number"),
    pytest.param(changed("W_a = [[0.45, 0.25]]", "W_a = [[nan, 0.25]]"), ["W_a", "nan"], id="nan"),
    pytest.param(changed("W_a = [[0.45, 0.25]]", "W_a = [[1e999999999, 0.25]]"), ["W_a", "exponent"], id="huge exponent"),
    pytest.param(changed("W_i = [[0.95, 0.8]]", "W_i = [[0.95]]"), ["W_i", "1 x 1", "1 x 2"], id="wrong shape"),
    pytest.param(changed("W_i = [[0.95, 0.8]]", "W_i = [[0.95, 0.8], [1]]"), ["W_i"], id="ragged"),
    pytest.param(changed("b_o = [0.1]\n", ""), ["b_o"], id="missing weight"),
    pytest.param(changed("b_o = [0.1]\n", "b_o = [0.1]\nb_q = [1]\n"), ["b_q", "unknown key"], id="unknown weight"),
    pytest.param(changed("learning_rate = 0.1\n", ""), ["learning_rate"], id="no learning rate"),
    pytest.param(
        changed("learning_rate = 0.1", 'learning_rate = "fast"'), ["learning_rate", "'fast'"], id="learning rate is a word"
    ),
    pytest.param(changed('cell = "lstm"', 'cell = "lsmt"'), ["cell", "lsmt"], id="unknown cell"),
    pytest.param(changed('loss = "squared"', 'loss = "absolute"'), ["loss", "absolute"], id="unknown loss"),
    pytest.param(changed("b_o = [0.1]", "b_o = []"), ["b_o"], id="no units"),
    pytest.param(WORKSHEET[: WORKSHEET.index("[[steps]]")], ["steps"], id="no steps"),
    pytest.param("steps = []\n" + WORKSHEET[: WORKSHEET.index("[[steps]]")], ["steps"], id="steps empty"),
    pytest.param(changed("decimals = 5", "decimals = 1000000000"), ["decimals"], id="too many decimals"),
    pytest.param(changed("decimals = 5", "decimals = -1"), ["decimals"], id="negative decimals"),
    pytest.param("[weights\n", ["example.toml:1:"], id="not TOML"),
    pytest.param("", ["no cell"], id="empty file"),
]


@pytest.mark.parametrize("command", ["solve", "report"])
@pytest.mark.parametrize(("text", "words"), EXAMPLES)
def test_an_example_that_cannot_be_used(tmp_path, command, text, words):
    example = tmp_path / "example.toml"
    example.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    refused(run(command, example, *(["--out", out] if command == "report" else [])), "example.toml", *words)
    assert not out.exists()


def test_a_file_that_is_not_there(tmp_path):
    refused(run("solve", tmp_path / "missing.toml"), "missing.toml", "No such file")


def test_a_folder_for_a_file(tmp_path):
    refused(run("solve", tmp_path), "cannot be read", "Is a directory")


def test_a_binary_file(tmp_path):
    (tmp_path / "picture.toml").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    refused(run("solve", tmp_path / "picture.toml"), "picture.toml", "not UTF-8")


@pytest.mark.parametrize("digits", ["0", "-1", "1000000000", "five", "2.5"])
def test_digits_out_of_bounds(digits):
    refused(run("solve", f"--digits={digits}"), f"--digits {digits}", "a whole number from 1 to 100000")


def test_an_unknown_cell():
    refused(run("derive", "lsmt"), "cell 'lsmt'; got no cell of that name; expected one of lstm, elman")
    refused(run("derive", "mine.txt"), "to mend it: a file that declares a cell ends in .toml, .md, .tex, .ipynb")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["derive", "--formt", "json"], "No such option: --formt"),
        (["derive", "--format", "pdf"], "'pdf' is not one of"),
        (["solv"], "No such command 'solv'"),
        (["report"], "Missing option '--out'"),
        (["derive", "lstm", "gru"], "unexpected extra argument"),
    ],
)
def test_wrong_usage(arguments, word):
    refused(run(*arguments), word)


def test_out_that_is_a_file(tmp_path):
    taken = tmp_path / "report"
    taken.write_text("mine")
    refused(run("report", "--out", taken), str(taken), "choose another --out")
    assert taken.read_text() == "mine"


def test_out_without_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused(run("report", "--out", ""), "--out; got an empty name; expected the name of a folder")
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_would_steer_the_terminal():
    done = run("solve", "a\x1b[31mb\n.toml")
    refused(done, "a\\u001b[31mb .toml: the file cannot be read")
    assert "\x1b" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_out_below_a_file(tmp_path):
    taken = tmp_path / "report"
    taken.write_text("mine")
    refused(run("report", "--out", taken / "below"), "choose another --out")


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs a folder that nobody can write to")
def test_out_that_cannot_be_written_to():
    refused(run("report", "--out", "/proc/report"), "/proc/report", "choose another --out")


def test_a_refusal_of_the_whole_program_has_no_traceback():
    done = subprocess.run([sys.executable, "-m", "lstm_sym", "solve", "missing.toml"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("lstm-sym: missing.toml: the file cannot be read")

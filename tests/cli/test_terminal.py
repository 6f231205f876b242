"""Colour on a terminal only, and never where NO_COLOR asks for none; the characters are the same everywhere."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lstm_sym.cli import terminal
from lstm_sym.cli.app import COMMANDS

ROOT = str(Path(__file__).resolve().parents[2])

ANSWER = "delta_a   PROVED   every n, m, T\ndelta_b   REFUTED " + "x" * 300 + "\n"


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.fixture
def shown(monkeypatch):
    def show(stream, **variables):
        for name in ("NO_COLOR", "FORCE_COLOR", "TERM", "COLORTERM"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.stdout", stream)
        terminal.show(ANSWER)
        return stream.getvalue()

    return show


def test_a_file_gets_plain_text(shown):
    assert shown(io.StringIO(), TERM="xterm") == ANSWER


def test_a_terminal_gets_colour_and_the_same_characters(shown):
    text = shown(Terminal(), TERM="xterm-256color")
    assert "\x1b[32mPROVED\x1b[0m" in text
    assert "\x1b[1;31mREFUTED\x1b[0m" in text
    assert re.sub(r"\x1b\[[0-9;]*m", "", text) == ANSWER


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1", "TERM": "xterm"}, {"TERM": "dumb"}])
def test_no_colour_where_none_is_wanted(shown, variables):
    assert shown(Terminal(), **variables) == ANSWER


def test_the_sign_of_work_goes_to_a_terminal_only(monkeypatch):
    for stream, expected in ((io.StringIO(), ""), (Terminal(), "proving")):
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr("sys.stderr", stream)
        with terminal.working("proving"):
            pass
        assert expected in stream.getvalue()
        assert bool(stream.getvalue()) == bool(expected)


def test_characters_that_steer_a_terminal_are_shown_not_sent():
    assert terminal.printable("a\x1b[2J\x07\x7f\u202eb\tc\n") == "a\\u001b[2J\\u0007\\u007f\\u202eb\tc\n"
    assert terminal.printable("δ ⊙ Σ ≤") == "δ ⊙ Σ ≤"


def test_a_bar_goes_to_a_terminal_only_and_every_item_comes(monkeypatch):
    for stream, quiet, expected in ((io.StringIO(), False, ""), (Terminal(), True, ""), (Terminal(), False, "auditing")):
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr("sys.stderr", stream)
        manner = terminal.MANNER.set(terminal.Manner(quiet=quiet))
        assert list(terminal.each([1, 2, 3], "auditing")) == [1, 2, 3]
        terminal.MANNER.reset(manner)
        assert expected in stream.getvalue()
        assert bool(stream.getvalue()) == bool(expected)


def test_the_option_no_color_takes_the_colour(shown):
    manner = terminal.MANNER.set(terminal.Manner(no_color=True))
    assert shown(Terminal(), TERM="xterm") == ANSWER
    terminal.MANNER.reset(manner)


def run(*words, **variables):
    return subprocess.run(
        [sys.executable, "-m", "lstm_sym", *words],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": ROOT, **variables},
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_knows_quiet_and_no_color(command):
    shown = run(command, "--help").stdout
    assert "-q, --quiet" in shown
    assert "--no-color" in shown


def test_a_quiet_report_says_nothing_and_writes_its_files(tmp_path):
    done = run("report", "--quiet", "--out", str(tmp_path), PATH="")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "report.tex").exists()


def test_quiet_keeps_the_answer_of_a_command_that_writes_no_file():
    assert run("cells", "--quiet").stdout == run("cells").stdout != ""


def test_the_shell_completes_commands_and_cells():
    for words, expected in (
        ("lstm-sym de", "derive"),
        ("lstm-sym derive gru_", "gru_reset_after"),
        ("lstm-sym audit --cell pee", "peephole"),
    ):
        done = run(_LSTM_SYM_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(len(words.split()) - 1))
        assert expected in done.stdout.split()

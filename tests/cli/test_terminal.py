"""Colour on a terminal only, and never where NO_COLOR asks for none; the characters are the same everywhere."""

import io
import re

import pytest

from lstm_sym.cli import terminal

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

"""What a command's failure becomes: message, exit code, and no traceback for what a user can cause."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from lstm_sym.cli import failures
from lstm_sym.errors import InputError

ROOT = Path(__file__).resolve().parents[2]


def code_of(error, capsys):
    def command():
        raise error

    with pytest.raises(typer.Exit) as caught:
        failures.reported(command)()
    return caught.value.exit_code, capsys.readouterr().err


def test_an_error_of_the_user_is_one_message(capsys):
    error = InputError("cell 'lsmt'", got="no cell of that name", expected="one of lstm, elman")
    assert code_of(error, capsys) == (2, "lstm-sym: cell 'lsmt'; got no cell of that name; expected one of lstm, elman\n")


def test_an_error_of_the_system_is_one_message(capsys):
    assert code_of(PermissionError(13, "Permission denied", "/there"), capsys) == (2, "lstm-sym: /there: Permission denied\n")


def test_an_error_of_the_program_shows_where(capsys):
    code, message = code_of(ZeroDivisionError("oops"), capsys)
    assert code == 70
    assert "Traceback" in message
    assert message.endswith("please report it with the lines above\n")


def test_an_interruption(capsys):
    assert code_of(KeyboardInterrupt(), capsys) == (130, "lstm-sym: interrupted\n")


def test_a_command_that_says_nothing_is_done():
    assert failures.reported(lambda: None)() is None
    assert failures.reported(lambda: 0)() is None


def test_a_verdict_against_is_exit_code_1():
    with pytest.raises(typer.Exit) as caught:
        failures.reported(lambda: failures.NOT_PROVED)()
    assert caught.value.exit_code == 1


def start(*arguments, **streams):
    return subprocess.Popen(
        [sys.executable, "-m", "lstm_sym", *arguments], cwd=ROOT, stderr=subprocess.PIPE, text=True, **streams
    )


@pytest.mark.skipif(os.name == "nt", reason="a closed pipe is a signal on POSIX only")
def test_a_reader_that_goes_away_ends_it_silently():
    reading, writing = os.pipe()
    os.close(reading)
    process = start("cells", stdout=writing)
    os.close(writing)
    _, message = process.communicate(timeout=60)
    assert (process.returncode, message) == (failures.READER_GONE, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said():
    with open("/dev/full", "w") as full:
        process = start("cells", stdout=full)
        _, message = process.communicate(timeout=60)
    assert (process.returncode, message) == (2, "lstm-sym: No space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_while_it_works_leaves_no_traceback():
    waits = "import lstm_sym.cells, signal, os; from lstm_sym.cli import main; import sys\n"
    waits += "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a background job starts with it ignored
    waits += "lstm_sym.cells.cell = lambda name: os.kill(os.getpid(), signal.SIGINT)\nsys.argv = ['lstm-sym', 'cells']\nmain()"
    done = subprocess.run([sys.executable, "-c", waits], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "lstm-sym: interrupted\n")

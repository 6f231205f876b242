"""`lstm-sym codegen`: to a file or to standard output, for a cell's name or a file that declares one."""

import subprocess
import sys

from typer.testing import CliRunner

from lstm_sym.cli.app import app


def run(*arguments):
    return CliRunner().invoke(app, ["codegen", *arguments])


def test_a_file_that_passes_its_self_test(tmp_path):
    file = tmp_path / "gru.py"
    done = run("gru", "--dtype", "float32", "--layout", "batch-first", "--stable", "-o", str(file))
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"wrote {file}, ")
    ran = subprocess.run([sys.executable, file], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "self-test: 4 cases agree\n"), ran.stderr


def test_standard_output_is_the_module():
    done = run("elman")
    assert done.exit_code == 0
    assert done.stdout.startswith('"""Simple recurrent network: forward and backward pass through time in NumPy, float64.')
    assert "    # delta_net_h_t = delta_h_t ∘ local_h_t\n" in done.stdout
    compile(done.stdout, "elman", "exec")


def test_a_cell_from_notes(tmp_path):
    notes = tmp_path / "mine.md"
    notes.write_text("$h_t = \\tanh(W x_t + U h_{t-1} + b)$\n", encoding="utf-8")
    done = run(str(notes))
    assert done.exit_code == 0, done.output
    compile(done.stdout, "mine", "exec")


def test_bad_options_are_said():
    done = run("lstm", "--dtype", "int8")
    assert done.exit_code == 2
    assert "--dtype int8; got 'int8'; expected one of float64, float32, float16" in done.output

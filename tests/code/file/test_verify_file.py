"""`lstm-sym verify`: exit codes, JSON, files that hang, exit, print, do not parse; notebooks."""

import json

import pytest
from typer.testing import CliRunner

from lstm_sym.cli.app import app
from tests.code.mistakes import MISTAKES, PROGRAMS

RIGHT = """
import numpy as np
def loss(W, x): return np.sum(np.tanh(x @ W))
def gradient(W, x): return {"W": x.T @ (1 - np.tanh(x @ W) ** 2)}
arguments = {"W": (2, 3), "x": (4, 2)}
"""


def run(path, *options):
    return CliRunner().invoke(app, ["verify", str(path), *options])


def written(tmp_path, text, name="students.py"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_a_right_file_exits_with_0(tmp_path):
    done = run(written(tmp_path, RIGHT))
    assert done.exit_code == 0
    assert done.stdout == (
        "PROVED    W\n"
        "UNKNOWN   x  (nothing)\n"
        "  because  the gradient function returns nothing for x\n"
        "scope     all values of the arguments at these shapes: W 2×3, x 4×2\n"
        "points    values of order one; seed 20\n"
    )


def test_a_wrong_file_exits_with_1_and_names_the_cause(tmp_path):
    mistake = MISTAKES[0]
    text = (PROGRAMS / f"{mistake.program}.py").read_text().replace(mistake.old, mistake.new)
    done = run(written(tmp_path, text), "--format", "json")
    assert done.exit_code == 1
    record = json.loads(done.stdout)
    wrong = next(verdict for verdict in record["gradients"] if verdict["argument"] == "Wg")
    assert set(wrong) == {"argument", "status", "scope", "cause", "witness", "seed", "checks"}
    assert (wrong["status"], wrong["seed"], wrong["checks"]) == ("REFUTED", 20, 6)
    assert (
        wrong["cause"]
        == 'you differentiate the activated value: 1 - tanh(y)² for 1 - y² (tanh at line 15 `np.tanh(p["Wg"] @ x[t] + p["Ug"] @ h[t - 1] + p["bg"])`)'
    )
    assert wrong["witness"]["entry"].startswith("[")
    assert wrong["witness"]["point"] == "values of order one"


def test_names_are_options(tmp_path):
    text = RIGHT.replace("def loss", "def cost").replace("def gradient", "def back").replace("arguments =", "shapes =")
    assert run(written(tmp_path, text), "--loss", "cost", "--gradient", "back", "--arguments", "shapes").exit_code == 0


def test_a_notebook(tmp_path):
    head, tail = RIGHT.split("def gradient")
    cells = [
        {"cell_type": "markdown", "source": ["# Backward"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", head]},
        {"cell_type": "code", "source": ["def gradient" + tail]},
        {"cell_type": "code", "source": ["!pip install something\n", "print(loss.__name__)"]},
        {"cell_type": "code", "source": ["%%bash\n", "ls"]},
    ]
    done = run(written(tmp_path, json.dumps({"cells": cells}), "hand_in.ipynb"))
    assert done.exit_code == 0
    assert done.stdout.startswith("PROVED    W\n")


@pytest.mark.parametrize(
    ("top", "said"),
    [
        ("while True:\n    pass\n", "it ran longer than 2 s"),
        ("import sys\nsys.exit(3)\n", "SystemExit: 3"),
        ("raise ValueError('no data here')\n", "ValueError: no data here"),
        ("open('/nonexistent/data.txt')\n", "FileNotFoundError"),
        ("import no_such_module_anywhere\n", "No module named 'no_such_module_anywhere'"),
        ("for epoch in range(3):\n    undefined_name(epoch)\n", "NameError"),
    ],
)
def test_what_the_file_does_at_the_top_does_not_stop_it(tmp_path, top, said):
    done = run(written(tmp_path, RIGHT + top), "--seconds", "4")
    assert done.exit_code == 0
    assert "only its definitions were taken" in done.stdout
    assert said in done.stdout
    assert "PROVED    W\n" in done.stdout


def test_prints_and_input_do_not_disturb(tmp_path):
    done = run(
        written(tmp_path, "print('hello')\n" + RIGHT.replace("return np.sum", "print(W); return np.sum")), "--format", "json"
    )
    assert json.loads(done.stdout)["gradients"][0]["status"] == "PROVED"


def test_definitions_only_takes_what_parses(tmp_path):
    text = RIGHT + 'def report(x):\n    print "value", x\nfor k in xrange(3):\n    print k\n= = =\n'
    path = written(tmp_path, text)
    refused = run(path)
    assert refused.exit_code == 2
    assert "students.py:7:5: the file does not parse" in refused.stderr
    assert "--definitions-only" in refused.stderr
    done = run(path, "--definitions-only")
    assert done.exit_code == 0
    assert "does not parse and is left out: = = =" in done.stdout


def test_an_endless_loop_in_the_loss_ends(tmp_path):
    done = run(written(tmp_path, RIGHT.replace("return np.sum", "\n  while True: pass\n  return np.sum")), "--seconds", "2")
    assert done.exit_code == 2
    assert "allow more with --seconds" in done.stderr


def test_what_has_no_rule_is_unknown_with_its_line(tmp_path):
    done = run(written(tmp_path, RIGHT.replace("np.sum(np.tanh(x @ W))", "np.sum(np.linalg.inv(x @ W))")))
    assert done.exit_code == 2
    assert "because  line 3, np.linalg.inv; got no rule for it on exact scalars" in done.stdout


def test_an_exception_in_the_gradient_is_unknown_with_its_line(tmp_path):
    done = run(written(tmp_path, RIGHT.replace("x.T @ (1", "x @ (1")))
    assert done.exit_code == 2
    assert "because  gradient, line 4" in done.stdout
    assert "ValueError" in done.stdout


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("students.py", "x = 1\n", "no loss, gradient, arguments in the file"),
        ("students.py", RIGHT.replace('{"W": (2, 3), "x": (4, 2)}', "3"), "expected a dictionary of arrays"),
        ("hand_in.ipynb", "[]", "the file is not a notebook"),
        ("students.py", "def loss(:\n", "the file does not parse"),
        ("students.py", RIGHT.replace('{"W"', 'lambda: 1 / 0 or {"W"'), "ZeroDivisionError"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path, name, text, said):
    done = run(written(tmp_path, text, name))
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_file_that_is_not_there(tmp_path):
    done = run(tmp_path / "absent.py")
    assert done.exit_code == 2
    assert "absent.py: the file cannot be read; got No such file or directory" in done.stderr


def test_a_file_that_is_not_text(tmp_path):
    path = tmp_path / "binary.py"
    path.write_bytes(b"\xff\xfe\x00\x81")
    assert "the file is not text" in run(path).stderr


def test_help_says_that_it_is_no_sandbox():
    assert "That is no sandbox" in " ".join(run("--help").stdout.split())

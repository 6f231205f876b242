"""The self-test of a generated module can say no: a module with one line broken does not pass it."""

import re
import subprocess
import sys

import pytest

from lstm_sym.cells import cell
from lstm_sym.codegen.generate import generate
from tests.codegen.cells import loaded

SWAPS = (
    ("np.add(", "np.subtract("),
    ("np.multiply(", "np.add("),
    ("np.subtract(", "np.add("),
    ("np.tanh(", "np.sin("),
    ("np.exp(", "np.cosh("),
    ("np.reciprocal(", "np.negative("),
    ("_prev", ""),
    ("lo:hi", "lo + 1:hi + 1"),
    ("lo + 1:hi + 1", "lo:hi"),
    ("[:-1]", "[1:]"),
    ("[1:]", "[:-1]"),
    ("[0,", "[1,"),
    ("[1,", "[0,"),
    (".T, ", ", "),
    ("_one,", ","),
    ("_multiply(", "(lambda *_: None)("),
)


def broken(text):
    """Every text with one line of `_forward` or `_backward` left out, or one word of it changed."""
    lines, function = text.split("\n"), ""
    for place, line in enumerate(lines):
        started = re.match(r"(?:def|class) (\w+)", line)
        function = started[1] if started else function
        words = line.strip()
        if function not in ("_forward", "_backward") or words.startswith(("#", '"')) or not words:
            continue
        indent = line[: len(line) - len(line.lstrip())]
        others = [words.replace(old, new, 1) for old, new in SWAPS if old in words]
        others += ["pass"] if words.startswith("np.") and words.endswith(")") else []
        for other in others:
            yield f"{function}: {other}", "\n".join([*lines[:place], indent + other, *lines[place + 1 :]])


def passes(text):
    try:
        loaded(text)["self_test"]()
    except Exception:
        return False
    return True


@pytest.mark.parametrize("name", ["elman", "gru"])
def test_every_broken_line_is_noticed(name):
    mutants = list(broken(generate(cell(name))))
    assert len(mutants) >= 25
    assert [title for title, text in mutants if passes(text)] == []


@pytest.mark.sweep
@pytest.mark.parametrize("stable", [False, True])
@pytest.mark.parametrize("name", ["lstm", "peephole", "gru_reset_after"])
def test_every_broken_line_of_larger_cells_is_noticed(name, stable):
    assert [title for title, text in broken(generate(cell(name), stable=stable)) if passes(text)] == []


def test_the_exit_code_says_so(tmp_path):
    text = generate(cell("elman"))
    file = tmp_path / "broken.py"
    file.write_text(text.replace("np.tanh(h, out=h)", "np.sin(h, out=h)"), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != text
    done = subprocess.run([sys.executable, file], capture_output=True, text=True)
    assert done.returncode == 1
    assert "AssertionError: output: got an error of" in done.stderr

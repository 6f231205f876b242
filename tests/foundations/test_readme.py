"""README.md is executed: ```pycon blocks as doctests, ```console blocks as commands, the output of both compared.

In an expected output a line `...` stands for any lines. A ```python block that begins with `# NAME.py` is the file of that name,
which the commands find; blocks of other languages are shown, not run.
"""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.M | re.S)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def blocks(language):
    return [body for kind, body in BLOCKS if kind == language]


def commands(block):
    """The commands of a console block with the output that is shown for each."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def test_there_is_something_to_execute():
    assert len(blocks("pycon")) >= 1
    assert sum(len(list(commands(block))) for block in blocks("console")) >= 3


def test_the_two_commands_stand_at_the_top():
    shown = blocks("sh")[0].splitlines()
    assert [line.split("#")[0].strip() for line in shown] == ["python3 start.py report --out report", "python3 start.py --test"]
    assert README.index("```sh") < 600


def test_python_blocks():
    parser, names, failures = doctest.DocTestParser(), {}, []
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    for number, block in enumerate(blocks("pycon")):
        test = parser.get_doctest(block, names, f"README block {number}", "README.md", 0)
        runner.run(test, out=failures.append, clear_globs=False)
        names = test.globs
    assert runner.summarize(verbose=False).attempted > 0
    assert failures == []


@pytest.mark.parametrize(("command", "shown"), [pair for block in blocks("console") for pair in commands(block)])
def test_commands(command, shown, tmp_path):
    for body in blocks("python"):
        named = re.match(r"# (\w+\.py)\n", body)
        if named:
            (tmp_path / named[1]).write_text(body, encoding="utf-8")
    words = shlex.split(command)
    assert words[0] == "lstm-sym", "console blocks run lstm-sym only"
    done = subprocess.run(
        [sys.executable, "-m", "lstm_sym", *words[1:]],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert doctest.OutputChecker().check_output(shown, done.stdout, FLAGS), done.stdout

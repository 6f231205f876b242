"""README.md and the pages of docs/guide are executed: ```pycon blocks as doctests, ```console blocks as commands, the output of both compared.

In an expected output a line `...` stands for any lines. A block that begins with `# NAME.EXT` (```python, ```toml, ```json, ...) is the
file of that name, which the commands find; commands of a page run one after another in one folder. Other blocks are shown, not run.
"""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs" / "guide").glob("*.md"))]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def blocks(page, language=r"\w*"):
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), flags=re.M | re.S)


def commands(page):
    """The commands of the console blocks with the output that is shown for each."""
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def name(page):
    return page.stem


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_there_is_something_to_execute(page):
    assert blocks(page, "pycon") or list(commands(page))


def test_the_two_commands_stand_at_the_top():
    shown = blocks(README, "sh")[0].splitlines()
    assert [line.split("#")[0].strip() for line in shown] == ["python3 start.py report --out report", "python3 start.py --test"]
    assert README.read_text(encoding="utf-8").index("```sh") < 600


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "pycon")], ids=name)
def test_python_blocks(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parser, names, failures = doctest.DocTestParser(), {}, []
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    for number, block in enumerate(blocks(page, "pycon")):
        test = parser.get_doctest(block, names, f"{page.stem} block {number}", page.name, 0)
        runner.run(test, out=failures.append, clear_globs=False)
        names = test.globs
    assert runner.summarize(verbose=False).attempted > 0
    assert failures == []


@pytest.mark.parametrize("page", [page for page in PAGES if list(commands(page))], ids=name)
def test_commands(page, tmp_path):
    for body in blocks(page):
        named = re.match(r"(?:#|//|<!--) ([\w-]+\.\w+)", body)
        if named:
            (tmp_path / named[1]).write_text(body, encoding="utf-8")
    for command, shown in commands(page):
        words = shlex.split(command)
        assert words[0] in ("lstm-sym", "python"), "console blocks run lstm-sym, and the programs that it wrote"
        program = ["-m", "lstm_sym"] if words[0] == "lstm-sym" else []
        done = subprocess.run(
            [sys.executable, *program, *words[1:]],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert doctest.OutputChecker().check_output(shown, done.stdout, FLAGS), f"$ {command}\n{done.stdout}"

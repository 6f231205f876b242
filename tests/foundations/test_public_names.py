"""The public names of lstm_sym: all there, loaded late, and one list of them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import lstm_sym

HEAVY = {"sympy", "numpy", "mpmath", "flint", "rich", "lark"}


def loaded_by(code: str) -> set[str]:
    """The heavy packages that a fresh Python holds after running the code."""
    shown = f"import sys\n{code}\nprint(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    return HEAVY & set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("name", lstm_sym.__all__)
def test_each_public_name_is_there(name):
    assert getattr(lstm_sym, name) is not None
    assert name in dir(lstm_sym)


def test_names_homes_and_types_are_one_list():
    tree = ast.parse(Path(lstm_sym.__file__).read_text(encoding="utf-8"))
    typed = [
        alias.asname or alias.name
        for block in tree.body
        if isinstance(block, ast.If)
        for imported in block.body
        for alias in imported.names
    ]
    assert sorted(typed) == sorted(lstm_sym.__all__) == sorted(lstm_sym._HOMES)


def test_an_unknown_name_gets_the_list():
    with pytest.raises(AttributeError, match=r"no attribute 'derrive'; public names: CELLS, Cell, "):
        getattr(lstm_sym, "derrive")  # noqa: B009 - a plain attribute is a useless expression


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_by("import lstm_sym, lstm_sym.cli, lstm_sym.errors") == set()


def test_importing_the_commands_loads_nothing_heavy():
    assert loaded_by("import lstm_sym.cli.app") == set()


def test_using_a_name_loads_what_it_needs():
    assert "sympy" in loaded_by("import lstm_sym; lstm_sym.Cell")

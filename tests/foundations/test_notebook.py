"""In a notebook every object shows itself typeset, and importing lstm_sym is all that it takes."""

import subprocess
import sys

import pytest
from IPython.core.formatters import MarkdownFormatter

from lstm_sym import derive, load_cell, load_example, prove, solve
from lstm_sym.notebook import SHOWN, register


@pytest.fixture(scope="module")
def shown():
    formatter = MarkdownFormatter()
    register(formatter)
    return formatter


def test_a_cell_shows_its_equations(shown):
    markdown = shown(load_cell("elman"))
    assert markdown == (
        "$$\n\\begin{aligned}\nh_t &= \\tanh(W_h \\cdot x_t + U_h \\cdot h_{t-1} + b_h)\n\\end{aligned}\n$$"
    )


def test_an_expression_shows_itself_in_declared_order(shown):
    assert shown(load_cell("lstm").equation("state").body) == (
        "$$\na_t \\odot i_t + f_t \\odot \\mathit{state}_{t-1}\n$$"
    )


def test_a_derivation_and_its_proof(shown):
    derivation = derive(load_cell("elman"))
    assert shown(derivation).startswith("## Forward pass")
    assert "PROVED" not in shown(derivation)
    assert "PROVED, every n, m, T" in shown(prove(derivation))


def test_a_solution(shown):
    assert "0.81775" in shown(solve(load_example()))


def test_each_type_of_the_table_exists():
    from importlib import import_module

    assert all(hasattr(import_module(module), name) for module, name in SHOWN)


def test_importing_in_a_session_registers():
    code = (
        "from IPython.core.interactiveshell import InteractiveShell as S; shell = S.instance()\n"
        "import lstm_sym\n"
        "print(shell.display_formatter.format(lstm_sym.load_cell('elman'))[0]['text/markdown'][:20])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("$$\n\\begin{aligned}")

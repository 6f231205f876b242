"""In a notebook every public object shows itself typeset, and using lstm_sym is all that it takes."""

import subprocess
import sys

from lstm_sym import derive, load_cell, load_example, notebook, prove, solve

SESSION = """
from IPython.core.interactiveshell import InteractiveShell
format = InteractiveShell.instance().display_formatter.format
import lstm_sym
derivation = lstm_sym.derive(lstm_sym.load_cell("elman"))
for shown in (derivation.cell, derivation, lstm_sym.prove(derivation)):
    print(format(shown)[0]["text/markdown"])
print(format(derivation["delta_x"].statement)[0]["text/latex"])
"""


def test_a_session_shows_cells_derivations_proofs_and_statements():
    done = subprocess.run([sys.executable, "-c", SESSION], capture_output=True, text=True, check=True)
    assert "h_t &= \\tanh(W_h \\cdot x_t + U_h \\cdot h_{t-1} + b_h)" in done.stdout
    assert "## Forward pass" in done.stdout
    assert "PROVED, every n, m, T" in done.stdout
    assert r"\delta x_t = W_h^T \cdot" in done.stdout


def test_a_plain_python_is_left_alone():
    assert not notebook.is_running()


def test_registering_gives_each_object_its_markdown():
    notebook.register()
    derivation = derive(load_cell("elman"))
    assert "PROVED" not in derivation._repr_markdown_()
    assert "PROVED" in prove(derivation)._repr_markdown_()
    assert "0.81775" in solve(load_example())._repr_markdown_()

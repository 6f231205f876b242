"""Every file in derivations/ runs, proves its results, and writes what stands beside it."""

import runpy
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lstm_sym.derivation import Derivation
from lstm_sym.render.expression.slopes import slope_latex
from lstm_sym.symbols.activations import TANH

FOLDER = Path(__file__).parents[2] / "derivations"
FILES = sorted(path.name for path in FOLDER.glob("*.py") if path.name != "export.py")


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the folder without its LaTeX, on the path."""
    for path in FOLDER.glob("*.py"):
        shutil.copy(path, tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "export", raising=False)
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_it_runs_and_gives_the_latex_beside_it(name, copy, capsys):
    runpy.run_path(str(copy / name), run_name="__main__")
    assert ": PROVED, " in capsys.readouterr().out
    written = (copy / name).with_suffix(".tex").read_text(encoding="utf-8")
    assert written == (FOLDER / name).with_suffix(".tex").read_text(encoding="utf-8")


def test_every_latex_file_has_its_derivation():
    assert sorted(path.stem for path in FOLDER.glob("*.tex")) == [name.removesuffix(".py") for name in FILES]
    assert len(FILES) >= 11


def test_what_is_not_proved_is_not_exported(copy, derivation, capsys):
    from export import export

    lstm = derivation("lstm")
    wrong = tuple(_with_last_step(result, lstm["delta_i"]) if result.id == "delta_f" else result for result in lstm)
    with pytest.raises(SystemExit, match=r"gates.py: not everything is proved, so nothing is exported"):
        export(str(copy / "gates.py"), Derivation(lstm.cell, lstm.loss, wrong), "delta_f")
    assert "delta_f: REFUTED" in capsys.readouterr().out
    assert not (copy / "gates.tex").exists()


def _with_last_step(result, other):
    """The result with the right side of another one."""
    statement = replace(result.statement, right=other.statement.right)
    last = replace(result.steps[-1], statement=statement)
    return replace(result, statement=statement, steps=(*result.steps[:-1], last))


def test_the_slope_of_tanh_in_latex():
    assert slope_latex(TANH).splitlines()[2] == (
        r"  \tanh'(z) &= \frac{4 e^{2z}}{\left(1 + e^{2z}\right)^2} && \text{quotient rule} \\"
    )

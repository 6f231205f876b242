"""Each tutorial runs, and shows what it gives."""

import importlib.util
from pathlib import Path

import pytest

TUTORIALS = Path(__file__).resolve().parents[2] / "docs" / "tutorials"
NAMES = sorted(path.stem for path in TUTORIALS.glob("*.ipynb"))
nbformat = pytest.importorskip("nbformat", reason="the notebooks need nbformat, nbclient and ipykernel")
pytest.importorskip("ipykernel", reason="the notebooks need nbformat, nbclient and ipykernel")


def executed(path, folder):
    spec = importlib.util.spec_from_file_location("execute", TUTORIALS / "execute.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.executed(path, folder)


def shown(notebook):
    """The outputs of each cell; text that came in several pieces, as it may from a busy machine, as one."""
    found = []
    for cell in notebook.cells:
        outputs = []
        for output in map(dict, cell.get("outputs", ())):
            if outputs and output["output_type"] == "stream" and outputs[-1].get("name") == output["name"]:
                outputs[-1]["text"] += output["text"]
            else:
                outputs.append(output)
        found.append(outputs)
    return found


def test_there_is_one_for_each_kind_of_user():
    assert NAMES == ["engineer", "instructor", "kernel_author", "student"]


@pytest.mark.parametrize("name", NAMES)
def test_a_tutorial_shows_what_it_gives(name, tmp_path):
    stored = nbformat.read(TUTORIALS / f"{name}.ipynb", as_version=4)
    assert any(outputs for outputs in shown(stored))
    assert shown(executed(TUTORIALS / f"{name}.ipynb", tmp_path)) == shown(stored)

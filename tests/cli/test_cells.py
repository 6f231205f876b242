"""`lstm-sym cells`: every cell of the package, as text and as the JSON contract."""

import json

from typer.testing import CliRunner

from lstm_sym.cells import CELLS
from lstm_sym.cli.app import app


def run(*arguments):
    return CliRunner().invoke(app, ["cells", *arguments])


def test_json_has_every_cell_with_its_symbols():
    done = run("--format", "json")
    assert done.exit_code == 0
    cells = json.loads(done.stdout)["cells"]
    assert [cell["name"] for cell in cells] == list(CELLS)
    lstm = cells[0]
    assert lstm["parameters"][:3] == ["W_a", "U_a", "b_a"]
    assert (lstm["inputs"], lstm["output"], lstm["variables"]) == (["x"], "out", ["a", "i", "f", "o", "state", "out"])
    assert all(cell["title"] and cell["source"] for cell in cells)


def test_text_names_title_and_source():
    done = run()
    assert done.exit_code == 0
    assert done.stdout.startswith("lstm\n    Long short-term memory with forget gate\n    Gers, Schmidhuber and Cummins 2000")
    assert "peephole\n" in done.stdout


def test_a_table_has_no_latex():
    done = run("--format", "latex")
    assert done.exit_code == 2
    assert "'latex' is not one of 'text', 'json'" in done.stderr

"""Packs and measurements of cells that a user declares in a file: the pack carries the file, and is checked from it alone."""

import hashlib
import json
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lstm_sym.cli.app import app
from lstm_sym.evaluate.schedule.run import run as run_program
from lstm_sym.evaluate.systems.mpfloats import MPFloats
from lstm_sym.floating.formats import FORMATS
from lstm_sym.notes.cell_file import cell_from
from lstm_sym.vectors.case import Case
from lstm_sym.vectors.draw import givens_of
from lstm_sym.vectors.record import program_of, record, record_text, solve_case
from tests.vectors.test_pack import ROOT, conforms, fraction

COUPLED = r"""title = "Coupled input and forget gates"
forward = [
    'a_t = \tanh(W_a x_t + U_a h_{t-1} + b_a)',
    'f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f)',
    'c_t = f_t \odot c_{t-1} + (1 - f_t) \odot a_t',
    'h_t = \tanh(c_t)',
]
"""
TWO_INPUTS = r"""forward = [
    'g_t = \sigma(W_g x_t + V_g y_t + U_g h_{t-1} + b_g)',
    'h_t = (1 - g_t) \odot h_{t-1} + g_t \odot \tanh(V_h y_t)',
]
"""
NOTES = "# A network\n\n$$h_t = \\tanh(W x_t + U h_{t-1} + b)$$\n"


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def files(tmp_path):
    for name, text in (("coupled.toml", COUPLED), ("two.toml", TWO_INPUTS), ("notes.md", NOTES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def written(files, *names, out="pack"):
    cells = [option for name in names for option in ("--cell", files / name if name.count(".") else name)]
    done = run("vectors", *cells, "--size", "2x3", "--steps", "2", "--saturation", "10", "--out", files / out)
    assert done.exit_code == 0, done.output
    return files / out


def new_sums(pack):
    files = [file for file in sorted(pack.iterdir()) if file.name != "SHA256SUMS"]
    (pack / "SHA256SUMS").write_text("".join(f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n" for f in files))


def test_a_pack_is_checked_from_itself_alone(files):
    pack = written(files, "coupled.toml", "notes.md", "elman")
    assert (pack / "coupled.toml").read_text(encoding="utf-8") == COUPLED
    assert json.loads((pack / "manifest.json").read_text())["declarations"] == ["coupled.toml", "notes.md"]
    for name in ("coupled.toml", "notes.md"):
        (files / name).unlink()
    done = run("vectors", "--check", pack)
    assert done.stdout == "11 files agree with their checksums; 3 cases computed again are equal to the byte\n"


def test_another_declaration_with_new_checksums_is_refuted(files):
    pack = written(files, "coupled.toml")
    (pack / "coupled.toml").write_text(COUPLED.replace("h_t = \\tanh(c_t)", "h_t = \\sigma(c_t)"), encoding="utf-8")
    new_sums(pack)
    done = run("vectors", "--check", pack)
    assert done.exit_code == 1
    assert "REFUTED   coupled_m2_n3_steps2_sat10_seed1.json: is not what its case gives: line" in done.stdout
    (pack / "coupled.toml").write_text("forward = []", encoding="utf-8")
    new_sums(pack)
    done = run("vectors", "--check", pack)
    assert done.exit_code == 1
    assert done.stdout.startswith("REFUTED   manifest.json: not a manifest of this version: cell of ")


def test_a_pack_of_a_cell_of_the_package_names_no_declaration(files):
    assert "declarations" not in json.loads((written(files, "elman") / "manifest.json").read_text())


def test_the_same_bytes_twice(files):
    first, second = (written(files, "two.toml", out=out) for out in ("one", "other"))
    assert {f.name: f.read_bytes() for f in first.iterdir()} == {f.name: f.read_bytes() for f in second.iterdir()}


def test_two_inputs_of_other_sizes_are_the_rounding_of_another_evaluation(files):
    """The size k of the second input is m + 1."""
    own = cell_from(files / "two.toml")
    case = Case("two", 2, 3, 3, 10, 7, own=own)
    solved = solve_case(case, tuple(FORMATS.values()))
    assert case.sizes == {"m": 2, "n": 3, "k": 3}
    assert len(solved.given["y", 0]) == 3
    other = run_program(program_of(own, "linear"), givens_of(case), MPFloats(600))
    checked = 0
    for key, matrix in solved.values.items():
        for row, expected in zip(matrix, other.entries(key), strict=True):
            for number, true in zip(row, expected, strict=True):
                size = max(abs(Fraction(number.decimal)), Fraction(1, 10**60))
                assert abs(Fraction(number.decimal) - fraction(true)) <= Fraction(number.radius) + size / 10**60
                checked += 1
    assert checked > 100
    schema = json.loads((ROOT / "docs" / "vectors.schema.json").read_text(encoding="utf-8"))
    assert conforms(json.loads(record_text(record(solved))), schema, schema)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("lstm.toml", COUPLED, "cell lstm; got the name of a cell of the package; expected a name of its own"),
        ("other.toml", "", "other.toml; got no forward equations; expected forward equations"),
        ("other.md", "# Nothing\n", "other.md; got no forward equations"),
        ("other.toml", "forward = [", "other.toml; got Invalid value (at end of document); expected a TOML file"),
        ("still.toml", "forward = ['h_t = \\tanh(U h_{t-1} + b)']", "cell still; got no input; expected an input, which carries"),
        ("größe.toml", COUPLED, "name 'größe'; got not an identifier; expected a letter, then letters, digits"),
    ],
)
@pytest.mark.parametrize("command", ["vectors", "accuracy"])
def test_files_that_cannot_be_used(tmp_path, command, file, text, message):
    (tmp_path / file).write_text(text, encoding="utf-8")
    done = run(command, "--cell", tmp_path / file, *(["--out", tmp_path / "pack"] if command == "vectors" else []))
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "pack").exists()


def test_a_folder_a_missing_file_and_two_cells_of_one_name(files):
    (files / "folder.toml").mkdir()
    (files / "more").mkdir()
    (files / "more" / "coupled.toml").write_text(TWO_INPUTS, encoding="utf-8")
    for cells, message in (
        (["folder.toml"], "folder.toml: Is a directory"),
        (["none.toml"], "none.toml: No such file or directory"),
        (["coupled.toml", "more/coupled.toml"], "cell coupled; got two files with a cell of that name; expected one"),
    ):
        done = run("vectors", *(option for name in cells for option in ("--cell", files / name)), "--out", files / "pack")
        assert done.exit_code == 2
        assert message in done.stderr
    assert not (files / "pack").exists()


def test_accuracy_of_a_cell_of_ones_own_and_of_code_for_it(files):
    for name in ("coupled", "two"):
        done = run("codegen", files / f"{name}.toml", "--dtype", "float32", "--stable", "-o", files / f"{name}.py")
        assert done.exit_code == 0, done.output
    options = ["--implementation", files / "coupled.py", "--implementation", files / "two.py", "--implementation", "numpy"]
    cells = ["--cell", files / "coupled.toml", "--cell", files / "two.toml"]
    done = run("accuracy", *cells, *options, "--saturation", "1", "--format", "json")
    assert done.exit_code == 0, done.output
    tables = {(t["implementation"], t["cell"]): {r["quantity"]: r for r in t["rows"]} for t in json.loads(done.stdout)["tables"]}
    assert set(tables) == {("coupled.py", "coupled"), ("two.py", "two"), ("numpy", "coupled"), ("numpy", "two")}
    assert {"h", "delta_W_a", "delta_U_f", "delta_c_initial", "delta_x"} <= set(tables["coupled.py", "coupled"])
    assert {"delta_x", "delta_y", "delta_V_h"} <= set(tables["two.py", "two"])
    assert all(row["largest"] < 1e4 for rows in tables.values() for row in rows.values())
    done = run("accuracy", "--cell", files / "notes.md", "--implementation", files / "two.py")
    assert done.exit_code == 2
    assert "expected those of a cell of the package, or of one that --cell names" in done.stderr


EXAMPLE = """cell = "{cell}"
learning_rate = 0.1
[weights]
W = [[0.45, 0.25]]
U = [[0.15]]
b = [0.2]
[[steps]]
x = [1, 2]
label = [0.5]
[[steps]]
x = [0.5, 3]
"""


def test_an_example_of_a_cell_in_a_file_beside_it(files, monkeypatch):
    (files / "example.toml").write_text(EXAMPLE.format(cell="notes.md"), encoding="utf-8")
    monkeypatch.chdir(Path(files.anchor))
    done = run("solve", files / "example.toml", "--digits", "30", "--format", "json")
    assert done.exit_code == 0, done.output
    found = {(v["quantity"], v["t"]): v["entries"] for v in json.loads(done.stdout)["values"]}
    # tanh(1.15) and tanh(0.45 / 2 + 0.75 + 0.15 tanh(1.15) + 0.2)
    assert found["h", 0] == [["0.817754077970287729321390506047"]]
    assert found["h", 1] == [["0.861120353884169116515178097216"]]
    (files / "example.toml").write_text(EXAMPLE.format(cell="none.md"), encoding="utf-8")
    done = run("solve", files / "example.toml")
    assert done.exit_code == 2
    assert "none.md; got [Errno 2] No such file or directory" in done.stderr
    (files / "example.toml").write_text(EXAMPLE.format(cell="lsmt"), encoding="utf-8")
    assert "example.toml:1: cell; got 'lsmt'; expected one of lstm, elman, gru" in run("solve", files / "example.toml").stderr

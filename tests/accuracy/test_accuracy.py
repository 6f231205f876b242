"""Errors in ulps: exact on known numbers, small for right code, large where a line is wrong; frameworks where they are installed."""

import json
import re
from importlib.util import find_spec
from xml.etree import ElementTree

import flint
import numpy as np
import pytest
from typer.testing import CliRunner

from lstm_sym.accuracy.measure import case_errors, error_in_ulps, measure
from lstm_sym.accuracy.module import from_callables, from_file
from lstm_sym.accuracy.numpy_lines import PRINTED, STABLE
from lstm_sym.accuracy.table import IMPLEMENTATIONS, installed
from lstm_sym.accuracy.task import Implementation, task
from lstm_sym.cells import CELLS, cell
from lstm_sym.cli.app import app
from lstm_sym.errors import InputError
from lstm_sym.floating.formats import FORMATS
from lstm_sym.render.accuracy.svg import accuracy_svg
from lstm_sym.ulps import Accuracy, Measured
from lstm_sym.vectors.case import Case, Grid
from lstm_sym.vectors.record import solve_case
from lstm_sym.vectors.values import number_between

SINGLE = FORMATS["float32"]

ELMAN = '''"""The simple recurrent network by hand."""
import numpy as np


def forward(W_h, U_h, b_h, x, h_initial):
    h, previous = [], h_initial
    for x_t in x:
        previous = np.tanh(W_h @ x_t + U_h @ previous + b_h)
        h.append(previous)
    return {"h": np.stack(h)}


def backward(W_h, U_h, b_h, x, h_initial, label):
    h = forward(W_h, U_h, b_h, x, h_initial)["h"]
    dW, dU, db, dx, arriving = np.zeros_like(W_h), np.zeros_like(U_h), np.zeros_like(b_h), np.zeros_like(x), np.zeros_like(b_h)
    for t in reversed(range(len(x))):
        previous = h[t - 1] if t else h_initial
        dz = (label[t] + arriving) * (1 - h[t] ** 2)
        dW, dU, db = dW + np.outer(dz, x[t]), dU + np.outer(dz, previous), db + dz
        dx[t], arriving = W_h.T @ dz, U_h.T @ dz
    return {"delta_W_h": dW, "delta_U_h": dU, "delta_b_h": db, "delta_x": dx, "Delta_h_initial": arriving}
'''


def run(*arguments):
    return CliRunner().invoke(app, ["accuracy", *(str(argument) for argument in arguments)])


def rows(found):
    return {(row.quantity, row.saturation): row for row in found.rows}


@pytest.mark.parametrize(
    ("got", "ulps"),
    [(1.0, 0.0), (1 + 2**-23, 1.0), (1 - 2**-24, 0.5), (2.0, 2.0**23), (0.0, 2.0**23), (float("nan"), None), (np.inf, None)],
)
def test_errors_at_one(got, ulps):
    one = number_between(flint.fmpq(1), flint.fmpq(1), [SINGLE])
    assert error_in_ulps(one, got, SINGLE) == ulps


def test_errors_at_the_ends_of_the_range():
    tiny = flint.fmpq(1, flint.fmpz(2) ** 150)
    number = number_between(tiny, tiny, [SINGLE])
    assert error_in_ulps(number, 0.0, SINGLE) == 0.5
    huge = number_between(flint.fmpq(10**39), flint.fmpq(10**39), [SINGLE])
    assert error_in_ulps(huge, np.inf, SINGLE) == 0.0
    assert error_in_ulps(huge, -np.inf, SINGLE) is None


def test_the_correct_rounding_is_off_by_half_an_ulp_at_most():
    solved = solve_case(Case("lstm", 2, 3, 3, 10, 4), [SINGLE])
    entries = [number for matrix in solved.values.values() for row in matrix for number in row]
    got = [float(np.uint32(number.bits["float32"]).view(np.float32)) for number in entries]
    errors = [error_in_ulps(number, value, SINGLE) for number, value in zip(entries, got, strict=True)]
    assert len(errors) > 100
    assert 0.4 < max(errors) <= 0.5


@pytest.mark.parametrize("name", CELLS)
def test_the_stable_form_keeps_the_bits_that_the_printed_one_loses(name):
    cases = Grid((name,), ((3, 4),), (4,), (1, 40), (2,)).cases()
    printed, stable = (rows(found) for found in measure([PRINTED, STABLE], cases, [SINGLE]))
    # where h_{t-1} and g_t of a GRU are both near 1, their difference loses bits in any form
    gradients = {quantity for quantity, _ in printed if quantity.startswith("delta_W")} - {"delta_W_z"}
    assert max(printed[quantity, 1].largest for quantity in gradients) < 2000
    assert max(printed[quantity, 40].largest for quantity in gradients) > 1e6
    assert max(stable[quantity, 40].largest for quantity in gradients) < 5000
    assert all(row.mean <= row.largest for row in stable.values())


def test_float16_in_numpy():
    (found,) = measure([PRINTED], Grid(("lstm",), ((2, 3),), (3,), (1,), (1,)).cases(), [FORMATS["float16"]])
    assert 0.5 < rows(found)["out", 1].largest < 100


def test_a_file_and_one_wrong_line_in_it(tmp_path):
    right, wrong = tmp_path / "right.py", tmp_path / "wrong.py"
    right.write_text(ELMAN)
    wrong.write_text(ELMAN.replace("(1 - h[t] ** 2)", "(1 - h[t])"))
    options = ["--cell", "elman", "--saturation", "1", "--format", "json"]
    done = run(*options, "--implementation", right, "--implementation", wrong, "--implementation", "numpy")
    assert done.exit_code == 0, done.output
    tables = {table["implementation"]: {r["quantity"]: r for r in table["rows"]} for table in json.loads(done.stdout)["tables"]}
    assert set(tables) == {"right.py", "wrong.py", "numpy"}
    assert set(tables["right.py"]) == {"h", "delta_W_h", "delta_U_h", "delta_b_h", "delta_x", "Delta_h_initial"}
    assert all(row["largest"] < 1000 for row in tables["right.py"].values())
    assert tables["wrong.py"]["h"]["largest"] == tables["right.py"]["h"]["largest"] < 20
    for quantity in ("delta_W_h", "delta_U_h", "delta_b_h", "delta_x"):
        assert tables["wrong.py"][quantity]["mean"] > 1e5
        assert re.fullmatch(r"elman_m3_n4_steps6_sat1_seed[12] delta_\w+\[[\d, ]+\]", tables["wrong.py"][quantity]["where"])


GENERATED = '''"""Written like generated code: x (steps, batch, m)."""
from typing import NamedTuple

import numpy as np

DTYPE = np.dtype("float32")
PARAMETERS = ("W_h", "U_h", "b_h")
RECURRENT = ("h",)


class Forward(NamedTuple):
    output: object
    final: object
    workspace: object


class Gradients(NamedTuple):
    parameters: object
    inputs: object
    initial: object


def forward(parameters, x, initial=None, workspace=None):
    h, previous = [], initial["h"]
    for x_t in x:
        previous = np.tanh(x_t @ parameters["W_h"].T + previous @ parameters["U_h"].T + parameters["b_h"])
        h.append(previous)
    return Forward(np.stack(h), {"h": previous}, (parameters, x, initial["h"], h))


def backward(workspace, Delta, arriving=None):
    parameters, x, start, h = workspace
    dW, dU, db, dx, dh = 0, 0, 0, np.zeros_like(x), np.zeros_like(start)
    for t in reversed(range(len(x))):
        dz = (Delta[t] + dh) * (1 - h[t] ** 2)
        dW, dU, db = dW + dz.T @ x[t], dU + dz.T @ (h[t - 1] if t else start), db + dz.sum(axis=0)
        dx[t], dh = dz @ parameters["W_h"], dz @ parameters["U_h"]
    return Gradients({"W_h": dW, "U_h": dU, "b_h": db}, {"x": dx}, {"h": dh})
'''


def test_a_generated_module_and_one_wrong_line_in_it(tmp_path):
    right, wrong, other = (tmp_path / f"{name}.py" for name in ("right", "wrong", "other"))
    right.write_text(GENERATED)
    wrong.write_text(GENERATED.replace('dz @ parameters["U_h"]', 'dz @ parameters["U_h"].T'))
    other.write_text(GENERATED.replace('"W_h", "U_h", "b_h")', '"V", "U_h", "b_h")'))
    options = ["--cell", "elman", "--saturation", "1", "--format", "json"]
    done = run(*options, "--implementation", right, "--implementation", wrong)
    assert done.exit_code == 0, done.output
    tables = {table["implementation"]: {r["quantity"]: r for r in table["rows"]} for table in json.loads(done.stdout)["tables"]}
    assert set(tables["right.py"]) == {"h", "delta_W_h", "delta_U_h", "delta_b_h", "delta_x", "Delta_h_initial"}
    assert all(row["largest"] < 1000 for row in tables["right.py"].values())
    assert all(tables["wrong.py"][name]["mean"] > 1e5 for name in ("delta_W_h", "delta_U_h", "delta_x", "Delta_h_initial"))
    refused = run(*options, "--implementation", other)
    assert refused.exit_code == 2
    assert "other.py; got parameters V, U_h, b_h; expected those of a cell of the package" in refused.stderr
    assert "got none of right.py for gru in float32" in run("--cell", "gru", "--implementation", right).stderr


def test_the_text_and_the_drawing(tmp_path):
    done = run("--implementation", "numpy", "--saturation", "1", "--saturation", "40", "--plot", tmp_path / "errors.svg")
    assert done.exit_code == 0
    assert "numpy, lstm, float32: the printed equations in NumPy" in done.stdout
    assert re.search(r"^  delta_W_a +[\d.]+ \([\d.]+\) +1\.\de\+07 \(\d\.\de\+06\)$", done.stdout, re.M)
    drawing = ElementTree.fromstring((tmp_path / "errors.svg").read_text())
    told = [title.text for title in drawing.iter("{http://www.w3.org/2000/svg}title")]
    assert any(text.startswith("delta_W_a, saturation 40: largest 1.") for text in told)


def test_names_in_a_drawing_are_escaped():
    row = Measured("<b>", 1, None, None, 1, "")
    drawing = accuracy_svg([Accuracy("a & b", "lstm", "float16", "", (row,))])
    assert "<b>" not in drawing
    assert "&lt;b&gt;, saturation 1: largest inf" in drawing
    assert ElementTree.fromstring(drawing).tag.endswith("svg")


def given(name="elman"):
    return task(solve_case(Case(name, 2, 3, 2, 1, 1), [SINGLE]), cell(name), SINGLE)


@pytest.mark.parametrize(
    ("forward", "message"),
    [
        (lambda **_: {"y": np.zeros(3)}, "results of it; got y; expected some of net_h, h,"),
        (lambda **_: {}, "results of it; got nothing"),
        (lambda **_: {"h": np.zeros((3, 2))}, r"h of it; got float64 of shape (3, 2); expected floats of shape (2, 3)"),
        (lambda **_: {"h": np.zeros((2, 3), dtype=int)}, "h of it; got int64 of shape (2, 3)"),
        (lambda **_: 1 / 0, "it on elman_m2_n3_steps2_sat1_seed1; got ZeroDivisionError: division by zero"),
    ],
)
def test_results_that_cannot_be_compared(forward, message):
    with pytest.raises(InputError, match=re.escape(message)):
        case_errors(from_callables("it", forward), given())


def test_what_is_not_a_number_is_infinitely_far():
    errors = case_errors(from_callables("it", lambda **_: {"h": np.full((2, 3), np.nan)}), given())
    assert {error for error, _ in errors["h"]} == {None}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "got no function forward; expected forward(**arrays) and backward(**arrays, label=...)"),
        ("1 / 0\n", "got ZeroDivisionError: division by zero; expected a file that can be run"),
        ("def forward(:\n", "got SyntaxError"),
        ("raise SystemExit(3)\n", "got SystemExit: 3"),
    ],
)
def test_files_that_cannot_be_used(tmp_path, text, message):
    (tmp_path / "it.py").write_text(text)
    done = run("--implementation", tmp_path / "it.py")
    assert done.exit_code == 2
    assert message in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--implementation", "jaxx"], "jaxx; got no Python file; expected a file with forward and backward, or the name"),
        (["--implementation", "numpy", "--dtype", "bfloat16"], "got none of numpy for lstm in bfloat16; expected one that knows"),
        (["--implementation", "torch", "--cell", "peephole"], "got none of torch for peephole in float32"),
        (["--dtype", "float8"], "dtype 'float8'"),
        (["--size", "3"], "--size 3; got '3'; expected m and n such as 2x3"),
        (["--steps", "0"], "number of steps; got 0"),
        (["--plot", "errors.png"], "--plot errors.png; got ending '.png'; expected a name that ends in .svg"),
    ],
)
def test_wrong_usage(arguments, message):
    done = run(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr


def test_a_framework_that_is_not_installed(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(
        InputError, match="implementation torch; got not installed; expected the package; to mend it: pip install torch"
    ):
        case_errors(IMPLEMENTATIONS["torch"], given())


def test_numpy_has_no_bfloat16():
    brain = FORMATS["bfloat16"]
    small = task(solve_case(Case("elman", 2, 3, 2, 1, 1), [brain]), cell("elman"), brain)
    with pytest.raises(InputError, match="dtype bfloat16 in NumPy; got no such dtype; expected one of float16, float32, float64"):
        case_errors(Implementation("numpy", "", PRINTED.run, ("bfloat16",)), small)


def test_what_is_installed_is_measured_by_default():
    names = {each.name for each in installed()}
    assert {"numpy", "numpy-stable"} <= names
    assert ("torch" in names) == bool(find_spec("torch"))


FRAMEWORKS = [
    (name, cell_name, dtype)
    for name, each in IMPLEMENTATIONS.items()
    for cell_name in each.cells or ()
    for dtype in ("float32", "float64")
    if dtype in each.formats
]


@pytest.mark.parametrize(("name", "cell_name", "dtype"), FRAMEWORKS)
def test_frameworks_are_near_where_nothing_saturates(name, cell_name, dtype):
    pytest.importorskip(name)
    (found,) = measure([IMPLEMENTATIONS[name]], Grid((cell_name,), ((3, 4),), (4,), (1,), (2,)).cases(), [FORMATS[dtype]])
    output = cell(cell_name).output.name
    table = rows(found)
    assert table[output, 1].largest < 1e4
    if name == "torch":
        parameters = {f"delta_{parameter.name}" for parameter in cell(cell_name).parameters}
        assert parameters | {"delta_x"} <= {quantity for quantity, _ in table}
        assert max(row.largest for row in table.values()) < 1e4


def test_bfloat16_in_torch():
    pytest.importorskip("torch")
    (found,) = measure([IMPLEMENTATIONS["torch"]], Grid(("lstm",), ((3, 4),), (3,), (1,), (1,)).cases(), [FORMATS["bfloat16"]])
    assert 0.5 < rows(found)["out", 1].largest < 50


@pytest.mark.parametrize("name", CELLS)
def test_modules_that_codegen_writes(name, tmp_path):
    generate = pytest.importorskip("lstm_sym.codegen.generate").generate
    for stable in (False, True):
        (tmp_path / f"stable_{stable}.py").write_text(generate(cell(name), dtype="float32", stable=stable))
    implementations = [from_file(tmp_path / f"stable_{stable}.py") for stable in (False, True)]
    printed, stable = (
        rows(found) for found in measure(implementations, Grid((name,), ((3, 4),), (4,), (1, 40), (2,)).cases(), [SINGLE])
    )
    gradients = {quantity for quantity, _ in printed if quantity.startswith("delta_W")} - {"delta_W_z"}
    assert len(gradients) >= (1 if name == "elman" else 2)
    assert max(printed[quantity, 1].largest for quantity in gradients) < 2000
    assert max(printed[quantity, 40].largest for quantity in gradients) > 1e6
    assert max(stable[quantity, 40].largest for quantity in gradients) < 5000


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_modules_that_codegen_writes_for_frameworks(backend, tmp_path):
    pytest.importorskip(backend)
    generate = pytest.importorskip("lstm_sym.codegen.generate").generate
    for name, options in (("printed", {}), ("stable", {"stable": True, "dtype": "float32", "layout": "batch-first"})):
        (tmp_path / f"{name}.py").write_text(generate(cell("lstm"), backend, **options))
    implementations = [from_file(tmp_path / f"{name}.py") for name in ("printed", "stable")]
    assert [each.formats for each in implementations] == [("float16", "float32", "float64"), ("float32",)]
    cases = Grid(("lstm",), ((3, 4),), (4,), (1, 40), (2,)).cases()
    printed, stable = (rows(found) for found in measure(implementations, cases, [SINGLE]))
    names = {quantity for quantity, _ in stable}
    assert {f"delta_{p.name}" for p in cell("lstm").parameters} | {"delta_x", "out", "delta_state_initial"} <= names
    assert max(stable[quantity, 1].largest for quantity in names) < 2000
    assert printed["delta_W_a", 40].largest > 1e6
    assert stable["delta_W_a", 40].largest < 5000

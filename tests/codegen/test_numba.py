"""Generated numba modules: the NumPy module's interface and numbers, activations to two ulps, tails, and broken lines noticed.

Most tests run the module's loops without compiling them, which tests every line of them in a fraction of a second.
"""

import importlib.util
import re
import subprocess
import sys

import numpy as np
import pytest

from lstm_sym.cells import CELLS, cell
from lstm_sym.codegen.generate import generate
from lstm_sym.codegen.numba.activations import TEXTS
from lstm_sym.errors import InputError
from tests.calculus.test_any_cell import CELLS as OTHER_CELLS
from tests.codegen.cells import loaded, loosely_tested, mixed_cell, module_of, random_cell

AGREE = "self-test: 4 cases agree"
needs_numba = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("numba", "scipy")),
    reason="numba or scipy is not installed: pip install 'lstm-sym[numba]'",
)


@pytest.fixture
def interpreted(monkeypatch):
    """Loops are run by Python."""
    import numba

    monkeypatch.setattr(numba.config, "DISABLE_JIT", True)


def numba_text(name, **options):
    return generate(cell(name) if isinstance(name, str) else name, "numba", **options)


@needs_numba
@pytest.mark.parametrize("options", [{}, {"dtype": "float32", "stable": True, "layout": "batch-first"}], ids=str)
@pytest.mark.parametrize("name", CELLS)
def test_the_self_test_agrees(name, options, interpreted):
    assert loaded(numba_text(name, **options))["self_test"]() == AGREE


@needs_numba
@pytest.mark.parametrize("title", [title for title in OTHER_CELLS if title != "a bias alone"])
def test_cells_of_users(title, interpreted):
    assert loaded(numba_text(OTHER_CELLS[title][0]))["self_test"]() == AGREE


@needs_numba
@pytest.mark.parametrize("seed", [3, 12, 28])
def test_random_cells(seed, interpreted):
    assert loaded(numba_text(random_cell(seed), stable=seed == 12))["self_test"]() == AGREE


@needs_numba
@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(100, 150))
def test_many_random_cells_of_two_inputs_and_two_sizes(seed, interpreted):
    assert loosely_tested(numba_text(mixed_cell(seed))) == AGREE


@needs_numba
@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(100, 200))
def test_many_random_cells(seed, interpreted):
    assert loaded(numba_text(random_cell(seed), stable=seed % 2 == 1))["self_test"]() == AGREE


@needs_numba
@pytest.mark.parametrize(
    ("right", "wrong"), [("F(1.44269504", "F(1.55269504"), ("sech * sech", "sech * e"), ("_exp(-x)", "_exp(x)")]
)
def test_a_broken_activation_is_noticed(right, wrong, interpreted):
    """Over the range of the dtype, where sequences of a self-test do not come."""
    text = numba_text("elman")
    assert right in text
    with (
        np.errstate(all="ignore"),
        pytest.raises(AssertionError, match=r"(exp|sigma|sech\^2): got an error of .* eps, expected at most 16"),
    ):
        loaded(text.replace(right, wrong))["_activations_agree"]()


@needs_numba
def test_a_file_runs_alone_and_compiled(tmp_path):
    file = tmp_path / "elman.py"
    file.write_text(numba_text("elman"), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", file], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, AGREE + "\n"), done.stderr
    assert "lstm_sym" not in file.read_text(encoding="utf-8")


@needs_numba
@pytest.mark.sweep
@pytest.mark.parametrize(("dtype", "stable"), [("float64", False), ("float32", True)])
@pytest.mark.parametrize("name", CELLS)
def test_the_self_test_agrees_compiled(name, dtype, stable):
    assert loaded(numba_text(name, dtype=dtype, stable=stable))["self_test"]() == AGREE


@needs_numba
@pytest.mark.parametrize("sizes", [(3, 16, 8, 128), (4, 1, 4, 20), (2, 33, 3, 256)], ids=str)
def test_numbers_are_those_of_the_numpy_module(sizes, compiled_gru):
    """Sizes at which products are cut into pieces, are not, and hold one row."""
    steps, batch, m, n = sizes
    rng, first = np.random.default_rng(2), module_of("gru")
    parameters = {name: 0.2 * rng.standard_normal(shape) for name, shape in first["parameter_shapes"](size_m=m, size_n=n).items()}
    x, Delta = rng.standard_normal((steps, batch, m)), rng.standard_normal((steps, batch, n))
    results = []
    for module in (first, compiled_gru):
        result = module["forward"](parameters, x)
        gradients = module["backward"](result.workspace, Delta)
        results.append([result.output, *(array for part in gradients for array in part.values())])
    for got, expected in zip(*results, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-11)


@pytest.fixture(scope="module")
def compiled_gru():
    return loaded(numba_text("gru"))


SAMPLES = np.concatenate([np.linspace(-80, 40, 1201), np.linspace(-1, 1, 201), 10.0 ** np.arange(-30, 0)])


@needs_numba
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("name", "exact", "ulps"), [("_exp", "exp", 2), ("_tanh", "tanh", 2), ("_logistic", "sigmoid", 2.5), ("_sech2", "sech2", 5)]
)
def test_activations_are_off_by_few_ulps(dtype, name, exact, ulps, interpreted):
    import mpmath
    import numba

    context = mpmath.mp.clone()
    context.prec = 120
    reference = {
        "exp": context.exp,
        "tanh": context.tanh,
        "sigmoid": lambda z: 1 / (1 + context.exp(-z)),
        "sech2": lambda z: 1 / context.cosh(z) ** 2,
    }[exact]
    F = np.dtype(dtype).type
    space = {"np": np, "numba": numba, "F": F}
    exec(TEXTS[dtype], space)
    for z in SAMPLES.astype(dtype):
        if name == "_sech2" and abs(z) > 42:
            continue
        value = reference(context.mpf(float(z)))
        error = abs(context.mpf(float(space[name](z))) - value) / float(np.spacing(F(abs(value))))
        assert error <= ulps, z


@needs_numba
def test_a_number_that_is_none_stays_one(interpreted):
    import numba

    for dtype, text in TEXTS.items():
        F = np.dtype(dtype).type
        space = {"np": np, "numba": numba, "F": F}
        exec(text, space)
        with np.errstate(all="ignore"):
            assert all(np.isnan(space[name](F(np.nan))) for name in ("_exp", "_tanh", "_logistic", "_sech2"))
            assert [space["_exp"](F(x)) for x in (-1000, 0, 1000)] == [0, 1, np.inf]
            assert [space["_tanh"](F(x)) for x in (-np.inf, 0, 1000)] == [-1, 0, 1]


@needs_numba
def test_gradients_in_the_tails(interpreted):
    """At b_i = 40 the slope of the gate is sigma'(40) = 4.248354255291589e-18, which 1 - i rounds to 0."""
    a, o = np.tanh(1.0), 1 / (1 + np.exp(-0.5))
    for stable, expected in ((True, a * o / np.cosh(a) ** 2 * 4.248354255291589e-18), (False, 0.0)):
        module = loaded(numba_text("lstm", stable=stable))
        parameters = {name: np.zeros(shape) for name, shape in module["parameter_shapes"](size_m=1, size_n=1).items()}
        parameters["b_i"][:], parameters["b_a"][:], parameters["b_o"][:] = 40.0, 1.0, 0.5
        result = module["forward"](parameters, np.ones((1, 1, 1)))
        found = module["backward"](result.workspace, np.ones((1, 1, 1))).parameters["b_i"][0]
        assert found == pytest.approx(expected, rel=1e-14)


@needs_numba
def test_bad_input_is_refused(interpreted):
    module = loaded(numba_text("elman"))
    parameters = {name: np.ones(shape) for name, shape in module["parameter_shapes"](size_m=2, size_n=3).items()}
    x = np.zeros((4, 5, 2))
    x[1, 2, 0] = np.nan
    with pytest.raises(ValueError, match=r"\Ax: got nan at \[1, 2, 0\], expected finite numbers\Z"):
        module["forward"](parameters, x)
    parameters["U_h"][1, 2] = np.inf
    with pytest.raises(ValueError, match=r"\Aparameter U_h: got inf at \[1, 2\], expected finite numbers\Z"):
        module["forward"](parameters, np.zeros((4, 5, 2)))


def test_half_precision_is_refused():
    with pytest.raises(
        InputError, match=r"--dtype float16 with --backend numba; got 'float16'; expected one of float32, float64"
    ):
        numba_text("elman", dtype="float16")


def test_the_text_is_the_same_twice():
    assert numba_text("gru") == numba_text("gru")


SWAPS = (
    (" + ", " - "),
    (" - ", " + "),
    (" * ", " + "),
    ("_tanh(", "abs("),
    ("_logistic(", "_exp("),
    ("[t]", "[t - 1]"),
    ("[t + 1]", "[t]"),
    ("F(1), batch", "F(0), batch"),
    ("F(0), batch", "F(1), batch"),
    (".T, ", ", "),
    ("[:-1]", "[1:]"),
)


def broken(text):
    """Every text with one line of the kernels and loops left out, or one word of it changed."""
    lines, function = text.split("\n"), ""
    for place, line in enumerate(lines):
        started = re.match(r"(?:def|class) (\w+)", line)
        function = started[1] if started else function
        words = line.strip()
        if not re.match(r"_kernel_|_(forward|backward)(_loop)?\Z", function) or words.startswith(("#", '"', "@", "def", "for")):
            continue
        indent = line[: len(line) - len(line.lstrip())]
        others = [words.replace(old, new, 1) for old, new in SWAPS if old in words]
        others += ["pass"] if words.startswith(("np.", "_kernel", "_product")) and words.endswith(")") else []
        for other in others:
            yield f"{function}: {other}", "\n".join([*lines[:place], indent + other, *lines[place + 1 :]])


def passes(text):
    try:
        loaded(text)["self_test"]()
    except Exception:
        return False
    return True


@needs_numba
def test_every_broken_line_is_noticed(interpreted):
    mutants = list(broken(numba_text("elman")))
    assert len(mutants) >= 20
    assert [title for title, text in mutants if passes(text)] == []


@needs_numba
@pytest.mark.sweep
@pytest.mark.parametrize("name", ["lstm", "gru", "peephole", "gru_reset_after"])
def test_every_broken_line_of_larger_cells_is_noticed(name, interpreted):
    assert [title for title, text in broken(numba_text(name)) if passes(text)] == []

"""Generated NumPy modules: their self-tests, values against rationals and against balls, tails, layouts, one text."""

import subprocess
import sys

import numpy as np
import pytest
from sympy import Symbol

from lstm_sym.calculus.derive import derive
from lstm_sym.cell import Cell, define, inputs, variables, weights
from lstm_sym.cells import CELLS, cell
from lstm_sym.codegen.generate import generate
from lstm_sym.evaluate.schedule.run import evaluate
from lstm_sym.evaluate.systems.balls import Balls
from lstm_sym.evaluate.systems.givens import Givens
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.nodes import odot
from lstm_sym.symbols.scalars import n
from tests.calculus.test_any_cell import CELLS as OTHER_CELLS
from tests.codegen.cells import U, W, b, loaded, loosely_tested, mixed_cell, module_of, random_cell, x
from tests.evaluate.samples import random_givens

k = Symbol("k", integer=True, positive=True)
AGREE = "self-test: 4 cases agree"


@pytest.mark.parametrize(
    "options", [{"layout": "batch-first"}, {"dtype": "float32"}, {"dtype": "float16"}, {"stable": True}], ids=str
)
@pytest.mark.parametrize("name", CELLS)
def test_the_self_test_agrees(name, options):
    assert module_of(name, **options)["self_test"]() == AGREE


@pytest.mark.parametrize("title", [title for title in OTHER_CELLS if title != "a bias alone"])
def test_cells_of_users(title):
    assert loaded(generate(OTHER_CELLS[title][0]))["self_test"]() == AGREE


def two_inputs():
    """One gate reads both inputs, the other one: among blocks that lie side by side only one is `W x + b` of all steps."""
    y, h, g, c = inputs("y", k), *variables("h g c", n)
    reading = define(g, sigma(W.g @ x + weights("V", n, k).g @ y + U.g @ h.prev + b.g))
    other = define(c, tanh(W.c @ x + U.c @ h.prev + b.c))
    return Cell("two", output=h, equations=[reading, other, define(h, odot(1 - g, h.prev) + odot(g, c))])


@pytest.mark.parametrize("options", [{}, {"stable": True}, {"layout": "batch-first", "dtype": "float32"}], ids=str)
def test_two_inputs(options):
    assert loaded(generate(two_inputs(), **options))["self_test"]() == AGREE


def of_the_step_before():
    """A variable that reads no step before, and is read one step later: its adjoint is what arrives, step by step."""
    s, h = variables("s h", n)
    return Cell("late", output=h, equations=[define(s, b.s + W.s @ x), define(h, sigma(U.h @ h.prev + s.prev + W.h @ x))])


def without_recurrence():
    """The output is one of several blocks that lie side by side."""
    y, s, h = inputs("y", k), *variables("s h", n)
    V = weights("V", n, k)
    reading = define(h, V.h @ y + W.h @ x + odot(s, V.s @ y))
    return Cell("still", output=h, equations=[define(s, sigma(b.s + W.s @ x)), reading])


def of_parameters_alone():
    """Values without a step and a batch of their own, one of them read a step later."""
    s, h = variables("s h", n)
    return Cell(
        "constant",
        output=s,
        equations=[define(s, tanh(b.s)), define(h, tanh(W.h @ x + U.h @ s.prev + U.g @ b.g + odot(s, h.prev)))],
    )


def of_an_activation_of_parameters():
    """The gradient of b reads a pre-activation that is no argument of another sign."""
    s, h = variables("s h", n)
    return Cell("twice", output=h, equations=[define(s, tanh(sigma(b.s))), define(h, tanh(W.h @ x + U.h @ h.prev + s))])


@pytest.mark.parametrize("made", [of_the_step_before, without_recurrence, of_parameters_alone, of_an_activation_of_parameters])
def test_cells_that_recur_little(made):
    assert loaded(generate(made()))["self_test"]() == AGREE


@pytest.mark.parametrize("seed", [3, 12, 28])
def test_random_cells(seed):
    assert loaded(generate(random_cell(seed), stable=seed == 12))["self_test"]() == AGREE


def test_the_reference_of_a_self_test_does_not_overflow():
    assert list(module_of("lstm")["_sigma"](np.array([-800, 0, 800], complex))) == [0, 0.5, 1]


@pytest.mark.parametrize("seed", [3, 5, 6])
def test_random_cells_of_two_inputs_and_two_sizes(seed):
    assert loaded(generate(mixed_cell(seed)))["self_test"]() == AGREE


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(100, 200))
def test_many_random_cells_of_two_inputs_and_two_sizes(seed):
    assert loosely_tested(generate(mixed_cell(seed), stable=seed % 2 == 1)) == AGREE


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(100, 200))
def test_many_random_cells(seed):
    assert loaded(generate(random_cell(seed), stable=seed % 2 == 1))["self_test"]() == AGREE


def test_a_file_runs_alone(tmp_path):
    file = tmp_path / "elman.py"
    file.write_text(generate(cell("elman")), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", file], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, AGREE + "\n")
    assert "lstm_sym" not in file.read_text(encoding="utf-8")


def test_the_text_is_the_same_twice():
    assert generate(cell("gru")) == generate(cell("gru"))


@pytest.mark.parametrize("stable", [False, True])
@pytest.mark.parametrize("name", CELLS)
def test_values_and_gradients_against_balls(name, stable):
    """Two rows of a batch are two evaluations of the derivation, to 60 digits; gradients by parameters are their sum."""
    declared, module = cell(name), module_of(name, stable=stable)
    rows = [random_givens(name, seed) for seed in (1, 2)]
    rows[1] = Givens(rows[1].sizes, rows[0].parameters, rows[1].inputs, rows[1].labels, rows[1].rate, rows[1].initial)
    values = [evaluate(derive(declared), givens, Balls(200)) for givens in rows]

    def found(key):
        return np.array([[float(entry[0].mid()) for entry in each.entries(key)] for each in values])

    steps = range(len(rows[0].inputs))
    parameters = {p.name: np.array(rows[0].parameters[p.name], dtype=float) for p in declared.parameters}
    parameters = {p.name: parameters[p.name][:, 0] if p.shape[1] == 1 else parameters[p.name] for p in declared.parameters}
    x = np.array([[np.array(givens.inputs[step]["x"], dtype=float)[:, 0] for givens in rows] for step in steps])
    initial = {
        v.name: np.array([np.array(givens.initial[v.name], dtype=float)[:, 0] for givens in rows]) for v in declared.recurrent
    }
    result = module["forward"](parameters, x, initial)
    np.testing.assert_allclose(result.output, [found((declared.output.name, step)) for step in steps], rtol=1e-13)
    Delta = np.array([found(("Delta", step)) for step in steps])
    gradients = module["backward"](result.workspace, Delta)
    np.testing.assert_allclose(gradients.inputs["x"], [found(("delta_x", step)) for step in steps], rtol=1e-11, atol=1e-14)
    for p in declared.parameters:
        expected = sum(
            np.array([[float(e.mid()) for e in row] for row in each.entries((f"delta_{p.name}", None))]) for each in values
        )
        got = gradients.parameters[p.name]
        np.testing.assert_allclose(got.reshape(expected.shape), expected, rtol=1e-11, atol=1e-14)


def saturated(stable, b_i):
    module = module_of("lstm", stable=stable)
    parameters = {name: np.zeros(shape) for name, shape in module["parameter_shapes"](1, 1).items()}
    parameters["b_i"][:], parameters["b_a"][:], parameters["b_o"][:] = b_i, 1.0, 0.5
    result = module["forward"](parameters, np.ones((1, 1, 1)))
    return module["backward"](result.workspace, np.ones((1, 1, 1))).parameters["b_i"][0]


def test_gradients_in_the_tails():
    """At b_i = 40 the slope of the gate is sigma'(40) = 4.248354255291589e-18, which 1 - i rounds to 0."""
    a, o = np.tanh(1.0), 1 / (1 + np.exp(-0.5))
    expected = a * o / np.cosh(a) ** 2 * 4.248354255291589e-18
    assert saturated(True, 40.0) == pytest.approx(expected, rel=1e-14)
    assert saturated(False, 40.0) == 0.0
    assert saturated(True, 700.0) > 0


def test_tails_of_the_hyperbolic_tangent():
    module = module_of("elman", stable=True)
    parameters = {"W_h": np.zeros((1, 1)), "U_h": np.zeros((1, 1)), "b_h": np.array([30.0])}
    result = module["forward"](parameters, np.ones((1, 1, 1)))
    assert module["backward"](result.workspace, np.ones((1, 1, 1))).parameters["b_h"][0] == pytest.approx(
        3.5026051225e-26, rel=1e-9
    )


def test_batch_first_is_the_same_numbers():
    rng = np.random.default_rng(5)
    first, second = module_of("lstm"), module_of("lstm", layout="batch-first")
    parameters = {name: rng.standard_normal(shape) for name, shape in first["parameter_shapes"](3, 2).items()}
    x, Delta = rng.standard_normal((5, 4, 3)), rng.standard_normal((5, 4, 2))
    one, two = first["forward"](parameters, x), second["forward"](parameters, x.swapaxes(0, 1))
    assert np.array_equal(one.output, two.output.swapaxes(0, 1))
    g, h = first["backward"](one.workspace, Delta), second["backward"](two.workspace, Delta.swapaxes(0, 1))
    assert np.array_equal(g.inputs["x"], h.inputs["x"].swapaxes(0, 1))
    assert all(np.array_equal(g.parameters[name], h.parameters[name]) for name in parameters)


@pytest.mark.parametrize("name", ["gru", "lstm", "elman"])
@pytest.mark.parametrize("sizes", [(3, 16, 8, 128), (2, 32, 4, 256), (3, 2, 5, 300), (2, 40, 3, 90), (2, 13, 5, 97)], ids=str)
def test_plans_by_shape_agree(name, sizes):
    """Products in panels give what products of plain matrices give, to rounding."""
    steps, batch, m, n = sizes
    rng, module = np.random.default_rng(2), loaded(generate(cell(name)))
    parameters = {name: 0.2 * rng.standard_normal(shape) for name, shape in module["parameter_shapes"](m, n).items()}
    x, Delta = rng.standard_normal((steps, batch, m)), rng.standard_normal((steps, batch, n))

    def results():
        result = module["forward"](parameters, x)
        gradients = module["backward"](result.workspace, Delta)
        return [result.output, *(a for part in gradients for a in part.values())]

    by_shape = results()
    assert (
        module["_panels"](batch, n, n, 4)
        == {
            128: (4, 2, 1, 128, 64),
            256: (4, 8, 1, 256, 32),
            300: (300, 1200),
            90: (4, 3, 1, 90, 30),
            97: (4, 1, 1, 97, 97),
        }[n]
    )
    module["FEW"] = 10**9
    assert module["_panels"](batch, n, n, 4) == (n, 4 * n)
    for got, expected in zip(by_shape, results(), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("rows", [8, 24, 25, 64, 97, 96])
@pytest.mark.parametrize(("inner", "columns", "blocks"), [(3, 7, 1), (700, 64, 2), (1024, 96, 3), (5, 128, 4)])
def test_a_product_with_panels_is_the_product(rows, inner, columns, blocks):
    rng, module = np.random.default_rng(1), loaded(generate(cell("elman")))
    matrices, left = rng.integers(-3, 4, (blocks, columns, inner)), rng.integers(-3, 4, (2, rows, inner)).astype(float)
    panels = np.zeros(module["_panels"](rows, inner, columns, blocks))
    for k, matrix in enumerate(matrices):
        place = module["_block"](panels, k, columns)
        place[...] = matrix.reshape(place.shape)
    out = np.zeros((2, blocks, rows, columns) if blocks > 1 else (2, rows, columns))
    module["_multiply"](left, panels, out)
    expected = np.einsum("sri,kci->skrc", left, matrices)
    assert np.array_equal(out, expected if blocks > 1 else expected[:, 0])
    flat = np.zeros((2, rows, blocks * columns))
    module["_multiply"](left, panels, flat)
    assert np.array_equal(flat, np.concatenate(expected.swapaxes(0, 1), axis=2))


def test_large_finite_numbers_are_no_overflow():
    """The sum of squares overflows where no entry does."""
    module = loaded(generate(cell("elman"), dtype="float32"))
    assert module["_all_finite"](np.full(5, 1e38, np.float32))
    assert not module["_all_finite"](np.array([1e38, np.inf], np.float32))
    assert not module["_all_finite"](np.array([0, np.nan], np.float32))


def test_the_memory_of_the_workspace_grows_with_steps_alone():
    make = module_of("lstm")["Workspace"]
    sizes = [make(steps, 2, 3, 4, block=5).memory.size for steps in (100, 200, 300)]
    assert sizes[2] - sizes[1] == sizes[1] - sizes[0]
    assert "numbers for each step and row of the batch, linear in the number of steps" in make.__doc__

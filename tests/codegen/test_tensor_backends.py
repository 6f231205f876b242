"""PyTorch and JAX modules: made from the plan of any cell, held to the framework's own differentiation, and able to fail."""

import ast
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from lstm_sym import Cell, biases, define, inputs, m, n, odot, sigma, tanh, variables, weights
from lstm_sym.cells import CELLS, cell
from lstm_sym.codegen.generate import generate
from lstm_sym.errors import UnsupportedError
from tests.calculus.test_any_cell import CELLS as OTHER_CELLS
from tests.codegen.cells import loaded, mixed_cell, random_cell

BACKENDS = ("torch", "jax")


def minimal_gated_unit():
    f, c, h = variables("f c h", n)
    x = inputs("x", m)
    W, U, b = weights("W", n, m), weights("U", n, n), biases("b", n)
    return Cell(
        "mgu",
        output=h,
        equations=[
            define(f, sigma(W.f @ x + U.f @ h.prev + b.f)),
            define(c, tanh(W.c @ x + U.c @ odot(f, h.prev) + b.c)),
            define(h, odot(1 - f, h.prev) + odot(f, c)),
        ],
    )


def without_hoisting():
    """The input enters a product with the state, so that it is read inside the loop."""
    h, within = variables("h with", n)
    x = inputs("x", n)
    W, U = weights("W", n, n), weights("U", n, n)
    return Cell(
        "odd", output=h, equations=[define(within, tanh(W.g @ odot(x, h.prev))), define(h, odot(within, x) + U.h @ h.prev)]
    )


ALL = {**{name: lambda name=name: cell(name) for name in CELLS}, "mgu": minimal_gated_unit, "odd": without_hoisting}


def ran(text, folder, backend):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    (folder / "generated.py").write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-W", "error", "generated.py"], cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", ALL)
def test_the_text_is_python_with_an_equation_above_each_line(name, backend):
    text = generate(ALL[name](), backend)
    names = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
    assert {"forward", "backward", "run", "check", "self_test"} <= names
    assert "lstm_sym" not in [word for line in text.splitlines() if line.startswith(("import", "from")) for word in line.split()]
    assert max(len(line) for line in text.splitlines() if not line.lstrip().startswith("#")) < 400


def test_the_lines_are_those_of_the_derivation():
    lines = [line.strip() for line in generate(cell("lstm"), "torch").splitlines()]
    place = lines.index("# local_f_t = state_{t-1} ∘ f_t ∘ (1 - f_t)")
    assert lines[place + 1] == "local_f_all = state_before * f_all * (1 - f_all)"
    assert "Delta_out_prev = torch.cat((delta_a, delta_i, delta_f, delta_o), -1) @ U_a_i_f_o" in lines


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "name", ["lstm", "odd", *(pytest.param(n, marks=pytest.mark.sweep) for n in ALL if n not in ("lstm", "odd"))]
)
def test_gradients_are_those_of_the_framework(name, backend, tmp_path):
    code, said = ran(generate(ALL[name](), backend), tmp_path, backend)
    assert code == 0, said
    assert "largest relative difference" in said


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("delta_f = delta_state *", "delta_f = 1.0000001 * delta_state *"),
        ("Delta_state_prev = delta_state * f", "Delta_state_prev = delta_state * i"),
        ("delta_b_o = delta_o_all.sum((0, 1))", "delta_b_o = delta_i_all.sum((0, 1))"),
        ("state = a * i + f * state_prev", "state = a * i + f + state_prev"),
        ("shared_1 = {tanh}(state)", "shared_1 = {tanh}(a)"),
        ("delta_a = delta_state *", "delta_a = float('nan') * delta_state *"),
    ],
)
def test_the_self_test_says_no(right, wrong, backend, tmp_path):
    text = generate(cell("lstm"), backend)
    right, wrong = (each.replace("{tanh}", {"torch": "torch.tanh", "jax": "jnp.tanh"}[backend]) for each in (right, wrong))
    assert text.count(right) == 1
    assert ran(text.replace(right, wrong), tmp_path, backend)[0] == 1


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("x = draw(0, 2, 2)", "x: got shape (0, 2, 2), expected (steps, batch, size) with at least one step and one sequence"),
        ("x = draw(5, 0, 2)", "x: got shape (5, 0, 2), expected (steps, batch, size) with at least one step and one sequence"),
        ("x = draw(5, 2)", "x: got shape (5, 2), expected (steps, batch, size) with at least one step and one sequence"),
        ("state = draw(3)", "state_prev: got shape (3,), expected (batch, size)"),
        ("x = x > 0", "x: got dtype bool, expected a floating type"),
        ("p = p._replace(U_i=draw(3, 2))", "U_i: got shape (3, 2), expected (3, 3)"),
        ("state = draw(4, 3)", "state_prev: got shape (4, 3), expected (2, 3)"),
    ],
)
def test_shapes_that_do_not_fit_are_told(backend, change, message, tmp_path):
    head, _tail = generate(cell("lstm"), backend).split("    def plain(")
    body = (
        f"    x, state, out = arguments\n    {change}\n    try:\n        run(p, x, state, out)\n    except ValueError as error:\n"
    )
    code, said = ran(f"{head}{body}        print(error)\n        return 3\n\n\nself_test()\nsys.exit(3)\n", tmp_path, backend)
    assert code == 3, said
    assert message in said.replace("torch.bool", "bool")


TYPES = (
    ({"dtype": "bfloat16"}, "bfloat16", "bfloat16", "bfloat16"),
    ({"dtype": "float32"}, "float32", "float16", "h_prev: got dtype float16, expected float32"),
    ({"dtype": "float16"}, "float32", "float32", "x: got dtype float32, expected float16"),
    ({}, "float32", "float16", "h_prev: got dtype float16, expected float32"),
)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_type_of_its_own_and_one_type_for_all(backend, tmp_path):
    """A caller's arrays have the type; the self-test of a module for one type runs in double precision all the same."""
    make = {"torch": "torch.ones(*shape, dtype=getattr(torch, dtype))", "jax": "jnp.ones(shape, dtype)"}[backend]
    calls = f"import {'jax.numpy as jnp' if backend == 'jax' else 'torch'}\ndef ones(*shape, dtype):\n    return {make}\n"
    for number, (options, first, other, _) in enumerate(TYPES):
        (tmp_path / f"module_{number}.py").write_text(generate(cell("elman"), backend, **options), encoding="utf-8")
        calls += f"""
import module_{number} as made
try:
    p = made.Parameters(ones(3, 2, dtype="{other}"), ones(3, 3, dtype="{other}"), ones(3, dtype="{other}"))
    print(made.run(p, ones(4, 1, 2, dtype="{first}"), ones(1, 3, dtype="{other}"))[0].dtype)
except ValueError as error:
    print(error)
"""
    code, said = ran(calls + "import module_1\nassert module_1.self_test() == 0\n", tmp_path, backend)
    assert code == 0, said
    assert said.replace("torch.", "").splitlines()[: len(TYPES)] == [message for *_, message in TYPES]


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_is_not_a_number_passes_through_as_stated(backend, tmp_path):
    text = generate(cell("elman"), backend)
    assert "NaN, infinity\nand overflow pass through" in text or "NaN, infinity and overflow pass through" in text
    one = {"torch": "torch.tensor", "jax": "jnp.array"}[backend]
    call = f"""
nan = float("nan")
outputs, final = run(Parameters({one}([[1.0]]), {one}([[1.0]]), {one}([0.0])), {one}([[[1.0]], [[nan]]]), {one}([[0.0]]))
print([str(float(value)) for value in outputs.reshape(-1)])
"""
    code, said = ran(text.split("if __name__ ==")[0] + call, tmp_path, backend)
    assert code == 0, said
    assert re.fullmatch(r"\['0\.7615\d+', 'nan'\]\n", said)


def of_parameters_alone():
    """Values without a step and a batch of their own, one of them the output, another one read a step later."""
    s, d, h = variables("s d h", n)
    x, W, U, b = inputs("x", m), weights("W", n, m), weights("U", n, n), biases("b", n)
    early = [define(s, tanh(b.s)), define(d, b.d)]
    return Cell("constant", output=s, equations=[*early, define(h, tanh(W.h @ x + U.h @ d.prev + U.g @ b.g + odot(s, h.prev)))])


def disagreement(made, backend, **options):
    """What the self-test of a module returns, 0 where all agrees."""
    pytest.importorskip(backend)
    return loaded(generate(made, backend, **options))["self_test"]()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("title", [title for title in OTHER_CELLS if title != "a bias alone"])
def test_cells_of_users(title, backend):
    assert disagreement(OTHER_CELLS[title][0], backend) == 0


@pytest.mark.parametrize("backend", BACKENDS)
def test_values_of_parameters_alone(backend):
    assert disagreement(of_parameters_alone(), backend) == 0


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("made", [random_cell(100), random_cell(134), mixed_cell(3), mixed_cell(5), mixed_cell(6)])
def test_random_cells(made, backend):
    assert disagreement(made, backend) == 0


@pytest.mark.sweep
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("seed", range(100, 150))
@pytest.mark.parametrize("made", [random_cell, mixed_cell])
def test_many_random_cells(made, seed, backend):
    assert disagreement(made(seed), backend, stable=seed % 2 == 1) == 0


def test_a_cell_without_inputs_is_refused():
    (h,) = variables("h", n)
    with pytest.raises(UnsupportedError, match="expected an input"):
        generate(Cell("still", output=h, equations=[define(h, tanh(weights("U", n, n).h @ h.prev))]), "torch")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("options", [{"layout": "batch-first"}, {"stable": True}])
def test_other_layouts_and_stable_slopes(backend, options, tmp_path):
    text = generate(cell("lstm"), backend, **options)
    assert "(batch, steps, m)" in text or "layout" not in options
    code, said = ran(text, tmp_path, backend)
    assert code == 0, said


@pytest.mark.parametrize(
    ("backend", "said"),
    [("torch", "print(losses[-1] < losses[0])"), ("jax", "print(all(bool(jnp.isfinite(g).all()) for g in gradients))")],
)
def test_the_guide_runs(backend, said, tmp_path):
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "codegen.md").read_text(encoding="utf-8")
    (block,) = re.findall(rf"^```python\n(import {backend}\n.*?)^```", guide, re.M | re.S)
    (tmp_path / f"lstm_{backend}.py").write_text(generate(cell("lstm"), backend), encoding="utf-8")
    assert ran(f"{block}\n{said}\n", tmp_path, backend) == (0, "True\n")

"""The plan chosen by size, and what scalar modules, the generator and the command say to input that they cannot use."""

import ast

import numpy as np
import pytest
from typer.testing import CliRunner

from lstm_sym.cell import Cell, define, inputs, variables, weights
from lstm_sym.cells import cell
from lstm_sym.cli.app import app
from lstm_sym.codegen.choice import MOST_OPERATIONS
from lstm_sym.codegen.generate import choice, generate
from lstm_sym.codegen.options import Options
from lstm_sym.codegen.sizes import checked_sizes, size_names, sizes_given
from lstm_sym.errors import InputError
from lstm_sym.symbols.scalars import n
from tests.codegen.cells import loaded

SIZES = {"n": 3, "m": 2}
MODULE = loaded(generate(cell("elman"), sizes=SIZES))


def chosen(sizes, name="lstm", backend="numpy", dtype="float64"):
    return choice(cell(name), backend, Options(dtype=dtype, sizes=tuple(sizes.items())))


# the choice


def test_few_entries_are_scalars_and_many_are_arrays():
    small, large = chosen({"n": 1, "m": 2}), chosen({"n": 64, "m": 32})
    assert (small.backend, small.reason) == ("scalars", "m = 2 and n = 1: straight-line scalar code, for these sizes alone")
    assert large.backend == "numpy"
    assert (
        large.reason
        == "m = 32 and n = 64: 4675 operations per equation, more than 20; the module is the one for arrays, of any size"
    )
    assert [chosen({"n": k, "m": k}, name).backend for name in ("lstm", "elman") for k in (3, 4)] == ["scalars", "numpy"] * 2
    assert MOST_OPERATIONS == 20


def test_the_text_is_that_of_the_choice():
    assert "np.matmul" not in generate(cell("elman"), sizes=SIZES)
    assert generate(cell("elman"), sizes=SIZES) == generate(cell("elman"), "scalars", sizes={"m": 2, "n": 3})
    assert generate(cell("elman"), sizes={"n": 64, "m": 64}) == generate(cell("elman"))
    assert generate(cell("elman"), dtype="float32", sizes=SIZES) == generate(cell("elman"), dtype="float32")


def test_scalars_are_float64():
    taken = chosen({"n": 1, "m": 2}, dtype="float32")
    assert taken.backend == "numpy"
    assert (
        taken.reason
        == "m = 2 and n = 1: float32, where scalar code computes in float64; the module is the one for arrays, of any size"
    )


def test_without_sizes_there_is_no_choice():
    assert chosen({}) == choice(cell("lstm"), "numpy", Options())
    assert (chosen({}).backend, chosen({}).reason) == ("numpy", "")
    assert chosen({}, backend="numba").backend == "numba"


# the generator


def test_sizes_as_they_are_written():
    assert sizes_given(["n=1", "m = 2", "long_name=007"]) == {"n": 1, "m": 2, "long_name": 7}
    assert sizes_given([]) == {}
    assert size_names(cell("lstm")) == ("m", "n")
    assert list(checked_sizes(cell("lstm"), SIZES).items()) == [("m", 2), ("n", 3)]


BAD = {
    ("n=0",): "--size n=0; got '0'; expected a whole number from 1 to 999999999",
    ("n=-1",): "--size n=-1; got '-1'; expected a whole number from 1 to 999999999",
    ("n=abc",): "--size n=abc; got 'abc'; expected a whole number from 1 to 999999999",
    ("n=1.5",): "--size n=1.5; got '1.5'; expected a whole number",
    ("n=1e3",): "--size n=1e3; got '1e3'; expected a whole number",
    ("n=²",): "--size n=²; got '²'; expected a whole number",
    ("n=" + "9" * 60,): f"--size n={'9' * 38}; got '{'9' * 40}'; expected a whole number from 1 to 999999999",
    ("n",): "--size n; got 'n'; expected NAME=NUMBER, as in --size n=1",
    ("=1",): "--size =1; got '=1'; expected NAME=NUMBER, as in --size n=1",
    ("n=1", "n=2"): "--size n=2; got a second number for n; expected one, where n=1 stands before",
    ("n=1",): "--size; got no m; expected a number for each size of the cell lstm: m, n",
    ("n=1", "m=1", "k=1"): "--size k=1; got no size k; expected a number for each size of the cell lstm: m, n",
}


@pytest.mark.parametrize(
    ("given", "message"), BAD.items(), ids=lambda value: " ".join(value)[:20] if isinstance(value, tuple) else ""
)
def test_bad_sizes(given, message):
    with pytest.raises(InputError) as caught:
        chosen(sizes_given(given))
    assert str(caught.value).startswith(message)
    done = CliRunner().invoke(app, ["codegen", "lstm", *(part for each in given for part in ("--size", each))])
    assert done.exit_code == 2
    assert message[:60] in done.output


def test_numbers_that_are_no_sizes():
    for number in (0, -1, True, 1.0, "1"):
        with pytest.raises(InputError, match=rf"--size n={number}; got {number!r}; expected a whole number from 1 on"):
            generate(cell("lstm"), sizes={"n": number, "m": 1})


def test_a_cell_without_sizes_has_none_to_give():
    (h,) = variables("h", 2)
    fixed = Cell("fixed", output=h, equations=[define(h, weights("W", 2, 3).h @ inputs("x", 3))])
    with pytest.raises(InputError, match="--size; got no sizes; expected a number for each size of the cell fixed: it has none"):
        generate(fixed, "scalars")


def test_scalars_that_cannot_be_had():
    with pytest.raises(InputError, match="--size; got no m, n; expected a number for each size of the cell elman: m, n"):
        generate(cell("elman"), "scalars")
    expected = (
        "expected float64, and at most 20 operations per equation; to mend it: leave --backend out; the module for arrays takes"
    )
    with pytest.raises(
        InputError, match=f"--backend scalars for m = 9 and n = 9; got 112 operations per equation, more than 20; {expected}"
    ):
        generate(cell("elman"), "scalars", sizes={"n": 9, "m": 9})
    with pytest.raises(InputError, match=f"--backend scalars for m = 2 and n = 3; got float32, where scalar .*; {expected}"):
        generate(cell("elman"), "scalars", dtype="float32", sizes=SIZES)
    for backend in ("numba", "torch", "jax"):
        with pytest.raises(
            InputError, match=f"--size with --backend {backend}; expected --backend numpy or scalars, whose plan sizes"
        ):
            generate(cell("elman"), backend, sizes=SIZES)


# the command


def test_the_command_says_which_plan_it_took(tmp_path):
    file = tmp_path / "small.py"
    done = CliRunner().invoke(app, ["codegen", "elman", "--size", "n=1", "--size", "m=2", "-o", str(file)])
    assert done.exit_code == 0
    assert done.stderr == "lstm-sym: m = 2 and n = 1: straight-line scalar code, for these sizes alone\n"
    assert done.stdout.startswith(f"wrote {file}, ")
    assert "scalar code for m = 2 and n = 1, float64." in file.read_text(encoding="utf-8").splitlines()[0]
    done = CliRunner().invoke(app, ["codegen", "elman", "--size", "n=50", "--size", "m=2"])
    assert done.stdout.startswith('"""Simple recurrent network: forward and backward pass through time in NumPy, float64.')
    assert "operations per equation, more than 20; the module is the one for arrays, of any size\n" in done.stderr


def test_quiet_is_quiet(tmp_path):
    done = CliRunner().invoke(
        app, ["codegen", "elman", "--quiet", "--size", "n=1", "--size", "m=2", "-o", str(tmp_path / "a.py")]
    )
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")


HOSTILE = """
title = '''of mine\""" + str(print("ran")) + \"""
second line \\ '''
forward = ['f_t = \\sigma(W_f x_t + U_f h_{t-1} + b_f)', 'h_t = f_t \\odot h_{t-1} + (1 - f_t) \\odot \\tanh(W_h x_t + b_h)']
"""


@pytest.mark.parametrize("options", [["--size", "n=2", "--size", "m=1"], [], ["--backend", "torch"]], ids=str)
def test_a_cell_of_a_file_and_a_title_that_would_run(options, tmp_path):
    (tmp_path / "mine.toml").write_text(HOSTILE, encoding="utf-8")
    done = CliRunner().invoke(app, ["codegen", str(tmp_path / "mine.toml"), *options, "-o", str(tmp_path / "mine.py")])
    assert done.exit_code == 0, done.output
    text = (tmp_path / "mine.py").read_text(encoding="utf-8")
    start = "of mine''' + str(print('ran')) + ''' second line /: forward and backward"
    assert ast.get_docstring(ast.parse(text)).startswith(start)
    if "torch" not in options:
        assert loaded(text)["self_test"]() == "self-test: 4 cases agree"


# a module


def given(**others):
    rng = np.random.default_rng(0)
    return {**{name: rng.standard_normal(shape) for name, shape in MODULE["SHAPES"].items()}, **others}


def refused(message, parameters=None, x=None, **others):
    parameters = given() if parameters is None else parameters
    with pytest.raises(ValueError, match=r"\A" + message + r"\Z"):
        MODULE["forward"](parameters, np.zeros((4, 5, 2)) if x is None else x, **others)


def test_names():
    refused("parameters: got no W_h, expected W_h, U_h, b_h", {k: v for k, v in given().items() if k != "W_h"})
    refused("parameters: got W_q, which is none of them, expected W_h, U_h, b_h", given(W_q=np.zeros(3)))
    refused("parameters: got no W_h, U_h, b_h, expected W_h, U_h, b_h", {})
    with pytest.raises(ValueError, match="parameters: got no W_h, U_h, b_h, expected W_h, U_h, b_h"):
        MODULE["forward"](None, np.zeros((4, 5, 2)))
    refused("initial: got q, which is none of them, expected h", initial={"q": np.zeros((5, 3))})


def test_shapes():
    refused(r"parameter U_h: got shape \(3, 2\), expected \(3, 3\)", given(U_h=np.zeros((3, 2))))
    refused(r"parameter b_h: got shape \(3, 1\), expected \(3,\)", given(b_h=np.zeros((3, 1))))
    refused(r"parameter b_h: got shape \(\), expected \(3,\)", given(b_h=np.float64(1)))
    refused(r"x: got shape \(4, 5, 3\), expected \(4, 5, 2\)", x=np.zeros((4, 5, 3)))
    refused(r"x: got shape \(4, 2\), expected \(steps, batch, columns\), each at least 1", x=np.zeros((4, 2)))
    refused(r"x: got shape \(0, 5, 2\), expected \(steps, batch, columns\), each at least 1", x=np.zeros((0, 5, 2)))
    refused(r"initial h: got shape \(3,\), expected \(5, 3\)", initial={"h": np.zeros(3)})


def test_a_shape_that_takes_apart_like_another_is_noticed():
    """With one entry the lists of a (1, 1) array and of a (1,) array can be taken apart in the same way."""
    module = loaded(generate(cell("elman"), sizes={"n": 1, "m": 1}))
    right = {name: np.ones(shape) for name, shape in module["SHAPES"].items()}
    for wrong in ({"b_h": np.ones((1, 1))}, {name: array[..., None] for name, array in right.items()}):
        with pytest.raises(ValueError, match="got shape"):
            module["forward"]({**right, **wrong}, np.ones((1, 1, 1)))


def test_dtypes():
    refused(r"x: got dtype float32, expected float64; convert it with .astype\('float64'\)", x=np.zeros((4, 5, 2), np.float32))
    refused("parameter W_h: got dtype int64, .*", given(W_h=np.zeros((3, 2), np.int64)))
    refused("parameter W_h: got dtype float32, .*", given(W_h=np.zeros((3, 2), np.float32)))
    refused("parameter W_h: got dtype >f8, .*", given(W_h=np.zeros((3, 2), ">f8")))
    refused("parameter W_h: got dtype complex128, .*", given(W_h=np.zeros((3, 2), complex)))


@pytest.mark.parametrize(("bad", "shown"), [(np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf")])
def test_numbers_that_are_none(bad, shown):
    parameters, x, h = given(), np.zeros((4, 5, 2)), np.zeros((5, 3))
    parameters["U_h"][2, 1] = x[1, 2, 0] = h[4, 2] = bad
    refused(rf"parameter U_h: got {shown} at \[2, 1\], expected finite numbers", parameters)
    refused(rf"x: got {shown} at \[1, 2, 0\], expected finite numbers", x=x)
    refused(rf"initial h: got {shown} at \[4, 2\], expected finite numbers", initial={"h": h})
    both = given(W_h=np.full((3, 2), np.inf))
    both["W_h"][0] = -np.inf
    refused(r"parameter W_h: got -inf at \[0, 0\], expected finite numbers", both)


def test_numbers_whose_sum_overflows_are_finite_all_the_same():
    result = MODULE["forward"](given(W_h=np.full((3, 2), 1e308)), np.full((2, 1, 2), 1e308))
    assert np.array_equal(np.abs(result.output), np.ones((2, 1, 3)))


def test_other_sizes():
    message = r"sizes: got {'m': 2, 'n': 4}, expected {'m': 2, 'n': 3}; a module for other sizes: lstm-sym codegen --size"
    for call in (lambda: MODULE["parameter_shapes"](2, 4), lambda: MODULE["Workspace"](4, 5, size_n=4, size_m=2)):
        with pytest.raises(ValueError, match=message):
            call()
    refused(r"workspace: got one for steps and batch \(4, 4\), expected \(4, 5\)", workspace=MODULE["Workspace"](4, 4))


def test_what_arrives():
    result = MODULE["forward"](given(), np.zeros((4, 5, 2)))
    for Delta, message in (
        (np.zeros((4, 5, 2)), r"Delta: got shape \(4, 5, 2\), expected \(4, 5, 3\)"),
        (np.full((4, 5, 3), np.nan), r"Delta: got nan at \[0, 0, 0\], expected finite numbers"),
    ):
        with pytest.raises(ValueError, match=message):
            MODULE["backward"](result.workspace, Delta)
    with pytest.raises(ValueError, match="arriving: got x, which is none of them, expected h"):
        MODULE["backward"](result.workspace, np.zeros((4, 5, 3)), {"x": 0})
    with pytest.raises(ValueError, match="workspace: got one without values, expected the one that forward gave"):
        MODULE["backward"](MODULE["Workspace"](4, 5), np.zeros((4, 5, 3)))


def test_overflows():
    (h,) = variables("h", n)
    growing = Cell("growing", output=h, equations=[define(h, weights("U", n, n).h @ h.prev + inputs("x", n))])
    module = loaded(generate(growing, sizes={"n": 1}))
    with pytest.raises(ValueError, match=r"h: got an overflow, expected numbers up to 1.8e\+308; use smaller numbers"):
        module["forward"]({"U_h": np.full((1, 1), 1e300)}, np.ones((3, 1, 1)))
    result = module["forward"]({"U_h": np.full((1, 1), 1e150)}, np.ones((2, 1, 1)))
    with pytest.raises(ValueError, match=r"gradient by U_h: got an overflow, expected numbers up to 1.8e\+308"):
        module["backward"](result.workspace, np.full((2, 1, 1), 1e308), {"h": np.full((1, 1), 1e308)})

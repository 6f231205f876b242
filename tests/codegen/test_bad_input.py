"""What a generated module, and the generator, say to input that they cannot use: which, what was got, what was expected."""

import numpy as np
import pytest

from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.cells import cell
from lstm_sym.codegen.generate import generate
from lstm_sym.errors import InputError, UnsupportedError
from lstm_sym.symbols.applied import tanh
from lstm_sym.symbols.scalars import n
from tests.codegen.cells import loaded, module_of

MODULE = module_of("lstm")


def drawn(dtype=np.float64):
    rng = np.random.default_rng(0)
    return {name: rng.standard_normal(shape).astype(dtype) for name, shape in MODULE["parameter_shapes"](2, 3).items()}


def refused(message, parameters=None, x=None, **others):
    module = others.pop("module", MODULE)
    parameters = drawn() if parameters is None else parameters
    with pytest.raises(ValueError, match=r"\A" + message + r"\Z"):
        module["forward"](parameters, np.zeros((4, 5, 2)) if x is None else x, **others)


def test_names():
    refused("parameters: got no W_a, expected W_a, U_a, .*, b_o", {k: v for k, v in drawn().items() if k != "W_a"})
    refused("parameters: got W_q, which is none of them, expected W_a, .*", {**drawn(), "W_q": np.zeros(3)})
    refused("initial: got h, which is none of them, expected state, out", initial={"h": np.zeros((5, 3))})


def test_shapes():
    refused(r"parameter U_f: got shape \(3, 2\), expected \(3, 3\)", {**drawn(), "U_f": np.zeros((3, 2))})
    refused(r"parameter b_i: got shape \(3, 1\), expected \(3,\)", {**drawn(), "b_i": np.zeros((3, 1))})
    refused(r"x: got shape \(4, 5, 3\), expected \(4, 5, 2\)", x=np.zeros((4, 5, 3)))
    refused(r"x: got shape \(4, 2\), expected \(steps, batch, columns\), each at least 1", x=np.zeros((4, 2)))
    refused(r"initial state: got shape \(3,\), expected \(5, 3\)", initial={"state": np.zeros(3)})
    refused(r"W_a: got shape \(3,\), expected an axis of length m, at least 1", {**drawn(), "W_a": np.zeros(3)})


def test_no_steps():
    refused(r"x: got shape \(0, 5, 2\), expected \(steps, batch, columns\), each at least 1", x=np.zeros((0, 5, 2)))


def test_dtypes():
    refused(r"x: got dtype float32, expected float64; convert it with .astype\('float64'\)", x=np.zeros((4, 5, 2), np.float32))
    refused("parameter W_i: got dtype int64, .*", {**drawn(), "W_i": np.zeros((3, 2), np.int64)})


@pytest.mark.parametrize(("bad", "shown"), [(np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf")])
def test_numbers_that_are_none(bad, shown):
    parameters = drawn()
    parameters["U_o"][2, 1] = bad
    refused(rf"parameter U_o: got {shown} at \[2, 1\], expected finite numbers", parameters)
    x = np.zeros((4, 5, 2))
    x[1, 2, 0] = bad
    refused(rf"x: got {shown} at \[1, 2, 0\], expected finite numbers", x=x)


def test_a_workspace_of_another_size():
    refused(
        r"workspace: got one for steps, batch and sizes \(4, 5, 2, 4\), expected \(4, 5, 2, 3\)",
        workspace=MODULE["Workspace"](4, 5, 2, 4),
    )
    with pytest.raises(ValueError, match="workspace: got one without values, expected the one that forward gave"):
        MODULE["backward"](MODULE["Workspace"](4, 5, 2, 3), np.zeros((4, 5, 3)))


def test_what_arrives():
    result = MODULE["forward"](drawn(), np.zeros((4, 5, 2)))
    with pytest.raises(ValueError, match=r"Delta: got shape \(4, 5, 2\), expected \(4, 5, 3\)"):
        MODULE["backward"](result.workspace, np.zeros((4, 5, 2)))
    with pytest.raises(ValueError, match=r"Delta: got nan at \[0, 0, 0\], expected finite numbers"):
        MODULE["backward"](result.workspace, np.full((4, 5, 3), np.nan))
    with pytest.raises(ValueError, match="arriving: got x, which is none of them, expected state, out"):
        MODULE["backward"](result.workspace, np.zeros((4, 5, 3)), {"x": 0})


def test_overflow_in_half_precision():
    module = module_of("lstm", dtype="float16")
    parameters = {name: array * 0 for name, array in drawn(np.float16).items()}
    x = np.zeros((3, 1, 2), np.float16)
    saturated = module["forward"]({**parameters, "b_f": np.full(3, -60000, np.float16)}, x)
    assert np.array_equal(saturated.output, np.zeros((3, 1, 3)))
    parameters["U_o"][:], parameters["b_a"][:] = 60000, 1
    result = module["forward"](parameters, x)
    too_large = (
        r"gradient by \w+: got an overflow, expected numbers up to 6.55e\+04; use smaller numbers, or a module for a wider"
    )
    with pytest.raises(ValueError, match=too_large):
        module["backward"](result.workspace, np.full((3, 1, 3), 60000, np.float16))


def test_overflow_of_an_output():
    (h,) = variables("h", n)
    growing = Cell("growing", output=h, equations=[define(h, weights("U", n, n).h @ h.prev + inputs("x", n))])
    module = loaded(generate(growing, dtype="float32"))
    with pytest.raises(ValueError, match=r"h: got an overflow, expected numbers up to 3.4e\+38; use smaller numbers"):
        module["forward"]({"U_h": np.full((1, 1), 1e30, np.float32)}, np.ones((3, 1, 1), np.float32))


def test_options_of_the_generator():
    with pytest.raises(
        InputError, match="--dtype bfloat16 with --backend numpy; got 'bfloat16'; expected one of float64, float32, "
    ):
        generate(cell("elman"), dtype="bfloat16")
    with pytest.raises(InputError, match="--dtype float8; got 'float8'; expected one of float64, float32, float16, bfloat16"):
        generate(cell("elman"), dtype="float8")
    with pytest.raises(InputError, match="--layout units-first; got 'units-first'; expected one of time-first, batch-first"):
        generate(cell("elman"), layout="units-first")
    with pytest.raises(InputError, match="--backend fortran; got 'fortran'; expected one of numpy"):
        generate(cell("elman"), "fortran")


def test_cells_without_inputs_are_refused():
    (h,) = variables("h", n)
    alone = Cell("alone", output=h, equations=[define(h, tanh(weights("U", n, n).h @ h.prev + biases("b", n).h))])
    with pytest.raises(UnsupportedError, match="code for cell alone; got a cell without inputs; expected an input, whose length"):
        generate(alone)

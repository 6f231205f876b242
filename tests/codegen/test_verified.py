"""Generated code under the verifier of hand-written code: every gradient is PROVED, by running the very text on scalars.

The arrays of the module hold objects then, and its checks for NaN, which know floats only, are left out.
"""

import numpy as np
import pytest

from lstm_sym.cells import CELLS, cell
from lstm_sym.code import verify_gradient
from lstm_sym.codegen.generate import generate
from lstm_sym.verdict import Status
from tests.codegen.cells import loaded


class OnObjects:
    """NumPy, except that every object is taken for finite."""

    def __getattr__(self, name):
        return getattr(np, name)

    def isfinite(self, array):
        return np.True_


def on_objects(text):
    module = loaded(text)
    module |= {"DTYPE": np.dtype(object), "np": OnObjects()}
    for check in ("_finite", "_no_overflow"):
        module[check] = lambda what, array: array
    return module


def verified(text, m=3, n=2, steps=3, batch=2):
    module, rng = on_objects(text), np.random.default_rng(0)
    label = rng.standard_normal((steps, batch, n))
    arguments = {name: rng.standard_normal(shape) for name, shape in module["parameter_shapes"](m, n).items()}
    arguments["x"] = rng.standard_normal((steps, batch, m))
    arguments |= {f"initial_{name}": rng.standard_normal((batch, n)) for name in module["RECURRENT"]}

    def result(given):
        initial = {name: given[f"initial_{name}"] for name in module["RECURRENT"]}
        return module["forward"]({name: given[name] for name in module["PARAMETERS"]}, given["x"], initial)

    def loss(**given):
        return ((result(given).output - label) ** 2).sum()

    def gradient(**given):
        found = result(given)
        gradients = module["backward"](found.workspace, 2 * (found.output - label))
        return {**gradients.parameters, **gradients.inputs, **{f"initial_{k}": v for k, v in gradients.initial.items()}}

    return verify_gradient(loss, gradient, arguments)


@pytest.mark.parametrize("name", CELLS)
def test_every_gradient_is_proved(name):
    report = verified(generate(cell(name)))
    assert {verdict.argument: verdict.status for verdict in report.gradients if verdict.status is not Status.PROVED} == {}
    assert len(report.gradients) == len(cell(name).parameters) + len(cell(name).inputs) + len(cell(name).recurrent)


def test_a_broken_line_is_refuted():
    text = generate(cell("elman"))
    broken = text.replace("np.subtract(1, w.scratch_block[:hi - lo]", "np.add(1, w.scratch_block[:hi - lo]")
    broken = broken.replace("np.multiply(delta_h, local_h, out=delta_net_h)", "np.add(delta_h, local_h, out=delta_net_h)")
    assert broken != text
    report = verified(broken)
    assert Status.REFUTED in {verdict.status for verdict in report.gradients}

"""PyTorch and ONNX Runtime with the weights of a cell in their own layout; what they return in the names of the derivation.

    torch         nn.LSTM (gates i f g o), nn.GRU (r z n, reset after), nn.RNN; gradients by its autograd
    onnxruntime   LSTM with peepholes (i o f c), GRU (z r h) with the reset gate before or after, RNN; forward only

Law: nothing is imported before it is used; what is not installed is said, with what to install.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy

from lstm_sym.accuracy.task import Implementation, Results, Task
from lstm_sym.errors import InputError

TORCH_GATES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "lstm": ("LSTM", ("i", "f", "a", "o")),
    "gru_reset_after": ("GRU", ("r", "z", "g")),
    "elman": ("RNN", ("h",)),
}
"""The module of torch.nn for a cell, and its order of gates."""

ONNX_GATES: Mapping[str, tuple[str, tuple[str, ...], Mapping[str, int]]] = {
    "lstm": ("LSTM", ("i", "o", "f", "a"), {}),
    "peephole": ("LSTM", ("i", "o", "f", "a"), {}),
    "gru": ("GRU", ("z", "r", "g"), {"linear_before_reset": 0}),
    "gru_reset_after": ("GRU", ("z", "r", "g"), {"linear_before_reset": 1}),
    "elman": ("RNN", ("h",), {}),
}


def _imported(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise InputError(
            f"implementation {name}", got="not installed", expected="the package", advice=f"pip install {name}"
        ) from error


def _stacked(arrays: Mapping[str, Any], family: str, gates: tuple[str, ...]) -> Any:
    """The blocks of a family of parameters above one another; zero where the cell has none for a gate."""
    like = next(array for name, array in arrays.items() if name.startswith(f"{family}_"))
    return numpy.concatenate([arrays.get(f"{family}_{gate}", numpy.zeros_like(like)) for gate in gates])


def _recurrent_biases(task: Task, gates: tuple[str, ...]) -> Any:
    """The second bias: that of the recurrent product where the cell has one (c), else zero."""
    biases = {name: array for name, array in task.arrays.items() if name.startswith("c_")}
    return _stacked(biases, "c", gates) if biases else 0 * _stacked(task.arrays, "b", gates)


def _torch(task: Task) -> Results:
    torch = _imported("torch")
    kind, gates = TORCH_GATES[task.cell.name]
    case, output = task.solved.case, task.cell.output.name
    dtype = getattr(torch, task.format.name)
    layer = getattr(torch.nn, kind)(case.m, case.n).to(dtype)

    def tensor(array: Any) -> Any:
        return torch.tensor(array, dtype=dtype)

    weights = {
        "weight_ih_l0": _stacked(task.arrays, "W", gates),
        "weight_hh_l0": _stacked(task.arrays, "U", gates),
        "bias_ih_l0": _stacked(task.arrays, "b", gates),
        "bias_hh_l0": _recurrent_biases(task, gates),
    }
    with torch.no_grad():
        for name, array in weights.items():
            getattr(layer, name).copy_(tensor(array))
    x = tensor(task.arrays["x"]).requires_grad_()
    start = {v.name: tensor(task.arrays[f"{v.name}_initial"]).requires_grad_() for v in task.cell.recurrent}
    hidden = start[output][None, None]
    out, last = layer(x[:, None], (hidden, start["state"][None, None]) if "state" in start else hidden)
    (out[:, 0] * tensor(task.arrays["label"])).sum().backward()
    found = {output: out[:, 0].detach(), "delta_x": x.grad, f"Delta_{output}_initial": start[output].grad}
    if "state" in start:
        found["delta_state_initial"] = start["state"].grad
        found["state"] = torch.stack(
            [_state(layer, x, start, steps) for steps in range(1, case.steps)] + [last[1][0, 0].detach()]
        )
    families = {"delta_W": "weight_ih_l0", "delta_U": "weight_hh_l0", "delta_b": "bias_ih_l0", "delta_c": "bias_hh_l0"}
    for family, name in families.items():
        for gate, block in zip(gates, getattr(layer, name).grad.chunk(len(gates)), strict=True):
            found[f"{family}_{gate}"] = block
    known = {f"delta_{parameter.name}" for parameter in task.cell.parameters}
    kept = {name: value for name, value in found.items() if name in known or name.rpartition("_")[0] not in families}
    return {name: value.detach().to(torch.float64).numpy() for name, value in kept.items()}


def _state(layer: Any, x: Any, start: Mapping[str, Any], steps: int) -> Any:
    """The state after that many steps, which the module gives for the last step alone."""
    hidden = next(value for name, value in start.items() if name != "state")
    return layer(x[:steps, None], (hidden[None, None], start["state"][None, None]))[1][1][0, 0].detach()


def _onnx(task: Task) -> Results:
    runtime, onnx = _imported("onnxruntime"), _imported("onnx")
    operator, gates, attributes = ONNX_GATES[task.cell.name]
    case, given = task.solved.case, task.given()
    biases = [_stacked(given, "b", gates), _recurrent_biases(task, gates).astype(task.numpy_dtype)]
    values: dict[str, Any] = {
        "X": given["x"][:, None],
        "W": _stacked(given, "W", gates)[None],
        "R": _stacked(given, "U", gates)[None],
        "B": numpy.concatenate(biases)[None],
        "": None,
        "h": given[f"{task.cell.output.name}_initial"][None, None],
    }
    if "state" in {variable.name for variable in task.cell.recurrent}:
        values["c"] = given["state_initial"][None, None]
    if task.cell.name == "peephole":
        values["P"] = _stacked(given, "p", ("i", "o", "f"))[None]
    helper, fed = onnx.helper, {name: value for name, value in values.items() if name}
    node = helper.make_node(operator, list(values), ["Y"], hidden_size=case.n, **attributes)
    infos = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, value.shape) for name, value in fed.items()]
    result = helper.make_tensor_value_info("Y", onnx.TensorProto.FLOAT, [case.steps, 1, 1, case.n])
    model = helper.make_model(
        helper.make_graph([node], task.cell.name, infos, [result]), opset_imports=[helper.make_opsetid("", 14)], ir_version=8
    )
    session = runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return {task.cell.output.name: session.run(None, fed)[0][:, 0, 0]}


TORCH = Implementation(
    "torch", "torch.nn with autograd, on the CPU", _torch, ("float16", "bfloat16", "float32", "float64"), tuple(TORCH_GATES)
)
ONNXRUNTIME = Implementation("onnxruntime", "ONNX Runtime on the CPU, forward only", _onnx, ("float32",), tuple(ONNX_GATES))

"""A module that `lstm-sym codegen` wrote for PyTorch or JAX, as an implementation: one sequence is a batch of one.

    run(Parameters(...), inputs..., initial values...)  ->  outputs, final values; differentiable

Law: gradients are those of the module's own backward pass, which the framework calls; nothing of it is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy

from lstm_sym.accuracy.generated import BATCH_FIRST, cells_with
from lstm_sym.accuracy.task import NUMPY_DTYPES, Implementation, Results, Task
from lstm_sym.cell import Cell
from lstm_sym.symbols.names import ADJOINT, ARRIVING
from lstm_sym.vectors.layout import INITIAL


def is_tensor_module(module: Any) -> bool:
    """Whether a module has the interface of generated code for a tensor framework."""
    return all(hasattr(module, name) for name in ("Parameters", "check", "run")) and bool(_framework(module))


def from_tensor_module(module: Any, name: str, cells: Iterable[Cell]) -> Implementation:
    """The implementation, for those of the cells, and those of the package, that have its parameters; on the CPU."""
    fitting = cells_with(module.Parameters._fields, name, cells)
    one_type = str(getattr(module, "DTYPE", "")).removeprefix("torch.")
    formats = (one_type,) if one_type else tuple(NUMPY_DTYPES)
    gradients = {"torch": _torch, "jax": _jax}[_framework(module)]

    def run(task: Task) -> Results:
        given = task.given()
        axis = 0 if BATCH_FIRST in (module.__doc__ or "") else 1
        arrays = [given[parameter] for parameter in module.Parameters._fields]
        arrays += [numpy.expand_dims(given[symbol.name], axis) for symbol in task.cell.inputs]
        arrays += [given[symbol.name + INITIAL][None] for symbol in task.cell.recurrent]
        outputs, found = gradients(module, arrays, numpy.expand_dims(given["label"], axis))
        return _named(task.cell, module.Parameters._fields, numpy.take(outputs, 0, axis), found, axis)

    return Implementation(name, f"generated module {name}", run, formats, fitting)


def _named(cell: Cell, parameters: Sequence[str], output: Any, found: Sequence[Any], axis: int) -> Results:
    """The gradients in the order of the arguments of `run`, by the names of a pack."""
    names = {cell.output.name: output, **{ADJOINT + name: found[k] for k, name in enumerate(parameters)}}
    others = found[len(parameters) :]
    for symbol, gradient in zip(cell.inputs, others, strict=False):
        names[ADJOINT + symbol.name] = numpy.take(gradient, 0, axis)
    for symbol, gradient in zip(cell.recurrent, others[len(cell.inputs) :], strict=True):
        names[(ARRIVING if symbol == cell.output else ADJOINT) + symbol.name + INITIAL] = gradient[0]
    return names


def _framework(module: Any) -> str:
    return next((name for name in ("torch", "jax") if hasattr(module, name)), "")


def _torch(module: Any, arrays: Sequence[Any], label: Any) -> tuple[Any, list[Any]]:
    """Outputs, and gradients of the sum of outputs times labels by every array."""
    torch = module.torch
    leaves = [torch.tensor(array).requires_grad_() for array in arrays]
    count = len(module.Parameters._fields)
    outputs, _ = module.run(module.Parameters(*leaves[:count]), *leaves[count:])
    found = torch.autograd.grad(outputs, leaves, torch.tensor(label), materialize_grads=True)
    return outputs.detach().numpy(), [gradient.numpy() for gradient in found]


def _jax(module: Any, arrays: Sequence[Any], label: Any) -> tuple[Any, list[Any]]:
    jax, count = module.jax, len(module.Parameters._fields)
    jax.config.update("jax_enable_x64", True)

    def outputs_of(*leaves: Any) -> Any:
        return module.run(module.Parameters(*leaves[:count]), *leaves[count:])[0]

    outputs, pull_back = jax.vjp(outputs_of, *map(jax.numpy.asarray, arrays))
    return numpy.asarray(outputs), [numpy.asarray(gradient) for gradient in pull_back(jax.numpy.asarray(label))]

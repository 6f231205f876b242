"""What a generated module begins with: docstring, imports, declarations and the types of results."""

from __future__ import annotations

from collections.abc import Iterable

from lstm_sym.codegen.equation import equation
from lstm_sym.codegen.names import in_docstring
from lstm_sym.codegen.numpy.buffers import sizes_of
from lstm_sym.codegen.numpy.interface import input_names, parameter_shape, shape_text
from lstm_sym.codegen.numpy.scope import size
from lstm_sym.codegen.numpy.template import filled
from lstm_sym.codegen.options import Options
from lstm_sym.codegen.plan import Plan

RESULTS = '''
class Forward(NamedTuple):
    """What `forward` gives: the output of every step, recurrent values after the last step, and what `backward` needs."""

    output: np.ndarray
    final: dict[str, np.ndarray]
    workspace: Workspace


class Gradients(NamedTuple):
    """What `backward` gives: gradients by name, in the shapes of what they are gradients of."""

    parameters: dict[str, np.ndarray]
    inputs: dict[str, np.ndarray]
    initial: dict[str, np.ndarray]
'''
"""What the functions of a module give."""

HEAD = '''
"""<title>: forward and backward pass through time in NumPy, <dtype>.

    <equations>

    result = forward(parameters, <arguments>)
    gradients = backward(result.workspace, Delta)

The batch is in rows: <arrays>. The loss is the caller's: Delta holds its derivative by the output of every step.
Parameters: <parameters>.

Written by lstm-sym from the declared cell <name>. The equations above the lines are proved equal to the derivation's.
Run this file for its self-test: values against the equations above, gradients against complex steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np

DTYPE = np.dtype("<dtype>")
PARAMETERS = (<parameter names>)
RECURRENT = (<recurrent names>)


def parameter_shapes(<sizes>):
    """The shape of every parameter."""
    return {
        <shapes>
    }
'''


def head(plan: Plan, options: Options) -> str:
    """The text above the functions."""
    cell = plan.derivation.cell
    axes = "batch, steps" if options.batch_first else "steps, batch"
    fields = {
        "title": in_docstring(cell.title or cell.name),
        "dtype": options.dtype,
        "equations": "\n".join(equation(e.variable, e.body) for e in cell.equations),
        "arguments": ", ".join(input_names(cell).values()),
        "arrays": ", ".join(f"{s.name} ({axes}, {s.shape[0]})" for s in (*cell.inputs, cell.output)),
        "parameters": ", ".join(f"{p.name} {shape_text(parameter_shape(p))}" for p in cell.parameters) or "none",
        "name": cell.name,
        "parameter names": names_code(p.name for p in cell.parameters),
        "recurrent names": names_code(v.name for v in cell.recurrent),
        "sizes": ", ".join(f"size_{name}" for name in sizes_of(plan)),
        "shapes": "\n".join(
            f'"{p.name}": ({", ".join(size(side, "") for side in parameter_shape(p))},),' for p in cell.parameters
        ),
    }
    return filled(HEAD, fields) + "\n\n\n" + RESULTS.strip()


def names_code(names: Iterable[str]) -> str:
    """The names as the inside of a tuple."""
    return "".join(f'"{name}", ' for name in names).strip()

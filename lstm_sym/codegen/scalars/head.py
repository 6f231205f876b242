"""What a scalar module begins with: docstring, imports, declarations for its sizes, and the types of results."""

from __future__ import annotations

from lstm_sym.codegen.choice import in_words
from lstm_sym.codegen.equation import equation
from lstm_sym.codegen.names import in_docstring
from lstm_sym.codegen.numpy.head import RESULTS, names_code
from lstm_sym.codegen.numpy.interface import input_names
from lstm_sym.codegen.numpy.template import filled
from lstm_sym.codegen.scalars.interface import Interface, arguments

HEAD = '''
"""<title>: forward and backward pass through time in scalar code for <sizes in words>, float64.

    <equations>

    result = forward(parameters, <arguments>)
    gradients = backward(result.workspace, Delta)

The batch is in rows: <arrays>. The loss is the caller's: Delta holds its derivative by the output of every step.
Parameters: <parameters>.

The plan is chosen by size: a step is straight-line code, one line of Python for each entry, because calls on arrays of so few
entries cost more than their arithmetic. Rows of a batch run one after another; for many rows, or other sizes, write the module
for arrays.

Written by lstm-sym from the declared cell <name>. The equations above the lines are proved equal to the derivation's.
Run this file for its self-test: values against the equations above, gradients against complex steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, isfinite, tanh
from typing import Any, NamedTuple

import numpy as np

DTYPE = np.dtype("float64")
PARAMETERS = (<parameter names>)
RECURRENT = (<recurrent names>)
SIZES = {<sizes with numbers>}
SHAPES = {
    <shapes>
}
GRADIENTS = np.dtype([(name, DTYPE, shape) for name, shape in SHAPES.items()])
"""All gradients by parameters in one piece of memory."""


def parameter_shapes(<sizes with values>):
    """The shape of every parameter; raises ValueError for sizes for which this module is not written."""
    got = {<sizes by name>}
    if got != SIZES:
        raise ValueError(f"sizes: got {got}, expected {SIZES}; a module for other sizes: lstm-sym codegen --size")
    return dict(SHAPES)
'''


def head(api: Interface) -> str:
    """The text above the functions."""
    cell, sizes = api.cell, api.functions.entries.sizes
    shapes = {p.name: tuple(api.shape(p)) for p in cell.parameters}
    fields = {
        "title": in_docstring(cell.title or cell.name),
        "sizes in words": in_words(sizes),
        "equations": "\n".join(equation(e.variable, e.body) for e in cell.equations),
        "arguments": ", ".join(input_names(cell).values()),
        "arrays": ", ".join(f"{s.name} {api.axes('steps', 'batch', api.rows(s))}" for s in (*cell.inputs, cell.output)),
        "parameters": ", ".join(f"{name} {shape}" for name, shape in shapes.items()) or "none",
        "name": cell.name,
        "parameter names": names_code(shapes),
        "recurrent names": names_code(v.name for v in cell.recurrent),
        "shapes": "\n".join(f'"{name}": {shape},' for name, shape in shapes.items()),
        "sizes with values": arguments(sizes),
        "sizes by name": ", ".join(f'"{name}": size_{name}' for name in sizes),
        "sizes with numbers": ", ".join(f'"{name}": {number}' for name, number in sizes.items()),
    }
    return filled(HEAD, fields) + "\n\n\n" + RESULTS.strip()

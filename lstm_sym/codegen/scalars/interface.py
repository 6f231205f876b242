"""What a caller of a scalar module meets: `forward`, `backward`, `Workspace`, with the names and errors of the NumPy module.

Laws: arrays go in and come out; every array is checked before anything is computed, and every result after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lstm_sym.cell import Cell
from lstm_sym.codegen.numpy.interface import OPENING, input_names, parameter_shape
from lstm_sym.codegen.numpy.template import filled
from lstm_sym.codegen.options import Options
from lstm_sym.codegen.scalars.functions import Functions
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import LOSS_ADJOINT

WORKSPACE = '''
class Workspace:
    """Holds what `backward` reads after `forward`: <kept> numbers for each step and row of the batch.

    Results are arrays of their own, in new memory at each call.
    """

    def __init__(self, steps, batch, <sizes with values>):
        parameter_shapes(<sizes>)
        self.steps, self.batch, self.ran = steps, batch, False
        self.parameters = self.kept = None
'''

FORWARD = '''
def forward(parameters, <arguments>, initial=None, workspace=None):
    """The output of every step, the recurrent values after the last, and the workspace that `backward` needs.

    parameters   mapping of name to array: <parameter shapes>
    <input shapes>
    initial      mapping of name to value before the first step, 0 where it is not given: <recurrent shapes>
    workspace    one for so many steps and rows, to be used again

    A long sequence in pieces: `final` of one piece is `initial` of the next, so that memory is that of one piece.
    """
    arrays = _parameters(parameters)
    steps, batch = _steps_and_batch("<first input>", <first argument>, <batch first>)
    w = workspace or Workspace(steps, batch)
    if (w.steps, w.batch) != (steps, batch):
        raise ValueError(f"workspace: got one for steps and batch {(w.steps, w.batch)}, expected {(steps, batch)}")
    initial = _known("initial", initial, RECURRENT)
    outputs, final, w.kept = _forward(arrays, zip(
        <input rows>
        <initial rows>
    ))
    w.parameters, w.ran = arrays, True
    flat = np.array(outputs + final, DTYPE)
    if not isfinite(sum(outputs)):
        _no_overflow("<output>", np.array(outputs))
    cut = len(outputs)
    output = flat[:cut].reshape(batch, steps, <output rows>)
    <last>
    return Forward(output<as asked>, {<final>}, w)
'''

BACKWARD = (
    OPENING
    + """    steps, batch = w.steps, w.batch
    Delta = _numbers(("Delta",), Delta, <output axes>)
    arriving = _known("arriving", arriving, RECURRENT)
    of_parameters, of_inputs, of_initial = _backward(w.parameters, zip(
        w.kept,
        <Delta rows>
        <arriving rows>
    ))
    numbers = [*of_parameters, *of_inputs, *of_initial]
    flat, cut = np.array(numbers, DTYPE), <parameter entries> + len(of_inputs)
    by_name = np.ndarray((), GRADIENTS, flat)
    of_steps = flat[<parameter entries>:cut].reshape(batch, steps, <input rows of all>)
    <first>
    gradients = Gradients(
        {name: by_name[name] for name in PARAMETERS},
        {<input gradients>},
        {<initial gradients>},
    )
    if not isfinite(sum(numbers)):
        for part in gradients:
            for name, array in part.items():
                _no_overflow(f"gradient by {name}", array)
    return gradients
"""
)

READING = '''
def _parameters(parameters):
    """The entries of all parameters as nested lists. What is odd in any way is looked at array by array, so that what is not
    is read in few calls: `_sum` takes the entries apart, and its sum is finite only where all of them are.
    """
    found = []
    try:
        for name in PARAMETERS:
            array = parameters[name]
            found.append(array.tolist() if array.dtype is DTYPE else None)
        is_plain = isfinite(_sum(found)) and len(parameters) == len(PARAMETERS)
    except (AttributeError, KeyError, TypeError, ValueError):
        is_plain = False
    if is_plain:
        return found
    parameters = _named("parameters", parameters, PARAMETERS, True)
    arrays = {name: _array(f"parameter {name}", parameters[name], SHAPES[name], DTYPE) for name in PARAMETERS}
    return [_finite(f"parameter {name}", array).tolist() for name, array in arrays.items()]
'''


@dataclass(frozen=True)
class Interface:
    """Writes the class and both functions of a plan."""

    functions: Functions
    options: Options

    @property
    def cell(self) -> Cell:
        return self.functions.plan.derivation.cell

    def workspace(self) -> str:
        entries = self.functions.entries
        fields = {
            "kept": str(sum(len(entries.all(symbol)) for symbol in self.functions.kept())),
            "sizes with values": arguments(entries.sizes),
            "sizes": ", ".join(f"size_{name}" for name in entries.sizes),
        }
        return filled(WORKSPACE, fields)

    def forward(self) -> str:
        cell, named = self.cell, input_names(self.cell)
        columns = {v.name: self.rows(v) for v in cell.recurrent}
        inputs = [
            self.by_row(f'_numbers(("{s.name}",), {named[s.name]}, {self.axes("steps", "batch", self.rows(s))})')
            for s in cell.inputs
        ]
        fields = {
            "arguments": ", ".join(named.values()),
            "parameter shapes": ", ".join(f"{p.name} {tuple(self.shape(p))}" for p in cell.parameters),
            "input shapes": "\n".join(f"{named[s.name]:<12} {self.axes('steps', 'batch', self.rows(s))}" for s in cell.inputs),
            "recurrent shapes": self.recurrent_shapes(),
            "first input": cell.inputs[0].name,
            "first argument": named[cell.inputs[0].name],
            "batch first": str(self.options.batch_first),
            "input rows": f"{inputs[0]}," if len(inputs) == 1 else f"zip({', '.join(inputs)}),",
            "initial rows": "\n".join(f'_given("initial", initial, "{name}", (batch, {k})),' for name, k in columns.items()),
            "output": cell.output.name,
            "output rows": str(self.rows(cell.output)),
            "last": f"last = flat[cut:].reshape(batch, {sum(columns.values())})" if columns else "",
            "as asked": self.swapped(),
            "final": ", ".join(f'"{name}": last{block}' for name, block in blocks(columns, "[:, {}]")),
        }
        return filled(FORWARD, fields)

    def backward(self) -> str:
        cell, entries = self.cell, self.functions.entries
        columns = {v.name: self.rows(v) for v in cell.recurrent}
        inputs = {s.name: self.rows(s) for s in cell.inputs}
        output = self.rows(cell.output)
        fields = {
            "output shape": self.axes("steps", "batch", output),
            "output axes": self.axes("steps", "batch", output),
            "recurrent shapes": self.recurrent_shapes(),
            "Delta rows": f"{self.by_row(LOSS_ADJOINT)},",
            "arriving rows": "\n".join(f'_given("arriving", arriving, "{name}", (batch, {k})),' for name, k in columns.items()),
            "parameter entries": str(sum(len(entries.all(p)) for p in cell.parameters)),
            "input rows of all": str(sum(inputs.values())),
            "first": f"first = flat[cut:].reshape(batch, {sum(columns.values())})" if columns else "",
            "input gradients": ", ".join(
                f'"{name}": of_steps{block}{self.swapped()}' for name, block in blocks(inputs, "[:, :, {}]")
            ),
            "initial gradients": ", ".join(f'"{name}": first{block}' for name, block in blocks(columns, "[:, {}]")),
        }
        return filled(BACKWARD, fields)

    def rows(self, symbol: Timed) -> int:
        return self.functions.entries.length(symbol.shape[0])

    def shape(self, parameter: Parameter) -> Iterator[int]:
        """A vector has one axis."""
        return map(self.functions.entries.length, parameter_shape(parameter))

    def axes(self, steps: str, batch: str, last: int) -> str:
        return f"({batch}, {steps}, {last})" if self.options.batch_first else f"({steps}, {batch}, {last})"

    def swapped(self) -> str:
        """From rows first, as the loops go, to the caller's order."""
        return "" if self.options.batch_first else ".swapaxes(0, 1)"

    def by_row(self, lists: str) -> str:
        """The caller's nested lists with rows of the batch first."""
        return lists if self.options.batch_first else f"zip(*{lists})"

    def recurrent_shapes(self) -> str:
        return ", ".join(f"{v.name} (batch, {self.rows(v)})" for v in self.cell.recurrent) or "none"


def arguments(sizes: Mapping[str, int]) -> str:
    """The sizes as arguments that are the module's own where they are not given."""
    return ", ".join(f"size_{name}={number}" for name, number in sizes.items())


def blocks(lengths: Mapping[str, int], place: str) -> Iterator[tuple[str, str]]:
    """Each name with the index of its columns, none where it has all of them."""
    start = 0
    for name, length in lengths.items():
        yield name, "" if len(lengths) == 1 else place.format(f"{start}:{start + length}")
        start += length

"""The functions that a caller meets: `forward` and `backward` of a generated module.

Law: every array is checked before anything is computed, and every result after it; shapes stand in the docstrings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sympy import Expr

from lstm_sym.cell import Cell
from lstm_sym.codegen.names import Names
from lstm_sym.codegen.numpy.buffers import sizes_of
from lstm_sym.codegen.numpy.functions import Functions, never_sent_back
from lstm_sym.codegen.numpy.scope import blocks_of, index, size
from lstm_sym.codegen.numpy.template import filled
from lstm_sym.codegen.options import Options
from lstm_sym.codegen.plan import Plan
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LOSS_ADJOINT

TAKEN = (
    "np",
    "w",
    "parameters",
    "initial",
    "workspace",
    "sizes",
    "steps",
    "batch",
    "arriving",
    "shapes",
    "arrays",
    "name",
    "place",
    "sign",
)

FORWARD = '''
def forward(parameters, <arguments>, initial=None, workspace=None):
    """The output of every step, the recurrent values after the last, and the workspace that `backward` needs.

    parameters   mapping of name to array: <parameter shapes>
    <input shapes>
    initial      mapping of name to value before the first step, 0 where it is not given: <recurrent shapes>
    workspace    one for these sizes, to be used again; results are views into it

    A long sequence in pieces: `final` of one piece is `initial` of the next, so that memory is that of one piece.
    """
    parameters = _named("parameters", parameters, PARAMETERS, True)
    steps, batch = _steps_and_batch("<first input>", <first argument>, <batch first>)
    sizes = _sizes({<where sizes are>}, {**parameters, <inputs by name>})
    <sizes>, = sizes.values()
    w = workspace or Workspace(steps, batch, <sizes>)
    if (w.steps, w.batch, <sizes of w>) != (steps, batch, <sizes>):
        got = (w.steps, w.batch, <sizes of w>)
        raise ValueError(f"workspace: got one for steps, batch and sizes {got}, expected {(steps, batch, <sizes>)}")
    shapes = parameter_shapes(<sizes>)
    arrays = {name: _array(f"parameter {name}", parameters[name], shapes[name], DTYPE) for name in PARAMETERS}
    <take inputs>
    for name, sign, place in w.places:
        np.multiply(arrays[name].reshape(place.shape), sign, out=place)
    if not _all_finite(w.weights):
        for name in PARAMETERS:
            _finite(f"parameter {name}", arrays[name])
    initial = _named("initial", initial, RECURRENT, False)
    <take initial>
    with np.errstate(all="ignore"):
        _forward(w)
    w.ran = True
    output = _no_overflow("<output>", <output array>)
    return Forward(output<as asked>, {<final>}, w)


def _given(what, given, name, shape):
    """A value that may be given, else 0."""
    if name not in given:
        return 0
    return _finite(f"{what} {name}", _array(f"{what} {name}", given[name], shape, DTYPE))
'''

OPENING = '''
def backward(w, Delta, arriving=None):
    """The gradients of a loss by parameters, inputs and initial values.

    w           the workspace that `forward` gave
    Delta       <output shape>: the derivative of the loss by the output of each step
    arriving    mapping of name to the derivative of the loss by the value after the last step, 0 where it is not given:
                <recurrent shapes>

    A long sequence in pieces, the last one first: `initial` of one piece is `arriving` of the piece before it, and gradients by
    parameters add up.
    """
    if not w.ran:
        raise ValueError("workspace: got one without values, expected the one that forward gave")
'''
"""How `backward` begins, for whatever writes what follows."""

BACKWARD = (
    OPENING
    + """    <take Delta>
    arriving = _named("arriving", arriving, RECURRENT, False)
    <take arriving>
    with np.errstate(all="ignore"):
        _backward(w)
    <clear>
    parameters = {
        <parameter gradients>
    }
    inputs = {<input gradients>}
    initial = {<initial gradients>}
    if not all(map(_all_finite, (<gradient arrays>,))):
        for name, array in (*parameters.items(), *inputs.items(), *initial.items()):
            _no_overflow(f"gradient by {name}", array)
    return Gradients(parameters, inputs, initial)
"""
)


@dataclass(frozen=True)
class Interface:
    """Writes both functions of a plan."""

    plan: Plan
    written: Functions
    options: Options

    @property
    def cell(self) -> Cell:
        return self.plan.derivation.cell

    def forward(self) -> str:
        cell, arguments = self.cell, input_names(self.cell)
        sizes = [f"size_{name}" for name in sizes_of(self.plan)]
        output = self.array(cell.output.name)
        fields = {
            "arguments": ", ".join(arguments.values()),
            "parameter shapes": ", ".join(f"{p.name} {shape_text(parameter_shape(p))}" for p in cell.parameters),
            "input shapes": "\n".join(f"{arguments[s.name]:<12} {self.axes(s.shape[0])}" for s in cell.inputs),
            "recurrent shapes": self.recurrent_shapes(),
            "first input": cell.inputs[0].name,
            "first argument": arguments[cell.inputs[0].name],
            "batch first": str(self.options.batch_first),
            "where sizes are": self.where_sizes_are(),
            "inputs by name": ", ".join(f'"{name}": {argument}' for name, argument in arguments.items()),
            "sizes": ", ".join(sizes),
            "sizes of w": ", ".join(f"w.{name}" for name in sizes),
            "take inputs": "\n".join(line for s in cell.inputs for line in self.take_input(s, arguments[s.name])),
            "take initial": "\n".join(
                f'{self.array(v.name)}[0] = _given("initial", initial, "{v.name}", (batch, {size(v.shape[0], "")}))'
                for v in cell.recurrent
            ),
            "output": cell.output.name,
            "output array": f"{output}[1:]" if cell.output in cell.recurrent else self.among_blocks(cell.output.name),
            "as asked": self.swapped(""),
            "final": ", ".join(f'"{v.name}": {self.array(v.name)}[-1]' for v in cell.recurrent),
        }
        return filled(FORWARD, fields)

    def backward(self) -> str:
        cell = self.cell
        carried = {v.name: self.array(ARRIVING + v.name) for v in cell.recurrent}
        inputs = [(s.name, self.array(ADJOINT + s.name)) for s in cell.inputs]
        fields = {
            "output shape": self.axes(cell.output.shape[0]),
            "recurrent shapes": self.recurrent_shapes(),
            "take Delta": self.take(LOSS_ADJOINT, LOSS_ADJOINT, cell.output.shape[0], "w."),
            "take arriving": "\n".join(
                f'{carried[v.name]}[...] = _given("arriving", arriving, "{v.name}", (w.batch, {size(v.shape[0])}))'
                for v in cell.recurrent
            ),
            "clear": "\n".join(f"{carried[name]}[...] = 0" for name in never_sent_back(self.plan)),
            "parameter gradients": "\n".join(self.parameter_gradients()),
            "input gradients": ", ".join(f'"{name}": {self.swapped(array)}' for name, array in inputs),
            "gradient arrays": ", ".join(
                [*(f"w.{name}" for name, _ in self.written.totals.arrays), *(array for _, array in inputs), *carried.values()]
            ),
            "initial gradients": ", ".join(f'"{name}": {array}' for name, array in carried.items()),
        }
        return filled(BACKWARD, fields)

    def array(self, name: str) -> str:
        return f"w.{self.written.memory.layout.buffer(name).attribute}"

    def among_blocks(self, name: str) -> str:
        """An array of all steps, which may be one of several blocks."""
        run = self.written.memory.layout.run([name])
        assert run is not None, "one name is a run"
        return self.array(name) + (index(["", blocks_of(run)]) if len(run.buffer.members) > 1 else "")

    def axes(self, last: Expr) -> str:
        return f"({'batch, steps' if self.options.batch_first else 'steps, batch'}, {last})"

    def swapped(self, array: str) -> str:
        return f"{array}.swapaxes(0, 1)" if self.options.batch_first else array

    def recurrent_shapes(self) -> str:
        return ", ".join(f"{v.name} (batch, {v.shape[0]})" for v in self.cell.recurrent) or "none"

    def take(self, name: str, argument: str, last: Expr, owner: str = "") -> str:
        """A caller's array over all steps, checked."""
        order = [f"{owner}batch", f"{owner}steps"] if self.options.batch_first else [f"{owner}steps", f"{owner}batch"]
        code = f'_finite("{name}", _array("{name}", {argument}, ({", ".join(order)}, {size(last, owner)}), DTYPE))'
        return f"{self.array(name)} = np.ascontiguousarray({self.swapped(code)})"

    def take_input(self, symbol: Timed, argument: str) -> Iterable[str]:
        yield self.take(symbol.name, argument, symbol.shape[0])
        if symbol in self.written.memory.inputs_with_one:
            yield f"w.{self.written.memory.with_one(symbol)}[..., :-1] = {self.array(symbol.name)}"

    def where_sizes_are(self) -> str:
        """Where each size is looked for: an axis of a parameter or of an input."""
        found = []
        for name in sizes_of(self.plan):
            places = [(p.name, k) for p in self.cell.parameters for k, side in enumerate(parameter_shape(p)) if str(side) == name]
            places += [(s.name, -1) for s in self.cell.inputs if str(s.shape[0]) == name]
            if not places:
                raise UnsupportedError(
                    f"code for cell {self.cell.name}, size {name}",
                    got="no parameter or input with an axis of that length",
                    expected="a size that the arrays of a call show",
                )
            found.append(f'"size_{name}": ("{places[0][0]}", {places[0][1]})')
        return ", ".join(found)

    def parameter_gradients(self) -> Iterable[str]:
        return [f'"{p.name}": {self.written.totals.places[ADJOINT + p.name]},' for p in self.cell.parameters]


def input_names(cell: Cell) -> dict[str, str]:
    """The argument of `forward` for each input."""
    names = Names(TAKEN)
    return {symbol.name: names.of(symbol.name, symbol.name) for symbol in cell.inputs}


def parameter_shape(parameter: Parameter) -> tuple[Expr, ...]:
    """A vector has one axis."""
    rows, columns = parameter.shape
    return (rows,) if columns == 1 else (rows, columns)


def shape_text(shape: tuple[Expr, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"

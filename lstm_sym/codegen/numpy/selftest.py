"""The self-test of a generated module: `python FILE`.

Its reference is written from the declared equations, one expression each, and takes complex numbers, so that gradients are
compared with complex steps, which lose no digits. Law: nothing of the fast code is used by the reference.
"""

from __future__ import annotations

from lstm_sym.codegen.names import Names
from lstm_sym.codegen.numpy.buffers import sizes_of
from lstm_sym.codegen.numpy.scope import size
from lstm_sym.codegen.numpy.template import filled
from lstm_sym.codegen.options import Options
from lstm_sym.codegen.plan import Plan
from lstm_sym.codegen.reference import columns
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.scalars import t

SELFTEST = '''
def _reference(parameters, inputs, initial):
    """Output and recurrent values by the declared equations, a column for each row of the batch, in any number type."""
    <parameters>
    <initial>
    outputs = []
    for step in range(len(inputs["<first input>"])):
        <inputs>
        <equations>
        outputs.append(<output>.T)
        <carry>
    return np.array(outputs), {<final>}


def _sigma(z):
    return (1 + np.tanh(z / 2)) / 2  # exp(-z) overflows


def _loss(parameters, inputs, initial, Delta, arriving):
    """A loss with the derivative Delta by the output of every step, and `arriving` by the values after the last step."""
    output, final = _reference(parameters, inputs, initial)
    return (Delta * output).sum() + sum((arriving[name] * final[name]).sum() for name in RECURRENT)


def _complex_steps(given, which, name, Delta, arriving):
    """The derivative of the loss by every entry of one array."""
    exact = _wide(given, complex)
    array, step = exact[which][name], 1e-30
    gradient = np.empty(array.shape)
    for place in np.ndindex(array.shape):
        value = array[place]
        array[place] = value + step * 1j
        gradient[place] = _loss(**exact, Delta=Delta, arriving=arriving).imag / step
        array[place] = value
    return gradient


def _wide(given, dtype):
    """Copies of arrays in the precision of the reference."""
    return {which: {name: array.astype(dtype) for name, array in arrays.items()} for which, arrays in given.items()}


def _agree(what, got, expected):
    tolerance = min(3000 * float(np.finfo(DTYPE).eps), 0.06) * (1 + np.abs(expected).max())
    error = np.abs(got - expected).max() if np.isfinite(got).all() else np.inf
    if got.shape != expected.shape or not error <= tolerance:
        raise AssertionError(f"{what}: got an error of {error:.3g}, expected at most {tolerance:.3g}")


def _same(what, first, second):
    if any(not np.array_equal(a, b) for a, b in zip(first, second, strict=True)):
        raise AssertionError(f"{what}: got other bits, expected the same")


def _arrays(gradients):
    return [array.copy() for part in gradients for array in part.values()]


def _draw(rng, *shape):
    return rng.standard_normal(shape).astype(DTYPE)


def _checked(seed, steps, batch, block, <sizes>):
    """One random case: values, gradients, the same bits again, and a sequence in two pieces."""
    rng = np.random.default_rng(seed)
    parameters = {name: _draw(rng, *shape) for name, shape in parameter_shapes(<sizes>).items()}
    inputs = {<draw inputs>}
    initial = {<draw recurrent>}
    arriving = {<draw recurrent>}
    Delta = _draw(rng, steps, batch, <output rows>)
    w = Workspace(steps, batch, <sizes>, block=block)

    def passes(part, initial, arriving, workspace=None):
        result = forward(parameters, *[<ordered> for array in inputs.values()], initial, workspace)
        gradients = backward(result.workspace, <ordered Delta>, arriving)
        return result, gradients

    whole = slice(None)
    result, gradients = passes(whole, initial, arriving, w)
    given = {"parameters": parameters, "inputs": inputs, "initial": initial}
    output, final = _reference(**_wide(given, float))
    _agree("output", result.output<as asked>, output)
    for which in given:
        found = getattr(gradients, which)
        for name in given[which]:
            exact = _complex_steps(given, which, name, Delta, arriving)
            _agree(f"gradient by {name}", found[name]<as asked for inputs>, exact)
    for name in RECURRENT:
        _agree(f"{name} after the last step", result.final[name], final[name])
    bits = [result.output.copy(), *_arrays(gradients)]
    again, gradients = passes(whole, initial, arriving, w)
    _same("a second call with the same workspace", bits, [again.output, *_arrays(gradients)])
    if steps > 1:
        cut = steps // 2
        first, _ = passes(slice(0, cut), initial, {})
        second, late = passes(slice(cut, None), first.final, arriving)
        first, early = passes(slice(0, cut), initial, late.initial)
        _agree("output in pieces", np.concatenate([first.output, second.output], <steps axis>)<as asked>, output)
        for name in PARAMETERS:
            _agree(f"gradient by {name} in pieces", early.parameters[name] + late.parameters[name], gradients.parameters[name])
        for name in RECURRENT:
            _agree(f"gradient by the initial {name} in pieces", early.initial[name], gradients.initial[name])


def self_test():
    """Raises AssertionError where values, gradients or pieces are wrong; else says how many cases were checked."""
    cases = ((1, 1, None), (3, 1, 2), (5, 2, 2), (4, 3, None))
    for seed, (steps, batch, block) in enumerate(cases):
        _checked(seed, steps, batch, block, <size values>)
    return f"self-test: {len(cases)} cases agree"


if __name__ == "__main__":
    print(self_test())
'''

BASE_SIZES = (3, 4, 5, 6)
"""Sizes of the self-test: different from each other, so that an array in a wrong place does not fit. The units come last and are
most, so that a block cut by another size is too short; none is 2, because 2 * 2 is 2 + 2.
"""


def selftest(plan: Plan, options: Options) -> str:
    """The text of the reference and of the self-test."""
    cell = plan.derivation.cell
    names = Names(("np", "inputs", "initial", "outputs", "step", "parameters", "len", "range", "_sigma", "i_"))
    sizes = sizes_of(plan)
    names_of = {
        name: names.of(("now", name), name) for name in (v.name for v in (*cell.inputs, *cell.variables, *cell.parameters))
    }
    prev = {v.name: names.of(("prev", v.name), f"{v.name}_prev") for v in cell.recurrent}

    def leaf(symbol: Timed | Parameter) -> str:
        return prev[symbol.name] if isinstance(symbol, Timed) and symbol.time == t - 1 else names_of[symbol.name]

    first = names_of[cell.inputs[0].name]
    draws = ", ".join(f'"{v.name}": _draw(rng, batch, {size(v.shape[0], "")})' for v in cell.recurrent)
    swapped = ".swapaxes(0, 1)" if options.batch_first else ""
    fields = {
        "parameters": "\n".join(
            f'{names_of[p.name]} = parameters["{p.name}"]' + ("[:, None]" if p.shape[1] == 1 else "") for p in cell.parameters
        ),
        "initial": "\n".join(f'{prev[v.name]} = initial["{v.name}"].T' for v in cell.recurrent),
        "first input": cell.inputs[0].name,
        "inputs": "\n".join(f'{names_of[s.name]} = inputs["{s.name}"][step].T' for s in cell.inputs),
        "equations": "\n".join(f"{names_of[e.variable.name]} = {columns(e.body, leaf, first)}" for e in cell.equations),
        "output": names_of[cell.output.name],
        "carry": "\n".join(f"{prev[v.name]} = {names_of[v.name]}" for v in cell.recurrent),
        "final": ", ".join(f'"{v.name}": {prev[v.name]}.T' for v in cell.recurrent),
        "sizes": ", ".join(f"size_{name}" for name in sizes),
        "draw inputs": ", ".join(f'"{s.name}": _draw(rng, steps, batch, {size(s.shape[0], "")})' for s in cell.inputs),
        "draw recurrent": draws,
        "output rows": size(cell.output.shape[0], ""),
        "ordered": f"array[part]{swapped}",
        "ordered Delta": f"Delta[part]{swapped}",
        "as asked": swapped,
        "as asked for inputs": '.swapaxes(0, 1 if which == "inputs" else 0)' if options.batch_first else "",
        "steps axis": "1" if options.batch_first else "0",
        "size values": ", ".join(f"{value} if seed else 1" for value in BASE_SIZES[: len(sizes)]),
    }
    return filled(SELFTEST, fields)

"""The declared equations in a tensor framework, for a self-test: `plain`, whose values and gradients are the framework's own.

Law: nothing of the module's fast code is used; the equations come from the declaration, one line each, over columns.
"""

from __future__ import annotations

from collections.abc import Mapping

from lstm_sym.codegen.names import Names
from lstm_sym.codegen.reference import columns
from lstm_sym.codegen.tensors.text import Tensors, indented
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.scalars import t


def plain(made: Tensors, functions: Mapping[str, str], stack: str) -> list[str]:
    """The function `plain`, with the arguments and results of `run`."""
    cell, names = made.cell, Names((*["p", "step", "outputs"], *made.inputs, *made.initial, *_words(functions, stack)))
    now = {s.name: names.of(s.name, f"{s.name}_t") for s in cell.inputs}
    now |= {s.name: names.of(s.name, s.name) for s in (*cell.variables, *cell.parameters)}
    prev = dict(zip((v.name for v in cell.recurrent), made.initial, strict=True))

    def leaf(symbol: Timed | Parameter) -> str:
        return prev[symbol.name] if isinstance(symbol, Timed) and symbol.time == t - 1 else now[symbol.name]

    axis = int(made.options.batch_first)
    step = "[:, step]" if axis else "[step]"
    loop = [
        *(f"{now[s.name]} = {name}{step}.T" for s, name in zip(cell.inputs, made.inputs, strict=True)),
        *(f"{now[e.variable.name]} = {columns(e.body, leaf, now[cell.inputs[0].name], functions)}" for e in cell.equations),
        f"outputs.append({now[cell.output.name]}.T)",
        *(f"{prev[v.name]} = {now[v.name]}" for v in cell.recurrent),
    ]
    return [
        f"def plain({made.arguments}):",
        '    """The declared equations, one by one, a column for each sequence of the batch."""',
        *indented(f"{now[p.name]} = p.{p.name}" + ("[:, None]" if p.shape[1] == 1 else "") for p in cell.parameters),
        *indented(f"{name} = {name}.T" for name in made.initial),
        "    outputs = []",
        f"    for step in range({made.inputs[0]}.shape[{axis}]):",
        *indented(loop, 2),
        f"    return {stack}(outputs, {axis}), ({''.join(name + '.T, ' for name in made.initial)})",
    ]


def _words(functions: Mapping[str, str], stack: str) -> list[str]:
    return [word for text in (*functions.values(), stack) for word in text.split(".")]

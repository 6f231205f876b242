"""The functions that compute on floats: `_sum`, `_forward` and `_backward`, a loop over rows of the batch and steps around the
lines of one step.

    forward    row by row, t = 0, ..., T         backward    row by row, t = T, ..., 0, gradients added up on the way

Laws: inside the loop stands one line for each entry, under the equation it comes from; a step keeps what backward lines read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lstm_sym.codegen.equation import equation
from lstm_sym.codegen.plan import Line, Lines, Plan
from lstm_sym.codegen.scalars.entries import Entries
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LOSS_ADJOINT
from lstm_sym.symbols.nodes import Expression, Zeros
from lstm_sym.symbols.traversal import symbols_in

LOCALS = (
    "Delta",
    "inputs",
    "of_row",
    "parameters",
    "rows",
    "steps",
    "kept",
    "kept_row",
    "zip",
    "reversed",
    "tanh",
    "outputs",
    "of_inputs",
    "of_initial",
    "final",
)
"""Words that the functions use; an entry of a declared name that looks like one gets another name."""


@dataclass(frozen=True)
class Functions:
    """Writes the three functions of a plan."""

    plan: Plan
    entries: Entries

    def text(self) -> str:
        return "\n\n\n".join("\n".join(lines) for lines in (self.summed(), self.forward(), self.backward()))

    # parameters

    def summed(self) -> list[str]:
        names = [name for p in self.plan.derivation.cell.parameters for name in self.entries.all(p)]
        return [
            "def _sum(parameters):",
            '    """The sum of all entries of all parameters, which is finite only if each of them is."""',
            *self._parameters(self.plan.derivation.cell.parameters),
            f"    return {' + '.join(names) or '0.0'}",
        ]

    def _parameters(self, read: Iterable[Parameter]) -> list[str]:
        """The entries of the parameters that are read as locals."""
        parameters = self.plan.derivation.cell.parameters
        patterns = [self._pattern(p) if p in read else "_" for p in parameters]
        return ["    (", *(f"        {pattern}," for pattern in patterns), "    ) = parameters"] if parameters else []

    def _pattern(self, parameter: Parameter) -> str:
        rows, columns = (self.entries.length(side) for side in parameter.shape)
        if parameter.shape[1] == 1:
            return row(self.entries.all(parameter))
        return row([row([self.entries.name(parameter, i, j) for j in range(columns)]) for i in range(rows)])

    # forward

    def forward(self) -> list[str]:
        plan, cell, entries = self.plan, self.plan.derivation.cell, self.entries
        heads = ["inputs", *(row(entries.all(v.prev)) for v in cell.recurrent)]
        steps = [row(entries.all(s)) for s in cell.inputs]
        carried = [name for v in cell.recurrent for name in zip(entries.all(v.prev), entries.all(v), strict=True)]
        return [
            "def _forward(parameters, rows):",
            '    """Outputs and values after the last step, row by row, and of every step what `_backward` reads."""',
            *self._parameters(_parameters_of(plan.forward)),
            "    outputs, final, kept = [], [], []",
            f"    for {', '.join(heads)} in rows:" if len(heads) > 1 else "    for (inputs,) in rows:",
            "        kept_row = []",
            f"        for {', '.join(steps)} in {'inputs' if len(steps) == 1 else 'zip(*inputs)'}:",
            *_indented(line for each in plan.forward for line in self.line(each)),
            f"            kept_row.append({row(name for s in self.kept() for name in entries.all(s))})",
            f"            outputs += {row(entries.all(cell.output))}",
            *_indented(f"{before} = {now}" for before, now in carried),
            "        kept.append(kept_row)",
            *([f"        final += {row(before for before, _ in carried)}"] if carried else []),
            "    return outputs, final, kept",
        ]

    def line(self, each: Line) -> list[str]:
        """A line of the plan, entry by entry, under its equation."""
        lines = []
        for target, value in zip(each.targets, each.values, strict=True):
            lines.append(f"# {equation(target, value)}")
            for i, j in self.entries.places(target):
                lines.append(f"{self.entries.name(target, i, j)} = {self.entries.code(value, i, j)}")
        return lines

    def kept(self) -> list[Timed]:
        """What backward lines read of a step and do not write."""
        written = {target for each in self.plan.backward for target in each.targets}
        read = [s for each in self.plan.backward for s in each.reads]
        read += [s for each in self.plan.totals for value in each.values for s in symbols_in(_body(value))]
        given = {self.loss_adjoint, *self.arriving}
        return list(dict.fromkeys(s for s in read if isinstance(s, Timed) and s not in written | given))

    # backward

    @property
    def loss_adjoint(self) -> Timed:
        return self.plan.derivation.cell.output.named(LOSS_ADJOINT)

    @property
    def arriving(self) -> list[Timed]:
        return [v.named(ARRIVING + v.name) for v in self.plan.derivation.cell.recurrent]

    def backward(self) -> list[str]:
        plan, cell, entries = self.plan, self.plan.derivation.cell, self.entries
        heads = ["kept_row", LOSS_ADJOINT, *(row(entries.all(s)) for s in self.arriving)]
        of_inputs = [name for s in cell.inputs for name in entries.all(cell.adjoint(s))]
        of_initial = [name for s in self.arriving for name in entries.all(s)]
        kept = row(name for s in self.kept() for name in entries.all(s))
        sent = {target for each in plan.backward for target in each.targets}
        carried = [
            f"{now} = {before if s.prev in sent else '0.0'}"
            for s in self.arriving
            for now, before in zip(entries.all(s), entries.all(s.prev), strict=True)
        ]
        totals = self.totals()
        return [
            "def _backward(parameters, rows):",
            '    """The gradients by parameters, by inputs row by row, and by initial values row by row."""',
            *self._parameters(_parameters_of(plan.backward) | _parameters_of(plan.totals)),
            *_zeros(totals),
            "    of_inputs, of_initial = [], []",
            f"    for {', '.join(heads)} in rows:",
            "        of_row = []",
            "        steps = zip(reversed(kept_row), reversed(Delta))",
            f"        for {kept}, {row(entries.all(self.loss_adjoint))} in steps:",
            *_indented(line for each in plan.backward for line in self.line(each)),
            *_indented(line for each in plan.totals for line in self.added(each)),
            f"            of_row += {row(reversed(of_inputs))}  # from the last",
            *_indented(carried),
            "        of_row.reverse()",
            "        of_inputs += of_row",
            *([f"        of_initial += {row(of_initial)}"] if of_initial else []),
            f"    return {row(totals)}, of_inputs, of_initial",
        ]

    def totals(self) -> list[str]:
        """The names of the gradients by parameters, in the order of the parameters."""
        by_name = {str(each.targets[0]): each.targets[0] for each in self.plan.totals}
        return [name for p in self.plan.derivation.cell.parameters for name in self.entries.all(by_name[ADJOINT + p.name])]

    def added(self, each: Line) -> list[str]:
        """What one step adds to a sum over time."""
        (target,), (value,) = each.targets, each.values
        lines, body = [f"# {equation(target, value)}"], _body(value)
        if isinstance(body, Zeros):
            return lines
        for i, j in self.entries.places(target):
            lines.append(f"{self.entries.name(target, i, j)} += {self.entries.code(body, i, j)}")
        return lines


def row(names: Iterable[str]) -> str:
    """The names as a tuple."""
    listed = list(names)
    return f"({listed[0]},)" if len(listed) == 1 else f"({', '.join(listed)})"


def _body(value: Expression) -> Expression:
    """What one step adds to a sum over all steps."""
    if not isinstance(value, SumOverTime) or value.lower != 0:
        raise UnsupportedError(f"code for {value}", got="a gradient that is no sum over all steps")
    return value.body


def _parameters_of(lines: Lines) -> set[Parameter]:
    """The parameters that lines read, below sums over time too."""
    values = [value.body if isinstance(value, SumOverTime) else value for each in lines for value in each.values]
    return {symbol for value in values for symbol in symbols_in(value) if isinstance(symbol, Parameter)}


def _zeros(names: list[str]) -> list[str]:
    return [f"    {' = '.join(names[place : place + 8])} = 0.0" for place in range(0, len(names), 8)]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"            {line}" for line in lines]

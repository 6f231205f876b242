"""Plans and generated scalar code over residues: a plan's lines on matrices, and the text of `_forward` and `_backward` on scalars.

Arithmetic is exact, modulo the prime 2^61 - 1, at random points. Activations are stand-ins, polynomials that have nothing to do with
one another, so that the two agree only where every line is expanded right: two different polynomials agree at a random point with a
probability below their degree / 2^61. Nothing of the expansion is used on the side of the plan.
"""

import ast
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import Outer, SumOverTime
from lstm_sym.symbols.leaves import Parameter
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LOSS_ADJOINT
from lstm_sym.symbols.nodes import Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros
from lstm_sym.symbols.scalars import t

PRIME = 2**61 - 1


@dataclass(frozen=True)
class Residue:
    """A rational number modulo the prime."""

    value: int

    @classmethod
    def of(cls, number):
        exact = Fraction(number)
        return cls(exact.numerator * pow(exact.denominator, -1, PRIME) % PRIME)

    def __add__(self, other):
        return Residue((self.value + other.value) % PRIME)

    def __sub__(self, other):
        return Residue((self.value - other.value) % PRIME)

    def __mul__(self, other):
        return Residue(self.value * other.value % PRIME)

    def __truediv__(self, other):
        return Residue(self.value * pow(other.value, -1, PRIME) % PRIME)

    def __neg__(self):
        return Residue(-self.value % PRIME)


def polynomial(*coefficients):
    def at(z):
        total = Residue(0)
        for coefficient in coefficients:
            total = total * z + Residue(coefficient)
        return total

    return at


STAND_INS = {"sigma": polynomial(3, 1, 7), "tanh": polynomial(2, 5, 1, 4), "tanh'": polynomial(1, 8, 6)}
TEXTS = {"_sigmoid": "sigma", "tanh": "tanh", "_slope_of_tanh": "tanh'"}


def entrywise(function, *matrices):
    return [[function(*entries) for entries in zip(*rows, strict=True)] for rows in zip(*matrices, strict=True)]


def times(left, right):
    return [
        [sum((a * b for a, b in zip(row, column, strict=True)), Residue(0)) for column in zip(*right, strict=True)]
        for row in left
    ]


def transposed(matrix):
    return [list(column) for column in zip(*matrix, strict=True)]


def folded(function, matrices):
    first, *others = matrices
    for other in others:
        first = entrywise(function, first, other)
    return first


class Interpreter:
    """Matrices of residues for the expressions of a plan, from a table of symbols by name and offset of time."""

    def __init__(self, sizes):
        self.sizes, self.known = sizes, {}

    def key(self, symbol):
        return (symbol.name, 0 if isinstance(symbol, Parameter) else int(symbol.time - t))

    def shape(self, node):
        return [int(side.subs({each: self.sizes[each.name] for each in side.free_symbols})) for side in node.shape]

    def value(self, node):
        inner = [self.value(part) for part in node.parts]
        if not inner and not isinstance(node, Ones):
            return self.known[self.key(node)]
        rows, columns = self.shape(node)
        return {
            Ones: lambda: [[Residue(1)] * columns for _ in range(rows)],
            Zeros: lambda: [[Residue(0)] * columns for _ in range(rows)],
            Sum: lambda: folded(lambda a, b: a + b, inner),
            Hadamard: lambda: folded(lambda a, b: a * b, inner),
            Scaled: lambda: entrywise(
                lambda a: Residue.of(Fraction(int(node.coefficient.p), int(node.coefficient.q))) * a, *inner
            ),
            Power: lambda: entrywise(lambda a: self.power(a, node.exponent), *inner),
            Product: lambda: self.product(inner),
            Transposed: lambda: transposed(*inner),
            Outer: lambda: times(inner[0], transposed(inner[1])),
            Apply: lambda: entrywise(STAND_INS[node.function], *inner),
        }[type(node)]()

    def power(self, entry, exponent):
        total = Residue(1)
        for _ in range(exponent):
            total = total * entry
        return total

    def product(self, matrices):
        first, *others = matrices
        for other in others:
            first = times(first, other)
        return first

    def run(self, lines):
        for each in lines:
            for target, value in zip(each.targets, each.values, strict=True):
                self.known[self.key(target)] = self.value(value)


def drawn(plan, sizes, steps, batch, seed):
    """Random residues for everything that a pass forward and backward is given: by name, then by row, then by step."""
    draw, cell, shape = Random(seed), plan.derivation.cell, Interpreter(sizes).shape

    def matrix(symbol):
        rows, columns = shape(symbol)
        return [[Residue(draw.randrange(PRIME)) for _ in range(columns)] for _ in range(rows)]

    loss = cell.output.named(LOSS_ADJOINT)
    timed = {s.name: [[matrix(s) for _ in range(steps)] for _ in range(batch)] for s in (*cell.inputs, loss)}
    once = {v.name: [matrix(v) for _ in range(batch)] for v in cell.recurrent}
    once |= {ARRIVING + v.name: [matrix(v) for _ in range(batch)] for v in cell.recurrent}
    return {p.name: matrix(p) for p in cell.parameters}, timed, once


def by_plan(plan, sizes, given):
    """Outputs, final values, gradients by parameters, inputs and initial values, as flat lists in the order of the text."""
    parameters, timed, once = given
    cell, totals = plan.derivation.cell, {}
    outputs, final, of_inputs, of_initial = [], [], [], []
    for row in range(len(timed[LOSS_ADJOINT])):
        carried = {v.name: once[v.name][row] for v in cell.recurrent}
        arriving = {v.name: once[ARRIVING + v.name][row] for v in cell.recurrent}
        steps = []
        for step in range(len(timed[LOSS_ADJOINT][row])):
            here = Interpreter(sizes)
            here.known |= {(name, 0): matrix for name, matrix in parameters.items()}
            here.known |= {(name, 0): rows[row][step] for name, rows in timed.items()}
            here.known |= {(name, -1): matrix for name, matrix in carried.items()}
            here.run(plan.forward)
            carried = {name: here.known[name, 0] for name in carried}
            steps.append(here)
            outputs += flat(here.known[cell.output.name, 0])
        final += [entry for matrix in carried.values() for entry in flat(matrix)]
        by_step = []
        for here in reversed(steps):
            here.known |= {(ARRIVING + name, 0): matrix for name, matrix in arriving.items()}
            here.run(plan.backward)
            nothing = {v.name: [[Residue(0)] for _ in range(here.shape(v)[0])] for v in cell.recurrent}
            arriving = {name: here.known.get((ARRIVING + name, -1), nothing[name]) for name in arriving}
            for each in plan.totals:
                (target,), (value,) = each.targets, each.values
                assert isinstance(value, SumOverTime)
                term = here.value(value.body)
                totals[target.name] = entrywise(lambda a, b: a + b, totals[target.name], term) if target.name in totals else term
            by_step.insert(0, [entry for s in cell.inputs for entry in flat(here.known[cell.adjoint(s).name, 0])])
        of_inputs += [entry for step in by_step for entry in step]
        of_initial += [entry for matrix in arriving.values() for entry in flat(matrix)]
    of_parameters = [entry for p in cell.parameters for entry in flat(totals[ADJOINT + p.name])]
    return {"outputs": outputs, "final": final, "parameters": of_parameters, "inputs": of_inputs, "initial": of_initial}


def by_text(text, plan, given):
    """The same from the text of a module."""
    parameters, timed, once = given
    cell, module = plan.derivation.cell, on_residues(text)
    columns = {p.name: p.shape[1] == 1 for p in cell.parameters}
    arrays = [flat(matrix) if columns[name] else matrix for name, matrix in parameters.items()]
    inputs = {s.name: [[flat(step) for step in row] for row in timed[s.name]] for s in cell.inputs}
    rows = next(iter(inputs.values())) if len(inputs) == 1 else list(zip(*inputs.values(), strict=True))
    before = [[flat(matrix) for matrix in once[v.name]] for v in cell.recurrent]
    outputs, final, kept = module["_forward"](arrays, zip(rows, *before, strict=True))
    Delta = [[flat(step) for step in row] for row in timed[LOSS_ADJOINT]]
    after = [[flat(matrix) for matrix in once[ARRIVING + v.name]] for v in cell.recurrent]
    of_parameters, of_inputs, of_initial = module["_backward"](arrays, zip(kept, Delta, *after, strict=True))
    return {"outputs": outputs, "final": final, "parameters": list(of_parameters), "inputs": of_inputs, "initial": of_initial}


def flat(matrix):
    return [entry for row in matrix for entry in row]


class Exact(ast.NodeTransformer):
    """Every number of the text as a residue."""

    def visit_Constant(self, node):
        if not isinstance(node.value, float):
            return node
        return ast.copy_location(ast.Call(ast.Name("number", ast.Load()), [node], []), node)


def functions_of(text, names=("_forward", "_backward")):
    return [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name in names]


def on_residues(text):
    """The functions of a text that compute, on residues, with the stand-ins."""
    module = ast.fix_missing_locations(Exact().visit(ast.Module(functions_of(text), [])))
    names = {"number": Residue.of, **{name: STAND_INS[function] for name, function in TEXTS.items()}}
    exec(compile(module, "exact", "exec"), names)
    return names

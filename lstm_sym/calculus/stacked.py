"""The stacked form: blocks of all gates above one another, so that delta x_t = W^T delta gates_t and delta W = sum_t delta
gates_t x_t^T.

Law: a family of parameters is stacked only where each member's gradient has the same shape of formula and the same right operand;
what cannot be stacked stays gate by gate. The stacked form regroups results; it derives nothing new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lstm_sym.calculus.backward import StepList
from lstm_sym.cell import Cell
from lstm_sym.derivation import Result, Statement, Step
from lstm_sym.losses import LEARNING_RATE
from lstm_sym.symbols.compound import Outer, Stack, SumOverTime, outer
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, NEW
from lstm_sym.symbols.nodes import Expression, Product, Sum, Transposed, Zeros, product, scale, transpose
from lstm_sym.symbols.scalars import T, t
from lstm_sym.symbols.traversal import at_time

GATES = "gates"


@dataclass(frozen=True)
class Family:
    """Parameters F_a, F_i, ... whose gradients are sums over time of delta_a (x) v, delta_i (x) v, ...; v is None for biases."""

    name: str
    members: tuple[Parameter, ...]
    adjoints: tuple[Timed, ...]
    operand: Expression | None

    def stack(self, prefix: str = "", suffix: str = "") -> Stack:
        """The blocks with names such as delta_W_a, under the name delta_W."""
        blocks = [Parameter(f"{prefix}{member.name}{suffix}", *member.shape) for member in self.members]
        return Stack(f"{prefix}{self.name}{suffix}", *blocks)


def families(cell: Cell, results: tuple[Result, ...]) -> tuple[Family, ...]:
    """The families that can be stacked over one list of gates: the list that most of them share."""
    found = [family for family in _candidates(cell, results) if family is not None]
    if not found:
        return ()
    gates, _count = Counter(family.adjoints for family in found).most_common(1)[0]
    return tuple(family for family in found if family.adjoints == gates)


def _candidates(cell: Cell, results: tuple[Result, ...]) -> Iterator[Family | None]:
    gradients = {result.id: result.statement.right for result in results if result.kind == "parameter"}
    names = dict.fromkeys(parameter.name.rpartition("_")[0] for parameter in cell.parameters)
    for name in names:
        members = tuple(p for p in cell.parameters if name and p.name.rpartition("_")[0] == name)
        if len(members) > 1:
            yield _family(name, members, [gradients[ADJOINT + member.name] for member in members])


def _family(name: str, members: tuple[Parameter, ...], gradients: list[Expression]) -> Family | None:
    bodies = [gradient.body for gradient in gradients if isinstance(gradient, SumOverTime)]
    if len(bodies) != len(members):
        return None
    if all(isinstance(body, Timed) for body in bodies):
        return Family(name, members, tuple(bodies), None)
    if all(isinstance(body, Outer) and isinstance(body.args[0], Timed) for body in bodies):
        operands = {body.args[1] for body in bodies}
        if len(operands) == 1:
            return Family(name, members, tuple(body.args[0] for body in bodies), operands.pop())
    return None


def delta_gates(family: Family) -> Stack:
    return Stack(ADJOINT + GATES, *family.adjoints)


def stacked_results(cell: Cell, results: tuple[Result, ...]) -> Iterator[Result]:
    """The names of the stacks, the stacked gradients and the stacked updates."""
    stackable = families(cell, results)
    if not stackable:
        return
    gates = tuple(a.named(a.name.removeprefix(ADJOINT)) for a in stackable[0].adjoints)
    yield _named(GATES, Stack(GATES, *gates))
    yield _named(ADJOINT + GATES, delta_gates(stackable[0]))
    for family in stackable:
        yield _named(family.name, family.stack())
    for family in stackable:
        yield from _gradient(family)
    for family in stackable:
        steps = StepList(family.name + NEW, None)
        right = family.stack() - scale(LEARNING_RATE, family.stack(ADJOINT))
        yield steps.result("stacked", family.stack(suffix=NEW), right, "gradient descent", (ADJOINT + family.name,))


def _named(id: str, named: Stack) -> Result:
    return StepList(id, None).result("stacked", named, Stack("", *named.blocks), "definition")


def _gradient(family: Family) -> Iterator[Result]:
    """delta W = sum_t delta gates_t (x) x_t; for an operand at t-1 also the form shifted by one, from a zero initial value."""
    left, gates = family.stack(ADJOINT), delta_gates(family)
    body = gates if family.operand is None else outer(gates, family.operand)
    per_gate = tuple(ADJOINT + member.name for member in family.members)
    yield StepList(left.name, None).result("stacked", left, SumOverTime(body, 0, T), "stacking", per_gate)
    if isinstance(family.operand, Timed) and family.operand.time == t - 1:
        yield _shifted(left, body, family.operand)


def _shifted(left: Stack, body: Expression, operand: Timed) -> Result:
    start = operand.at(-1)
    id = f"{left.name}_from_zero"
    zero = Statement(start, Zeros(*start.shape))
    statement = Statement(left, SumOverTime(at_time(body, t + 1), 0, T - 1), None, (zero,))
    return Result(id, "stacked", statement, (Step(id, statement, "index shift", (left.name,)),))


def in_stacked_form(cell: Cell, results: tuple[Result, ...]) -> tuple[Result, ...]:
    """The results, where a sum W_a^T delta_a + W_i^T delta_i + ... over all gates of a family is written W^T delta gates."""
    stackable = families(cell, results)
    return tuple(_restated(result, stackable) if result.kind in ("input", "arriving") else result for result in results)


def _restated(result: Result, stackable: tuple[Family, ...]) -> Result:
    right = result.statement.right
    for family in stackable:
        terms = {product(transpose(member), adjoint) for member, adjoint in zip(family.members, family.adjoints, strict=True)}
        if isinstance(right, Sum) and set(right.args) == terms:
            steps = StepList(result.id, result.statement.times)
            steps.steps = list(result.steps[:-1])
            last = result.steps[-1]
            per_gate = steps.add(last.statement.left, last.statement.right, last.rule, last.uses)
            stacked = Product(Transposed(family.stack()), delta_gates(family))
            return steps.result(result.kind, result.statement.left, stacked, "stacking", (per_gate,))
    return result

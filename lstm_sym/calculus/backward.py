"""The chain rule over time: the adjoint of every variable, input, initial value and parameter of a cell.

    delta v_t = direct part + sum over equations u that use v_t of (du_t/dv_t)^T delta u_t
                            + sum over equations u that use v_{t-1} of (du_{t+1}/dv_t)^T delta u_{t+1}

Laws: every use of a symbol contributes, none twice; a result lists the steps that lead to it, and each step the premises
that it uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Integer

from lstm_sym.calculus.pullback import Contribution, contributions, from_next_step
from lstm_sym.cell import Cell
from lstm_sym.derivation import Result, Statement, Step
from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LOSS_ADJOINT, PRE_ACTIVATION
from lstm_sym.symbols.nodes import Expression, Zeros, add
from lstm_sym.symbols.scalars import T, t
from lstm_sym.symbols.traversal import at_time, replace, symbols_in

ALL_STEPS = (Integer(0), T)


class StepList:
    """Collects the steps of one result and numbers them: delta_state.1, delta_state.2, ..., delta_state."""

    def __init__(self, id: str, times: tuple[object, object] | None) -> None:
        self.id, self.times = id, times
        self.steps: list[Step] = []

    def add(self, left: Expression, right: Expression, rule: str, uses: Sequence[str] = ()) -> str:
        id = f"{self.id}.{len(self.steps) + 1}"
        self.steps.append(Step(id, Statement(left, right, self.times), rule, tuple(uses)))
        return id

    def add_contributions(self, parts: Sequence[Contribution]) -> list[str]:
        """The links of each contribution as steps; the ids of the last one of each."""
        ends = []
        for part in parts:
            before: list[str] = []
            for link in part.links:
                before = [self.add(part.product, link.state, link.rule, (*before, *link.uses))]
            ends += before
        return ends

    def result(self, kind: str, left: Expression, right: Expression, rule: str, uses: Sequence[str] = ()) -> Result:
        statement = Statement(left, right, self.times)
        return Result(self.id, kind, statement, (*self.steps, Step(self.id, statement, rule, tuple(uses))))


def arriving(cell: Cell, variable: Timed) -> Timed:
    """Delta_out at the variable's time: what arrives from the next step."""
    return variable.named(ARRIVING + variable.name)


def loss_adjoint(cell: Cell) -> Timed:
    return cell.output.named(LOSS_ADJOINT)


def adjoint_results(cell: Cell) -> Iterator[Result]:
    """The adjoints at time t, each after those that it needs."""
    for variable in backward_order(cell):
        yield _gate_result(cell, variable) if cell.is_gate(variable.name) else _value_result(cell, variable)


def backward_order(cell: Cell) -> tuple[Timed, ...]:
    """Variables so that each comes after all that use it at the same time; values before gates, gates in declared order."""
    waiting = [equation.variable for equation in cell.split if not _is_net_of_gate(cell, equation.name)]
    needs = {variable: {_owner(cell, part.product.args[0]) for part in contributions(cell, variable)} for variable in waiting}
    order: list[Timed] = []
    while waiting:
        ready = [variable for variable in waiting if needs[variable] <= set(order)]
        ready.sort(key=lambda variable: cell.is_gate(variable.name))
        order.append(ready[0])
        waiting.remove(ready[0])
    return tuple(order)


def _is_net_of_gate(cell: Cell, name: str) -> bool:
    return name.startswith(PRE_ACTIVATION) and cell.is_gate(name.removeprefix(PRE_ACTIVATION))


def _owner(cell: Cell, variable: Timed) -> Timed:
    """The gate whose pre-activation this is, or the variable itself."""
    if _is_net_of_gate(cell, variable.name):
        return variable.named(variable.name.removeprefix(PRE_ACTIVATION))
    return variable


def _value_result(cell: Cell, variable: Timed) -> Result:
    steps = StepList(cell.adjoint(variable).name, ALL_STEPS)
    direct: list[Expression] = []
    parts = contributions(cell, variable)
    if variable == cell.output:
        direct = [loss_adjoint(cell), *([arriving(cell, variable)] if variable in cell.recurrent else [])]
    else:
        parts += from_next_step(cell, variable)
    return _summed(steps, "adjoint", cell.adjoint(variable), direct, parts)


def _summed(steps: StepList, kind: str, left: Expression, direct: Sequence[Expression], parts: Sequence[Contribution]) -> Result:
    """left = direct parts + contributions, first as Jacobians, then with each of them worked out."""
    if not parts:
        right = add(*direct) if direct else Zeros(*left.shape)
        return steps.result(kind, left, right, "chain rule over time")
    first = steps.add(left, add(*direct, *[part.product for part in parts]), "chain rule over time", _used(parts))
    ends = steps.add_contributions(parts)
    return steps.result(kind, left, add(*direct, *[part.value for part in parts]), "substitution", (first, *ends))


def _used(parts: Sequence[Contribution]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.product.args[0].name for part in parts))


def _gate_result(cell: Cell, gate: Timed) -> Result:
    """The adjoint of a gate's pre-activation: first that of its value, then through the activation."""
    net = cell.equation(PRE_ACTIVATION + gate.name).variable
    of_value, left = cell.adjoint(gate), cell.adjoint(net)
    steps = StepList(left.name, ALL_STEPS)
    parts = contributions(cell, gate)
    value = add(*[part.value for part in parts]) if parts else Zeros(*gate.shape)
    first = steps.add(of_value, add(*[part.product for part in parts]) if parts else value, "chain rule over time", _used(parts))
    ends = steps.add_contributions(parts)
    of_value_id = steps.add(of_value, value, "substitution", (first, *ends))
    (through,) = contributions(cell, net)
    start = steps.add(left, through.product, "chain rule over time", (gate.name,))
    through_ends = steps.add_contributions([through])
    right = replace(through.value, lambda node: value if node == of_value else None) if parts else value
    return steps.result("adjoint", left, right, "substitution", (of_value_id, start, *through_ends))


def input_results(cell: Cell) -> Iterator[Result]:
    """The adjoint of every input at time t."""
    for symbol in cell.inputs:
        left = symbol.named(ADJOINT + symbol.name)
        yield _summed(StepList(left.name, ALL_STEPS), "input", left, (), contributions(cell, symbol))


def arriving_results(cell: Cell) -> Iterator[Result]:
    """What step t sends back to the output at t-1; at t = 0 this is the gradient by the output's initial value."""
    if cell.output in cell.recurrent:
        left = arriving(cell, cell.output).prev
        steps = StepList(arriving(cell, cell.output).name, ALL_STEPS)
        yield _summed(steps, "arriving", left, (), contributions(cell, cell.output.prev))


def initial_results(cell: Cell) -> Iterator[Result]:
    """The gradients by the initial values of the recurrent variables other than the output."""
    for variable in cell.recurrent:
        if variable != cell.output:
            left = cell.adjoint(variable).at(Integer(-1))
            steps = StepList(f"{cell.adjoint(variable).name}_initial", None)
            parts = [part.at(Integer(0)) for part in contributions(cell, variable.prev)]
            yield _summed(steps, "initial", left, (), parts)


def parameter_results(cell: Cell) -> Iterator[Result]:
    """The gradient by every parameter: a sum over all steps."""
    for parameter in cell.parameters:
        left = Parameter(ADJOINT + parameter.name, *parameter.shape)
        steps = StepList(left.name, None)
        parts = contributions(cell, parameter)
        first = steps.add(left, SumOverTime(add(*[part.product for part in parts]), 0, T), "sum over time", _used(parts))
        ends = steps.add_contributions(parts)
        total = SumOverTime(add(*[part.value for part in parts]), 0, T)
        yield steps.result("parameter", left, total, "substitution", (first, *ends))


def boundary_results(cell: Cell, adjoints: Sequence[Result]) -> Iterator[Result]:
    """What lies after the last step: adjoints at T+1 and the arriving adjoint at T are zero."""
    later: dict[Timed, None] = {}
    for result in adjoints:
        for symbol in _timed(result.statement.right):
            if symbol.time == t + 1 and symbol.name.startswith(ADJOINT):
                later.setdefault(symbol)
    for symbol in later:
        yield _zero(f"{symbol.name}_after_last", at_time(symbol, T))
    if cell.output in cell.recurrent:
        yield _zero(f"{ARRIVING}{cell.output.name}_last", arriving(cell, cell.output).at(T))


def _timed(expression: Expression) -> Iterator[Timed]:
    return (symbol for symbol in symbols_in(expression) if isinstance(symbol, Timed))


def _zero(id: str, symbol: Expression) -> Result:
    return StepList(id, None).result("boundary", symbol, Zeros(*symbol.shape), "boundary")

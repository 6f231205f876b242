"""Proves that the lines of a plan say what the derivation says, after names that passes introduced are put back.

Law: a plan is written out only where each equation of the derivation is found in it and proved, and each line reads only what
was written before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sympy import Integer

from lstm_sym.codegen.plan import Plan
from lstm_sym.derivation import Statement
from lstm_sym.errors import UnsupportedError
from lstm_sym.proof.prove import prove_statement
from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ARRIVING, LOSS_ADJOINT, PRE_ACTIVATION
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.scalars import T, t
from lstm_sym.symbols.traversal import at_time, replace, symbols_in
from lstm_sym.verdict import Status, Verdict, combine

Meanings = Mapping[Expression, Expression]


def prove_plan(plan: Plan) -> Verdict:
    """One verdict over all statements of the plan."""
    check_order(plan)
    cell, loss = plan.derivation.cell, plan.derivation.loss
    return combine(prove_statement(statement, cell, loss) for statement in statements(plan))


def require_proved(plan: Plan) -> Verdict:
    """The verdict; raises UnsupportedError that quotes the first statement that is not proved."""
    check_order(plan)
    verdicts = []
    for statement in statements(plan):
        verdict = prove_statement(statement, plan.derivation.cell, plan.derivation.loss)
        if verdict.status is not Status.PROVED:
            raise UnsupportedError(
                f"code for cell {plan.derivation.cell.name}, line {statement.left} = {statement.right}",
                got=f"{verdict.status}: {verdict.witness or verdict.reason}",
                expected="a line that is proved equal to the derivation's",
            )
        verdicts.append(verdict)
    return combine(verdicts)


def statements(plan: Plan) -> Iterator[Statement]:
    """What the lines say, over the names of the derivation alone."""
    lines = [each for phase in plan.phases.values() for each in phase]
    written = {target: value for each in lines for target, value in zip(each.targets, each.values, strict=True)}
    introduced = tuple(plan.prefixes.values())
    names = {s: v for s, v in written.items() if s.name.startswith(introduced)} if introduced else {}
    carried = {s.next: at_time(v, t + 1) for s, v in written.items() if _is_carried(plan, s)}
    for symbol, value in written.items():
        if symbol in names:
            continue
        if isinstance(symbol, Parameter):
            assert isinstance(value, SumOverTime)
            yield Statement(symbol, SumOverTime(_meant(value.body, names), value.lower, value.upper))
        elif symbol.next in carried:
            left = _initial(plan, symbol)
            if left is not None:
                yield Statement(left, at_time(_meant(value, names), Integer(0)))
        else:
            yield Statement(symbol, _meant(_meant(_meant(value, names), carried), names), (Integer(0), T))
    for result in plan.derivation.of_kind("definition", "adjoint", "arriving", "input", "parameter"):
        is_inside = result.kind == "definition" and result.statement.left.name.startswith(PRE_ACTIVATION)
        if result.statement.left not in written and not is_inside:
            raise UnsupportedError(
                f"plan of {plan.derivation.cell.name}", got=f"no line for {result.id}", expected="a line for every result"
            )


def _is_carried(plan: Plan, symbol: Expression) -> bool:
    """Whether the derivation does not know the symbol: what arrives at a variable other than the output."""
    of_output = ARRIVING + plan.derivation.cell.output.name
    return isinstance(symbol, Timed) and symbol.name.startswith(ARRIVING) and symbol.name != of_output


def _initial(plan: Plan, carried: Timed) -> Expression | None:
    """The derivation's gradient by the initial value, which is what the first step sends back."""
    for result in plan.derivation.of_kind("initial"):
        variable = carried.named(carried.name.removeprefix(ARRIVING))
        if result.statement.left == plan.derivation.cell.adjoint(variable).at(Integer(-1)):
            return result.statement.left
    return None


def _meant(value: Expression, meanings: Meanings) -> Expression:
    """The expression with every name replaced by what it stands for, at any time."""
    for _ in range(len(meanings) + 1):
        value = replace(value, lambda node: _meaning(node, meanings))
    return value


def _meaning(node: Expression, meanings: Meanings) -> Expression | None:
    if node in meanings:
        return meanings[node]
    if isinstance(node, Timed) and node.at(t) in meanings and node.time != t:
        return at_time(meanings[node.at(t)], node.time)
    return None


def check_order(plan: Plan) -> None:
    """Raises UnsupportedError where a line reads what no line before it wrote."""
    cell = plan.derivation.cell
    known: set[Expression] = {*cell.parameters, *cell.inputs, *(v.prev for v in cell.recurrent), cell.output.named(LOSS_ADJOINT)}
    known |= {v.named(ARRIVING + v.name) for v in cell.recurrent}
    for phase, lines in plan.phases.items():
        for each in lines:
            values = [v.body if isinstance(v, SumOverTime) else v for v in each.values]
            missing = [s for value in values for s in symbols_in(value) if s not in known]
            if missing:
                raise UnsupportedError(
                    f"plan of {cell.name}, {phase}: {each.targets[0]}",
                    got=f"{missing[0]} before it is written",
                    expected="its line above",
                )
            known.update(each.targets)

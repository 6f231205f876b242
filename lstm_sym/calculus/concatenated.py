"""A derivation restated in concatenated form: W_f x_t + U_f h_{t-1} + b_f becomes [U_f W_f] [h_{t-1}; x_t] + b_f.

Laws: only the form changes, and each restated line is a step of its own that is proved like any other; what cannot be put
together (three products, or none) stays as it is. The block with the earlier time stands first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sympy import Expr

from lstm_sym.calculus.backward import ALL_STEPS, StepList
from lstm_sym.cell import Equation
from lstm_sym.derivation import Derivation, Result, Statement, Step
from lstm_sym.losses import LEARNING_RATE
from lstm_sym.symbols.compound import Beside, Outer, Stack, SumOverTime, outer
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, NEW
from lstm_sym.symbols.nodes import Expression, Product, Sum, add, product, scale, transpose
from lstm_sym.symbols.traversal import replace as rewritten
from lstm_sym.symbols.traversal import symbols_in
from lstm_sym.worked import Solution

RULE = "concatenation"


@dataclass(frozen=True)
class Joined:
    """Two parameters that act on two vectors in one sum: the blocks of one matrix, which acts on one vector."""

    parameters: tuple[Parameter, Parameter]
    vectors: tuple[Expression, Expression]

    @property
    def name(self) -> str:
        """UW_f for U_f and W_f."""
        (first, index), (second, _) = (parameter.name.split("_", 1) for parameter in self.parameters)
        return f"{first}{second}_{index}"

    def matrix(self, prefix: str = "", suffix: str = "") -> Beside:
        parts = [Parameter(f"{prefix}{p.name}{suffix}", *p.shape) for p in self.parameters]
        return Beside(f"{prefix}{self.name}{suffix}", *parts)

    @property
    def vector(self) -> Stack:
        return Stack("", *self.vectors)


def joined(expression: Expression) -> Joined | None:
    """The pair of products of a sum that can be put together, if there is exactly one."""
    if not isinstance(expression, Sum):
        return None
    found = [(term.args[0], term.args[1]) for term in expression.args if _acts(term)]
    if len(found) != 2 or _index(found[0][0]) != _index(found[1][0]) or found[0][0] == found[1][0]:
        return None
    first, second = found if _earlier(found[0][1], found[1][1]) else found[::-1]
    return Joined((first[0], second[0]), (first[1], second[1]))


def _acts(term: Expression) -> bool:
    """Whether the term is a matrix of the cell times a vector."""
    return isinstance(term, Product) and len(term.args) == 2 and isinstance(term.args[0], Parameter) and "_" in term.args[0].name


def _index(parameter: Parameter) -> str:
    return parameter.name.split("_", 1)[1]


def _earlier(one: Expression, other: Expression) -> bool:
    """Whether the first uses an earlier time than the second."""
    times = [[symbol.time for symbol in symbols_in(side) if isinstance(symbol, Timed)] for side in (one, other)]
    if not all(times):
        return True
    origin: Expr = times[0][0]
    least = [min(int(time - origin) for time in side) for side in times]
    return least[0] <= least[1]


def concatenate(expression: Expression) -> Expression:
    """The expression with every pair of products that can be put together as one product."""

    def rule(node: Expression) -> Expression | None:
        pair = joined(node)
        if pair is None:
            return None
        terms = [term for term in node.args if not _acts(term)]
        place = next(k for k, term in enumerate(node.args) if _acts(term))
        return add(*terms[:place], Product(pair.matrix(), pair.vector), *terms[place:])

    return rewritten(expression, rule)


def concatenated_solution(solution: Solution) -> Solution:
    """The lines of a worked example in concatenated form; the numbers stay."""
    parts = [
        replace(part, lines=tuple(replace(line, right=concatenate(line.right)) for line in part.lines)) for part in solution.parts
    ]
    return replace(solution, parts=tuple(parts))


def concatenated(derivation: Derivation) -> Derivation:
    """The derivation in concatenated form; itself where nothing can be put together."""
    pairs = [pair for equation in derivation.cell.split if (pair := joined(equation.body)) is not None]
    if not pairs:
        return derivation
    restated = tuple(Equation(e.variable, concatenate(e.body)) for e in derivation.cell.equations)
    return replace(derivation, results=tuple(_results(derivation, pairs)), restated=restated)


def _results(derivation: Derivation, pairs: list[Joined]) -> Iterator[Result]:
    for pair in pairs:
        yield StepList(pair.name, None).result("definition", pair.matrix(), Beside("", *pair.parameters), "definition")
    members = {prefix + p.name + suffix: pair for pair in pairs for p in pair.parameters for prefix, suffix in AROUND}
    together = _arriving_together(derivation, pairs)
    for result in derivation:
        member = members.get(result.id)
        if result.kind == "stacked":
            continue
        if result.kind == "definition":
            yield _restated(result)
        elif member is not None:
            if result.id in (ADJOINT + member.parameters[1].name, member.parameters[1].name + NEW):
                yield _gradient(derivation, member) if result.kind == "parameter" else _update(member)
        elif result.kind in ("input", "arriving"):
            if together is None:
                yield _gate_by_gate(result)
            elif result.kind == "arriving":
                yield together
        else:
            yield result


AROUND = ((ADJOINT, ""), ("", NEW))


def _restated(result: Result) -> Result:
    statement = replace(result.statement, right=concatenate(result.statement.right))
    return result if statement == result.statement else _extended(result, statement, (f"{result.id}.0",))


def _extended(result: Result, statement: Statement, uses: tuple[str, ...]) -> Result:
    """The result with one more step; its last step so far gets an id of its own."""
    before = replace(result.steps[-1], id=uses[0])
    return replace(result, statement=statement, steps=(*result.steps[:-1], before, Step(result.id, statement, RULE, uses)))


def _gate_by_gate(result: Result) -> Result:
    """The result before it was stacked, where it was."""
    if result.steps[-1].rule != "stacking":
        return result
    last = replace(result.steps[-2], id=result.id)
    return replace(result, statement=last.statement, steps=(*result.steps[:-2], last))


def _gradient(derivation: Derivation, pair: Joined) -> Result:
    """delta [U W] = the sum over t of delta net_t (x) [h; x]."""
    parts = [derivation[ADJOINT + parameter.name] for parameter in pair.parameters]
    right = parts[0].statement.right
    assert isinstance(right, SumOverTime)
    assert isinstance(right.body, Outer)
    statement = Statement(pair.matrix(ADJOINT), SumOverTime(outer(right.body.args[0], pair.vector), right.lower, right.upper))
    id = ADJOINT + pair.name
    steps = (*parts[0].steps, *parts[1].steps, Step(id, statement, RULE, tuple(part.id for part in parts)))
    return Result(id, "parameter", statement, steps)


def _update(pair: Joined) -> Result:
    steps = StepList(pair.name + NEW, None)
    right = pair.matrix() - scale(LEARNING_RATE, pair.matrix(ADJOINT))
    return steps.result("update", pair.matrix(suffix=NEW), right, "gradient descent", (ADJOINT + pair.name,))


def _arriving_together(derivation: Derivation, pairs: list[Joined]) -> Result | None:
    """[Delta h_{t-1}; delta x_t] = [U_f W_f]^T delta f_t + ..., where every gate acts on the same two vectors."""
    found = derivation.of_kind("input", "arriving")
    if len({pair.vectors for pair in pairs}) != 1 or len(found) != 2 or derivation.cell.inputs[0] != pairs[0].vectors[1]:
        return None
    x, h = (_gate_by_gate(result) for result in found)
    terms = {(pair.matrix(), _adjoint(derivation, pair)) for pair in pairs}
    expected = [{product(transpose(matrix.blocks[k]), adjoint) for matrix, adjoint in terms} for k in (0, 1)]
    if [_terms(h.statement.right), _terms(x.statement.right)] != expected:
        return None
    left = Stack("", h.statement.left, x.statement.left)
    right = add(*[product(transpose(pair.matrix()), _adjoint(derivation, pair)) for pair in pairs])
    statement = Statement(left, right, h.statement.times if h.statement.times == x.statement.times else ALL_STEPS)
    id = f"{h.id}_{x.id}"
    return Result(id, "arriving", statement, (*h.steps, *x.steps, Step(id, statement, RULE, (h.id, x.id))))


def _terms(right: Expression) -> set[Expression]:
    return set(right.args) if isinstance(right, Sum) else {right}


def _adjoint(derivation: Derivation, pair: Joined) -> Timed:
    """The adjoint of what the pair's sum defines."""
    equation = next(e for e in derivation.cell.split if joined(e.body) == pair)
    return derivation.cell.adjoint(equation.variable)

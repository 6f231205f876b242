"""Writes the gradients of parameters: a sum over time of outer products is one matrix product over all steps and the batch.

    delta_W_a = Σ_t delta_a_t x_tᵀ      becomes      np.matmul(deltas.T, x) with steps and batch on one axis

Law: the batch is summed as time is; each gradient has an array of its own, or a block of rows of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lstm_sym.codegen.equation import equation
from lstm_sym.codegen.names import Names, joined
from lstm_sym.codegen.numpy.scope import Scope
from lstm_sym.codegen.numpy.writer import Values, Writer
from lstm_sym.codegen.plan import Line
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.compound import Outer, SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Product, Scaled, Sum, Zeros, scale


@dataclass(frozen=True)
class Gradient:
    """An array of gradients, one block of rows for each parameter's gradient."""

    attribute: str
    members: tuple[Parameter, ...]


@dataclass
class Totals:
    """Writes the sums over time into a function's scope."""

    scope: Scope
    names: Names
    gradients: list[Gradient] = field(default_factory=list)

    def line(self, each: Line) -> None:
        bodies = tuple(_body(value) for value in each.values)
        for target, value in zip(each.targets, each.values, strict=True):
            self.scope.lines.append(f"# {equation(target, value)}")
        if len(bodies) > 1 and not self._is_one_call(bodies):
            for target, body in zip(each.targets, bodies, strict=True):
                self._one((target,), (body,))
        else:
            self._one(each.targets, bodies)

    def _one(self, targets: Sequence[Timed | Parameter], bodies: Values) -> None:
        members = tuple(target for target in targets if isinstance(target, Parameter))
        gradient = Gradient(self.names.of(("gradient", members), joined(member.name for member in members)), members)
        self.gradients.append(gradient)
        terms = bodies[0].args if isinstance(bodies[0], Sum) else bodies if len(bodies) == 1 else None
        out = f"w.{gradient.attribute}"
        if isinstance(bodies[0], Zeros):
            self.scope.lines.append(f"{out}[...] = 0")
        elif terms is None:
            self._term(bodies, out)
        else:
            for place, term in enumerate(terms):
                self._term((term,), out if place == 0 else "")
                if place:
                    self.scope.lines[-1] = f"{out} += {self.scope.lines[-1]}"

    def _term(self, bodies: Values, out: str) -> None:
        """The call for one term; without `out` an expression that the caller adds."""
        into = f", out={out}" if out else ""
        if isinstance(bodies[0], Outer):
            sides = [self._side([body.args[0] for body in bodies]), self._side([bodies[0].args[1]])]
            self.scope.lines.append(f"np.matmul(_flat({sides[0]}).T, _flat({sides[1]}){into})")
        else:
            sides = [self._side(bodies)]
            self.scope.lines.append(f"np.matmul(w.ones, _flat({sides[0]}){into})")
        for side in sides:
            self.scope.give_back(side)

    def _side(self, values: Sequence[Expression]) -> str:
        """A factor, blocks side by side."""
        if all(isinstance(value, Timed) for value in values):
            return self.scope.quantity([v for v in values if isinstance(v, Timed)], side_by_side=True)
        return Writer(self.scope).operand(tuple(values))

    def _is_one_call(self, bodies: Values) -> bool:
        """Whether one product gives all blocks: their adjoints lie side by side."""
        lefts = [body.args[0] if isinstance(body, Outer) else body for body in bodies]
        if not all(isinstance(left, Timed) for left in lefts):
            return False
        run = self.scope.memory.layout.run([left.name for left in lefts if isinstance(left, Timed)])
        return run is not None and run.buffer.side_by_side


def _body(value: Expression) -> Expression:
    """The term of a sum over time, a column times a row written as an outer product, coefficients moved into the left factor."""
    if not isinstance(value, SumOverTime) or value.lower != 0:
        raise UnsupportedError(f"code for {value}", got="a gradient that is no sum over all steps")
    return _outer(value.body)


def _outer(body: Expression) -> Expression:
    if isinstance(body, Sum):
        return Sum(*[_outer(term) for term in body.args])
    if isinstance(body, Scaled) and isinstance(body.body, Outer):
        return Outer(scale(body.coefficient, body.body.args[0]), body.body.args[1])
    if body.shape[1] != 1 and not isinstance(body, Outer | Zeros):
        raise UnsupportedError(
            f"code for the gradient term {type(body).__name__}" if not isinstance(body, Product) else f"code for {body}",
            got=str(body)[:80],
            expected="outer products of columns, or columns",
            advice="add a form to lstm_sym/codegen/numpy/totals.py",
        )
    return body

"""Writes the gradients of parameters: a sum over time of outer products is one matrix product over all steps and the batch.

    delta_W_a = Σ_t delta_a_t x_tᵀ      becomes      np.matmul(x.T, deltas) with steps and batch on one axis

Law: the batch is summed as time is; each gradient has an array of its own, or a block of one. In float64 arrays of matrices lie
transposed, which BLAS libraries compute faster, because the longer side is then the one that they keep in vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lstm_sym.codegen.equation import equation
from lstm_sym.codegen.names import Names, joined
from lstm_sym.codegen.numpy.scope import Scope, size, times_size
from lstm_sym.codegen.numpy.writer import Values, Writer
from lstm_sym.codegen.plan import Line, Lines
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.compound import Outer, SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Product, Scaled, Sum, Zeros, scale

Targets = Sequence[Timed | Parameter]


@dataclass
class Totals:
    """Writes the sums over time into a function's scope. `arrays` are the arrays of gradients with their shapes as code, `places`
    the code of each gradient by the name of its target.
    """

    scope: Scope
    names: Names
    transposed: bool
    arrays: list[tuple[str, list[str]]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def lines(self, lines: Lines) -> None:
        """All sums; those of biases with those of weights where inputs stand beside ones."""
        done: list[Line] = []
        for each in lines:
            biases = [other for other in lines if other is not each and self._is_affine(each, other)]
            if each not in done:
                self._line(each, *biases[:1])
            done += [each, *biases[:1]]

    def _is_affine(self, weights: Line, biases: Line) -> bool:
        lefts = [body.args[0] if isinstance(body, Outer) else None for body in map(_body, weights.values)]
        rights = {body.args[1] for body in map(_body, weights.values) if isinstance(body, Outer)}
        return (
            None not in lefts
            and lefts == [_body(value) for value in biases.values]
            and self._is_one_call(tuple(map(_body, weights.values)))
            and len(rights) == 1
            and rights <= set(self.scope.memory.inputs_with_one)
        )

    def _line(self, each: Line, biases: Line | None = None) -> None:
        bodies = tuple(_body(value) for value in each.values)
        for line in filter(None, (each, biases)):
            for target, value in zip(line.targets, line.values, strict=True):
                self.scope.lines.append(f"# {equation(target, value)}")
        if len(bodies) > 1 and not self._is_one_call(bodies):
            for target, body in zip(each.targets, bodies, strict=True):
                self._one((target,), (body,))
        else:
            self._one(each.targets, bodies, biases.targets if biases else ())

    def _one(self, targets: Targets, bodies: Values, biases: Targets = ()) -> None:
        attribute = self._array(_parameters(targets), _parameters(biases))
        terms = bodies[0].args if isinstance(bodies[0], Sum) else bodies if len(bodies) == 1 else None
        out = f"w.{attribute}"
        if isinstance(bodies[0], Zeros):
            self.scope.lines.append(f"{out}[...] = 0")
        elif biases:
            column = self.scope.memory.with_one(bodies[0].args[1])
            self._outer(self._side([body.args[0] for body in bodies]), f"w.{column}", f", out={out}")
        elif terms is None:
            self._term(bodies, out)
        else:
            for place, term in enumerate(terms):
                self._term((term,), out if place == 0 else "")
                if place:
                    self.scope.lines[-1] = f"{out} += {self.scope.lines[-1]}"

    def _array(self, members: Sequence[Parameter], biases: Sequence[Parameter]) -> str:
        """The attribute of a new array, blocks above one another, biases in a last column; or all of it transposed."""
        hint = "_".join(joined(member.name for member in part) for part in (members, biases) if part)
        attribute = self.names.of(("gradient", *members, *biases), hint)
        rows, columns = members[0].shape
        is_vector = columns == 1
        shape = [times_size(len(members), rows, ""), size(columns, "") + (" + 1" if biases else "")]
        self.arrays.append((attribute, shape[:1] if is_vector else shape[::-1] if self.transposed else shape))
        for k, member in enumerate(members):
            block = f"{times_size(k, rows)}:{times_size(k + 1, rows)}"
            part = f"[{block}]" if is_vector else self._part(block, ":-1" if biases else ":")
            self.places[member.name] = f"w.{attribute}{part}"
            if biases:
                self.places[biases[k].name] = f"w.{attribute}" + self._part(block, "-1").removesuffix(".T")
        return attribute

    def _part(self, rows: str, columns: str) -> str:
        """The index of a part of a gradient."""
        return f"[{columns}, {rows}].T" if self.transposed else f"[{rows}, {columns}]"

    def _term(self, bodies: Values, out: str) -> None:
        """The call for one term; without `out` an expression that the caller adds."""
        into = f", out={out}" if out else ""
        if isinstance(bodies[0], Outer):
            sides = [self._side([body.args[0] for body in bodies]), self._side([bodies[0].args[1]])]
            self._outer(sides[0], sides[1], into)
        else:
            sides = [self._side(bodies)]
            self.scope.lines.append(f"np.matmul(w.ones, _flat({sides[0]}){into})")
        for side in sides:
            self.scope.give_back(side)

    def _outer(self, left: str, right: str, into: str) -> None:
        """Σ left rightᵀ, or transposed."""
        first, second = (right, left) if self.transposed else (left, right)
        self.scope.lines.append(f"np.matmul(_flat({first}).T, _flat({second}){into})")

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


def _parameters(targets: Targets) -> list[Parameter]:
    return [target for target in targets if isinstance(target, Parameter)]


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

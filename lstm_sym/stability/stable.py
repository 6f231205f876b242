"""The stable form of a formula: no 1 - y where y may round to 1.

    1 - sigma(z)      becomes  sigma(-z)
    1 - tanh(z)^2     becomes  4 sigma(2 z) sigma(-2 z), which is sech(z)^2

Law: this file only rewrites; that the rewritten formula is equal is for the prover to say, and `stable_form` gives its verdict.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Integer

from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation, Result, Statement
from lstm_sym.proof.prove import prove_statement
from lstm_sym.symbols.applied import Apply, sigma
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.nodes import Expression, Ones, Power, Scaled, Sum, Zeros, odot, scale
from lstm_sym.symbols.traversal import at_time, rebuild, walk
from lstm_sym.verdict import Verdict

SIGMA, TANH = "sigma", "tanh"


@dataclass(frozen=True)
class Complement:
    """1 - function(argument)^power, as it stands in a formula; `argument` is a pre-activation, or what stands in the formula."""

    node: Sum
    function: str
    power: int
    argument: Expression

    @property
    def stable(self) -> Expression:
        """Its stable form."""
        if self.power == 1:
            return sigma(scale(Integer(-1), self.argument))
        twice = [sigma(scale(Integer(sign * 2), self.argument)) for sign in (1, -1)]
        return scale(Integer(4), odot(*twice))


FORMS = ((SIGMA, 1), (TANH, 2))
"""The activations and powers whose complement has a stable form."""


@dataclass(frozen=True)
class StableForm:
    """A result's statement in stable form, with the verdict on its equality to what was derived."""

    result: Result
    complements: tuple[Complement, ...]
    statement: Statement
    verdict: Verdict


def complements(expression: Expression, cell: Cell) -> tuple[Complement, ...]:
    """What in the expression has a stable form, each once, in the order in which it stands there."""
    found = (_complement(node, cell) for node in walk(expression) if isinstance(node, Sum))
    return tuple(dict.fromkeys(complement for complement in found if complement is not None))


def stable_expression(expression: Expression, cell: Cell) -> Expression:
    """The expression with every complement in stable form."""
    if isinstance(expression, Sum) and (found := _complement(expression, cell)):
        return found.stable
    if not expression.parts:
        return expression
    args = [stable_expression(arg, cell) if isinstance(arg, Expression) else arg for arg in expression.args]
    return rebuild(expression, args)


def stable_form(result: Result, derivation: Derivation) -> StableForm | None:
    """The stable form of a result and its verdict; None where the formula has no complement."""
    found = complements(result.statement.right, derivation.cell)
    if not found:
        return None
    old = result.statement
    statement = Statement(old.left, stable_expression(old.right, derivation.cell), old.times, old.assuming)
    return StableForm(result, found, statement, prove_statement(statement, derivation.cell, derivation.loss))


def _complement(node: Sum, cell: Cell) -> Complement | None:
    """1 - y, 1 - y^2 with y an activation or a variable that is one; None for any other sum."""
    if len(node.parts) != 2 or not isinstance(node.parts[0], Ones) or isinstance(node.parts[0], Zeros):
        return None
    taken = node.parts[1]
    if not isinstance(taken, Scaled) or taken.coefficient != -1:
        return None
    base, power = (taken.body.base, taken.body.exponent) if isinstance(taken.body, Power) else (taken.body, 1)
    activation = _activation(base, cell)
    if activation is None or (activation.function, power) not in FORMS:
        return None
    return Complement(node, activation.function, power, activation.body)


def _activation(base: Expression, cell: Cell) -> Apply | None:
    if isinstance(base, Apply):
        return None if base.is_slope else base
    if isinstance(base, Timed):
        for equation in cell.split:
            if equation.name == base.name and isinstance(equation.body, Apply):
                moved = at_time(equation.body, base.time)
                return moved if isinstance(moved, Apply) else None
    return None

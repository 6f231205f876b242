"""The stable form of a formula: no 1 - y where y may round to 1, by the table in symbols/complements.py.

Law: this file only rewrites; that the rewritten formula is equal is for the prover to say, and `stable_form` gives its verdict.
"""

from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation, Result, Statement
from lstm_sym.proof.prove import prove_statement
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.complements import Activated, Occurrence, occurrence
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.traversal import at_time, rebuild, walk
from lstm_sym.verdict import Verdict


@dataclass(frozen=True)
class StableForm:
    """A result's statement in stable form, with the verdict on its equality to what was derived."""

    result: Result
    complements: tuple[Occurrence, ...]
    statement: Statement
    verdict: Verdict


def complements(expression: Expression, cell: Cell) -> tuple[Occurrence, ...]:
    """What in the expression has a stable form, each once, in the order in which it stands there."""
    found = (occurrence(node, _activated(cell)) for node in walk(expression))
    return tuple(dict.fromkeys(complement for complement in found if complement is not None))


def stable_expression(expression: Expression, cell: Cell) -> Expression:
    """The expression with every complement in stable form."""
    if found := occurrence(expression, _activated(cell)):
        return found.form.stable(found.argument)
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


def _activated(cell: Cell) -> Activated:
    """What a variable of the cell is the activation of, at its time."""

    def body(symbol: Expression) -> Expression | None:
        if isinstance(symbol, Timed):
            for equation in cell.split:
                if equation.name == symbol.name and isinstance(equation.body, Apply):
                    return at_time(equation.body, symbol.time)
        return None

    return body

"""The contribution of one equation to the adjoint of a symbol that it uses, as a chain of named steps.

Law: the last state of the chain is the one that the entrywise derivative by SymPy gives; the rules only say how a reader
gets there.
"""

from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.calculus.entrywise import vector_jacobian_product
from lstm_sym.calculus.rules import has_derivative, move_once, pull, replace_slopes
from lstm_sym.cell import Cell, Equation
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.compound import VJP
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import at_time, replace, symbols_in


@dataclass(frozen=True)
class Link:
    """One state of a chain, the rule that gives it from the one before, and the equation that the rule puts in, if any."""

    state: Expression
    rule: str
    uses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contribution:
    """(d user / d symbol)^T adjoint(user) = links[0].state = ... = links[-1].state."""

    product: Expression
    links: tuple[Link, ...]

    @property
    def value(self) -> Expression:
        return self.links[-1].state

    def at(self, time: object) -> Contribution:
        """The same contribution with t replaced."""
        moved = tuple(Link(at_time(link.state, time), link.rule, link.uses) for link in self.links)
        return Contribution(at_time(self.product, time), moved)


def contribution(cell: Cell, user: Equation, symbol: Expression) -> Contribution:
    """What the equation `user` (at time t) sends back to `symbol` (at t, at t-1, or a parameter)."""
    cotangent = cell.adjoint(user.variable)
    try:
        derived = vector_jacobian_product(user.variable, user.body, symbol, cotangent)
    except UnsupportedError as error:
        raise _unreadable(cell, user, symbol) from error
    links = [Link(pull(user.body, symbol, cotangent), "definition", (user.name,))]
    while has_derivative(links[-1].state):
        links.append(Link(*move_once(links[-1].state)))
    state, rules = replace_slopes(links[-1].state)
    if rules:
        links.append(Link(state, ", ".join(rules)))
    named = replace(state, lambda node: user.variable if node == user.body else None)
    if named != state:
        links.append(Link(named, "definition", (user.name,)))
    if links[-1].state != derived:
        links.append(Link(derived, "entrywise derivative"))
    return Contribution(VJP(user.variable, symbol, cotangent), tuple(links))


def _unreadable(cell: Cell, user: Equation, symbol: Expression) -> UnsupportedError:
    return UnsupportedError(
        f"cell {cell.name}, equation {user.name} = {user.body}",
        got=f"a derivative by {symbol} that is no sum of matrix, Hadamard and outer products",
        expected="products W v of a parameter and a column, Hadamard products, sums, activations",
        advice="give the inner products equations of their own",
    )


def users(cell: Cell, symbol: Expression) -> tuple[Equation, ...]:
    """The equations, pre-activations included, whose right side holds the symbol, in declared order."""
    return tuple(equation for equation in cell.split if symbol in symbols_in(equation.body))


def contributions(cell: Cell, symbol: Expression) -> tuple[Contribution, ...]:
    """The contributions of all equations at time t that use the symbol."""
    return tuple(contribution(cell, user, symbol) for user in users(cell, symbol))


def from_next_step(cell: Cell, variable: Timed) -> tuple[Contribution, ...]:
    """What the step t+1 sends back to the variable at t."""
    return tuple(part.at(t + 1) for part in contributions(cell, variable.prev))

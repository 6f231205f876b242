"""A derivation as data: statements, and the frozen, named steps that lead to them. Nothing here computes or prints.

Law: a step holds its own statement, the name of its rule and the ids of the premises that it uses, so that it can be
checked alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr

from lstm_sym.cell import Cell, Equation
from lstm_sym.symbols.nodes import Expression


@dataclass(frozen=True)
class Statement:
    """left = right for t = first, ..., last (or once, where `times` is None), under the premises named in `assuming`."""

    left: Expression
    right: Expression
    times: tuple[Expr, Expr] | None = None
    assuming: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Step:
    """One line of a derivation: `statement` follows from `uses` by `rule`."""

    id: str
    statement: Statement
    rule: str
    uses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """One equation of a derivation, with the steps that end in it. `kind` says which part of the backward pass it is.

    Kinds: definition, boundary, loss, adjoint, arriving, input, parameter, initial, stacked, update.
    """

    id: str
    kind: str
    statement: Statement
    steps: tuple[Step, ...]

    @property
    def rule(self) -> str:
        return self.steps[-1].rule


@dataclass(frozen=True)
class Derivation:
    """All results of one cell under a loss of that name, in the order in which a lecturer writes them.

    `restated` has the cell's equations where they are written in another form than the declared one.
    """

    cell: Cell
    loss: str
    results: tuple[Result, ...]
    restated: tuple[Equation, ...] = ()

    @property
    def forward(self) -> tuple[Equation, ...]:
        """The equations of the cell as they are to be written."""
        return self.restated or tuple(self.cell.equations)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)

    def __getitem__(self, id: str) -> Result:
        for result in self.results:
            if result.id == id:
                return result
        raise KeyError(f"no result {id!r} in the derivation of {self.cell.name}; ids: {', '.join(r.id for r in self.results)}")

    def of_kind(self, *kinds: str) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.kind in kinds)

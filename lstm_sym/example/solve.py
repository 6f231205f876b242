"""`solve`: every value of a worked example as certified decimals, and every line of its solution with the numbers put in.

Law: the equations are those of the derivation; the values are certified; this file only puts the two together, in reading order.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from lstm_sym.calculus.derive import derive
from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation
from lstm_sym.evaluate.certify import UndecidedError, certify
from lstm_sym.evaluate.rounding import Decimals, Rounding, Significant
from lstm_sym.evaluate.schedule.program import program
from lstm_sym.evaluate.schedule.run import given_matrices
from lstm_sym.evaluate.systems.addresses import Key
from lstm_sym.example.decimals import exact_text
from lstm_sym.example.example import Example
from lstm_sym.example.lines import Lines
from lstm_sym.example.parts import needed_pre_activations, parts
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import PRE_ACTIVATION, RATE
from lstm_sym.worked import Entries, Solution, Value


def solve(example: Example, digits: int | None = None) -> Solution:
    """The worked example to `digits` significant digits, or to the example's own number of decimals where None."""
    rounding = Decimals(example.decimals) if digits is None else Significant(digits)
    return solve_to(example, rounding)


def solve_to(example: Example, rounding: Rounding) -> Solution:
    """As `solve`, for any rounding."""
    derivation = derivation_of(example.cell)
    given = _given_entries(example)
    wanted = _computed(derivation)
    certified = certify(program(derivation), example.givens, rounding, lambda key: key[0] in wanted and key not in given)
    lines = Lines(derivation, example.givens, {**given, **certified.entries})
    return Solution(
        name=example.name,
        cell=example.cell.name,
        givens=tuple(_value(key, entries) for key, entries in given.items()),
        parts=tuple(parts(lines)),
        values=tuple(_value(key, certified.entries[key]) for key in _ordered(list(certified.entries), wanted)),
        rounding=rounding.words() + (UNDECIDED if _has_undecided(certified.entries.values()) else ""),
    )


DECIMALS_ON_OFFER = (*range(1, 13), 16, 20, 30, 40)
"""The numbers of decimals that a reader of a page can choose from."""


def precisions(example: Example) -> dict[int, Solution]:
    """The worked example at each number of decimals on offer and at its own; one that no precision decides is left out."""
    found = {}
    for decimals in sorted({*DECIMALS_ON_OFFER, example.decimals}):
        try:
            found[decimals] = solve_to(example, Decimals(decimals))
        except UndecidedError:
            continue
    return found


UNDECIDED = "; 0e-k stands for what is zero to k decimals and has no digit that is certain"


def _has_undecided(matrices: Iterable[Entries]) -> bool:
    return any(entry.startswith("0e-") for matrix in matrices for row in matrix for entry in row)


def to_data(solution: Solution) -> dict[str, Any]:
    """The values as nested lists and dictionaries, for JSON: {"values": [{"quantity", "t", "shape", "entries"}]}."""
    return {
        "values": [
            {
                "quantity": value.quantity,
                "t": value.time,
                "shape": list(value.shape),
                "entries": [list(row) for row in value.entries],
            }
            for value in solution.values
        ]
    }


@lru_cache(maxsize=16)
def derivation_of(cell: Cell) -> Derivation:
    """The derivation of a cell, made once."""
    return derive(cell)


def _given_entries(example: Example) -> dict[Key, Entries]:
    """The givens as exact decimal text, the learning rate among them."""
    matrices = {key: matrix for key, _, matrix in given_matrices(example.cell, example.givens)}
    matrices[RATE, None] = ((example.givens.rate,),)
    return {key: tuple(tuple(exact_text(entry) for entry in row) for row in matrix) for key, matrix in matrices.items()}


def _computed(derivation: Derivation) -> tuple[str, ...]:
    """The names of what is computed, in the order in which a reader looks for it; of pre-activations those that a line needs."""
    kinds = ("definition", "loss", "arriving", "adjoint", "input", "initial", "parameter", "update")
    timed_first = sorted(derivation.of_kind(*kinds), key=lambda result: kinds.index(result.kind))
    loss = [r.id for r in timed_first if r.kind == "loss" and not isinstance(r.statement.left, Timed)]
    names = dict.fromkeys(result.statement.left.name for result in timed_first)
    needed = needed_pre_activations(derivation)
    shown = [name for name in names if name not in loss and (name in needed or not name.startswith(PRE_ACTIVATION))]
    return (*shown, *loss)


def _ordered(keys: list[Key], names: tuple[str, ...]) -> list[Key]:
    rank = {name: position for position, name in enumerate(names)}
    return sorted(keys, key=lambda key: (rank[key[0]], key[1] or 0))


def _value(key: Key, entries: Entries) -> Value:
    name, time = key
    return Value(name, time, (len(entries), len(entries[0])), entries)

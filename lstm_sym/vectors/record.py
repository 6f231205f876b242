"""A case as a record for JSON: its exact givens and certified values, each entry as decimal, radius and one hexadecimal float a
format.

Law: the text is a function of the case alone: keys in fixed order, one quantity a line, ASCII, line feeds.
docs/vectors.schema.json is its schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lstm_sym.calculus.derive import derive
from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation
from lstm_sym.evaluate.schedule.program import Program, program
from lstm_sym.evaluate.schedule.run import given_matrices
from lstm_sym.evaluate.systems.addresses import Key
from lstm_sym.evaluate.systems.givens import Givens
from lstm_sym.floating.formats import Format
from lstm_sym.floating.rounding import WORDS
from lstm_sym.floating.text import hex_text
from lstm_sym.symbols.names import NEW
from lstm_sym.vectors.case import Case
from lstm_sym.vectors.draw import check_exact, givens_of
from lstm_sym.vectors.values import Matrix, certified_values

FORMAT_NAME = "lstm-sym vectors 1"
ROUNDING = (
    "decimal: 40 significant digits, half to even, within radius of the true value; no trailing zeros where the radius is 0; "
    f"formats: {WORDS}"
)
EQUATIONS = ("definition", "loss", "boundary", "adjoint", "stacked", "arriving", "input", "initial", "parameter")

Record = dict[str, Any]


@dataclass(frozen=True)
class Solved:
    """A case with the numbers of its givens and of its values."""

    case: Case
    formats: tuple[Format, ...]
    given: Mapping[Key, Matrix]
    values: Mapping[Key, Matrix]


@lru_cache(maxsize=32)
def derivation_of(cell: Cell, loss: str) -> Derivation:
    return derive(cell, loss)


@lru_cache(maxsize=32)
def program_of(cell: Cell, loss: str) -> Program:
    return program(derivation_of(cell, loss))


def solve_case(case: Case, formats: Sequence[Format], givens: Givens | None = None) -> Solved:
    """Every number of the case; `givens` are drawn from its seed where they are not handed over."""
    givens = givens_of(case) if givens is None else givens
    derivation, steps = derivation_of(case.declared, case.loss), program_of(case.declared, case.loss)
    given = [key for key, _, _ in given_matrices(derivation.cell, givens)]
    check_exact((key[0], matrix) for key, _, matrix in given_matrices(derivation.cell, givens))
    found = certified_values(steps, givens, formats, lambda key: not key[0].endswith(NEW))
    values = {key: found[key] for key in sorted(found, key=lambda key: _rank(key, derivation)) if key not in given}
    return Solved(case, tuple(formats), {key: found[key] for key in given}, values)


def _rank(key: Key, derivation: Derivation) -> tuple[int, int]:
    """Derived order, then time."""
    names = list(dict.fromkeys(result.statement.left.name for result in derivation if hasattr(result.statement.left, "name")))
    return names.index(key[0]) if key[0] in names else -1, -2 if key[1] is None else key[1]


def record(solved: Solved) -> Record:
    """The record of a case; docs/vectors.schema.json."""
    case = solved.case
    return {
        "format": FORMAT_NAME,
        "name": case.name,
        "cell": case.cell,
        "loss": case.loss,
        "sizes": case.sizes,
        "steps": case.steps,
        "saturation": case.saturation,
        "seed": case.seed,
        "rounding": ROUNDING,
        "range": {format.name: _range(solved, format) for format in solved.formats},
        "given": [_quantity(solved, key, matrix) for key, matrix in solved.given.items()],
        "values": [_quantity(solved, key, matrix) for key, matrix in solved.values.items()],
    }


def equations(case: Case) -> list[str]:
    """The equations of the cell under its loss, in ASCII: @ the matrix product, odot that of entries, .T the transpose."""
    found = [r for r in derivation_of(case.declared, case.loss).of_kind(*EQUATIONS) if not r.statement.left.name.endswith(NEW)]
    return [f"{result.statement.left} = {result.statement.right}" for result in found]


def _quantity(solved: Solved, key: Key, matrix: Matrix) -> Record:
    name, time = key
    texts = {
        format.name: [[hex_text(entry.bits[format.name], format) for entry in row] for row in matrix] for format in solved.formats
    }
    return {
        "quantity": name,
        "t": time,
        "shape": [len(matrix), len(matrix[0])],
        "decimal": [[entry.decimal for entry in row] for row in matrix],
        "radius": [[entry.radius for entry in row] for row in matrix],
        **texts,
    }


def _range(solved: Solved, format: Format) -> Record:
    """How many values leave the range of normal numbers: to infinity, to subnormal numbers, to zero though they are not zero."""
    overflow = subnormal = underflow = 0
    for entry in _entries(solved.values):
        magnitude = entry.bits[format.name] & ~format.sign
        overflow += magnitude == format.infinity
        underflow += magnitude == 0 and entry.decimal != "0"
        subnormal += 0 < magnitude < 1 << (format.precision - 1)
    return {"overflow": overflow, "subnormal": subnormal, "underflow": underflow}


def _entries(values: Mapping[Key, Matrix]) -> Iterator[Any]:
    for matrix in values.values():
        for row in matrix:
            yield from row


def record_text(found: Record) -> str:
    """The record as JSON, one quantity a line."""
    head = {key: value for key, value in found.items() if key not in ("given", "values")}
    lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    for part, end in (("given", ","), ("values", "")):
        quantities = ",\n".join("  " + json.dumps(quantity, separators=(",", ":")) for quantity in found[part])
        lines.append(f' "{part}": [\n{quantities}\n ]{end}')
    return "{\n" + "\n".join(lines) + "\n}\n"

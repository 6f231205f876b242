"""Answers as JSON: the contracts that README.md states. Keys are only ever added."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstm_sym.cell import Cell
    from lstm_sym.proof.prove import Proof
    from lstm_sym.render.typeset.notation import Notation
    from lstm_sym.verdict import Verdict
    from lstm_sym.worked import Solution

Record = dict[str, Any]


def json_text(record: Record) -> str:
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def cell_record(cell: Cell) -> Record:
    return {
        "name": cell.name,
        "title": cell.title,
        "source": cell.source,
        "output": cell.output.name,
        "variables": [symbol.name for symbol in cell.variables],
        "inputs": [symbol.name for symbol in cell.inputs],
        "parameters": [symbol.name for symbol in cell.parameters],
    }


def verdict_record(verdict: Verdict) -> Record:
    """What a verdict rests on; reason, witness, seed and precision only where there are any."""
    more = {
        "reason": verdict.reason,
        "witness": str(verdict.witness) if verdict.witness else None,
        "seed": verdict.seed,
        "precision": verdict.precision,
    }
    record = {"status": str(verdict.status), "scope": verdict.scope, "method": verdict.method, "checks": verdict.checks}
    return record | {key: value for key, value in more.items() if value is not None}


def proof_record(proof: Proof, notation: Notation) -> Record:
    """Every equation of a derivation with its verdict, and the verdicts on their composition."""
    from lstm_sym.render.expression.statement import equation
    from lstm_sym.render.typeset.ink import LATEX

    return {
        "cell": proof.derivation.cell.name,
        "equations": [
            {
                "id": result.id,
                "latex": equation(result.statement, LATEX, notation),
                "verdict": verdict_record(proof.results[result.id]),
            }
            for result in proof.derivation
        ],
        "composition": [verdict_record(verdict) for verdict in proof.compositions.values()],
    }


def solution_record(solution: Solution) -> Record:
    """Every value of a worked example as decimal text, and what it is of."""
    from lstm_sym.example.solve import to_data

    return {"example": solution.name, "cell": solution.cell, "rounding": solution.rounding, **to_data(solution)}

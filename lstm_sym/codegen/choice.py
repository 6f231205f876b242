"""The plan chosen by size: straight-line scalar code where a step has few entries, the module for arrays where it has many.

A call on arrays costs as much as dozens of operations on floats, and a plan for arrays makes about as many calls as it has
equations; so what counts is the average of operations per equation. Law: with the same sizes the same plan is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lstm_sym.codegen.names import Names
from lstm_sym.codegen.plan import Plan
from lstm_sym.errors import InputError

MOST_OPERATIONS = 20
"""Operations per equation up to which scalar code is chosen, for one row of a batch.

Measured on one core as processor time of forward and backward beside the NumPy module, n = m: over 50 steps both take the same at
27 (lstm), 36 (elman), 45 (gru, gru_reset_after) and 50 (peephole) operations per equation, which is n = m = 4 or 5; over 2 steps
at 100. At 17 (n = m = 3) scalar code takes 0.4 to 0.6 of the time over 50 steps, 0.25 over 2. Each further row of the batch costs
as much again in scalars, and little in arrays.
"""
DTYPE = "float64"
"""A Python float is that, and nothing else."""


@dataclass(frozen=True)
class Choice:
    """The backend that writes the module, and the reason, a sentence; empty where there was no choice."""

    backend: str
    reason: str = ""


def chosen(backend: str, dtype: str, sizes: Mapping[str, int], plan: Plan) -> Choice:
    """The choice for a plan of scalars, at checked sizes; raises InputError where scalars are asked for and cannot be had."""
    obstacle = _obstacle(dtype, sizes, plan)
    words = in_words(sizes)
    if backend == "scalars" and obstacle:
        raise InputError(
            f"--backend scalars for {words}",
            got=obstacle,
            expected=f"{DTYPE}, and at most {MOST_OPERATIONS} operations per equation",
            advice="leave --backend out; the module for arrays takes any size",
        )
    if obstacle:
        return Choice("numpy", f"{words}: {obstacle}; the module is the one for arrays, of any size")
    return Choice("scalars", f"{words}: straight-line scalar code, for these sizes alone")


def _obstacle(dtype: str, sizes: Mapping[str, int], plan: Plan) -> str:
    """Why scalar code is not the better plan; nothing where it is."""
    from lstm_sym.codegen.scalars.entries import Entries
    from lstm_sym.codegen.scalars.work import operations

    if dtype != DTYPE:
        return f"{dtype}, where scalar code computes in {DTYPE}"
    equations = sum(len(each.values) for lines in plan.phases.values() for each in lines)
    each = operations(plan, Entries(Names(), sizes)) / equations
    return f"{each:.0f} operations per equation, more than {MOST_OPERATIONS}" if each > MOST_OPERATIONS else ""


def in_words(sizes: Mapping[str, int]) -> str:
    """m = 2 and n = 1."""
    *others, last = (f"{name} = {number}" for name, number in sizes.items())
    return f"{', '.join(others)} and {last}" if others else last

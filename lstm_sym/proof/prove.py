"""`prove`: a verdict for every result of a derivation, step by step for all sizes, and for its composition at small sizes.

Laws: a result is as good as the worst of its steps; a statement that no pass proves is looked at for a counterexample, and
is REFUTED only with one. The composition is decided on unrolled networks, without use of the derived equations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation, Result, Statement, Step
from lstm_sym.proof.composition import COMPOSITION_SIZES, composition
from lstm_sym.proof.identity import QUICK, THOROUGH, identity
from lstm_sym.proof.refute import refute
from lstm_sym.proof.unrolled import Size
from lstm_sym.verdict import Status, Verdict, combine


@dataclass(frozen=True)
class Proof:
    """The verdicts of a derivation: of each step, of each result, and of the composition at each size."""

    derivation: Derivation
    steps: Mapping[str, Verdict]
    results: Mapping[str, Verdict]
    compositions: Mapping[str, Verdict]

    @property
    def verdict(self) -> Verdict:
        """The verdict of the whole."""
        return combine((*self.results.values(), *self.compositions.values()))


def prove_statement(statement: Statement, cell: Cell, loss: str = "squared") -> Verdict:
    """PROVED for every n, m, T; or REFUTED with an exact witness; or UNKNOWN with the reason."""
    quick = identity(statement, cell, loss, QUICK)
    if quick.status is Status.PROVED:
        return quick
    refutation = refute(statement, cell, loss)
    return refutation if refutation.status is Status.REFUTED else identity(statement, cell, loss, THOROUGH)


def prove(derivation: Derivation, sizes: Sequence[Size] = COMPOSITION_SIZES) -> Proof:
    """The verdicts of every step and result, and of the composition at the sizes given."""
    steps = {step.id: _step_verdict(derivation, step) for step in _all_steps(derivation)}
    results = {result.id: combine(steps[step.id] for step in result.steps) for result in derivation}
    compositions = {str(size): composition(derivation, size) for size in sizes}
    return Proof(derivation, steps, results, compositions)


def _all_steps(derivation: Derivation) -> Iterator[Step]:
    for result in derivation:
        yield from result.steps


def _step_verdict(derivation: Derivation, step: Step) -> Verdict:
    return prove_statement(step.statement, derivation.cell, derivation.loss)


def prove_result(result: Result, cell: Cell, loss: str = "squared") -> Verdict:
    """The verdict of one result from its steps."""
    return combine(prove_statement(step.statement, cell, loss) for step in result.steps)

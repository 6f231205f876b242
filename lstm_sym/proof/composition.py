"""Whether the equations of a derivation hold together: each is compared, at every step, with derivatives of the unrolled network.

Law: the values on both sides come from `unrolled`, which knows the forward equations only; so a lost path, a wrong time
index or a wrong boundary shows here even where each line is right in itself. The decision is exact at the points named.
"""

from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.derivation import Derivation, Statement
from lstm_sym.proof.dual import AbstractRationals
from lstm_sym.proof.refute import SEED, all_times
from lstm_sym.proof.unrolled import Network, Size
from lstm_sym.symbols.blocks import blocks
from lstm_sym.symbols.nodes import Expression
from lstm_sym.verdict import Status, Verdict, Witness

METHOD = "unrolled network, dual numbers over exact rationals"
COMPOSITION_SIZES: tuple[Size, ...] = (Size(1, 2, 4), Size(2, 3, 4), Size(3, 1, 5))
"""n != m, T >= 3, non-zero initial values."""


def composition(derivation: Derivation, size: Size, seed: int = SEED) -> Verdict:
    """PROVED at the points drawn from the seed where all equations hold there, REFUTED with the first that does not."""
    network = Network(derivation.cell, size, seed, AbstractRationals(seed), loss=derivation.loss)
    checks = 0
    scope = f"{size}, at random rational points"
    for id, statement in _checked(derivation):
        for time in all_times(statement, size):
            for left, right in zip(blocks(statement.left), blocks(statement.right), strict=True):
                for a, b in _entries(network, time, left, right):
                    checks += 1
                    if a != b:
                        witness = Witness(f"{id}, {size}, t={time}", str(a), str(b))
                        return Verdict(Status.REFUTED, scope, METHOD, checks, witness=witness, seed=seed)
    return Verdict(Status.PROVED if checks else Status.UNKNOWN, scope, METHOD, checks, seed=seed)


def _checked(derivation: Derivation) -> Iterator[tuple[str, Statement]]:
    """The results without premises; those under a premise have their own scope."""
    for result in derivation:
        if not result.statement.assuming:
            yield result.id, result.statement


def _entries(network: Network, time: int | None, left: Expression, right: Expression) -> Iterator[tuple[object, object]]:
    for rows in zip(network.of(left, time), network.of(right, time), strict=True):
        for a, b in zip(*rows, strict=True):
            yield a.value, b.value

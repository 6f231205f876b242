"""Named mistakes, planted in the backward pass of the user's own forward pass.

Law: the likeliest mistake comes first, because the first that explains a gradient is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.code.mistakes.activations import neighbour_slopes, wrong_slopes
from lstm_sym.code.mistakes.factors import wrong_factors
from lstm_sym.code.mistakes.mutant import Mutant
from lstm_sym.code.mistakes.steps import accumulations, contributions, recurrences
from lstm_sym.code.running.tape import Tape


def mutants(tape: Tape) -> Iterator[Mutant]:
    """All mutants of this tape, the likeliest first."""
    yield from wrong_slopes(tape)
    yield from accumulations(tape)
    yield from recurrences(tape)
    yield from neighbour_slopes(tape)
    yield from contributions(tape)
    yield from wrong_factors(tape)

"""Whether balls hold the true values: those at more than twice the precision, or exact ones."""

import flint

from lstm_sym.evaluate.certify import endpoints
from lstm_sym.evaluate.columns.columns import ColumnBalls
from lstm_sym.evaluate.schedule.run import run
from lstm_sym.evaluate.systems.rationals import ExactRationals


def misses(values, program, givens, precision):
    """The keys of the values of which a ball does not hold the ball of the same value at a far higher precision."""
    fine = run(program, givens, ColumnBalls(2 * precision + 4 * len(givens.inputs) + 400))
    return {key for key in fine.matrices for a, b in zip(_flat(values, key), _flat(fine, key), strict=True) if not a.contains(b)}


def exact_misses(values, program, givens):
    exact = run(program, givens, ExactRationals())
    known = [
        (key, a, b) for key in exact.matrices for a, b in zip(_flat(values, key), _flat(exact, key), strict=True) if b is not None
    ]
    assert len(known) > 50
    ends = [(key, endpoints(a), b) for key, a, b in known]
    return {key for key, (low, high), b in ends if not low <= b <= high}


def digits_lost(values, precision):
    """For each quantity the worst radius against 2^-precision of the largest entry, in digits."""
    worst = {}
    with flint.ctx.workprec(64):
        unit = flint.arb(2) ** -precision
        for key in values.matrices:
            entries = _flat(values, key)
            size, radius = max(abs(entry.mid()) for entry in entries), max(entry.rad() for entry in entries)
            if size > 0 and radius > 0:
                lost = float((radius / size / unit).log() / flint.arb(10).log())
                worst[key[0]] = max(lost, worst.get(key[0], lost))
    return worst


def _flat(values, key):
    return [entry for row in values.entries(key) for entry in row]

"""The verdicts of the audit that no proof stands behind: SUPPORTED by samples, UNKNOWN with a reason; and what is said of a
stop.

Law: a reason is a sentence that a reader can act on.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lstm_sym.notes.diagnosis.edit import Correction
from lstm_sym.notes.sampling.scope import NameUnknownError, Reading
from lstm_sym.verdict import EVERY_SIZE, Status, Verdict

SAMPLE_METHOD = "random samples modulo 2^61 - 1"
SAMPLE_SCOPE = "n=2, m=3, T=3, at random points"


@dataclass
class Judgement:
    """The verdict of one pair, the correction that was found, and the reading under which it was judged."""

    verdict: Verdict
    correction: Correction | None = None
    reading: Reading = field(default_factory=Reading)


def supported(reason: str) -> Verdict:
    return Verdict(Status.SUPPORTED, SAMPLE_SCOPE, SAMPLE_METHOD, 1, reason=reason, seed=1)


def unknown(reason: str) -> Verdict:
    return Verdict(Status.UNKNOWN, EVERY_SIZE, "none", 0, reason=reason)


def reason_of(stop: Exception | None) -> str:
    """Why a claim could not be tried."""
    if isinstance(stop, NameUnknownError):
        return f"{stop.reason}; define it, or give a table of names"
    return str(getattr(stop, "reason", stop))

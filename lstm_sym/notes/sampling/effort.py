"""How much work one claim may cost: evaluations of formula nodes, with time of the processor as a last resort.

Laws: work is counted, so that the same text gets the same answer on every machine; beyond the bound `TooLongError` is
raised, and the claim becomes UNKNOWN with what was spent. A sum inside a sum inside a sum, or a name that is defined by twice
the name before it, is stopped here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import process_time

from lstm_sym.notes.text.bounds import UnreadableError

TRIAL = 20_000
"""Evaluations for one trial of one equation; right equations need some hundreds."""
CLAIM = 150_000
"""Evaluations for one claim, its diagnosis included."""
DIAGNOSIS = 20_000
"""Evaluations for the search of a near correction, part of those of its claim."""
SECONDS = 10.0
"""Seconds of the processor for one claim, which only a machine much slower than usual reaches first."""
LOOK = 512
"""So many evaluations pass between two looks at the clock."""


@dataclass
class Effort:
    """What has been spent, and how much may be."""

    limit: int = TRIAL
    seconds: float = SECONDS
    spent: int = 0
    started: float = field(default_factory=process_time)

    @property
    def exhausted(self) -> bool:
        return self.spent > self.limit

    def spend(self) -> None:
        """Counts one evaluation; raises TooLongError beyond the bound."""
        self.spent += 1
        if self.spent > self.limit or (self.spent % LOOK == 0 and process_time() - self.started > self.seconds):
            raise TooLongError(self.spent, process_time() - self.started)


class TooLongError(UnreadableError):
    """A claim that costs more than its bound."""

    def __init__(self, spent: int, seconds: float) -> None:
        super().__init__(f"time: stopped after {spent} evaluations, {seconds:.1f} s", 0)

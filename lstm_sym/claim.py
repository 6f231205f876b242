"""What a reader of notes says: claims with their places, findings about them, and the report. Data; nothing here computes
or prints.

Laws: the text of a claim is what its author wrote, untouched; a finding has a status and, where that is not PROVED, a
reason; the summary counts every claim once, so nothing is silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lstm_sym.errors import Place
from lstm_sym.verdict import Status

FORMULA, NUMBER, DEFINITION = "formula", "number", "definition"
KINDS = (FORMULA, NUMBER, DEFINITION)
EXACT, CARRIED, WRONG = "exact", "carried", "wrong"


@dataclass(frozen=True)
class Claim:
    """One claim of a document: its kind, its text untouched, its place, and its offsets in the text."""

    kind: str
    text: str
    place: Place
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Edit:
    """A proposed replacement of text[start:end], and the difference in words."""

    start: int
    end: int
    replacement: str
    words: str


@dataclass(frozen=True)
class Finding:
    """What was found about one claim. `grade` is exact, carried or wrong for numbers; `consequences` are folded under a
    root.
    """

    claim: Claim
    status: Status
    scope: str = ""
    reason: str | None = None
    derived: str | None = None
    suggestion: str | None = None
    witness: str | None = None
    grade: str | None = None
    edits: tuple[Edit, ...] = ()
    root: int | None = None
    """The line of the finding that this one follows from."""


@dataclass(frozen=True)
class Report:
    """Everything that was found in one document: `cell` names the network, `notes` are said once for the whole."""

    file: str
    text: str
    findings: tuple[Finding, ...]
    cell: str = ""
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False, repr=False)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    @property
    def summary(self) -> dict[str, int]:
        """How many claims have each status, all statuses named."""
        counts = Counter(str(finding.status) for finding in self.findings)
        return {str(status): counts[str(status)] for status in sorted(Status, reverse=True)}

    @property
    def exit_code(self) -> int:
        """1 if something is refuted, else 0."""
        return int(any(finding.status is Status.REFUTED for finding in self.findings))

    def of(self, status: Status) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.status is status)

"""Verdicts: what was decided, over which scope, by which method, with how many checks.

Law: REFUTED < UNKNOWN < SUPPORTED < PROVED; the worst part of a whole wins, and where nothing ran the whole is UNKNOWN.

    combine     PROVED     SUPPORTED  UNKNOWN    REFUTED
    PROVED      PROVED     SUPPORTED  UNKNOWN    REFUTED
    SUPPORTED   SUPPORTED  SUPPORTED  UNKNOWN    REFUTED
    UNKNOWN     UNKNOWN    UNKNOWN    UNKNOWN    REFUTED
    REFUTED     REFUTED    REFUTED    REFUTED    REFUTED

Only an exact procedure gives PROVED or REFUTED; floating point gives neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

EVERY_SIZE = "every n, m, T"


class Status(IntEnum):
    """How a claim stands, from worst to best."""

    REFUTED = 0
    UNKNOWN = 1
    SUPPORTED = 2
    PROVED = 3

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Witness:
    """An exact counterexample: the sizes and place where the two sides differ, and their values as exact text."""

    where: str
    left: str
    right: str

    def __str__(self) -> str:
        return f"{self.where}: {self.left} against {self.right}, exactly"


@dataclass(frozen=True)
class Verdict:
    """A status with what it rests on. `checks` counts the decisions that ran; zero checks can only be UNKNOWN."""

    status: Status
    scope: str
    method: str
    checks: int
    reason: str | None = None
    witness: Witness | None = None
    seed: int | None = None
    precision: int | None = None

    def __post_init__(self) -> None:
        if self.checks == 0 and self.status is not Status.UNKNOWN:
            raise ValueError(f"a verdict {self.status} needs at least one check, got none; without checks it is UNKNOWN")


def combine(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a whole from those of its parts: the worst status, all scopes and methods, the sum of the checks."""
    parts = list(verdicts)
    if not parts:
        return Verdict(Status.UNKNOWN, scope="nothing", method="none", checks=0, reason="nothing ran")
    worst = min(parts, key=lambda part: part.status)
    return Verdict(
        status=worst.status,
        scope="; ".join(dict.fromkeys(part.scope for part in parts)),
        method="; ".join(dict.fromkeys(part.method for part in parts)),
        checks=sum(part.checks for part in parts),
        reason=worst.reason,
        witness=worst.witness,
        seed=next((part.seed for part in parts if part.seed is not None), None),
        precision=next((part.precision for part in parts if part.precision is not None), None),
    )

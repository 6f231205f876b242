"""A derivation as a reader meets it: results numbered, lines lettered, each line with its rule, its reason and its premises.

Laws: a premise is named by its printed number, and left out where it is only the line just above; a rule is explained where it
first appears; a left side that repeats the line above is left out. Formats print this outline and add nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lstm_sym.derivation import Derivation, Result, Statement, Step
from lstm_sym.verdict import Verdict

Reasons = Mapping[str, str]
"""Why each rule holds, by the rule's name."""
Verdicts = Mapping[str, Verdict]
"""The verdict on each result, by its id."""

ALIKE = ("parameter",)
"""Kinds of results that repeat the same lines for each gate: the short form prints the lines once."""
DECLARED = "definition"
"""The rule of an equation that is declared and not derived, where it has no premises: it needs no reason."""


@dataclass(frozen=True)
class OutlineLine:
    """A line of a result. `left_repeats` says that its left side is that of the line above."""

    label: str
    statement: Statement
    left_repeats: bool
    rule: str
    reason: str | None
    premises: tuple[str, ...]

    @property
    def why(self) -> str:
        """The rule, its reason and the premises in words."""
        named = f"{self.rule}: {self.reason}" if self.reason else self.rule
        return f"{named}; from {', '.join(f'({premise})' for premise in self.premises)}" if self.premises else named


@dataclass(frozen=True)
class OutlineResult:
    """A result with its number and lines. `alike` is the number of an earlier result whose lines it repeats; then it has none."""

    number: int
    result: Result
    lines: tuple[OutlineLine, ...]
    verdict: Verdict | None
    alike: int | None = None


def outline(
    derivation: Derivation, reasons: Reasons | None = None, verdicts: Verdicts | None = None, *, short: bool = False
) -> tuple[OutlineResult, ...]:
    """All results of a derivation in order; `short` prints lines that only repeat those of another gate once."""
    return tuple(_Outliner(derivation, reasons or {}, verdicts or {}, short).results())


def outline_alone(result: Result, reasons: Reasons | None = None) -> OutlineResult:
    """One result without its derivation: it has the number 1, and premises outside it keep their ids."""
    (alone,) = _Outliner((result,), reasons or {}, {}, False).results()
    return alone


class _Outliner:
    def __init__(self, derivation: Iterable[Result], reasons: Reasons, verdicts: Verdicts, short: bool) -> None:
        self.derivation, self.reasons, self.verdicts, self.short = tuple(derivation), reasons, verdicts, short
        self.labels = dict(labels(self.derivation))
        self.explained: set[str] = set()

    def results(self) -> Iterator[OutlineResult]:
        first_of: dict[tuple[str, ...], int] = {}
        for number, result in enumerate(self.derivation, start=1):
            verdict = self.verdicts.get(result.id)
            key = (result.kind, *(step.rule for step in result.steps))
            alike = first_of.get(key) if self.short and result.kind in ALIKE and len(result.steps) > 1 else None
            lines = () if alike else tuple(self._lines(result))
            first_of.setdefault(key, number)
            yield OutlineResult(number, result, lines, verdict, alike)

    def _lines(self, result: Result) -> Iterator[OutlineLine]:
        before: Step | None = None
        for step in result.steps:
            above = before.id if before else None
            premises = () if step.uses == (above,) else tuple(self.labels.get(used, used) for used in step.uses)
            repeats = before is not None and before.statement.left == step.statement.left
            reason = self._reason(step.rule) if step.uses or step.rule != DECLARED else None
            yield OutlineLine(self.labels[step.id], step.statement, repeats, step.rule, reason, premises)
            before = step

    def _reason(self, rule: str) -> str | None:
        """The reason of a rule where it is used for the first time."""
        if rule in self.explained:
            return None
        self.explained.add(rule)
        return self.reasons.get(rule)


def labels(derivation: Iterable[Result]) -> Iterator[tuple[str, str]]:
    """The printed number of each result and of each step: 12, and 12a, 12b, ... for the lines that lead to it."""
    for number, result in enumerate(derivation, start=1):
        for place, step in enumerate(result.steps):
            yield step.id, f"{number}{letters(place)}"
        yield result.id, str(number)


def letters(place: int) -> str:
    """a, b, ..., z, aa, ab, ..."""
    name = ""
    place += 1
    while place:
        place, digit = divmod(place - 1, 26)
        name = chr(ord("a") + digit) + name
    return name

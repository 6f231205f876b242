"""What was found out about hand-written gradients: frozen data, with text and JSON forms.

Law: REFUTED rests on a ball that excludes zero, PROVED on an identity of rational functions; the scope says over what. The
report as a whole is as bad as its worst gradient, and a gradient that is not returned is in it as UNKNOWN.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from lstm_sym.verdict import Status


@dataclass(frozen=True)
class Difference:
    """One entry of a gradient where the two values differ, at a named point, as decimal enclosures."""

    entry: str
    returned: str
    derived: str
    point: str

    def __str__(self) -> str:
        return f"entry {self.entry}: returned {self.returned}, derived {self.derived} ({self.point})"


@dataclass(frozen=True)
class GradientVerdict:
    """How the gradient for one argument stands."""

    argument: str
    status: Status
    scope: str
    cause: str | None
    witness: Difference | None
    seed: int
    checks: int

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "status": str(self.status), "witness": asdict(self.witness) if self.witness else None}

    def _unexplained(self) -> str | None:
        return "no single mistake of the tables gives these values" if self.status is Status.REFUTED else None

    def lines(self, same_as: str | None = None, scoped: bool = True) -> list[str]:
        """For a reader; `same_as` names an argument whose cause this one shares, `scoped` asks for the scope."""
        head = f"{self.status!s:<10}{self.argument}" + (f"  ({self.scope})" if scoped else "")
        details = [
            ("because", f"the same as for {same_as}" if same_as else self.cause or self._unexplained()),
            ("witness", str(self.witness) if self.witness else None),
        ]
        return [head, *(f"  {label}  {text}" for label, text in details if text)]


@dataclass(frozen=True)
class CodeReport:
    """The verdicts on all arguments, the recognised forward pass, and findings that are no verdicts (branches, clips, files)."""

    gradients: tuple[GradientVerdict, ...]
    forward: dict[str, Any] | None
    findings: tuple[str, ...]
    plan: tuple[str, ...]
    seed: int

    @property
    def status(self) -> Status:
        return min((verdict.status for verdict in self.gradients), default=Status.UNKNOWN)

    @property
    def refuted(self) -> bool:
        return self.status is Status.REFUTED

    @property
    def ran(self) -> bool:
        """Whether anything was decided."""
        return any(verdict.checks for verdict in self.gradients)

    @property
    def holds(self) -> bool:
        """Whether something came back, and all of it is proved or supported."""
        decided = [verdict.status for verdict in self.gradients if verdict.checks or verdict.status is Status.REFUTED]
        return bool(decided) and min(decided) >= Status.SUPPORTED

    def verdict(self, argument: str) -> GradientVerdict:
        return next(verdict for verdict in self.gradients if verdict.argument == argument)

    def as_json(self) -> dict[str, Any]:
        return {
            "gradients": [verdict.as_json() for verdict in self.gradients],
            "forward": self.forward,
            "findings": list(self.findings),
            "plan": list(self.plan),
            "seed": self.seed,
            "status": str(self.status),
        }

    def text(self) -> str:
        lines: list[str] = []
        scope = max((verdict.scope for verdict in self.gradients), key=[v.scope for v in self.gradients].count, default="")
        said: dict[str, str] = {}
        for verdict in self.gradients:
            lines += verdict.lines(said.get(verdict.cause or ""), scope != verdict.scope)
            if verdict.cause:
                said.setdefault(verdict.cause, verdict.argument)
        if self.forward:
            lines.append(f"forward   {self.forward['text']}")
        lines += [f"finding   {finding}" for finding in self.findings]
        lines.append(f"scope     {scope}")
        lines.append(f"points    {'; '.join(self.plan)}; seed {self.seed}")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

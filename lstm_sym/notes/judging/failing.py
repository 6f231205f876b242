"""The verdict of an equation that does not hold: REFUTED with a near correction or an exact witness, else UNKNOWN.

Laws: a line is refuted only where every sense that its left side can have fails too, and where either the proof package has
an exact witness for names whose meaning other lines settle, or a correction is near that is proved. A line whose own names
could not be read, or that lines add to, is never refuted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lstm_sym.notes.diagnosis.edit import Context, Correction
from lstm_sym.notes.diagnosis.search import TOO_MANY, diagnose
from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.formula.tree import Derivative, Formula, Indexed, Name
from lstm_sym.notes.judging.doubt import passed_back, unread_name
from lstm_sym.notes.judging.verdicts import SAMPLE_METHOD, SAMPLE_SCOPE, Judgement, reason_of, unknown
from lstm_sym.notes.meaning.evidence import alias_of, keys_in, left_roles, only_derivatives
from lstm_sym.notes.meaning.outcomes import Outcome
from lstm_sym.notes.sampling.effort import DIAGNOSIS, Effort
from lstm_sym.notes.sampling.roles import Role
from lstm_sym.notes.sampling.samples import Setting
from lstm_sym.notes.sampling.scope import OutsideError, Reading
from lstm_sym.notes.sampling.values import ShapeError
from lstm_sym.verdict import Status, Verdict

if TYPE_CHECKING:
    from lstm_sym.notes.judging.judge import Judge

SENSES = ("step", "net", "value")
"""What the left side may be besides what it is read as, where no other line says."""
FAILURES = (ShapeError, OutsideError)
"""What stops a trial and is a failure of the line, not of its reading."""


class Failing:
    """Judges the pairs of one document that do not hold."""

    def __init__(self, judge: Judge) -> None:
        self.owner, self.samples, self.decider = judge, judge.samples, judge.decider

    def judge(self, pair: Pair, outcome: Outcome, setting: Setting, context: Context) -> Judgement:
        doubt = self._doubt(pair, outcome)
        if doubt is not None:
            return Judgement(unknown(doubt), None, outcome.reading)
        reading = next(passed_back(pair, self.decider, outcome.reading), outcome.reading)
        whole, self.samples.effort = self.samples.effort, Effort(DIAGNOSIS)
        correction = self._correction(pair, outcome, reading, setting, context)
        self.samples.effort = whole
        verdict = self.owner.proof(pair, outcome.reading, setting) if outcome.holds is False else None
        refuted = verdict is not None and verdict.status is Status.REFUTED and verdict.witness is not None
        if correction is not None and _is_layout(correction):
            return Judgement(unknown("it holds up to the layout of derivatives, rows or columns"), None, outcome.reading)
        if correction is not None and self._renames(correction, context):
            return Judgement(unknown(f"{correction.words}; or it is another name for that"), None, outcome.reading)
        if correction is None and not (refuted and self._anchored(outcome, pair) and reading == outcome.reading):
            return Judgement(unknown(_nothing_near(outcome)), None, outcome.reading)
        if refuted and verdict is not None:
            reason = verdict.reason or "the two sides differ, and nothing right is near"
            return Judgement(replace(verdict, reason=reason), correction, outcome.reading)
        reason = reason_of(outcome.stop) if outcome.stop else "the two sides differ at a sample"
        witness = self.samples.witness(pair, outcome.reading, setting)
        found = Verdict(Status.REFUTED, SAMPLE_SCOPE, SAMPLE_METHOD, 1, reason=reason, witness=witness, seed=1)
        return Judgement(found, correction, outcome.reading)

    def _doubt(self, pair: Pair, outcome: Outcome) -> str | None:
        """Why the line must stay UNKNOWN whatever is near it."""
        if outcome.holds is None and not isinstance(outcome.stop, FAILURES):
            return reason_of(outcome.stop)
        if self.samples.model.loss_unread and self._about_loss(outcome, pair):
            return "it depends on the loss, which this document states in a form that is not read"
        if only_derivatives(pair, self.samples):
            return "a chain rule between derivatives, whose paths are not said"
        alias = alias_of(pair.left, self.samples)
        if alias in self.owner.accumulated and alias not in self.owner.gradients:
            return "lines add to this name, so what it holds here depends on the order in which they are run"
        name = unread_name(pair, self.samples, self.owner.unread)
        if name is not None:
            return f"a line that gives {name} could not be read"
        return "an arrow that no update of a parameter explains" if pair.sign == "<-" else None

    def _correction(
        self, pair: Pair, outcome: Outcome, reading: Reading, setting: Setting, context: Context
    ) -> Correction | None:
        """The nearest correction in the reading; else in another sense of the left side."""
        context = self._with_loss(context)
        readings = list(self._readings(pair, outcome, reading))
        searches = [(near, TOO_MANY) for near in readings] if len(readings) > 1 else []
        for near, but in (*searches, *((near, frozenset[str]()) for near in readings)):

            def accepts(other: Pair, near: Reading = near) -> bool:
                return self._accepts(other, near, setting)

            found = diagnose(pair, near, setting, self.samples, context, accepts, but)
            if found is not None:
                return found
        return None

    def _renames(self, correction: Correction, context: Context) -> bool:
        """Whether what is exchanged is a name that no line defines: it may be another name for what belongs there."""
        read = context.read(correction.old) if correction.kind == "neighbour" and isinstance(correction.old, Indexed) else None
        return read is not None and read.key not in self.samples.model.names and read.key != self.samples.model.loss_label

    def _with_loss(self, context: Context) -> Context:
        """The context with Delta_t among its names where what arrives at the output is called Delta too."""
        if self.owner.reading.role("Delta") is None or any(_is_delta(atom) for atom in context.atoms):
            return context
        return replace(context, atoms=(*context.atoms, Indexed(Name("Delta"), (Name("t"),))))

    def _readings(self, pair: Pair, outcome: Outcome, reading: Reading) -> Iterator[Reading]:
        yield reading
        if reading != outcome.reading:
            yield outcome.reading
        alias = alias_of(pair.left, self.samples)
        free = not isinstance(pair.left, Derivative) and not self.owner.anchors.held_elsewhere(alias, pair)
        for other in left_roles(pair, outcome.reading, self.samples, self.decider.setting):
            found = other.left
            if found is not None and found != outcome.reading.role(alias) and found.kind in (SENSES if free else ("step",)):
                yield other

    def _accepts(self, near: Pair, reading: Reading, setting: Setting) -> bool:
        found = self.owner.proof(near, reading, setting, thorough=False)
        return found is None or found.status is not Status.REFUTED

    def _anchored(self, outcome: Outcome, pair: Pair) -> bool:
        """Whether every marked name of the pair has its meaning from another equation that holds."""
        return all(self.owner.anchors.held_elsewhere(alias, pair) for alias in outcome.asked)

    def _about_loss(self, outcome: Outcome, pair: Pair) -> bool:
        """Whether the pair uses the label, the derivative of the loss, or the adjoint of an output."""
        roles = [role for alias in outcome.asked for role in [outcome.reading.role(alias)] if role is not None]
        names = {alias.partition(":")[2] for alias in outcome.asked}
        used = {role.kind for role in self._roles_in(pair, outcome.reading)}
        about_output = bool(names & set(self.samples.model.outputs))
        return bool(used & {"label", "direct"}) or about_output or any(role.kind == "direct" for role in roles)

    def _roles_in(self, pair: Pair, reading: Reading) -> list[Role]:
        keys = {key for side in (pair.left, pair.right) for key in keys_in(side, self.samples)}
        return [role for alias, role in reading.roles if alias in keys]


def _is_layout(correction: Correction) -> bool:
    """Whether all that is missing is a transpose on a whole derivative, which some authors write as a row."""
    return correction.kind == "transposition" and isinstance(correction.old, Derivative)


def _is_delta(atom: Formula) -> bool:
    return isinstance(atom, Indexed) and atom.base == Name("Delta")


def _nothing_near(outcome: Outcome) -> str:
    if outcome.stop is not None:
        return f"{reason_of(outcome.stop)}; no single change makes it right"
    return "it does not hold as read, and no single change makes it right: perhaps a name means something else here"

"""A verdict for every equation between names: proved or refuted over the document's cell, or decided on samples and said so.

Laws: an equation is REFUTED only where its meaning is settled: it fails on a sample, and either the proof package has an
exact witness or a proved correction is near. Where the meaning of a name rests on that equation alone, or nothing near is
right, it is UNKNOWN with the reason. What holds on samples and has no statement is SUPPORTED.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from lstm_sym.cell import Cell
from lstm_sym.errors import LstmSymError
from lstm_sym.notes.diagnosis.edit import Context
from lstm_sym.notes.formula.names import TIME_LETTERS
from lstm_sym.notes.formula.pairs import Pair, bound_letter
from lstm_sym.notes.formula.tree import Big, walk
from lstm_sym.notes.judging.doubt import ending_at, is_decided, last_step, latest_step, left_reference, other_sense, passed_back
from lstm_sym.notes.judging.failing import FAILURES, Failing
from lstm_sym.notes.judging.verdicts import Judgement, supported, unknown
from lstm_sym.notes.meaning.anchors import Anchors, with_loss
from lstm_sym.notes.meaning.evidence import alias_of, left_roles, only_derivatives
from lstm_sym.notes.meaning.outcomes import Outcome
from lstm_sym.notes.meaning.readings import Decider
from lstm_sym.notes.sampling.samples import Samples, Setting
from lstm_sym.notes.sampling.scope import Reading
from lstm_sym.notes.sampling.values import ShapeError
from lstm_sym.notes.statements.cell_of import cell_of, known_cell
from lstm_sym.notes.statements.claims import statements
from lstm_sym.notes.statements.naming import Naming
from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.verdict import Status, Verdict, combine

ONE_STEP = "right for one step; for the whole gradient, as other lines here give it, the sum over t is missing"


class Judge:
    """Judges the pairs of one document."""

    def __init__(self, samples: Samples, decider: Decider, unread: frozenset[str] = frozenset()) -> None:
        self.samples, self.decider, self.unread = samples, decider, unread
        self.reading, self.setting = with_loss(decider), decider.setting
        self.cell: Cell | None = None
        self.naming: Naming | None = None
        self.anchors = Anchors(decider)
        self.no_cell = ""
        try:
            self.cell, self.naming = cell_of(samples.model)
        except LstmSymError as error:
            self.no_cell = str(error)
        except (TypeError, ValueError, KeyError, RecursionError, NotImplementedError) as error:
            self.no_cell = f"the equations make no cell: {error}"

    @property
    def cell_words(self) -> str:
        """What network the document defines."""
        if self.cell is None:
            return f"no cell: {self.no_cell}"
        name = known_cell(self.cell)
        return f"the cell {name}" if name else "a cell of its own"

    def judge(self, pair: Pair, context: Context) -> Judgement:
        outcome, setting = self._tried(pair)
        if any(body is pair.right for body in self.samples.abbreviations.values()):
            return Judgement(unknown("nothing but this line gives its left side a meaning"), None, outcome.reading)
        if outcome.holds is not None or isinstance(outcome.stop, FAILURES):
            free = self.anchors.free_name(pair, outcome)
            if free is not None:
                return Judgement(unknown(f"nothing but this line gives {free} a meaning"), None, outcome.reading)
        if outcome.holds is False:
            part = self._as_part(pair, outcome)
            if part is not None:
                return Judgement(part, None, outcome.reading)
        if outcome.holds:
            return Judgement(self._decided(pair, outcome, setting, context), None, outcome.reading)
        judged = Failing(self).judge(pair, outcome, setting, context)
        sense = other_sense(pair, self.samples) if judged.verdict.status is Status.REFUTED else None
        return judged if sense is None else Judgement(unknown(sense), None, outcome.reading)

    def _tried(self, pair: Pair) -> tuple[Outcome, Setting]:
        """How the pair comes out in the document's setting, else from rest, else with its own step as the last."""
        first = self.decider.outcome(pair, self.reading, self.setting, quick=False)
        if first.holds:
            return first, self.setting
        others = [] if self.setting.at_rest else [replace(self.setting, at_rest=True)]
        last = last_step(pair, self._latest, self.samples)
        if last is not None and last >= self.setting.first:
            others += [replace(ending_at(self.setting, last), at_rest=rest) for rest in (self.setting.at_rest, True)]
        for setting in others:
            found = self.decider.outcome(pair, self.reading, setting, quick=False)
            if found.holds:
                return found, setting
        return first, self.setting

    def _decided(self, pair: Pair, outcome: Outcome, setting: Setting, context: Context) -> Verdict:
        """The verdict of what holds: SUPPORTED only where a right side one edit away would not."""
        role = outcome.reading.left or outcome.reading.role(alias_of(pair.left, self.samples))
        if role is not None and role.kind == "step" and pair.sign == "=" and self.sums_gradients:
            return unknown(ONE_STEP)
        found = self._held(pair, outcome.reading, setting)
        if setting.last != self.setting.last:
            found = replace(found, reason=f"it holds with {setting.last} as the last step")
        decided = only_derivatives(pair, self.samples) or is_decided(pair, outcome, setting, self.samples, context)
        if found.status is Status.SUPPORTED and not decided:
            return unknown("nothing decides it: it holds at the samples, and so does every right side near it")
        if id(pair.left) in self.samples.diagonals:
            return replace(found, reason="read entry by entry: the diagonal of the Jacobian")
        return found

    def _as_part(self, pair: Pair, outcome: Outcome) -> Verdict | None:
        """The verdict of a line that adds to an adjoint, or that stands in a document whose loss is on the last step alone."""
        if alias_of(pair.left, self.samples) in self.accumulated:
            for variant in left_roles(pair, outcome.reading, self.samples, self.setting):
                if self.decider.outcome(pair, variant, self.setting, quick=False).holds:
                    return self._held(pair, variant, self.setting)
        step = self._as_step(pair, outcome)
        if step is not None:
            return step
        for variant in passed_back(pair, self.decider, outcome.reading):
            if self.decider.outcome(pair, variant, self.setting, quick=False).holds:
                return replace(self._held(pair, variant, self.setting), reason="the part that step t passes back")
        if self._derives_by_parts(pair) and not self.decider.names_later_steps:
            for variant in left_roles(pair, outcome.reading, self.samples, self.setting):
                if (
                    variant.left is not None
                    and variant.left.kind == "same"
                    and self.decider.outcome(pair, variant, self.setting, quick=False).holds
                ):
                    return supported("it is the part within step t; what arrives from step t+1 is not in it")
        if self.states_loss_of_each_step:
            return None
        scope = self.samples.scope(outcome.reading, self.setting)
        scope.losses = (self.setting.last,)
        try:
            if self.samples.holds_in(pair, scope, self.setting):
                return supported("it holds where the loss is on the last step alone")
        except (UnreadableError, ShapeError, ZeroDivisionError):
            return None
        return None

    def _as_step(self, pair: Pair, outcome: Outcome) -> Verdict | None:
        """The verdict of a gradient without a sum over time: right for one step, in a document that never sums; else in doubt."""
        for variant in left_roles(pair, outcome.reading, self.samples, self.setting):
            role = variant.left
            if role is None or role.kind != "step" or not self.decider.outcome(pair, variant, self.setting, quick=False).holds:
                continue
            if self.sums_gradients:
                return unknown(ONE_STEP)
            return replace(self._held(pair, variant, self.setting), reason="the part of the gradient from one step")
        return None

    @cached_property
    def sums_gradients(self) -> bool:
        """Whether some line of the document gives the gradient of a parameter as a sum over time."""
        parameters = {*self.samples.model.parameters, *self.samples.model.stacks}
        return any(
            alias_of(pair.left, self.samples).rpartition(":")[2] in parameters
            and any(isinstance(node, Big) and node.sub and bound_letter(node) in TIME_LETTERS for node in walk(pair.right))
            for pair in self.decider.pairs
        )

    @cached_property
    def _latest(self) -> int:
        return latest_step(self.decider.pairs, self.samples)

    def _derives_by_parts(self, pair: Pair) -> bool:
        """Whether the document is about one step, or has a line of its own for what the same name passes back."""
        own = left_reference(pair, self.samples)
        lefts = [left_reference(other, self.samples) for other in self.decider.pairs]
        earlier = {left.key for left in lefts if left is not None and left.time is not None and left.time.offset == -1}
        return self.samples.model.one_step or (own is not None and own.key in earlier)

    @cached_property
    def accumulated(self) -> frozenset[str]:
        """The marked names to which some line adds."""
        return frozenset(alias_of(pair.left, self.samples) for pair in self.decider.pairs if pair.sign == "+=")

    @cached_property
    def gradients(self) -> frozenset[str]:
        """The marked names of parameters to which lines add: what is added to them is always the part of one step."""
        parameters = {*self.samples.model.parameters, *self.samples.model.stacks}
        return frozenset(alias for alias in self.accumulated if alias.rpartition(":")[2] in parameters)

    @cached_property
    def states_loss_of_each_step(self) -> bool:
        """Whether the document gives every step a loss of its own: a label, a derivative of it, or an output beside the state."""
        model = self.samples.model
        kinds = {role.kind for _, role in self.reading.roles}
        return bool(kinds & {"direct", "label"}) or model.loss_step is not None or not set(model.outputs) <= model.recurrent

    def _held(self, pair: Pair, reading: Reading, setting: Setting) -> Verdict:
        found = self.proof(pair, reading, setting)
        if found is not None and found.status is Status.PROVED:
            return found
        return supported("it holds at every sample; the general proof does not reach it")

    def proof(self, pair: Pair, reading: Reading, setting: Setting, thorough: bool = True) -> Verdict | None:
        """What the proof package says; None where the claim has no statement."""
        if self.cell is None or self.naming is None:
            return None
        last = setting.last if setting.last != self.setting.last else None
        found = statements(pair, reading, setting, self.samples, self.cell, self.naming, last)
        if not found:
            return None
        from lstm_sym.proof.identity import QUICK, identity
        from lstm_sym.proof.prove import prove_statement

        if thorough:
            return combine([prove_statement(statement, self.cell) for statement in found])
        return combine([identity(statement, self.cell, "squared", QUICK) for statement in found])

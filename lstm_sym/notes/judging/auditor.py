"""The findings of one document: a verdict for each relation and number, with its correction as an edit of the text.

    decide the reading -> judge formulas -> judge numbers -> see what is missing

Laws: every piece with a relation gives at least one finding; what cannot be read is UNKNOWN with its place and reason; an
error while one claim is judged stays with that claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

from lstm_sym.claim import DEFINITION, FORMULA, NUMBER, Claim, Edit, Finding, Report
from lstm_sym.notes.diagnosis.atoms import atoms_of
from lstm_sym.notes.diagnosis.edit import Context
from lstm_sym.notes.formula.pairs import Pair, is_numeric, pairs_of
from lstm_sym.notes.formula.read import Entry
from lstm_sym.notes.formula.spelling import Speller, claim_at, clean, closed
from lstm_sym.notes.formula.tree import Formula, Relation
from lstm_sym.notes.judging.declared import declaration, start_value, update
from lstm_sym.notes.judging.judge import Judge
from lstm_sym.notes.judging.verdicts import Judgement
from lstm_sym.notes.meaning.namings import naming
from lstm_sym.notes.meaning.readings import Decider
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.notation.apart import stands_for_part
from lstm_sym.notes.sampling.effort import CLAIM, Effort
from lstm_sym.notes.sampling.samples import Samples
from lstm_sym.notes.sampling.scope import NameUnknownError
from lstm_sym.notes.sampling.values import ShapeError
from lstm_sym.notes.text.document import Document
from lstm_sym.verdict import Status, Verdict


class Auditor:
    """Judges the claims of one document, given its relations and its notation."""

    def __init__(
        self, text: Document, entries: tuple[Entry, ...], relations: dict[int, Relation], model: Model, tells_unread: bool = True
    ) -> None:
        self.text, self.entries, self.relations, self.model = text, entries, relations, model
        self.tells_unread = tells_unread
        self.samples = Samples(model)
        self.pairs = [pair for number, relation in relations.items() for pair in pairs_of(number, relation)]
        self.formulas = [pair for pair in self.pairs if not is_numeric(pair.right) and not is_numeric(pair.left)]
        self.corrected: dict[Pair, Formula] = {}
        self.lines: dict[tuple[Formula, Formula], int | None] = {}

    def report(self, started: float) -> Report:
        judged = [pair for pair in self.formulas if declaration(pair, self.samples) is None]
        bound = dict(found for found in (naming(pair, self.samples) for pair in self.formulas) if found is not None)
        decider = Decider(self.samples, judged, bound)
        decider.run()
        self._stand_for_parts(decider)
        self.judge = Judge(self.samples, decider, self._unread_names())
        self.atoms = atoms_of(list(self.relations.values()), self.model.timed)
        findings = [*self._formula_findings(), *self._unread(), *self._number_findings()]
        findings.sort(key=lambda finding: (finding.claim.start, finding.claim.end))
        return Report(
            self.text.name,
            self.text.text,
            tuple(findings),
            self.judge.cell_words,
            tuple(self._notes()),
            tuple(self._missing()),
            perf_counter() - started,
        )

    def _stand_for_parts(self, decider: Decider) -> None:
        """Where weights are said to stand for their parts, W_f = W_f[:, :n], lines that fit only so are so read."""
        parts = self.model.parts
        for number, pair in enumerate(decider.pairs if parts.sliced else ()):
            if not isinstance(decider.outcomes[number].stop, ShapeError | NameUnknownError):
                continue
            for position in range(2):
                right = stands_for_part(pair.right, parts, position, self.model.timed)
                new = replace(pair, right=right)
                for reading in decider.left_readings(new):
                    outcome = decider.outcome(new, reading, decider.setting)
                    if outcome.holds and decider.outcomes[number].holds is None:
                        decider.pairs[number], decider.outcomes[number], decider.reading = new, outcome, reading
                        self.formulas[self.formulas.index(pair)] = new
                        self.pairs[self.pairs.index(pair)] = new

    def claim(self, kind: str, start: int, end: int) -> Claim:
        return claim_at(self.text, kind, start, end)

    # --- formulas ----------------------------------------------------------------------------------------------------

    def _formula_findings(self) -> Iterator[Finding]:
        seen: dict[tuple[Formula, Formula], Judgement] = {}
        for pair in self.formulas:
            yield self._formula_finding(pair, seen)

    def _formula_finding(self, pair: Pair, seen: dict[tuple[Formula, Formula], Judgement]) -> Finding:
        start = pair.left.start if pair.position == 0 else pair.right.start
        try:
            return self._judged(pair, seen, start)
        except Exception as error:  # one claim must not lose the others
            claim = self.claim(FORMULA, start, pair.right.end)
            return Finding(claim, Status.UNKNOWN, "", f"judging it stopped: {type(error).__name__}: {error}")

    def _judged(self, pair: Pair, seen: dict[tuple[Formula, Formula], Judgement], start: int) -> Finding:
        words = declaration(pair, self.samples)
        repair = self.entries[pair.relation].repair
        if words is not None and _gradient_key(words) in self.model.names:
            doubt = f"d_{_gradient_key(words)} reads as a gradient, and nothing but this line says of what kind"
            return Finding(self.claim(FORMULA, start, pair.right.end), Status.UNKNOWN, "", doubt)
        if words is not None:
            verdict = Verdict(Status.PROVED, "the document's own", "definition", 1)
            return self._finding(self.claim(DEFINITION, start, pair.right.end), Judgement(verdict), words, pair)
        changed = update(pair, self.samples, self.judge.reading, self.judge.setting)
        if changed is not None:
            return self._finding(self.claim(FORMULA, start, pair.right.end), Judgement(changed), changed.reason, pair)
        place = pair.left, pair.right
        again = place in seen
        if not again:
            context = Context(self.model, Speller(self.text.text), self.atoms, pair.left)
            self.samples.effort = Effort(CLAIM)
            seen[place] = self.judge.judge(pair, context)
        judgement = seen[place]
        said = judgement.correction.words if judgement.correction else judgement.verdict.reason
        mended = f"read after a repair ({repair})" if repair else None
        reason = "; ".join(part for part in (mended, said) if part) or None
        finding = self._finding(self.claim(FORMULA, start, pair.right.end), judgement, reason, pair)
        if not again:
            self.lines[place] = finding.claim.place.line
        return replace(finding, root=self.lines[place]) if again and finding.status is Status.REFUTED else finding

    def _finding(self, claim: Claim, judgement: Judgement, reason: str | None, pair: Pair) -> Finding:
        verdict, correction = judgement.verdict, judgement.correction
        derived: str | None = None
        edits: tuple[Edit, ...] = ()
        if correction is not None:
            self.corrected[pair] = correction.formula
            spell = Speller(self.text.text)
            derived = f"{clean(spell(pair.left))} = {clean(spell(correction.formula))}"
            edits = (
                Edit(
                    pair.right.start,
                    closed(self.text.text, pair.right.start, pair.right.end),
                    spell(correction.formula),
                    correction.words,
                ),
            )
        witness = str(verdict.witness) if verdict.witness else None
        return Finding(claim, verdict.status, verdict.scope, reason, derived, derived, witness, None, edits)

    def _unread_names(self) -> frozenset[str]:
        """The words on the left of the lines that could not be read."""
        sources = [self.text.text[entry.piece.start : entry.piece.end] for entry in self.entries if entry.tree is None]
        return frozenset(word for source in sources for word in re.findall(r"(?<!\\)\b[A-Za-z]+", source.split("=")[0]))

    def _unread(self) -> Iterator[Finding]:
        for entry in self.entries:
            if not self.tells_unread or isinstance(entry.tree, Relation):
                continue
            stop = entry.stop
            reason = "no equation" if stop is None else f"cannot be read: {stop.reason}, at {self.text.place(stop.offset)}"
            claim = self.claim(FORMULA, entry.piece.start, entry.piece.end)
            yield Finding(claim, Status.UNKNOWN, "", reason)

    # --- numbers -----------------------------------------------------------------------------------------------------

    def _number_findings(self) -> Iterator[Finding]:
        numeric = [pair for pair in self.pairs if pair not in self.formulas]
        if not numeric:
            return
        from lstm_sym.notes.worked.figures import Figures
        from lstm_sym.notes.worked.page import Page

        judge = self.judge
        page = Page(self.text, self.relations, self.model, self.samples, judge.reading, judge.setting, self.corrected)
        self.figures = Figures(page, numeric)
        try:
            found = self.figures.findings()
        except Exception as error:  # the formulas must not be lost with the numbers
            reason = f"judging the numbers stopped: {type(error).__name__}: {error}"
            for pair in numeric:
                yield Finding(self.claim(NUMBER, pair.left.start, pair.right.end), Status.UNKNOWN, "", reason)
            return
        declared = {pair.left.start: (pair, words) for pair in numeric if (words := start_value(pair, self.samples))}
        for finding in found:
            known = declared.get(finding.claim.start)
            if known is not None and finding.status is Status.UNKNOWN:
                pair, words = known
                verdict = Verdict(Status.PROVED, "the document's own", "definition", 1)
                yield self._finding(self.claim(DEFINITION, pair.left.start, pair.right.end), Judgement(verdict), words, pair)
            else:
                yield finding

    # --- the whole ---------------------------------------------------------------------------------------------------

    def _notes(self) -> Iterator[str]:
        if self.model.definitions:
            yield "row vectors, weights to the right" if self.model.manner.row else "column vectors, weights to the left"
        for alias, role in self.judge.decider.reading.roles:
            yield f"{alias.replace(':', ' ')} is {role}"
        if self.judge.setting.at_rest:
            yield "the initial state is zero"
        yield from getattr(getattr(self, "figures", None), "notes", ())

    def _missing(self) -> Iterator[str]:
        from lstm_sym.notes.judging.complete import missing

        yield from missing(self.model, self.relations, self.judge.reading)
        for name, lines in self._undefined().items():
            yield f"no definition of {name} (line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))})"

    def _undefined(self) -> dict[str, list[int]]:
        """The names without a meaning, each with the lines that stop at it."""
        found: dict[str, list[int]] = {}
        for number, outcome in self.judge.decider.outcomes.items():
            if isinstance(outcome.stop, NameUnknownError):
                line = self.text.place(self.judge.decider.pairs[number].left.start).line
                lines = found.setdefault(outcome.stop.key, [])
                if line is not None and line not in lines:
                    lines.append(line)
        return found


def _gradient_key(words: str) -> str:
    """c of "the definition of d_c": such a name is a gradient, which no line defines; empty for another."""
    return words.removeprefix("the definition of d_") if words.startswith("the definition of d_") else ""

"""`audit`: a document -> a report with a finding for every claim.

    read -> learn the notation -> decide the reading -> judge formulas -> judge numbers -> see what is missing

Laws: every piece with a relation gives at least one finding; what cannot be read is UNKNOWN with its place and reason; each
claim has a bound on its time, and the report says how long the whole took.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from lstm_sym.claim import DEFINITION, FORMULA, NUMBER, Claim, Edit, Finding, Report
from lstm_sym.notes.diagnosis.edit import Context
from lstm_sym.notes.formula.pairs import Pair, is_numeric, pairs_of
from lstm_sym.notes.formula.parse import parse
from lstm_sym.notes.formula.spelling import Speller, clean, closed
from lstm_sym.notes.formula.tree import Formula, Relation
from lstm_sym.notes.judging.declared import declaration, start_value, update
from lstm_sym.notes.judging.judge import Judge, atoms_of
from lstm_sym.notes.judging.verdicts import Judgement
from lstm_sym.notes.meaning.namings import naming
from lstm_sym.notes.meaning.readings import Decider
from lstm_sym.notes.model.definitions import Model, normalised
from lstm_sym.notes.model.given_cell import Learnt, learnt, with_cell, with_names
from lstm_sym.notes.model.loss import loss_of
from lstm_sym.notes.notation.blocks import stands_for_part
from lstm_sym.notes.notation.chapters import chapters
from lstm_sym.notes.notation.onestep import at_the_end
from lstm_sym.notes.notation.timeless import with_times
from lstm_sym.notes.sampling.effort import CLAIM, Effort
from lstm_sym.notes.sampling.network import Network
from lstm_sym.notes.sampling.numbers import Modular
from lstm_sym.notes.sampling.samples import Samples
from lstm_sym.notes.sampling.scope import NameUnknownError
from lstm_sym.notes.sampling.values import ShapeError
from lstm_sym.notes.text.bounds import MAX_CLAIMS, UnreadableError
from lstm_sym.notes.text.document import Document, document, read_document
from lstm_sym.notes.text.pieces import Piece, pieces
from lstm_sym.notes.text.repair import repaired
from lstm_sym.verdict import Status, Verdict

LOSS_LINE = re.compile(r"\s*(?:\\math\w+\s*\{?)?\s*(?:[ELJ]|\\ell|\\text\{[Ll]oss\}|\{[ELJ]\})\b[^=]*=")


@dataclass(frozen=True)
class Entry:
    """A piece as it was read: its tree, or why it could not be read; `repair` says what was left off to read it."""

    piece: Piece
    tree: Formula | None
    stop: UnreadableError | None = None
    repair: str | None = None


def audit(source: str | Path, cell: str | None = None, names: str | Path | None = None) -> Report:
    """The report on a text of Markdown or LaTeX, or on the file at a path, a notebook too.

    `cell` names a cell of the package, `names` a TOML file with forward equations, for notes that define no cell themselves.
    Raises InputError for a file that cannot be read. What cannot be understood is a finding UNKNOWN, with its place.
    """
    started = perf_counter()
    text = _document(source)
    entries = tuple(read_entries(text))
    trees = [entry.tree for entry in entries if entry.tree is not None]
    attached, written = normalised(trees)
    formulas, timed, at_end = at_the_end(*with_times(attached, written))
    numbers = [number for number, entry in enumerate(entries) if entry.tree is not None]
    own = {number: formula for number, formula in zip(numbers, formulas, strict=True) if isinstance(formula, Relation)}
    parts = chapters(own, {number: entry.piece.start for number, entry in enumerate(entries)}, text.text, timed)
    reports = [
        _report(
            text, entries, {number: own[number] for number in part}, timed, cell, names, at_end, timed != written, not position
        )
        for position, part in enumerate(parts)
    ]
    return together(text, reports, perf_counter() - started)


def _report(
    text: Document,
    entries: tuple[Entry, ...],
    own: dict[int, Formula],
    timed: frozenset[str],
    cell: str | None,
    names: str | Path | None,
    at_end: bool,
    one_step: bool,
    first: bool,
) -> Report:
    """The report on one chapter; the first one tells of what could not be read."""
    done, model = _learnt(own, timed, cell, names)
    relations = {number: formula for number, formula in done.items() if isinstance(formula, Relation)}
    model.at_end, model.one_step = at_end, one_step
    read_loss(model, relations)
    model.loss_unread |= any(
        entry.tree is None and _names_a_loss(text.text[entry.piece.start : entry.piece.end]) for entry in entries
    )
    return Auditor(text, entries, relations, model, first).report(perf_counter())


def together(text: Document, reports: Sequence[Report], seconds: float) -> Report:
    """The reports on the chapters of one document as one."""
    findings = sorted(
        (finding for report in reports for finding in report), key=lambda finding: (finding.claim.start, finding.claim.end)
    )
    cells = dict.fromkeys(report.cell for report in reports)
    notes = dict.fromkeys(note for report in reports for note in report.notes)
    missing = dict.fromkeys(line for report in reports for line in report.missing)
    return Report(text.name, text.text, tuple(findings), "; ".join(cells), tuple(notes), tuple(missing), seconds)


def _gradient_key(words: str) -> str:
    """c of "the definition of d_c": such a name is a gradient, which no line defines; empty for another."""
    return words.removeprefix("the definition of d_") if words.startswith("the definition of d_") else ""


def _names_a_loss(source: str) -> bool:
    """Whether a line that cannot be read defines a loss."""
    return LOSS_LINE.match(source) is not None


def read_loss(model: Model, relations: dict[int, Relation]) -> None:
    """Puts the document's loss into the model, if it can be evaluated on a sample."""
    found = loss_of(model, relations)
    if found is None:
        return
    model.loss_step, model.loss_label = found.step, found.label
    try:
        trial = Network(model, Modular(1))
        trial.direct(model.outputs[0], trial.span[0] + 1)
    except (UnreadableError, ShapeError, ZeroDivisionError, KeyError, IndexError):
        model.loss_step, model.loss_label = None, None
    model.loss_unread = model.loss_step is None


def _document(source: str | Path) -> Document:
    if isinstance(source, Path) or _is_path(source):
        return read_document(source)
    return document(source)


def _is_path(source: str) -> bool:
    """Whether a text is the path of a file; what no file can be called is a text."""
    try:
        return len(source) < 1000 and "\n" not in source and Path(source).is_file()
    except (OSError, ValueError):
        return False


def _learnt(own: Mapping[int, Formula], timed: frozenset[str], cell: str | None, names: str | Path | None) -> Learnt:
    if names is not None:
        return with_names(names, own, timed)
    found = learnt(own, timed)
    return with_cell(cell, found, own, timed) if cell is not None else found


def read_entries(text: Document) -> Iterator[Entry]:
    """Every piece of the document, read or not."""
    for piece in pieces(text)[:MAX_CLAIMS]:
        try:
            yield Entry(piece, parse(piece.tokens, text.text))
        except UnreadableError as stop:
            tokens, words = repaired(piece.tokens, text.text)
            try:
                yield Entry(piece, parse(tokens, text.text) if words else None, stop, words)
            except UnreadableError:
                yield Entry(piece, None, stop)


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
        end = closed(self.text.text, start, end)
        return Claim(kind, self.text.text[start:end], self.text.place(start), start, end)

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

        self.figures = Figures(self, numeric)
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

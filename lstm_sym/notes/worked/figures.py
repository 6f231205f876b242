"""The numbers of a document, judged: exact, carried or wrong; each wrong one traced, its consequences folded under it.

    exact     the correct rounding of the true value
    carried   right from the rounded numbers printed before it
    wrong     neither; the slip is named where undoing it fits

Laws: true values come from balls of high precision, so a grade is certain; a printed operand that is not the value of its
quantity is a finding of its own, at its own place; a result that follows from such an operand is a consequence and says of
which line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lstm_sym.claim import CARRIED, EXACT, NUMBER, WRONG, Edit, Finding
from lstm_sym.errors import LstmSymError
from lstm_sym.notes.formula.names import reference
from lstm_sym.notes.formula.pairs import Pair, is_numeric
from lstm_sym.notes.formula.spelling import Speller, clean, closed
from lstm_sym.notes.formula.tree import Formula, Indexed, Name, NumberMatrix, Relation
from lstm_sym.notes.sampling.scope import ClaimScope
from lstm_sym.notes.sampling.values import ShapeError, Value
from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.notes.worked.align import align
from lstm_sym.notes.worked.arithmetic import carried_value
from lstm_sym.notes.worked.enclosed import entry_of, finite, follows, overlaps, replaced
from lstm_sym.notes.worked.example import PRECISION, TextRows, gather, network_of, rows_of
from lstm_sym.notes.worked.memory import Memory
from lstm_sym.notes.worked.printed import decimals, printed, shown, slip
from lstm_sym.notes.worked.updates import Updates
from lstm_sym.verdict import Status

if TYPE_CHECKING:
    from lstm_sym.notes.audit import Auditor
    from lstm_sym.notes.sampling.network import Network

SCOPE = "the printed example"
CANNOT = (UnreadableError, ShapeError, LstmSymError, ZeroDivisionError, AttributeError)


@dataclass
class Figures:
    """Judges the numeric pairs of one document."""

    auditor: Auditor
    pairs: list[Pair]
    notes: list[str] = field(default_factory=list)
    network: Network | None = None
    stop: str = ""
    wrong_operands: dict[int, list[int]] = field(default_factory=dict)
    table: list[tuple[str, Value]] = field(default_factory=list)
    results: dict[str, TextRows] = field(default_factory=dict)
    right_operands: dict[int, NumberMatrix] = field(default_factory=dict)

    def findings(self) -> list[Finding]:
        import flint

        with flint.ctx.workprec(PRECISION):
            return list(self._findings())

    def _findings(self) -> Iterator[Finding]:
        auditor = self.auditor
        self.example, givens = gather(auditor.model, self.pairs, _prose(auditor), _labels(auditor))
        self.notes = self.example.notes
        try:
            self.network = network_of(self.example, auditor.judge.setting.first)
        except UnreadableError as stop:
            self.stop = stop.reason
        self.updates = Updates(self)
        self.memory = Memory(auditor.model)
        self.usual = _usual_decimals(self.pairs)
        for pair in self.pairs:
            if pair in givens:
                yield self._given(pair)
        for number, group in _grouped([pair for pair in self.pairs if pair not in givens]):
            yield from self._relation(number, group)
        yield from self.updates.findings()

    def _given(self, pair: Pair) -> Finding:
        claim = self.auditor.claim(NUMBER, pair.left.start, pair.right.end)
        return Finding(claim, Status.PROVED, "the document's own", "given", grade=EXACT)

    # --- one relation ------------------------------------------------------------------------------------------------

    def _relation(self, number: int, group: list[Pair]) -> Iterator[Finding]:
        """The operands of a chain of equations, and its result."""
        relation = self.auditor.relations[number]
        symbolic = self._symbolic(number, relation)
        for pair in group:
            rows = rows_of(pair.right)
            before = relation.parts[pair.position]
            if rows is None:
                yield from self._operands(pair, symbolic)
                if pair.position == len(relation.signs) - 1:
                    yield self._only_arithmetic(pair)
            elif self.updates.takes(pair):
                self.updates.add(pair, rows)
            else:
                numeric = before if is_numeric(before) and rows_of(before) is None else None
                yield self._result(pair, rows, numeric, symbolic)

    def _symbolic(self, number: int, relation: Relation) -> Formula | None:
        """The last part in names, corrected where it was refuted."""
        found = None
        for position, part in enumerate(relation.parts):
            if is_numeric(part):
                break
            found = part if position else None
            for pair, right in self.auditor.corrected.items():
                if pair.relation == number and pair.position == position - 1:
                    found = right
        return found

    def _scope(self) -> ClaimScope | None:
        if self.network is None:
            return None
        setting = self.auditor.judge.setting
        steps = self.network.span[1] + setting.steps - setting.last
        return ClaimScope(self.network, self.auditor.judge.reading, steps, self.auditor.samples.abbreviations)

    def value(self, node: Formula, times: dict[str, int] | None = None) -> Value | None:
        """The true value of a formula in the example; None where it has none."""
        scope = self._scope()
        if scope is None:
            return None
        try:
            run = scope.interpreter(**(times or {}))
            return run.matrix(run(node))
        except UnreadableError as stop:
            self.stop = stop.reason
            return None
        except CANNOT:
            return None

    # --- operands ----------------------------------------------------------------------------------------------------

    def _operands(self, pair: Pair, symbolic: Formula | None) -> Iterator[Finding]:
        """Each printed operand that is not the value of its quantity, nor what was printed for it before."""
        scope = self._scope()
        if symbolic is None or scope is None:
            return
        for leaf, times, node in align(symbolic, pair.right, scope.interpreter().bounds):
            true, rows = self.value(leaf, dict(times)), rows_of(node)
            if true is None or rows is None:
                continue
            before = self.memory.rows(leaf, dict(times), true.shape)
            words = self._compare(rows, true, before)
            name = self._name(leaf, times)
            self.table.append((name, true))
            if words is not None:
                claim = self.auditor.claim(NUMBER, node.start, node.end)
                self.wrong_operands.setdefault(pair.relation, []).append(claim.place.line or 0)
                self.right_operands[id(node)] = self._as_printed(true, before)
                yield Finding(
                    claim,
                    Status.REFUTED,
                    SCOPE,
                    f"stands for {name}: {words}",
                    suggestion=self._shown(true, rows),
                    grade=WRONG,
                    edits=self._edits(node, self._shown(true, rows)),
                )

    def _as_printed(self, true: Value, before: tuple[Value, Value] | None) -> NumberMatrix:
        """What should stand there: what was printed for the quantity before, else its value rounded as usual."""
        rows = []
        for i, row in enumerate(true.rows):
            known = [
                before[0].rows[i][j] if before is not None and finite(before[0].rows[i][j]) else entry
                for j, entry in enumerate(row)
            ]
            rows.append(tuple(shown(entry, self.usual) for entry in known))
        return NumberMatrix(tuple(rows))

    def _name(self, leaf: Formula, times: tuple[tuple[str, int], ...]) -> str:
        text = clean(Speller(self.auditor.text.text)(leaf))
        return f"{text} at {', '.join(f'{letter}={time}' for letter, time in times)}" if times else text

    # --- results -----------------------------------------------------------------------------------------------------

    def _result(self, pair: Pair, rows: TextRows, numeric: Formula | None, symbolic: Formula | None) -> Finding:
        relation = self.auditor.relations[pair.relation]
        start = relation.parts[pair.position].start if pair.position == 0 else (numeric or pair.right).start
        claim = self.auditor.claim(NUMBER, start, pair.right.end)
        true = self.updates.stepped(pair) or self.value(pair.left, {})
        name = clean(self.auditor.text.text[pair.left.start : pair.left.end])
        carried = carried_value(numeric, self.usual) if numeric is not None else None
        mended = (
            carried_value(replaced(numeric, self.right_operands), self.usual)
            if numeric is not None and self.right_operands
            else None
        )
        if true is not None:
            self.table.append((name, true))
            self.results[name] = rows
            self.memory.keep(pair.left, rows)
        if true is None and carried is None:
            return Finding(claim, Status.UNKNOWN, SCOPE, self.stop or "the value of the left side is not known")
        if true is None:
            return self._by_arithmetic(claim, rows, carried)
        words = self._compare(rows, true, None)
        if words is None:
            return Finding(claim, Status.PROVED, SCOPE, None, grade=EXACT)
        again = self._compare(rows, true, mended or carried)
        if again is not None and numeric is None:
            printed_value = self._from_printed(pair)
            again = self._compare(rows, true, (printed_value, printed_value)) if printed_value is not None else again
        suggestion = self._shown(true, rows)
        if again is None:
            return Finding(
                claim,
                Status.SUPPORTED,
                SCOPE,
                "right from the rounded numbers printed before it",
                suggestion,
                None,
                grade=CARRIED,
            )
        lines = self.wrong_operands.get(pair.relation)
        root = lines[0] if lines and follows(rows, carried) else None
        reason = f"{again}; it follows from the wrong number in line {root}" if root else again
        edits = self._edits(pair.right, suggestion)
        return Finding(claim, Status.REFUTED, SCOPE, reason, suggestion, suggestion, grade=WRONG, root=root, edits=edits)

    def _edits(self, node: Formula, suggestion: str) -> tuple[Edit, ...]:
        """The right number in the place of the wrong one."""
        start, end = node.start, closed(self.auditor.text.text, node.start, node.end)
        return (Edit(start, end, suggestion, "the right number"),) if end > start else ()

    def _from_printed(self, pair: Pair) -> Value | None:
        """The value of a forward name by its own definition from the numbers that are printed for what it uses."""
        model = self.auditor.model
        read = reference(pair.left, model.timed) if isinstance(pair.left, Name | Indexed) else None
        if read is None or read.time is None or read.time.base or read.key not in model.definitions:
            return None
        try:
            network = network_of(self.example, self.auditor.judge.setting.first)
            for place in self.memory.known:
                mark, key, step = place
                if not mark and key in model.definitions and (key, step) != (read.key, read.time.offset):
                    network.given[key, step] = self.memory.value(place)
            return network.value(read.key, read.time.offset)
        except CANNOT:
            return None

    def _by_arithmetic(self, claim: Any, rows: TextRows, carried: tuple[Value, Value] | None) -> Finding:
        why = f"only the arithmetic is checked: {self.stop}" if self.stop else "only the arithmetic is checked"
        if carried is not None and follows(rows, carried):
            return Finding(claim, Status.SUPPORTED, "arithmetic", why, grade=CARRIED)
        suggestion = self._shown(carried[0], rows) if carried is not None else None
        return Finding(claim, Status.REFUTED, "arithmetic", "the arithmetic is wrong", suggestion, suggestion, grade=WRONG)

    def _only_arithmetic(self, pair: Pair) -> Finding:
        claim = self.auditor.claim(NUMBER, pair.right.start, pair.right.end)
        return Finding(claim, Status.UNKNOWN, SCOPE, "an expression in numbers without a result")

    def _compare(self, rows: TextRows, true: Value, carried: tuple[Value, Value] | None) -> str | None:
        """What is wrong with the printed rows, in words; None where every entry fits the true value or the carried one."""
        if (len(rows), len(rows[0])) != true.shape:
            rows = tuple(zip(*rows, strict=True))
        if (len(rows), len(rows[0])) != true.shape:
            count = true.shape[0] * true.shape[1]
            return f"{len(rows) * len(rows[0])} entries are printed, where there are {count}"
        faults = []
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                if not self._entry_fits(text, true.rows[i][j], carried, (i, j)):
                    place = (
                        f"entry {i + j + 1}: "
                        if 1 in true.shape and true.shape != (1, 1)
                        else f"entry ({i + 1}, {j + 1}): "
                        if true.shape != (1, 1)
                        else ""
                    )
                    faults.append(place + self._fault(text, true.rows[i][j], entry_of(carried, i, j)))
        return "; ".join(faults) or None

    def _entry_fits(self, text: str, ball: Any, carried: tuple[Value, Value] | None, place: tuple[int, int]) -> bool:
        number = printed(text)
        if number.fits(ball):
            return True
        if carried is None:
            return False
        for value in carried:
            i, j = place if value.shape != (1, 1) else (0, 0)
            try:
                entry = value.rows[i][j]
            except IndexError:
                return False
            if overlaps(number, entry):
                return True
        return False

    def _fault(self, text: str, ball: Any, carried: Any) -> str:
        others = [(name, value.rows[0][0]) for name, value in self.table if value.shape == (1, 1)]
        how = slip(text, ball, others) or (slip(text, carried, ()) if carried is not None else None)
        known = f"{text} for {shown(ball, min(max(decimals(text), 1), self.usual))}"
        return f"{known} ({how})" if how else known

    def _shown(self, true: Value, rows: TextRows) -> str:
        digits = max(decimals(text) for row in rows for text in row) or self.usual
        entries = [[shown(entry, min(digits, self.usual)) for entry in row] for row in true.rows]
        if true.shape == (1, 1):
            return entries[0][0]
        return "\\begin{bmatrix} " + " \\\\ ".join(" & ".join(row) for row in entries) + " \\end{bmatrix}"


def _grouped(pairs: list[Pair]) -> Iterator[tuple[int, list[Pair]]]:
    groups: dict[int, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(pair.relation, []).append(pair)
    yield from sorted(groups.items())


def _usual_decimals(pairs: list[Pair]) -> int:
    """The number of decimals that results are mostly printed with."""
    from collections import Counter

    counts: Counter[int] = Counter()
    for pair in pairs:
        for row in rows_of(pair.right) or ():
            counts.update(decimals(text) for text in row if decimals(text) > 2)
    return counts.most_common(1)[0][0] if counts else 5


def _labels(auditor: Auditor) -> frozenset[str]:
    """The names of what the output is compared with: by the document's use of them, or by its loss."""
    used = {key for key, role in auditor.judge.reading.roles if role.kind == "label"}
    return frozenset(used | ({auditor.model.loss_label} if auditor.model.loss_label else set()))


def _prose(auditor: Auditor) -> str:
    """The text outside its mathematics."""
    text, parts, last = auditor.text.text, [], 0
    for passage in auditor.text.passages():
        parts.append(text[last : passage.start])
        last = passage.end
    return "$".join([*parts, text[last:]])

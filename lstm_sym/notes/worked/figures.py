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
from typing import Any

from lstm_sym.claim import CARRIED, EXACT, NUMBER, WRONG, Edit, Finding
from lstm_sym.notes.formula.pairs import Pair, is_numeric
from lstm_sym.notes.formula.spelling import Speller, clean, closed
from lstm_sym.notes.formula.tree import Formula, NumberMatrix, Relation
from lstm_sym.notes.sampling.values import Value
from lstm_sym.notes.worked.align import align
from lstm_sym.notes.worked.arithmetic import carried_value
from lstm_sym.notes.worked.compared import Compared, usual_decimals
from lstm_sym.notes.worked.enclosed import finite, follows, replaced
from lstm_sym.notes.worked.example import PRECISION, TextRows, gather, rows_of
from lstm_sym.notes.worked.memory import Memory
from lstm_sym.notes.worked.page import Page
from lstm_sym.notes.worked.printed import shown
from lstm_sym.notes.worked.truth import Truth
from lstm_sym.notes.worked.updates import Updates
from lstm_sym.verdict import Status

SCOPE = "the printed example"


class Figures:
    """Judges the numeric pairs of one document."""

    def __init__(self, page: Page, pairs: list[Pair]) -> None:
        self.page, self.pairs = page, pairs
        self.notes: list[str] = []
        self.wrong_operands: dict[int, list[int]] = {}
        self.right_operands: dict[int, NumberMatrix] = {}
        self.results: dict[str, TextRows] = {}

    def findings(self) -> list[Finding]:
        import flint

        with flint.ctx.workprec(PRECISION):
            return list(self._findings())

    def _findings(self) -> Iterator[Finding]:
        example, givens = gather(self.page.model, self.pairs, self.page.prose, self.page.labels)
        self.notes = example.notes
        self.truth = Truth(self.page, example)
        self.memory = Memory(self.page.model)
        self.compared = Compared(usual_decimals(self.pairs))
        self.updates = Updates(self.truth, self.compared, self.results, self.notes)
        for pair in self.pairs:
            if pair in givens:
                yield self._given(pair)
        for number, group in _grouped([pair for pair in self.pairs if pair not in givens]):
            yield from self._relation(number, group)
        yield from self.updates.findings()

    def _given(self, pair: Pair) -> Finding:
        claim = self.page.claim(NUMBER, pair.left.start, pair.right.end)
        return Finding(claim, Status.PROVED, "the document's own", "given", grade=EXACT)

    # --- one relation ------------------------------------------------------------------------------------------------

    def _relation(self, number: int, group: list[Pair]) -> Iterator[Finding]:
        """The operands of a chain of equations, and its result."""
        relation = self.page.relations[number]
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
            for pair, right in self.page.corrected.items():
                if pair.relation == number and pair.position == position - 1:
                    found = right
        return found

    # --- operands ----------------------------------------------------------------------------------------------------

    def _operands(self, pair: Pair, symbolic: Formula | None) -> Iterator[Finding]:
        """Each printed operand that is not the value of its quantity, nor what was printed for it before."""
        scope = self.truth.scope()
        if symbolic is None or scope is None:
            return
        for leaf, times, node in align(symbolic, pair.right, scope.interpreter().bounds):
            true, rows = self.truth.value(leaf, dict(times)), rows_of(node)
            if true is None or rows is None:
                continue
            before = self.memory.rows(leaf, dict(times), true.shape)
            words = self.compared.faults(rows, true, before)
            name = self._name(leaf, times)
            self.compared.table.append((name, true))
            if words is not None:
                claim = self.page.claim(NUMBER, node.start, node.end)
                self.wrong_operands.setdefault(pair.relation, []).append(claim.place.line or 0)
                self.right_operands[id(node)] = self._as_printed(true, before)
                yield Finding(
                    claim,
                    Status.REFUTED,
                    SCOPE,
                    f"stands for {name}: {words}",
                    suggestion=self.compared.shown(true, rows),
                    grade=WRONG,
                    edits=self._edits(node, self.compared.shown(true, rows)),
                )

    def _as_printed(self, true: Value, before: tuple[Value, Value] | None) -> NumberMatrix:
        """What should stand there: what was printed for the quantity before, else its value rounded as usual."""
        rows = []
        for i, row in enumerate(true.rows):
            known = [
                before[0].rows[i][j] if before is not None and finite(before[0].rows[i][j]) else entry
                for j, entry in enumerate(row)
            ]
            rows.append(tuple(shown(entry, self.compared.usual) for entry in known))
        return NumberMatrix(tuple(rows))

    def _name(self, leaf: Formula, times: tuple[tuple[str, int], ...]) -> str:
        text = clean(Speller(self.page.text.text)(leaf))
        return f"{text} at {', '.join(f'{letter}={time}' for letter, time in times)}" if times else text

    # --- results -----------------------------------------------------------------------------------------------------

    def _result(self, pair: Pair, rows: TextRows, numeric: Formula | None, symbolic: Formula | None) -> Finding:
        relation = self.page.relations[pair.relation]
        start = relation.parts[pair.position].start if pair.position == 0 else (numeric or pair.right).start
        claim = self.page.claim(NUMBER, start, pair.right.end)
        true = self.updates.stepped(pair) or self.truth.value(pair.left, {})
        name = clean(self.page.text.text[pair.left.start : pair.left.end])
        carried = carried_value(numeric, self.compared.usual) if numeric is not None else None
        mended = (
            carried_value(replaced(numeric, self.right_operands), self.compared.usual)
            if numeric is not None and self.right_operands
            else None
        )
        if true is not None:
            self.compared.table.append((name, true))
            self.results[name] = rows
            self.memory.keep(pair.left, rows)
        if true is None and carried is None:
            return Finding(claim, Status.UNKNOWN, SCOPE, self.truth.stop or "the value of the left side is not known")
        if true is None:
            return self._by_arithmetic(claim, rows, carried)
        words = self.compared.faults(rows, true, None)
        if words is None:
            return Finding(claim, Status.PROVED, SCOPE, None, grade=EXACT)
        again = self.compared.faults(rows, true, mended or carried)
        if again is not None and numeric is None:
            printed_value = self.truth.from_printed(pair, self.memory)
            again = self.compared.faults(rows, true, (printed_value, printed_value)) if printed_value is not None else again
        suggestion = self.compared.shown(true, rows)
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
        start, end = node.start, closed(self.page.text.text, node.start, node.end)
        return (Edit(start, end, suggestion, "the right number"),) if end > start else ()

    def _by_arithmetic(self, claim: Any, rows: TextRows, carried: tuple[Value, Value] | None) -> Finding:
        why = f"only the arithmetic is checked: {self.truth.stop}" if self.truth.stop else "only the arithmetic is checked"
        if carried is not None and follows(rows, carried):
            return Finding(claim, Status.SUPPORTED, "arithmetic", why, grade=CARRIED)
        suggestion = self.compared.shown(carried[0], rows) if carried is not None else None
        return Finding(claim, Status.REFUTED, "arithmetic", "the arithmetic is wrong", suggestion, suggestion, grade=WRONG)

    def _only_arithmetic(self, pair: Pair) -> Finding:
        claim = self.page.claim(NUMBER, pair.right.start, pair.right.end)
        return Finding(claim, Status.UNKNOWN, SCOPE, "an expression in numbers without a result")


def _grouped(pairs: list[Pair]) -> Iterator[tuple[int, list[Pair]]]:
    groups: dict[int, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(pair.relation, []).append(pair)
    yield from sorted(groups.items())

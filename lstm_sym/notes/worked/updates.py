"""Updated parameters in numbers: W_new = W - lambda * gradient, with the rate inferred where the document never states it.

Law: the rate is the decimal with the fewest digits that agrees with most of the updated numbers; it is said that it is
inferred. An updated number is carried if it follows from the printed gradient.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from lstm_sym.claim import CARRIED, EXACT, NUMBER, WRONG, Finding
from lstm_sym.notes.formula.names import reference
from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.formula.tree import Indexed, Name
from lstm_sym.notes.sampling.numbers import Balls
from lstm_sym.notes.sampling.roles import Role, role_value
from lstm_sym.notes.sampling.values import Value
from lstm_sym.notes.worked.compared import Compared
from lstm_sym.notes.worked.example import TextRows
from lstm_sym.notes.worked.printed import printed
from lstm_sym.notes.worked.truth import Truth
from lstm_sym.verdict import Status

RATES = tuple(Fraction(digit, 10**power) for power in range(7) for digit in (1, 5, 2, 3, 4, 6, 7, 8, 9))
MARKS = ("new", "next", "updated")


class Updates:
    """Collects the updated parameters of a document and judges them together."""

    def __init__(self, truth: Truth, compared: Compared, results: Mapping[str, TextRows], notes: list[str]) -> None:
        self.truth, self.compared, self.results, self.notes = truth, compared, results, notes
        self.found: list[tuple[Pair, str, TextRows]] = []

    def takes(self, pair: Pair) -> bool:
        """Whether the pair prints a parameter anew."""
        return pair.position == 0 and self._key(pair) is not None

    def _key(self, pair: Pair) -> str | None:
        model = self.truth.page.model
        read = reference(pair.left, model.timed) if isinstance(pair.left, Name | Indexed) else None
        if read is None or read.transposed:
            return None
        bare, _, mark = read.key.rpartition("_")
        key = bare if mark in MARKS else read.key
        return key if key in model.parameters else None

    def stepped(self, pair: Pair) -> Value | None:
        """The true value of a left side such as W^new, where the rate is stated; None for any other left side."""
        model = self.truth.page.model
        read = reference(pair.left, model.timed) if isinstance(pair.left, Name | Indexed) else None
        bare, _, mark = read.key.rpartition("_") if read is not None else ("", "", "")
        rates = self.truth.example.scalars
        return self._updated(bare, next(iter(rates.values()))) if mark in MARKS and bare in model.parameters and rates else None

    def add(self, pair: Pair, rows: TextRows) -> None:
        key = self._key(pair)
        assert key is not None
        self.found.append((pair, key, rows))

    def findings(self) -> Iterator[Finding]:
        if not self.found:
            return
        rate = self._rate()
        for pair, key, rows in self.found:
            claim = self.truth.page.claim(NUMBER, pair.left.start, pair.right.end)
            if rate is None:
                reason = self.truth.stop or "no learning rate explains the updated numbers"
                yield Finding(claim, Status.UNKNOWN, "the printed example", f"{key} is printed a second time: {reason}")
            else:
                yield self._judged(claim, key, rows, rate)

    def _judged(self, claim: Any, key: str, rows: TextRows, rate: Fraction) -> Finding:
        scope = "the printed example"
        true = self._updated(key, rate)
        assert true is not None
        words = self.compared.faults(rows, true, None)
        if words is None:
            return Finding(claim, Status.PROVED, scope, None, grade=EXACT)
        carried = self._carried(key, rate)
        again = self.compared.faults(rows, true, (carried, carried)) if carried is not None else words
        suggestion = self.compared.shown(true, rows)
        if again is None:
            return Finding(
                claim, Status.SUPPORTED, scope, "right from the rounded gradient printed before it", suggestion, grade=CARRIED
            )
        return Finding(claim, Status.REFUTED, scope, again, suggestion, suggestion, grade=WRONG)

    def _rate(self) -> Fraction | None:
        stated = self.truth.example.scalars
        if stated:
            return next(iter(stated.values()))
        if self.truth.network is None:
            return None
        scored = [(self._agreeing(rate), -order, rate) for order, rate in enumerate(RATES)]
        best = max(scored)
        if best[0] * 2 < len(self.found):
            return None
        self.notes.append(f"the learning rate is never stated; {float(best[2]):g} is what the updated numbers imply")
        return best[2]

    def _agreeing(self, rate: Fraction) -> int:
        count = 0
        for _, key, rows in self.found:
            true = self._updated(key, rate)
            if true is None:
                continue
            entries = [entry for row in true.rows for entry in row]
            texts = [text for row in rows for text in row]
            near = len(entries) == len(texts) and all(
                printed(text).fits(entry, slack=printed(text).half * 3) for text, entry in zip(texts, entries, strict=True)
            )
            count += near
        return count

    def _updated(self, key: str, rate: Fraction) -> Value | None:
        network = self.truth.network
        gradient = None if network is None else role_value(network, Role("grad", key), None)
        if network is None or gradient is None:
            return None
        step = network.matrices.scale(Balls().number(rate), gradient)
        return network.matrices.add(network.value(key, None), step, -1)

    def _carried(self, key: str, rate: Fraction) -> Value | None:
        """W - lambda times the gradient as it is printed, with the intervals of the printed digits."""
        rows = self._printed_gradient(key)
        network = self.truth.network
        if rows is None or network is None:
            return None
        from flint import arb

        number = Balls().number
        gradient = Value(
            tuple(tuple(arb(number(printed(text).value), number(printed(text).half)) for text in row) for row in rows)
        )
        if gradient.shape != network.shape(key):
            gradient = network.matrices.transpose(gradient)
        if gradient.shape != network.shape(key):
            return None
        return network.matrices.add(network.value(key, None), network.matrices.scale(number(rate), gradient), -1)

    def _printed_gradient(self, key: str) -> TextRows | None:
        """The printed rows that belong to this parameter, in its own gradient or in that of its stack."""
        model = self.truth.page.model
        for name, rows in self.results.items():
            bare = name.replace("\\delta", "").replace("\\nabla", "").replace(" ", "").replace("{", "").replace("}", "")
            if bare in (key, "d" + key):
                return rows
            if bare in model.stacks:
                members = [read.key for item in model.stacks[bare] for read in [reference(item, model.timed)] if read is not None]
                if key in members and len(rows) % len(members) == 0:
                    height = len(rows) // len(members)
                    place = members.index(key)
                    return rows[place * height : (place + 1) * height]
        return None

"""What the backward names of a document mean, decided from the document's own use of them.

Laws: of all meanings that a name can have, the one is taken under which most of the equations that use it hold; where several do
equally well, the customary one. A meaning is the same throughout the document. Nothing is decided by a single equation against the rest.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from lstm_sym.notes.bounds import Unreadable
from lstm_sym.notes.formula import Formula, Indexed, Name, Prefixed
from lstm_sym.notes.names import reference
from lstm_sym.notes.pairs import Pair
from lstm_sym.notes.roles import Role, candidates
from lstm_sym.notes.samples import SETTINGS, Samples, Setting
from lstm_sym.notes.scope import NameUnknown, Reading
from lstm_sym.notes.values import ShapeError

PASSES = 3
HOLDS, FAILS, UNREADABLE = 2, -1, -1


@dataclass
class Outcome:
    """How a pair came out under a reading: held or not, what stopped it, and which marked names it used."""

    holds: bool | None
    asked: frozenset[str]
    stop: Exception | None = None

    @property
    def score(self) -> int:
        return HOLDS if self.holds else FAILS if self.holds is False else UNREADABLE


class Decider:
    """Finds the reading and the setting of a document by trying its pairs on samples."""

    def __init__(self, samples: Samples, pairs: list[Pair]) -> None:
        self.samples, self.pairs = samples, pairs
        self.reading, self.setting = Reading(), SETTINGS[0]
        self.keys: dict[str, str] = {}
        self.outcomes: dict[int, Outcome] = {}

    def run(self) -> tuple[Reading, Setting]:
        self._try_all()
        self._settle_setting()
        for _ in range(PASSES):
            if not (self._settle_unknown() | self._settle_known()):
                break
        self._settle_setting()
        self._settle_layout()
        return self.reading, self.setting

    def outcome(self, pair: Pair, reading: Reading, setting: Setting, quick: bool = True) -> Outcome:
        scope = self.samples.scope(reading, setting)
        try:
            holds = self.samples.holds_in(pair, scope, setting, quick)
        except (Unreadable, ShapeError, ZeroDivisionError, RecursionError) as stop:
            self.keys.update(scope.asked)
            return Outcome(None, frozenset(scope.asked), stop)
        self.keys.update(scope.asked)
        return Outcome(holds, frozenset(scope.asked))

    def _try_all(self) -> None:
        for number, pair in enumerate(self.pairs):
            self.outcomes[number] = self.outcome(pair, self.reading, self.setting)

    def _total(self, numbers: list[int], reading: Reading, setting: Setting, quick: bool = True) -> int:
        return sum(self.outcome(self.pairs[number], reading, setting, quick).score for number in numbers)

    def _settle_setting(self) -> None:
        """The first step and the meaning of T: what makes most of the sums over time hold."""
        numbers = [number for number, pair in enumerate(self.pairs) if _counts_time(pair, self.samples)]
        if not numbers:
            return
        options = [replace(setting, at_rest=rest) for setting in SETTINGS for rest in (False, True)]
        scores = [(self._total(numbers, self.reading, setting, quick=False), -order, setting) for order, setting in enumerate(options)]
        best = max(scores)[2]
        if best != self.setting:
            self.setting = best
            self._try_all()

    def _settle_known(self) -> bool:
        users: dict[str, list[int]] = defaultdict(list)
        for number, outcome in self.outcomes.items():
            for alias in outcome.asked:
                users[alias].append(number)
        changed = False
        for alias, numbers in users.items():
            if any(self.outcomes[number].holds is not True for number in numbers):
                marker = alias.partition(":")[0]
                options = candidates(self.samples.network(self.setting), self.keys[alias], marker)
                changed |= self._choose(alias, options, numbers)
        return changed

    def _choose(self, alias: str, options: list[Role], numbers: list[int]) -> bool:
        now = self.reading.role(alias) or (options[0] if options else None)
        best, best_score = now, self._total(numbers, self.reading, self.setting)
        for option in options:
            if option == now:
                continue
            score = self._total(numbers, self.reading.with_role(alias, option), self.setting)
            if score > best_score:
                best, best_score = option, score
        if best is None or best == now:
            return False
        self.reading = self.reading.with_role(alias, best)
        for number in numbers:
            self.outcomes[number] = self.outcome(self.pairs[number], self.reading, self.setting)
        return True

    def _settle_unknown(self) -> bool:
        """Names that nothing defines: a role for each, or the line that has it on its left side."""
        changed = False
        for name, numbers in self._unknown().items():
            changed |= self._meaning_of(name, numbers)
        return changed

    def _unknown(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, outcome in self.outcomes.items():
            if isinstance(outcome.stop, NameUnknown):
                found[outcome.stop.key].append(number)
        names = list(found)
        for number, pair in enumerate(self.pairs):
            text = {key for side in (pair.left, pair.right) for key in keys_in(side, self.samples)}
            for name in names:
                if name in text and number not in found[name]:
                    found[name].append(number)
        return found

    def _meaning_of(self, name: str, numbers: list[int]) -> bool:
        before = self._total(numbers, self.reading, self.setting)
        best: tuple[int, Reading, Formula | None] = (before, self.reading, None)
        alias = name.replace(" ", ":", 1)
        for role in self._roles_for(name):
            reading = self.reading.with_role(alias, role)
            score = self._total(numbers, reading, self.setting)
            if score > best[0]:
                best = score, reading, None
        body = self._definition(name, numbers)
        key = alias.replace(":", "_")
        if body is not None and key not in self.samples.abbreviations:
            self.samples.abbreviations[key] = body
            score = self._total(numbers, self.reading, self.setting)
            if score <= best[0]:
                del self.samples.abbreviations[key]
            else:
                best = score, self.reading, body
        if best[0] == before:
            return False
        self.reading = best[1]
        for number in numbers:
            self.outcomes[number] = self.outcome(self.pairs[number], self.reading, self.setting)
        return True

    def _roles_for(self, name: str) -> list[Role]:
        model = self.samples.model
        order = [*reversed(model.definitions)]
        kinds = ["net", "value", "direct", "arriving", "same", "before_loss", "preact", "label"]
        roles = [Role(kind, key) for kind in kinds for key in order]
        return [role for role in roles if self._sensible(role)]

    def _sensible(self, role: Role) -> bool:
        model = self.samples.model
        if role.kind in ("net", "preact"):
            return model.activated(role.key)
        if role.kind in ("direct", "label"):
            return role.key in model.outputs
        return role.kind != "before_loss"

    def _definition(self, name: str, numbers: list[int]) -> Formula | None:
        for number in numbers:
            pair = self.pairs[number]
            if pair.position == 0 and keys_in(pair.left, self.samples) == [name] and name not in keys_in(pair.right, self.samples):
                return pair.right
        return None

    def _settle_layout(self) -> None:
        best, best_score = self.reading, sum(outcome.score for outcome in self.outcomes.values())
        if all(outcome.holds for outcome in self.outcomes.values()):
            return
        for layout in ("row", "denominator"):
            reading = replace(self.reading, layout=layout)
            score = self._total(list(self.outcomes), reading, self.setting)
            if score > best_score:
                best, best_score = reading, score
        self.reading = best


def _counts_time(pair: Pair, samples: Samples) -> bool:
    from lstm_sym.notes.formula import Big, walk

    nodes = [node for side in (pair.left, pair.right) for node in walk(side)]
    return any(isinstance(node, Big) for node in nodes) or any(isinstance(node, Name) and node.text == "T" for node in nodes)


def keys_in(side: Formula, samples: Samples) -> list[str]:
    """The keys of all names in a side, marked ones with their mark in front."""
    from lstm_sym.notes.formula import Derivative, children

    found: list[str] = []

    def visit(node: Formula) -> None:
        if isinstance(node, Prefixed):
            read = reference(node.body, samples.model.timed) if isinstance(node.body, Name | Indexed) else None
            if read is not None:
                found.append(f"{node.prefix} {read.key}")
                return
        if isinstance(node, Derivative):
            read = reference(node.by, samples.model.timed) if isinstance(node.by, Name | Indexed) else None
            found.append(read.key if read else "?")
            return
        if isinstance(node, Name | Indexed):
            read = reference(node, samples.model.timed)
            if read is not None:
                found.append(read.key)
                return
        for child in children(node):
            visit(child)

    visit(side)
    return found

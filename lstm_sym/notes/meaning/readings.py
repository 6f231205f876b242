"""What the backward names of a document mean, decided from the document's own use of them.

Laws: of all meanings that a name can have, the one is taken under which most of the equations that use it hold; where
several do equally well, the customary one. A meaning is the same throughout; no single equation decides against the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice

from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.formula.tree import walk
from lstm_sym.notes.meaning.evidence import (
    alias_of,
    common_stack,
    counts_time,
    first_steps,
    is_later,
    is_step_name,
    keys_in,
    sums_to_last,
)
from lstm_sym.notes.meaning.options import beside_output, definition_of, roles_for
from lstm_sym.notes.meaning.outcomes import Outcome, Trials
from lstm_sym.notes.notation.backward import LOSSES
from lstm_sym.notes.sampling.roles import Role, candidates
from lstm_sym.notes.sampling.samples import SETTINGS, Samples, Setting
from lstm_sym.notes.sampling.scope import NameUnknownError, Reading

PASSES = 3
MAX_JOINT = 160


class Decider(Trials):
    """Finds the reading and the setting of a document by trying its pairs on samples."""

    def __init__(self, samples: Samples, pairs: list[Pair], bound: Mapping[str, Role] | None = None) -> None:
        super().__init__(samples)
        self.pairs = pairs
        self.bound = bound or {}
        self.reading, self.setting = Reading(tuple(self.bound.items())), SETTINGS[0]
        self.outcomes: dict[int, Outcome] = {}

    def run(self) -> tuple[Reading, Setting]:
        self._assign_steps()
        self._try_all()
        self._settle_setting()
        for _ in range(PASSES):
            if not (self._settle_unknown() | self._settle_known()):
                break
        self._settle_setting()
        self._settle_layout()
        return self.reading, self.setting

    @cached_property
    def names_later_steps(self) -> bool:
        """Whether any line names a later step: t+1, next or from t+1."""
        return any(is_later(node, self.samples) for pair in self.pairs for side in (pair.left, pair.right) for node in walk(side))

    def _left_free(self, numbers: list[int], reading: Reading) -> int:
        """The score where the left side of each pair may have any of its roles."""
        total = 0
        for number in numbers:
            pair = self.pairs[number]
            outcome = self.outcome(pair, reading, self.setting)
            if outcome.holds is False:
                for variant in self._left_roles(pair, reading):
                    other = self.outcome(pair, variant, self.setting)
                    outcome = other if other.holds else outcome
            total += outcome.score
        return total

    def left_readings(self, pair: Pair) -> Iterator[Reading]:
        """The reading, and those in which the name on the left has another of its roles or one that it lacks."""
        yield self.reading
        yield from self._left_roles(pair, self.reading)
        stop = self.attempt(replace(pair, right=pair.left), self.reading, self.setting, True).stop
        if isinstance(stop, NameUnknownError):
            yield from self._extended(self.reading, stop.key, [], 1)

    def _left_roles(self, pair: Pair, reading: Reading) -> Iterator[Reading]:
        asked = self.attempt(replace(pair, right=pair.left), reading, self.setting, True).asked
        for alias in asked:
            for role in candidates(self.samples.model, self.keys[alias], alias.partition(":")[0]):
                yield reading.with_role(alias, role)

    def _assign_steps(self) -> None:
        """What is added to a gradient is the part of one step."""
        model = self.samples.model
        for pair in self.pairs:
            alias = alias_of(pair.left, self.samples)
            key = alias.rpartition(":")[2]
            if pair.sign == "+=" and key in model.parameters:
                self.reading = self.reading.with_role(alias, Role("step", key))

    def _try_all(self) -> None:
        for number, pair in enumerate(self.pairs):
            self.outcomes[number] = self.outcome(pair, self.reading, self.setting)

    def _total(self, numbers: list[int], reading: Reading, setting: Setting, quick: bool = True) -> int:
        return sum(self.outcome(self.pairs[number], reading, setting, quick).score for number in numbers)

    def _settle_setting(self) -> None:
        """The first step and the meaning of T: what makes most of the sums over time and of the lines at fixed times hold."""
        numbers = [number for number, pair in enumerate(self.pairs) if counts_time(pair, self.samples)]
        if not numbers:
            return
        firsts = first_steps(self.pairs, self.samples)
        counted = [setting for setting in SETTINGS if setting.steps == setting.last or not sums_to_last(self.pairs)]
        known = sorted((setting for setting in counted if setting.first in firsts), key=lambda s: firsts.index(s.first))
        options = [replace(setting, at_rest=rest) for rest in (False, True) for setting in known]
        scores = [
            (self._total(numbers, self.reading, setting, quick=False), -order, setting) for order, setting in enumerate(options)
        ]
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
            if alias not in self.bound and any(self.outcomes[number].holds is not True for number in numbers):
                marker = alias.partition(":")[0]
                options = candidates(self.samples.model, self.keys[alias], marker)
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
            changed |= self._meaning_of(name, numbers) or self._customary(name, numbers)
        return changed

    def _customary(self, name: str, numbers: list[int]) -> bool:
        """What a name means by custom where nothing that uses it holds: Delta the loss of the step, a name beside the
        output its label.
        """
        outputs = self.samples.model.outputs
        if len(outputs) != 1:
            return False
        if name == "Delta":
            role = Role("direct", outputs[0])
        elif (
            name not in LOSSES
            and " " not in name
            and not name.startswith("hat")  # a hat marks the prediction
            and name in self.samples.model.timed
            and any(beside_output(self.pairs[number], name, self.samples) for number in numbers)
        ):
            role = Role("label", outputs[0])
        else:
            return False
        self.reading = self.reading.with_role(name, role)
        self._try_all()
        return True

    def _unknown(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, outcome in self.outcomes.items():
            if isinstance(outcome.stop, NameUnknownError):
                found[outcome.stop.key].append(number)
        names = list(found)
        for number, pair in enumerate(self.pairs):
            text = {key for side in (pair.left, pair.right) for key in keys_in(side, self.samples)}
            for name in names:
                if name in text and number not in found[name]:
                    found[name].append(number)
        return found

    def _meaning_of(self, name: str, numbers: list[int]) -> bool:
        before = self._left_free(numbers, self.reading)
        best: tuple[int, Reading] = (before, self.reading)
        for reading in self._readings_for(name, numbers):
            score = self._left_free(numbers, reading)
            if score > best[0]:
                best = score, reading
        best = self._or_abbreviation(name, numbers, best)
        if best[0] == before:
            return False
        self.reading = best[1]
        waiting = [number for number, outcome in self.outcomes.items() if isinstance(outcome.stop, NameUnknownError)]
        for number in {*numbers, *waiting}:
            self.outcomes[number] = self.outcome(self.pairs[number], self.reading, self.setting)
        return True

    def _or_abbreviation(self, name: str, numbers: list[int], best: tuple[int, Reading]) -> tuple[int, Reading]:
        """The line that has the name on its left side, where that explains more than any role."""
        body, key = definition_of(name, [self.pairs[number] for number in numbers], self.samples), name.replace(" ", "_")
        body = common_stack(self.samples.model) if body is None and " " not in name else body
        if body is None or key in self.samples.abbreviations:
            return best
        self.samples.abbreviations[key] = body
        score = self._total(numbers, self.reading, self.setting)
        if score > best[0]:
            return score, self.reading
        del self.samples.abbreviations[key]
        return best

    def _readings_for(self, name: str, numbers: list[int]) -> Iterator[Reading]:
        """Every role for the name; where other unknown names stand beside it, roles for up to two of those as well."""
        yield from islice(self._extended(self.reading, name, numbers, 3), MAX_JOINT)

    def _extended(self, reading: Reading, name: str, numbers: list[int], depth: int) -> Iterator[Reading]:
        alias = name.replace(" ", ":", 1)
        if reading.role(alias) is not None:
            return
        for role in roles_for(name, self.pairs, self.samples):
            known = reading.with_role(alias, role)
            yield known
            other = self._other_unknown(known, numbers) if depth > 1 else None
            if other is not None and other != name and (is_step_name(name) or is_step_name(other)):
                yield from self._extended(known, other, numbers, depth - 1)

    def _other_unknown(self, reading: Reading, numbers: list[int]) -> str | None:
        for number in numbers:
            stop = self.outcome(self.pairs[number], reading, self.setting).stop
            if isinstance(stop, NameUnknownError):
                return stop.key
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

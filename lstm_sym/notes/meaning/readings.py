"""What the backward names of a document mean, decided from the document's own use of them.

Laws: of all meanings that a name can have, the one is taken under which most of the equations that use it hold; where
several do equally well, the customary one. A meaning is the same throughout; no single equation decides against the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.formula.tree import Formula, Terms, walk
from lstm_sym.notes.meaning.evidence import (
    alias_of,
    common_stack,
    counts_time,
    first_steps,
    is_later,
    is_step_name,
    keys_in,
    only_in_calls,
    parts_of_output,
    reference_of,
    sums_to_last,
    variants,
)
from lstm_sym.notes.meaning.parts import STEPS, kinds_of, part_of
from lstm_sym.notes.notation.backward import LOSSES, is_loss_name
from lstm_sym.notes.sampling.effort import TooLongError
from lstm_sym.notes.sampling.roles import Role, candidates, exists
from lstm_sym.notes.sampling.samples import SETTINGS, Samples, Setting
from lstm_sym.notes.sampling.scope import NameUnknownError, Reading

PASSES = 3
MAX_JOINT = 160
HOLDS, FAILS, UNREADABLE = 2, -1, -1


@dataclass
class Outcome:
    """How a pair came out under a reading: held or not, what stopped it, and which marked names it used."""

    holds: bool | None
    asked: frozenset[str]
    stop: Exception | None = None
    reading: Reading = field(default_factory=Reading)
    setting: Setting = SETTINGS[0]

    @property
    def score(self) -> int:
        return HOLDS if self.holds else FAILS if self.holds is False else UNREADABLE


class Decider:
    """Finds the reading and the setting of a document by trying its pairs on samples."""

    def __init__(self, samples: Samples, pairs: list[Pair], bound: Mapping[str, Role] | None = None) -> None:
        self.samples, self.pairs = samples, pairs
        self.bound = bound or {}
        self.reading, self.setting = Reading(tuple(self.bound.items())), SETTINGS[0]
        self.keys: dict[str, str] = {}
        self.outcomes: dict[int, Outcome] = {}
        self.too_long: dict[tuple[int, int], TooLongError] = {}

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

    def outcome(self, pair: Pair, reading: Reading, setting: Setting, quick: bool = True) -> Outcome:
        """How the pair comes out; partial derivatives and losses of one step are taken in whichever sense makes it hold."""
        first = self._outcome(pair, reading, setting, quick)
        if first.holds or isinstance(first.stop, NameUnknownError):
            return first
        for variant in variants(pair, reading, self.samples):
            found = self._outcome(pair, variant, setting, quick)
            if found.holds:
                return found
        return first

    def _outcome(self, pair: Pair, reading: Reading, setting: Setting, quick: bool) -> Outcome:
        place = pair.relation, pair.position
        if place in self.too_long:
            return Outcome(None, frozenset(), self.too_long[place], reading, setting)
        scope = self.samples.scope(reading, setting)
        try:
            holds: bool | None = self.samples.holds_in(pair, scope, setting, quick)
            stop = None
        except Exception as error:  # whatever stops a trial is the reason of this claim alone
            holds, stop = None, error
            if isinstance(error, TooLongError):
                self.too_long[place] = error
        self.keys.update(scope.asked)
        return Outcome(holds, frozenset(scope.asked), stop, reading, setting)

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
        stop = self._outcome(replace(pair, right=pair.left), self.reading, self.setting, True).stop
        if isinstance(stop, NameUnknownError):
            yield from self._extended(self.reading, stop.key, [], 1)

    def _left_roles(self, pair: Pair, reading: Reading) -> Iterator[Reading]:
        asked = self._outcome(replace(pair, right=pair.left), reading, self.setting, True).asked
        for alias in asked:
            for role in candidates(self.samples.network(self.setting), self.keys[alias], alias.partition(":")[0]):
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
            and any(self._beside_output(number, name) for number in numbers)
        ):
            role = Role("label", outputs[0])
        else:
            return False
        self.reading = self.reading.with_role(name, role)
        self._try_all()
        return True

    def _beside_output(self, number: int, name: str) -> bool:
        """Whether the name stands in a sum of two terms with the output."""
        for node in walk(self.pairs[number].right):
            if isinstance(node, Terms) and len(node.terms) == 2:
                reads = [reference_of(term, self.samples) for term in node.terms]
                keys = {read.key for read in reads if read is not None}
                if keys == {name, self.samples.model.outputs[0]}:
                    return True
        return False

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
        body, key = self._definition(name, numbers), name.replace(" ", "_")
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
        for role in self._roles_for(name):
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

    def _roles_for(self, name: str) -> list[Role]:
        model = self.samples.model
        marker, _, bare = name.rpartition(" ")
        if is_loss_name(bare):
            return []
        if name == "Delta" and len(model.outputs) == 1 and parts_of_output(self.pairs, self.samples):
            return [Role("direct", model.outputs[0])]
        part = part_of(bare, model.definitions)
        if part is not None and (marker or part[1] in STEPS):
            base, word = part
            kinds = kinds_of(word) if marker else ("now", "after") if word == "next" else ("value_before",)
            own = [role for role in (Role(kind, base) for kind in kinds) if exists(role, self.samples.model)]
            others = [Role("net", key) for key in reversed(model.definitions) if model.activated(key) and key != base]
            return own + (others if marker == "partial" else [])
        order = [*reversed(model.definitions)]
        if not marker and only_in_calls(name, self.pairs, self.samples):
            return (
                [Role("free", name)]
                if bare not in model.timed
                else [Role("preact", key) for key in order if model.activated(key)]
            )
        usual = ("net", "value") if marker == "partial" else ("net", "value", "direct", "arriving", "same", "preact", "label")
        roles = [Role(kind, key) for kind in usual for key in order]
        predicted = bare.startswith("hat")
        return [role for role in roles if exists(role, self.samples.model) and not (predicted and role.kind == "label")]

    def _definition(self, name: str, numbers: list[int]) -> Formula | None:
        for number in numbers:
            pair = self.pairs[number]
            if (
                pair.position == 0
                and keys_in(pair.left, self.samples) == [name]
                and name not in keys_in(pair.right, self.samples)
            ):
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

"""Which marked names of a document have a meaning that does not hang on the one line in question.

Law: a name is anchored by its form (delta in front of a name of the cell), by custom, or by another line that holds.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.meaning.evidence import is_step_name, numbers_deltas, parts_of_output
from lstm_sym.notes.meaning.outcomes import Outcome
from lstm_sym.notes.meaning.readings import Decider
from lstm_sym.notes.sampling.roles import Role
from lstm_sym.notes.sampling.scope import Reading


class Anchors:
    """Looks the anchors of a document up, in time that does not grow with the document."""

    def __init__(self, decider: Decider) -> None:
        self.decider = decider

    def free_name(self, pair: Pair, outcome: Outcome) -> str | None:
        """A name in the pair whose meaning rests on this pair alone; None where every name has its meaning elsewhere."""
        if "delta" in outcome.asked and numbers_deltas(pair):
            return "a numbered delta"
        for alias in sorted(outcome.asked):
            if self.is_chosen(alias) and not self.held_elsewhere(alias, pair):
                return alias.replace(":", " ")
        return None

    def held_elsewhere(self, alias: str, pair: Pair) -> bool:
        """Whether another equation that holds uses the marked name."""
        return any(other != pair for other in self._holding.get(alias, ()))

    @cached_property
    def _holding(self) -> dict[str, list[Pair]]:
        """For each marked name two different equations that hold and use it, as far as there are so many."""
        found: dict[str, list[Pair]] = defaultdict(list)
        for number, outcome in self.decider.outcomes.items():
            for alias in outcome.asked if outcome.holds else ():
                known = found[alias]
                if not known or (len(known) == 1 and known[0] != self.decider.pairs[number]):
                    known.append(self.decider.pairs[number])
        return found

    def is_chosen(self, alias: str) -> bool:
        """Whether nothing but equations gives the name its meaning: neither its form, nor custom."""
        marker, _, key = alias.rpartition(":")
        names = self.decider.samples.model.names
        role = self.decider.reading.role(alias)
        if (
            alias in self.decider.bound
            or role is None
            or key in names
            or is_step_name(key)
            or key == "Delta"
            or role.kind in ("label", "preact", "free", "direct")
        ):
            return False
        named = self.decider.reading.role(key) if marker else None
        if named is not None and named.kind == "preact":
            return False
        return not (marker and key.split("_")[0] in names)


def with_loss(decider: Decider) -> Reading:
    """The document's reading, in which Delta is the loss of its step where what arrives at the output is called Delta too."""
    outputs = decider.samples.model.outputs
    if decider.reading.role("Delta") is not None or len(outputs) != 1 or not parts_of_output(decider.pairs, decider.samples):
        return decider.reading
    return decider.reading.with_role("Delta", Role("direct", outputs[0]))

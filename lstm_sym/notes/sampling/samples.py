"""The sample networks on which claims are tried, and whether an equation holds there.

Laws: an equation that is true for every size holds on every sample; the sizes are distinct, so that a transpose or a
neighbour of another size never passes unseen. The first and last step, and whether the initial state rests at zero, are
choices that the document makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import islice, product
from typing import Any

from lstm_sym.notes.formula.pairs import Pair, fixed_times, free_times, running
from lstm_sym.notes.formula.tree import Derivative, Formula
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.sampling.effort import Effort
from lstm_sym.notes.sampling.network import SIZES, Network
from lstm_sym.notes.sampling.numbers import Modular
from lstm_sym.notes.sampling.scope import ClaimScope, Reading
from lstm_sym.notes.sampling.values import ShapeError, Value
from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.verdict import Witness

MAX_TIMES = 24


@dataclass(frozen=True)
class Setting:
    """Which step is the first, what T counts, whether the initial values are zero."""

    first: int = 0
    steps: int = 3
    last: int = 3
    at_rest: bool = False


SETTINGS = (Setting(0, 3, 3), Setting(1, 4, 4), Setting(0, 4, 3))


@dataclass
class Samples:
    """Networks of one document, made when first asked for."""

    model: Model
    abbreviations: dict[str, Formula] = field(default_factory=dict)
    diagonals: set[int] = field(default_factory=set)
    """The ids of the Jacobians that were compared with a column, entry by entry."""
    effort: Effort | None = None
    """What the claim that is judged may cost; None while the reading of the document is decided."""
    _networks: dict[tuple[Setting, int], Network] = field(default_factory=dict)

    def network(self, setting: Setting, seed: int = 1) -> Network:
        place = setting, seed
        if place not in self._networks:
            span = setting.first, setting.last
            self._networks[place] = Network(self.model, Modular(seed), SIZES, span, setting.at_rest)
        return self._networks[place]

    def scope(self, reading: Reading, setting: Setting, seed: int = 1) -> ClaimScope:
        return ClaimScope(self.network(setting, seed), reading, setting.steps, self.abbreviations, effort=self.allowance())

    @cached_property
    def squared_loss(self) -> bool:
        """Whether the loss is half the squared distance of the output from its label: by custom, or as the document gives it."""
        model = self.model
        if model.loss_step is None or len(model.outputs) != 1:
            return model.loss_step is None
        network, key = self.network(SETTINGS[0]), model.outputs[0]
        distance = network.matrices.add(network.value(key, 1), network.label(key, 1), -1)
        return network.matrices.equal(Value(network.direct(key, 1)), distance)

    def allowance(self) -> Effort:
        """What is left of the effort of the claim that is judged; that of one trial where none is."""
        return Effort() if self.effort is None else self.effort

    def holds(self, pair: Pair, reading: Reading, setting: Setting, seed: int = 1, quick: bool = False) -> bool:
        """Whether the equation holds on this sample, at every free time (with `quick`, at one inner time)."""
        return self.holds_in(pair, self.scope(reading, setting, seed), setting, quick)

    def holds_in(
        self, pair: Pair, scope: ClaimScope, setting: Setting, quick: bool = False, letters: list[str] | None = None
    ) -> bool:
        """The same in a scope that is given; `letters` are the free times, where they are known."""
        chosen = times_of(self.letters(pair) if letters is None else letters, setting, quick)
        return all(self.equal_at(pair, scope, times) for times in chosen)

    def letters(self, pair: Pair) -> list[str]:
        """The free times of a pair; t where nothing in it has a time."""
        timed = self.model.timed
        found = running(free_times(pair.left, timed) | free_times(pair.right, timed))
        if not found and not (fixed_times(pair.left, timed) or fixed_times(pair.right, timed)):
            return ["t"]
        return found

    def equal_at(self, pair: Pair, scope: ClaimScope, times: dict[str, int]) -> bool:
        left, right = self.sides(pair, scope, times)
        if isinstance(left, Fraction) or isinstance(right, Fraction):
            return left == right
        return scope.network.matrices.equal(left, right)

    def sides(self, pair: Pair, scope: ClaimScope, times: dict[str, int]) -> tuple[Any, Any]:
        """Both sides at these times, as two numbers or as two matrices of one shape."""
        run = scope.interpreter(**times)
        right = run(pair.right)
        scope.assigned = True
        left = run(pair.left)
        scope.assigned = False
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return left, right
        left = run.matrix(left, getattr(right, "shape", (1, 1)))
        right = run.matrix(right, left.shape)
        if isinstance(pair.left, Derivative) and right.shape[1] == 1 and left.shape == (right.shape[0], right.shape[0]):
            self.diagonals.add(id(pair.left))
            right = scope.network.matrices.diagonal(right)  # the derivative of each entry by its own
        if left.shape != right.shape:
            raise ShapeError(f"a left side of shape {said(left)} and a right side of shape {said(right)}")
        return left, right

    def witness(self, pair: Pair, reading: Reading, setting: Setting) -> Witness | None:
        """The first entry in which the two sides differ on the sample; None where they cannot be compared."""
        for times in times_of(self.letters(pair) or ["t"], setting, quick=False):
            try:
                left, right = self.sides(pair, self.scope(reading, setting), times)
            except (UnreadableError, ShapeError, ZeroDivisionError):
                return None
            if isinstance(left, Fraction) or isinstance(right, Fraction):
                return None if left == right else Witness("everywhere", str(left), str(right))
            for i, (u, v) in enumerate(zip(left.rows, right.rows, strict=True)):
                for j, (a, b) in enumerate(zip(u, v, strict=True)):
                    if a != b:
                        at = ", ".join(f"{letter}={time}" for letter, time in times.items())
                        where = f"a random point modulo 2^61 - 1, {at}, entry ({i + 1}, {j + 1})"
                        return Witness(where, str(a), str(b))
        return None


def times_of(letters: list[str], setting: Setting, quick: bool) -> Iterator[dict[str, int]]:
    """Values for the free times: all steps for t; a running index beside it stays before it."""
    steps = range(setting.first, setting.last + 1)
    if not letters:
        yield {}
        return
    if len(letters) == 1:
        chosen = [setting.first + 1] if quick else list(steps)
        yield from ({letters[0]: time} for time in chosen)
        return
    ordered = (values for values in product(steps, repeat=len(letters)) if all(values[0] > other for other in values[1:]))
    for values in islice(ordered, 1 if quick else MAX_TIMES):
        yield dict(zip(letters, values, strict=True))


def said(value: Value) -> str:
    return f"{value.shape[0]} x {value.shape[1]}"

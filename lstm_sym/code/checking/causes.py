"""Why a gradient is wrong: comparisons with the derivative itself, then with backward passes that hold a named mistake.

Law: a cause is offered only where it reproduces every entry of the returned gradient in the residues at both random points;
where several do, the first in the order of the tables. A mutant that explains several wrong gradients at once is preferred.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from lstm_sym.code.checking.judge import Judgement, every_equal, fitted, same
from lstm_sym.code.mistakes.mutant import Mutant
from lstm_sym.code.mistakes.mutants import mutants
from lstm_sym.code.mistakes.pairs import Target, pairs, reproduces
from lstm_sym.code.running.run import Run
from lstm_sym.code.running.run import run as run_at
from lstm_sym.code.running.tape import Tape, residues
from lstm_sym.code.scalars.graph import PRIME, Scalar, inverse, running
from lstm_sym.code.scalars.identity import small_rational
from lstm_sym.code.scalars.scalar import NotRunnableError

SECONDS = 6.0
Study = Sequence[tuple[Run, Mapping[str, Judgement]]]


class Causes:
    """Causes for the wrong gradients of one run; the search over mutants is made once, for all of them."""

    def __init__(self, run: Run, judgements: Mapping[str, Judgement]) -> None:
        self.run = run
        self.wrong = [path for path, judgement in judgements.items() if judgement.different]
        self.judgements = judgements
        self._mutants: dict[str, Mutant] | None = None

    def of(self, path: str) -> str | None:
        judgement = self.judgements[path]
        if judgement.unwritten:
            return "entries of an array from np.empty are never written"
        returned, _ = fitted(self.run.returned[path], self.run.derived[path].shape)
        if returned is None:
            return self._shape(path, judgement)
        returned = _scalars(self.run, returned)
        for test in (self._transposed, self._factor, self._neighbour, self._constant):
            cause = test(path, returned)
            if cause:
                return cause
        found = self.mutant(path)
        return found.text if found else self._clip()

    def mutant(self, path: str) -> Mutant | None:
        if self._mutants is None:
            self._mutants = self._search()
        return self._mutants.get(path)

    def _shape(self, path: str, judgement: Judgement) -> str:
        returned = np.asarray(self.run.returned[path], dtype=object)
        derived = self.run.derived[path]
        text = judgement.shape_problem or ""
        if returned.shape == derived.shape[::-1] and every_equal(_scalars(self.run, returned).T, derived):
            return f"transposed: {text}"
        for axis in range(returned.ndim):
            total = np.asarray(_scalars(self.run, returned).sum(axis=axis), dtype=object)
            if total.shape == derived.shape and every_equal(total, derived):
                return f"the sum over axis {axis} (batch or steps) is missing: {text}"
        return text

    def _transposed(self, path: str, returned: Any) -> str | None:
        derived = self.run.derived[path]
        if derived.ndim == 2 and derived.shape[0] == derived.shape[1] and every_equal(returned.T, derived):
            return "transposed: what is returned is the transpose of the gradient"
        return None

    def _factor(self, path: str, returned: Any) -> str | None:
        factor = _ratio(returned, self.run.derived[path])
        if factor is None:
            return None
        if factor == -1:
            return "the sign: what is returned is minus the gradient"
        return f"right up to the constant factor {factor}{self._explained(factor)}"

    def _explained(self, factor: Fraction) -> str:
        sizes = {size for leaf in self.run.arguments.leaves.values() for size in leaf.shape if size > 1}
        names = [str(a) for a in sorted(sizes) if factor in (a, Fraction(1, a))]
        names += [f"{a}·{b}" for a, b in product(sorted(sizes), repeat=2) if a <= b and factor in (a * b, Fraction(1, a * b))]
        if factor in (2, Fraction(1, 2)):
            return " (the 1/2 of the loss, or a mean over 2)" if 2 in sizes else " (the 1/2 of the loss)"
        return f" (the extent {names[0]} of an axis: a mean against a sum over steps or batch)" if names else ""

    def _neighbour(self, path: str, returned: Any) -> str | None:
        for other, derived in self.run.derived.items():
            if other != path and derived.size > 0 and derived.shape == returned.shape and every_equal(returned, derived):
                return f"what is returned is the gradient of {other}"
        return self._blocks(path, returned)

    def _blocks(self, path: str, returned: Any) -> str | None:
        """Stacked parameters whose blocks come back in another order."""
        derived = self.run.derived[path]
        for axis, count in product(range(derived.ndim), (2, 3, 4)):
            if derived.shape[axis] % count or derived.shape[axis] == count == 1:
                continue
            mine, theirs = (np.split(array, count, axis=axis) for array in (derived, returned))
            order = [next((j for j, block in enumerate(mine) if every_equal(block, part)), None) for part in theirs]
            if None not in order and sorted(order) == list(range(count)):  # type: ignore[type-var]
                return f"the blocks along axis {axis} are in the order {order}, for 0 to {count - 1}"
        return None

    def _constant(self, path: str, returned: Any) -> str | None:
        values = {entry.value for entry in returned.flat}
        if values == {0}:
            return "what is returned is zero: nothing is added to it"
        if len(values) == 1 and None not in values:
            emptied = next((f" ({branch})" for branch in self.run.branches if "one number for all" in branch.what), "")
            return f"every entry that is returned is {values.pop()}, whatever the arguments are{emptied}"
        return None

    def _clip(self) -> str | None:
        clips = [str(branch) for branch in self.run.active_clips]
        return f"{clips[0]}" if clips else None

    def _search(self) -> dict[str, Mutant]:
        with running(self.run.graph):
            self.run.graph.trace.phase = "causes"
            return self._searched(Tape(self.run))

    def _searched(self, tape: Tape) -> dict[str, Mutant]:
        targets = {path: _target(self.run, path) for path in self.wrong}
        wanted = {path: target for path, target in targets.items() if target}
        correct = {
            path: _target_of(self.run, self.run.derived[path], path) for path in self.run.derived if path not in self.wrong
        }
        found: dict[str, Mutant] = {}
        tried: list[Mutant] = []
        best: tuple[int, Mutant] | None = None
        started = time.process_time()
        for mutant in mutants(tape):
            if time.process_time() - started > SECONDS:
                break
            tried.append(mutant)
            adjoints = tape.backward(mutant.changes, mutant.redirected)
            explained = [path for path, target in wanted.items() if reproduces(adjoints, target)]
            score = len(explained) * 100 + sum(
                reproduces(adjoints, target) for path, target in correct.items() if path in self.run.returned
            )
            if explained and (best is None or score > best[0]):
                best = (score, mutant)
                found = {**found, **dict.fromkeys(explained, mutant)}
            for path in explained:
                found.setdefault(path, mutant)
            full = 100 * len(wanted) + sum(path in self.run.returned for path in correct)
            if best is not None and best[0] == full:
                break
        left = {path: target for path, target in wanted.items() if path not in found}
        return {**found, **(pairs(tape, tried, left, list(found.values())) if left else {})}


def _target(run: Run, path: str) -> Target:
    returned, problem = fitted(run.returned[path], run.derived[path].shape)
    return [] if problem else _target_of(run, _scalars(run, returned), path)


def _target_of(run: Run, array: Any, path: str) -> Target:
    target = []
    for index in np.ndindex(array.shape):
        argument = run.graph.argument_at(path, index)
        if argument is not None:
            target.append((argument.ident, residues(array[index])))
    return target


def _scalars(run: Run, array: Any) -> Any:
    result = np.empty(array.shape, dtype=object)
    for index in np.ndindex(array.shape):
        result[index] = run.graph.read(array[index])
    return result


def _ratio(returned: Any, derived: Any) -> Fraction | None:
    """The constant by which every entry of the derivative must be multiplied, if there is one."""
    factor: int | None = None
    for theirs, mine in zip(returned.flat, derived.flat, strict=True):
        if mine.r1 == 0 and mine.r2 == 0:
            if theirs.r1 or theirs.r2:
                return None
            continue
        ratio = theirs.r1 * inverse(mine.r1) % PRIME
        if ratio != theirs.r2 * inverse(mine.r2) % PRIME or (factor is not None and ratio != factor):
            return None
        factor = ratio
    return small_rational(factor) if factor else None


def second_call(run: Run, path: str) -> str | None:
    """What to say where the second call with the same arguments answers otherwise."""
    first, problem = fitted(run.returned[path], run.derived[path].shape)
    if problem or path not in run.again:
        return None
    second, problem = fitted(run.again[path], first.shape)
    if problem:
        return "the second call returns another shape"
    one, two = _scalars(run, first), _scalars(run, second)
    if every_equal(one, two):
        return None
    index = next(i for i in np.ndindex(one.shape) if not same(one[i], two[i]))
    factor = _ratio(two, one)
    words = f"; it is {factor} times the first" if factor else ""
    text = ", ".join(map(str, index))
    return (
        f"right at the first call and different at the second with the same arguments{words}: "
        f"buffers are not reset between calls (entry [{text}]: {decimal_text(one[index])}, then {decimal_text(two[index])})"
    )


def decimal_text(scalar: Scalar) -> str:
    return str(scalar.ball.str(12, radius=False))


def steps_hint(
    run: Run, path: str, loss: Callable[..., Any], gradient: Callable[..., Any], fixed: frozenset[str], judge: Any
) -> str | None:
    """Right with one step (or one sample) along an axis, and wrong from two on."""
    arguments = run.arguments
    for size, axis in _axes(arguments):
        paths = frozenset(leaf.path for leaf in arguments.leaves.values() if len(leaf.shape) > axis and leaf.shape[axis] == size)
        outcome = []
        for short in (1, 2):
            cut = arguments.sliced(short, size, axis, paths)
            try:
                point = next(p for p in cut.points(run.graph.seed, fixed) if p.name == "values of order one")
                ran = run_at(loss, gradient, cut, point, fixed, run.graph.seed)
                outcome.append(path in ran.returned and judge(ran, path))
            except (NotRunnableError, ValueError):
                break
        if outcome == [True, False]:
            named = ", ".join(sorted(paths))
            return (
                f"right when axis {axis} of {named} has one entry, wrong from two on: what passes between steps is wrong or lost"
            )
    return None


def _axes(arguments: Any) -> list[tuple[int, int]]:
    found = [
        (leaf.shape[axis], axis) for leaf in arguments.leaves.values() for axis in range(len(leaf.shape)) if leaf.shape[axis] > 1
    ]
    return sorted(set(found), key=lambda pair: (pair[1], pair[0]))

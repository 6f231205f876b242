"""Compare what the gradient function returned with the derivative of the loss, entry by entry.

Law: equal for all values where `identity` proves it; different where a ball excludes zero; otherwise open. An entry that was
never written differs from everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_sym.code.checking.report import Difference
from lstm_sym.code.running.run import Run
from lstm_sym.code.scalars.array import plain
from lstm_sym.code.scalars.graph import Scalar
from lstm_sym.code.scalars.identity import Prover

DIGITS = 20


@dataclass(frozen=True)
class Judgement:
    """One argument at one point: how many entries are proved, equal at random residues, open and different, and where it first
    differs.
    """

    proved: int
    suggested: int
    open: int
    different: int
    witness: Difference | None
    shape_problem: str | None = None
    unwritten: bool = False

    @property
    def checks(self) -> int:
        return self.proved + self.suggested + self.open + self.different + (self.shape_problem is not None)


def fitted(returned: Any, shape: tuple[int, ...]) -> tuple[Any, str | None]:
    """The returned array in the argument's shape, where only axes of length one differ; otherwise what is wrong."""
    array = np.asarray(plain(boxed(returned)), dtype=object)
    if tuple(k for k in array.shape if k != 1) == tuple(k for k in shape if k != 1):
        return array.reshape(shape), None
    return None, f"a gradient of shape {_shape(array.shape)} for an argument of shape {_shape(shape)}"


def compared(run: Run) -> Iterator[tuple[Scalar, Scalar]]:
    """All pairs of derived and returned entries whose residues agree."""
    for path, array in run.returned.items():
        returned, _ = fitted(array, run.derived[path].shape) if path in run.derived else (None, None)
        if returned is not None:
            for mine, entry in zip(run.derived[path].flat, returned.flat, strict=True):
                theirs = run.graph.read(entry)
                if theirs is not None and same(mine, theirs):
                    yield mine, theirs


def boxed(value: Any) -> Any:
    """A scalar as an array without axes."""
    if isinstance(value, Scalar):
        box = np.empty((), dtype=object)
        box[()] = value
        return box
    return value


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "1"


def judge(run: Run, path: str, prover: Prover) -> Judgement:
    """Compare one argument's gradient in this run."""
    derived = run.derived[path]
    returned, problem = fitted(run.returned[path], derived.shape)
    if problem is not None:
        return Judgement(0, 0, 0, 1, None, shape_problem=problem)
    counts = dict.fromkeys(("proved", "suggested", "open", "different"), 0)
    witness, unwritten = None, False
    for index in np.ndindex(derived.shape):
        mine, theirs = derived[index], run.graph.read(returned[index])
        how = _entry(mine, theirs, prover)
        counts[how] += 1
        if how == "different" and theirs is not None and theirs.ball.is_nan():
            unwritten = True
        if how == "different" and theirs is not None:
            witness = _clearer(witness, index, theirs, mine, run.point.name)
    return Judgement(
        counts["proved"],
        counts["suggested"],
        counts["open"],
        counts["different"],
        witness[1] if witness else None,
        unwritten=unwritten,
    )


def _entry(mine: Scalar, theirs: Scalar | None, prover: Prover) -> str:
    if theirs is None or theirs.op == "unset" or (theirs.ball.is_nan() and not mine.ball.is_nan()):
        return "different"
    if (mine.r1, mine.r2) == (theirs.r1, theirs.r2):
        return "proved" if prover.equal(mine, theirs) else "suggested"
    difference = mine.ball - theirs.ball
    return "different" if difference < 0 or difference > 0 else "open"


def _clearer(
    best: tuple[float, Difference] | None, index: tuple[int, ...], theirs: Scalar, mine: Scalar, point: str
) -> tuple[float, Difference]:
    """Of two witnesses the one with the larger difference, so that it can be read."""
    gap = abs(float((mine.ball - theirs.ball).mid()))
    gap = gap if gap == gap else float("inf")
    if best is not None and best[0] >= gap:
        return best
    entry = "[" + ", ".join(map(str, index)) + "]"
    return gap, Difference(entry, decimal(theirs), decimal(mine), point)


def decimal(scalar: Scalar) -> str:
    """The value as an exact rational where it is one, otherwise as an enclosure."""
    if scalar.op == "unset" or scalar.ball.is_nan():
        return "never written"
    if scalar.value is not None:
        return str(scalar.value)
    return scalar.ball.str(DIGITS)


def every_equal(left: Any, right: Any) -> bool:
    """Whether two arrays of scalars have the same residues in every entry."""
    return left.shape == right.shape and all(same(a, b) for a, b in zip(left.flat, right.flat, strict=True))


def same(a: Scalar, b: Scalar) -> bool:
    return a is b or (a.r1 == b.r1 and a.r2 == b.r2)

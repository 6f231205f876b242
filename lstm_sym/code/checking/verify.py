"""verify_gradient: run the user's loss and gradient on scalars, compare, prove, and name the cause of what is wrong.

Points are taken from the plan until everything is decided: a proof without branches holds for all values and ends it;
branches on values, open comparisons and refutations go on to the next point. Law: REFUTED needs a ball that excludes zero at
a point that ran; a clip of the gradient that is active, or a guard such as 1e-12, is set aside, compared again without, and
said.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lstm_sym.code.checking.causes import Causes, second_call, steps_hint
from lstm_sym.code.checking.judge import Judgement, compared, judge
from lstm_sym.code.checking.recognise import recognised
from lstm_sym.code.checking.report import CodeReport, GradientVerdict
from lstm_sym.code.running.points import Arguments, Leaf, Point
from lstm_sym.code.running.run import FIRST_PRECISION, Run, run
from lstm_sym.code.scalars.identity import Prover
from lstm_sym.code.scalars.scalar import NotRunnableError
from lstm_sym.verdict import Status

SEED = 20
ENOUGH = 10.0
"""Seconds after which no further point is run only for the sake of other branches."""


@dataclass
class _Study:
    """What is known so far, over the points that ran."""

    loss: Callable[..., Any]
    gradient: Callable[..., Any]
    arguments: Arguments
    seed: int
    fixed: frozenset[str] = frozenset()
    judged: list[tuple[Run, dict[str, Judgement]]] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    plan: list[str] = field(default_factory=list)
    problem: str | None = None
    isolated: bool = False
    started: float = field(default_factory=time.monotonic)
    aside: dict[str, str] = field(default_factory=dict)
    causes: dict[int, Causes] = field(default_factory=dict)

    def run(self, point: Point, guards: bool = True, clips: bool = True) -> Run:
        return run(self.loss, self.gradient, self.arguments, point, self.fixed, self.seed, guards, clips, self.isolated)

    def note(self, finding: str) -> None:
        if finding not in self.findings:
            self.findings.append(finding)


def verify_gradient(
    loss: Callable[..., Any], gradient: Callable[..., Any], arguments: Mapping[str, Any], *, seed: int = SEED
) -> CodeReport:
    """Verdicts on a gradient function, which gives a dictionary or a tuple in argument order, as the derivative of the loss.

    Both take the arguments by name: arrays, whose values are kept where they are labels or sizes, or only shapes. Raises
    LstmSymError where an argument is neither.
    """
    study = _Study(loss, gradient, Arguments(arguments), seed)
    study.fixed = frozenset(leaf.path for leaf in study.arguments.leaves.values() if leaf.label_like or leaf.scalar)
    for point in study.arguments.points(seed, study.fixed):
        if not _attempt(study, point):
            break
    verdicts = tuple(_verdict(study, leaf) for leaf in _leaves(study))
    forward = recognised(study.judged[0][0]) if study.judged else None
    return CodeReport(verdicts, forward, tuple(study.findings), tuple(study.plan), seed)


def _leaves(study: _Study) -> Iterator[Leaf]:
    """The arguments to report on; fixed ones are data unless a gradient came back for them."""
    returned = {path for ran, _ in study.judged for path in ran.returned}
    for leaf in study.arguments.leaves.values():
        if leaf.path not in study.fixed or leaf.path in returned:
            yield leaf


def _attempt(study: _Study, point: Point) -> bool:
    """Run one point; whether another point is wanted."""
    try:
        ran = study.run(point)
        freed = study.fixed & set(ran.returned)
        if freed:
            study.fixed = study.fixed - freed
            ran = study.run(point)
        if not ran.same_loss:
            ran = _isolated(study, point, ran)
    except NotRunnableError as error:
        study.plan.append(f"{point.name} (did not run)")
        if not study.judged:
            study.problem = study.problem or str(error)
        else:
            study.note(f"{point.name}: {error}")
        return True
    if not ran.loss.ball.is_finite():
        study.plan.append(f"{point.name} (the loss is not finite there)")
        study.problem = study.problem or f"the loss is not finite at the point '{point.name}'"
        return True
    study.plan.append(point.name)
    _observe(study, ran)
    judgements = _judged(ran)
    if any(judgement.different for judgement in judgements.values()):
        ran, judgements = _without_clips(study, ran, judgements)
        judgements = _without_guards(study, ran, judgements)
    study.judged.append((ran, judgements))
    if point.name == "values of order one" and any(j.different for j in judgements.values()):
        return False
    settled = all(j.checks and not (j.open or j.different) for j in judgements.values())
    return not settled or (bool(ran.branches) and time.monotonic() - study.started < ENOUGH)


def _isolated(study: _Study, point: Point, ran: Run) -> Run:
    """The run with each call from the state before it, where the loss depends on the calls before; the shared run where that
    fails.
    """
    study.note("the loss differs when it is called again with the same arguments: state from the call before enters it")
    study.isolated = True
    try:
        return study.run(point)
    except NotRunnableError:
        study.isolated = False
        return ran


def _judged(ran: Run) -> dict[str, Judgement]:
    prover = Prover()
    prover.prepare(scalar for pair in compared(ran) for scalar in pair)
    return {path: judge(ran, path, prover) for path in ran.returned if path in ran.derived}


def _observe(study: _Study, ran: Run) -> None:
    for branch in ran.active_clips:
        study.note(f"{branch} ({ran.point.name}): the gradient is compared before it")
    branches = [branch for branch in ran.branches if not branch.active]
    if branches:
        lines = sorted({branch.site.line for branch in branches if branch.site})
        study.note(f"branches on values at {', '.join(f'line {line}' for line in lines)}: each verdict holds on the side taken")
    for line in ran.lost:
        study.note(f"{line} turns a number into a float: exactness is lost there")


def _without_clips(study: _Study, ran: Run, judgements: dict[str, Judgement]) -> tuple[Run, dict[str, Judgement]]:
    """The same point with the gradient's clips left out, where one was active."""
    if not ran.active_clips:
        return ran, judgements
    try:
        other = study.run(ran.point, clips=False)
    except NotRunnableError:
        return ran, judgements
    again = _judged(other)
    study.aside.update(dict.fromkeys((p for p, j in judgements.items() if j.different), "before the clip that is active"))
    return other, again


def _without_guards(study: _Study, ran: Run, judgements: dict[str, Judgement]) -> dict[str, Judgement]:
    """Judgements without the guard constants, where that mends a difference."""
    if not any(judgement.different for judgement in judgements.values()):
        return judgements
    try:
        again = _judged(study.run(ran.point, guards=False, clips=not ran.active_clips))
    except NotRunnableError:
        return judgements
    mended = {p for p, j in judgements.items() if j.different and p in again and not again[p].different and not again[p].open}
    study.aside.update(dict.fromkeys(mended, "with the small guard constants (at most 1e-5) taken as zero"))
    return {path: again[path] if path in mended else judgement for path, judgement in judgements.items()}


def _verdict(study: _Study, leaf: Leaf) -> GradientVerdict:
    results = [(ran, judgements[leaf.path]) for ran, judgements in study.judged if leaf.path in judgements]
    if not results:
        return _unanswered(study, leaf)
    checks = sum(judgement.checks for _, judgement in results)
    different = [(ran, judgement) for ran, judgement in results if judgement.different]
    if different and not any(ran.lost for ran, _ in different):
        ran, judgement = max(different, key=lambda pair: pair[0].point.name == "values of order one")
        cause = _cause(study, ran, leaf)
        return GradientVerdict(leaf.path, Status.REFUTED, _scope(study, leaf), cause, judgement.witness, study.seed, checks)
    unequal = second_call(results[0][0], leaf.path)
    if unequal is not None:
        return GradientVerdict(leaf.path, Status.REFUTED, _scope(study, leaf), unequal, None, study.seed, checks)
    status = _status(study, leaf, [judgement for _, judgement in results], bool(different))
    reason = None
    if different:
        reason = f"a difference was seen, but exactness was lost at {', '.join(different[0][0].lost)}"
    elif status is Status.SUPPORTED and any(judgement.suggested for _, judgement in results):
        reason = "no proof was found in the time given; equal at two random points of the field of 2^61 - 1 elements"
    elif any(judgement.open for _, judgement in results):
        count = len(results)
        reason = f"no proof was found; at {count} points the balls of {FIRST_PRECISION} bits agree"
    return GradientVerdict(leaf.path, status, _scope(study, leaf), reason, None, study.seed, checks)


def _status(study: _Study, leaf: Leaf, judgements: list[Judgement], lost: bool) -> Status:
    varied = any(ran.point.name == "values of order one" for ran, _ in study.judged)
    if lost or (any(j.open for j in judgements) and not varied):
        return Status.UNKNOWN
    if any(j.suggested or j.open for j in judgements) or "guard" in study.aside.get(leaf.path, ""):
        return Status.SUPPORTED
    return Status.PROVED if sum(j.proved for j in judgements) else Status.UNKNOWN


def _cause(study: _Study, ran: Run, leaf: Leaf) -> str | None:
    judgements = next(judgements for other, judgements in study.judged if other is ran)
    if id(ran) not in study.causes:
        study.causes[id(ran)] = Causes(ran, judgements)
    cause = study.causes[id(ran)].of(leaf.path)
    if cause is None or judgements[leaf.path].shape_problem:
        return cause or _steps(study, ran, leaf)
    given = [
        judgement[leaf.path] for other, judgement in study.judged if other.point.name == "as given" and leaf.path in judgement
    ]
    if given and not given[0].different:
        cause += "; it does not show at the values given"
    return cause


def _steps(study: _Study, ran: Run, leaf: Leaf) -> str | None:
    def right(other: Run, path: str) -> bool:
        judgement = judge(other, path, Prover())
        return not judgement.different and not judgement.open

    return steps_hint(ran, leaf.path, study.loss, study.gradient, study.fixed, right)


def _unanswered(study: _Study, leaf: Leaf) -> GradientVerdict:
    silent = f"the gradient function returns nothing for {leaf.path}"
    reason = silent if study.judged else study.problem or "nothing ran"
    return GradientVerdict(leaf.path, Status.UNKNOWN, "nothing", reason, None, study.seed, 0)


def _scope(study: _Study, leaf: Leaf) -> str:
    shapes = ", ".join(f"{name} {'×'.join(map(str, one.shape)) or 'number'}" for name, one in study.arguments.leaves.items())
    text = f"all values of the arguments at these shapes: {shapes}"
    if any(ran.branches for ran, _ in study.judged):
        text += "; on the sides of the branches taken"
    if leaf.path in study.aside:
        text += f"; {study.aside[leaf.path]}"
    if study.fixed:
        text += f"; {', '.join(sorted(study.fixed))} as given"
    return text

"""verify_floats: functions that run on floats only (autograd of a framework, compiled kernels), against certified enclosures.

A reference in NumPy runs on scalars at the exact values of the floats; its balls enclose the true results. Beside them goes
the first-order rounding error of the reference's own evaluation, in units of the last place: E(y) = sum of |dy/da| E(a), plus
|y|, plus what may underflow. A result passes where its error is at most `factor` times that, and the report states the bound
and the error in ulps. Law: floats prove nothing, so what passes is SUPPORTED; what is REFUTED is off by more than the stated
bound, which the balls decide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, fmpq

from lstm_sym.code.checking.judge import fitted
from lstm_sym.code.running.namespace import substituted
from lstm_sym.code.running.run import called
from lstm_sym.code.scalars.adjoint import local
from lstm_sym.code.scalars.array import ScalarArray
from lstm_sym.code.scalars.graph import Graph, Scalar, running
from lstm_sym.errors import InputError
from lstm_sym.verdict import Status

PRECISION = 200
FACTOR = 2.0


@dataclass(frozen=True)
class FloatVerdict:
    """One result: its worst entry's error in ulps of the true value, and as a share of the bound there."""

    name: str
    status: Status
    ulps: float
    share: float
    entry: str
    got: str
    true: str
    checks: int

    def line(self) -> str:
        text = f"{self.status!s:<10}{self.name}: worst entry {self.entry}, {self.ulps:.3g} ulp, {self.share:.2g} of the bound"
        return text if self.status is not Status.REFUTED else f"{text}; got {self.got}, true {self.true}"


@dataclass(frozen=True)
class FloatReport:
    """All results, and the bound that they were held to."""

    results: tuple[FloatVerdict, ...]
    bound: str

    @property
    def status(self) -> Status:
        return min((result.status for result in self.results), default=Status.UNKNOWN)

    def result(self, name: str) -> FloatVerdict:
        return next(result for result in self.results if result.name == name)

    def text(self) -> str:
        return "\n".join([*(result.line() for result in self.results), f"bound     {self.bound}"])


def verify_floats(
    function: Callable[..., Mapping[str, Any]],
    reference: Callable[..., Mapping[str, Any]],
    arguments: Mapping[str, Any],
    *,
    dtype: str = "float32",
    factor: float = FACTOR,
) -> FloatReport:
    """Compare a function of arrays that gives floats by name with a reference, NumPy code run on enclosures at the same values.

    The arguments go to both by name, rounded to the dtype; the error allowed is `factor` times the first-order rounding error
    of the reference. Raises InputError for an unknown dtype and for results that the reference does not have.
    """
    kind = np.dtype(dtype)
    if kind.kind != "f":
        raise InputError("dtype", got=dtype, expected="float16, float32 or float64")
    rounded = {name: np.asarray(value, dtype=kind) for name, value in arguments.items()}
    got = {name: np.asarray(value) for name, value in function(**{n: v.copy() for n, v in rounded.items()}).items()}
    graph = Graph(0, PRECISION)
    with running(graph), substituted(reference):
        exact = called(reference, "reference", {name: _arguments(graph, name, value) for name, value in rounded.items()})
        errors = rounding_errors(graph, kind)
        missing = sorted(set(got) - set(exact))
        if missing:
            raise InputError("reference", got=", ".join(exact), expected=f"results named {', '.join(missing)} too")
        results = tuple(_verdict(graph, name, got[name], exact[name], errors, kind, factor) for name in got)
    unit = np.finfo(kind).eps / 2
    bound = f"|error| <= {factor:g} E u, u = {unit:.3g} ({kind}), E = first-order rounding error of the reference in units of u"
    return FloatReport(results, bound)


def _arguments(graph: Graph, name: str, value: Any) -> Any:
    array = np.empty(value.shape, dtype=object)
    for index in np.ndindex(value.shape):
        array[index] = graph.argument(name, index, Fraction(float(value[index])))
    return array.view(ScalarArray)


def rounding_errors(graph: Graph, kind: np.dtype) -> dict[int, arb]:
    """For each scalar the first-order error of a rounded evaluation, in units of u; arguments are exact, underflow is counted."""
    underflow = arb(float(np.finfo(kind).tiny)) / (float(np.finfo(kind).eps) / 2)
    errors: dict[int, arb] = {}
    for scalar in list(graph.scalars):
        if scalar.op in ("const", "arg", "unset", "infinite"):
            errors[scalar.ident] = arb(0)
            continue
        passed = sum((abs(slope.ball) * errors.get(operand.ident, 0) for operand, slope in local(graph, scalar)), arb(0))
        errors[scalar.ident] = (passed + abs(scalar.ball) + underflow).mid()
    return errors


def _verdict(
    graph: Graph, name: str, got: Any, exact: Any, errors: Mapping[int, arb], kind: np.dtype, factor: float
) -> FloatVerdict:
    array, problem = fitted(exact, got.shape)
    if problem is not None:
        raise InputError(f"result {name}", got=f"shape {got.shape}", expected=f"shape {np.shape(exact)} of the reference")
    unit = float(np.finfo(kind).eps) / 2
    worst: tuple[float, float, str, str, str] = (-1.0, 0.0, "", "", "")
    refuted = False
    for index in np.ndindex(got.shape):
        scalar, value = graph.read(array[index]), float(got[index])
        assert scalar is not None
        bound = factor * errors.get(scalar.ident, arb(0)) * unit
        share, ulps, beyond = _compared(scalar, value, bound, kind)
        refuted = refuted or beyond
        if share > worst[0]:
            worst = share, ulps, "[" + ", ".join(map(str, index)) + "]", repr(value), scalar.ball.str(17)
    status = Status.REFUTED if refuted else Status.SUPPORTED if got.size else Status.UNKNOWN
    share, ulps, entry, shown, true = worst
    return FloatVerdict(name, status, ulps, share, entry, shown, true, int(got.size))


def _compared(scalar: Scalar, value: float, bound: arb, kind: np.dtype) -> tuple[float, float, bool]:
    """The error as a share of the bound and in ulps, and whether it is certainly beyond the bound."""
    if not np.isfinite(value):
        return float("inf"), float("inf"), True
    exact = Fraction(value)
    error = abs(scalar.ball - arb(fmpq(exact.numerator, exact.denominator)))
    true = float(scalar.ball.mid())
    spacing = float(np.spacing(kind.type(abs(true))))
    size = float(error.mid())
    return size / float(bound.mid()) if size else 0.0, size / spacing, not error <= bound

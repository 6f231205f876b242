"""Measures implementations: the error of each quantity in ulps of the certified value, largest and mean, at each saturation.

Law: an error is computed exactly, from the enclosure's centre, whose own radius is below 1e-39 of the value. Infinity is right
where the correct rounding is that infinity; nan never is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy

from lstm_sym.accuracy.task import Implementation, Task, task
from lstm_sym.errors import InputError
from lstm_sym.floating.formats import Format
from lstm_sym.floating.rounding import ulp
from lstm_sym.ulps import Accuracy, Measured
from lstm_sym.vectors.case import Case
from lstm_sym.vectors.npz import nested
from lstm_sym.vectors.record import Solved, solve_case
from lstm_sym.vectors.values import Number

Errors = list[tuple[float | None, str]]
"""The error of each entry, None for one that is not a number of the right kind, and where it stands."""


def measure(implementations: Sequence[Implementation], cases: Sequence[Case], formats: Sequence[Format]) -> list[Accuracy]:
    """One table for each implementation, cell and format that fit together; cases are solved once."""
    solved = [solve_case(case, formats) for case in cases]
    names = dict.fromkeys(case.cell for case in cases)
    found = []
    for name in names:
        for format in formats:
            for implementation in implementations:
                if _fits(implementation, name, format):
                    rows = tuple(_rows(implementation, [each for each in solved if each.case.cell == name], format))
                    found.append(Accuracy(implementation.name, name, format.name, implementation.about, rows))
    if not found:
        asked = [", ".join(parts) for parts in ([i.name for i in implementations], names, [f.name for f in formats])]
        raise InputError(
            "implementations",
            got="none of {} for {} in {}".format(*asked),
            expected="one that knows a cell and a dtype",
            advice="name another --cell, --dtype or --implementation",
        )
    return found


def _fits(implementation: Implementation, name: str, format: Format) -> bool:
    return format.name in implementation.formats and (implementation.cells is None or name in implementation.cells)


def _rows(implementation: Implementation, solved: Sequence[Solved], format: Format) -> Iterator[Measured]:
    errors: dict[tuple[str, int], Errors] = {}
    for each in solved:
        for name, found in case_errors(implementation, task(each, each.case.declared, format)).items():
            errors.setdefault((name, each.case.saturation), []).extend(found)
    for (name, saturation), entries in errors.items():
        finite = [error for error, _ in entries if error is not None]
        lost = len(finite) < len(entries)
        largest, where = max(entries, key=lambda entry: float("inf") if entry[0] is None else entry[0])
        yield Measured(name, saturation, largest, None if lost else sum(finite) / len(finite), len(entries), where)


def case_errors(implementation: Implementation, given: Task) -> dict[str, Errors]:
    """The errors of every quantity that the implementation gives for one case."""
    expected = nested(given.solved.values, given.cell)
    results = implementation.run(given)
    unknown = sorted(set(results) - set(expected))
    if unknown or not results:
        raise InputError(
            f"results of {implementation.name}", got=", ".join(unknown) or "nothing", expected=f"some of {', '.join(expected)}"
        )
    return {
        name: list(_errors(implementation, given, name, numpy.asarray(results[name]), expected[name]))
        for name in expected
        if name in results
    }


def _errors(
    implementation: Implementation, given: Task, name: str, got: Any, expected: list[Any]
) -> Iterator[tuple[float | None, str]]:
    true: Any = numpy.array(expected, dtype=object)
    if got.shape != true.shape or got.dtype.kind != "f":
        raise InputError(
            f"{name} of {implementation.name}", got=f"{got.dtype} of shape {got.shape}", expected=f"floats of shape {true.shape}"
        )
    for index in numpy.ndindex(true.shape):
        place = f"{given.solved.case.name} {name}[{', '.join(map(str, index))}]"
        yield error_in_ulps(true[index], float(got[index]), given.format), place


def error_in_ulps(number: Number, got: float, format: Format) -> float | None:
    """How far a float is off, in units of the last place of the true value."""
    bits = number.bits[format.name]
    if numpy.isinf(got) and bits & ~format.sign == format.infinity and (got < 0) == bool(bits & format.sign):
        return 0.0
    if not numpy.isfinite(got):
        return None
    centre = (number.low + number.high) / 2
    top, bottom = got.as_integer_ratio()
    error = abs(flint.fmpq(top, bottom) - centre) / ulp(centre, format)
    return float(Fraction(int(error.p), int(error.q)))

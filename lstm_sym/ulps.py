"""Errors in floating point as data: where formulas lose their bits, bounds, and what implementations were measured to be off.

Nothing here computes or prints. An ulp is the unit in the last place of the format at the true value.
"""

from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.symbols.nodes import Expression
from lstm_sym.verdict import Verdict


@dataclass(frozen=True)
class Threshold:
    """From the number `decimal` (exactly `hexadecimal`) of the format on, and at none before it, the expression is exactly 0."""

    expression: str
    evaluation: str
    format: str
    decimal: str
    hexadecimal: str


@dataclass(frozen=True)
class Bound:
    """For every argument up to `saturation` in size the error is at most so many ulps; None where no bit is certain."""

    format: str
    saturation: str
    naive: str | None
    stable: str | None


@dataclass(frozen=True)
class Loss:
    """What in a formula loses bits: an expression in z, by the name that thresholds know, and what stands for z."""

    expression: str
    argument: Expression


@dataclass(frozen=True)
class Formula:
    """A printed formula, what in it loses bits, its stable form with the verdict on their equality, and bounds for both.

    `relative_to` says of what the ulps are: of the result, or of the sum of the magnitudes of its terms. Where nothing in the
    formula loses bits by saturation, `stable` and `verdict` are None and `note` says what its error is.
    """

    id: str
    left: Expression
    right: Expression
    times: tuple[Expression, Expression] | None
    loses: tuple[Loss, ...]
    stable: Expression | None
    verdict: Verdict | None
    bounds: tuple[Bound, ...]
    relative_to: str
    note: str


@dataclass(frozen=True)
class Stability:
    """What is known of the formulas of a cell: the model in words, thresholds, formulas."""

    cell: str
    model: tuple[str, ...]
    thresholds: tuple[Threshold, ...]
    formulas: tuple[Formula, ...]


@dataclass(frozen=True)
class Measured:
    """The errors of one quantity at one saturation: the largest and the mean over `entries`, in ulps; None stands for infinity
    or nan.
    """

    quantity: str
    saturation: int
    largest: float | None
    mean: float | None
    entries: int
    where: str


@dataclass(frozen=True)
class Accuracy:
    """What an implementation was measured to be off in one format."""

    implementation: str
    cell: str
    format: str
    about: str
    rows: tuple[Measured, ...]

"""Single edits of a wrong formula: the mistakes that people make, undone, as a table of named kinds.

Laws: an edit changes one place and says what it changed, in words, with the author's own names; edits are yielded likeliest
first. Which of them makes the claim right is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lstm_sym.notes.diagnosis.edit import Context, Correction, Kind
from lstm_sym.notes.diagnosis.edit_factors import (
    factor_missing_edits,
    factor_too_many_edits,
    inner_term_missing_edits,
    sign_edits,
    term_missing_edits,
    term_too_many_edits,
    weight_missing_edits,
)
from lstm_sym.notes.diagnosis.edit_names import neighbour_edits, transposition_edits
from lstm_sym.notes.diagnosis.edit_order import coefficient_edits, order_edits, parenthesis_edits
from lstm_sym.notes.diagnosis.edit_slopes import (
    activated_edits,
    exponent_edits,
    half_slope_edits,
    slope_form_back_edits,
    slope_form_edits,
)
from lstm_sym.notes.diagnosis.edit_times import index_edits, range_edits, sum_too_many_edits, time_edits
from lstm_sym.notes.formula.places import places
from lstm_sym.notes.formula.tree import Block, Formula, Group, Indexed

KINDS: tuple[tuple[str, Kind], ...] = (
    ("factor missing", half_slope_edits),
    ("time index", time_edits),
    ("transposition", transposition_edits),
    ("sum range", range_edits),
    ("sum index", index_edits),
    ("sum index", sum_too_many_edits),
    ("sign", sign_edits),
    ("exponent", exponent_edits),
    ("activated value", activated_edits),
    ("slope", slope_form_edits),
    ("slope", slope_form_back_edits),
    ("parenthesis", parenthesis_edits),
    ("order", order_edits),
    ("neighbour", neighbour_edits),
    ("term missing", term_missing_edits),
    ("factor missing", factor_missing_edits),
    ("factor missing", weight_missing_edits),
    ("factor too many", factor_too_many_edits),
    ("term too many", term_too_many_edits),
    ("coefficient", coefficient_edits),
    ("term missing", inner_term_missing_edits),
)
"""The kinds of single edits, in the order in which they are offered."""


def corrections(formula: Formula, context: Context, kinds: frozenset[str] | None = None) -> Iterator[Correction]:
    """Every single edit of the formula, kind by kind; of these kinds only, where they are given."""
    found = [place for place in places(formula) if not _in_index((*place[2], place[0]))]
    for name, kind in KINDS:
        if kinds is not None and name not in kinds:
            continue
        for node, put, above in found:
            for new, words in kind(node, above, context):
                yield Correction(name, put(new), node, new, words)


def _in_index(chain: tuple[Formula, ...]) -> bool:
    """Whether the last of these nodes is part of a name; what stands in a bracket with an exponent is not."""
    return any(
        isinstance(parent, Indexed) and not (child is parent.base and isinstance(child, Group | Block))
        for parent, child in pairwise(chain)
    )

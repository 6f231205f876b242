"""All formulas of a document in one notation: times attached, marks told apart, free functions applied.

Law: the steps run in one fixed order, each over the whole document, because what a letter is depends on every line.
"""

from __future__ import annotations

from collections.abc import Sequence

from lstm_sym.notes.formula.names import reference
from lstm_sym.notes.formula.rewrite import rewrite
from lstm_sym.notes.formula.tree import Call, Factors, Formula, Group, Indexed, Name
from lstm_sym.notes.notation.customs import customary
from lstm_sym.notes.notation.entries import without_entries
from lstm_sym.notes.notation.letters import applied_letters, slope_of_derivative, told, with_letters
from lstm_sym.notes.notation.marks import marked
from lstm_sym.notes.notation.timing import attach_known, attach_times, timed_keys

FREE_FUNCTIONS = frozenset({"f", "g", "phi", "psi", "F", "G", "act", "h", "activation"})


def normalised(formulas: Sequence[Formula]) -> tuple[list[Formula], frozenset[str]]:
    """The formulas with times attached and free functions applied, and the timed keys."""
    attached = customary([attach_times(formula) for formula in formulas])
    timed = timed_keys(attached)
    attached = without_entries(marked(attached, timed), timed)
    timed = timed_keys(attached)
    known = [attach_known(formula, timed) for formula in attached]
    letters = FREE_FUNCTIONS | applied_letters(known)
    applied = [apply_functions(formula, timed, letters) for formula in known]
    return [rewrite(formula, slope_of_derivative) for formula in with_letters(applied, told(applied, timed))], timed


def apply_functions(formula: Formula, timed: frozenset[str], letters: frozenset[str] = FREE_FUNCTIONS) -> Formula:
    """f(z) and g'(z) as calls, where f is no timed name."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Factors):
            return None
        factors, signs = [node.factors[0]], list[str]()
        for sign, factor in zip(node.signs, node.factors[1:], strict=True):
            before = factors[-1]
            read = reference(before, timed) if isinstance(before, Name | Indexed) else None
            free = read is not None and read.key in letters and read.key not in timed and read.time is None
            if sign == "" and free and isinstance(factor, Group) and factor.kind in "([":
                factors[-1] = Call(before, factor.items, start=before.start, end=factor.end)
            else:
                factors.append(factor)
                signs.append(sign)
        if len(factors) == len(node.factors):
            return None
        if len(factors) == 1:
            return factors[0]
        return Factors(tuple(factors), tuple(signs), start=node.start, end=node.end)

    return rewrite(formula, rule)

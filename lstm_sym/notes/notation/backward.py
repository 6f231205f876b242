"""What shows that a line is backward: adjoints, derivatives, losses; and the letters that are a loss or a number by custom.

Law: a name is a gradient where a line defines it by gradients, or by names that are so defined; nothing here knows a cell.
"""

from __future__ import annotations

from collections.abc import Iterable

from lstm_sym.notes.formula.names import is_d_name, reference, references
from lstm_sym.notes.formula.tree import Derivative, Formula, Indexed, Name, Prefixed, Relation, walk

LOSSES = frozenset(
    {"E", "L", "J", "ell", "loss", "Loss", "cost", "Cost", "error", "L_total", "E_total", "Err", "L_tot", "E_tot", "calE"}
)
NAMED_LOSSES = LOSSES | {"C", "Q", "S", "e", "H", "O", "obj", "l"}
"""Letters that are a loss where nothing but a derivative is ever taken of them."""
SCALARS = frozenset({"lambda", "eta", "alpha", "mu", "epsilon", "lr", "gamma", "beta", "N", "infinity", "e"})
ADJOINT_BASES = frozenset({"delta", "Delta", "nabla"})


def gradient_names(formulas: Iterable[Formula], timed: frozenset[str]) -> frozenset[str]:
    """The names that a line defines by gradients, or by names that are so defined: d_1 = ..., d_2 = U^T d_1."""
    lines: dict[str, Formula] = {}
    for formula in formulas:
        left = formula.parts[0] if isinstance(formula, Relation) else None
        read = reference(left, timed) if isinstance(left, Name | Indexed) else None
        again = read is not None and any(other.key == read.key for other in references(formula, timed)[1:])
        if read is not None and isinstance(formula, Relation) and formula.signs[0] == "=" and not again:
            lines.setdefault(read.key, formula)
    keys = frozenset(lines)
    found = {key for key, line in lines.items() if is_backward(line, timed, keys)}
    while True:
        more = {
            key for key, line in lines.items() if key not in found and any(read.key in found for read in references(line, timed))
        }
        if not more:
            return frozenset(found)
        found |= more


def is_loss_name(key: str) -> bool:
    """Whether the key is a customary name of the loss: L, E, L_BCE, J_total."""
    base, _, word = key.partition("_")
    return key in LOSSES or (base in LOSSES and word.isalpha() and len(word) > 1)


def is_backward(formula: Formula, timed: frozenset[str], keys: set[str] | frozenset[str]) -> bool:
    """Whether an adjoint, a derivative or a loss is mentioned."""
    for node in walk(formula):
        if isinstance(node, Prefixed | Derivative):
            return True
        if isinstance(node, Name) and node.text in ADJOINT_BASES:
            return True
    return any(is_loss_name(read.key) or is_d_name(read.key, keys) for read in references(formula, timed))

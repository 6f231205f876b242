"""Lines that only give a name: \\delta_t = \\partial L/\\partial h_t, and what such a line binds.

Laws: a bare naming is a definition and no claim; what it says holds throughout the document, and no other line overrules
it. A derivative of the loss of one step leaves open which losses are meant, so it binds nothing.
"""

from __future__ import annotations

from lstm_sym.notes.formula.names import Reference
from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.formula.tree import Derivative, Name, Prefixed
from lstm_sym.notes.meaning.evidence import alias_of, reference_of
from lstm_sym.notes.sampling.roles import Role
from lstm_sym.notes.sampling.samples import Samples


def naming(pair: Pair, samples: Samples) -> tuple[str, Role] | None:
    """The marked name on the left and what it is from now on; None where the pair is no bare naming."""
    model = samples.model
    right = pair.right
    if pair.position or not isinstance(right, Derivative) or isinstance(pair.left, Derivative):
        return None
    of, by, left = reference_of(right.of, samples), reference_of(right.by, samples), _named(pair, samples)
    if of is None or by is None or left is None or not model.is_loss(of.key) or of.time is not None:
        return None
    same = left.time == by.time or (left.time is None and by.key in model.parameters)
    if not same or by.key not in model.names or by.key in model.stacks or left.transposed or by.transposed:
        return None
    if not isinstance(pair.left, Prefixed) and left.key in model.names:
        return None
    return alias_of(pair.left, samples), Role("grad" if by.key in model.parameters else "value", by.key)


def _named(pair: Pair, samples: Samples) -> Reference | None:
    left = pair.left
    if isinstance(left, Prefixed) and isinstance(left.body, Name) and left.body.text in ("t", "T"):
        return None
    return reference_of(left.body if isinstance(left, Prefixed) else left, samples)

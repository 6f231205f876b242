"""Letters that stand for "the gradient of": g_{h_t}, d_{o_t}, \\bar h_t, \\epsilon_c^t, \\bar\\delta_h, dp\\tilde c.

Laws: a letter is such an operator only where the document uses it so: beside a weight, in a line with other gradients, or
with +=; and never where a forward equation defines it with the same label. A name so marked becomes a prefix before the
name that it is about; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lstm_sym.notes.formula.names import label, plain, reference
from lstm_sym.notes.formula.rewrite import rewrite, rewrite_names
from lstm_sym.notes.formula.tree import Derivative, Factors, Formula, Indexed, Name, Prefixed, Relation, children, walk

LETTERS = frozenset({"g", "d", "e", "epsilon", "D", "G", "grad", "bar"})
"""Letters that documents use for gradients, and the accent; whether this one does is seen from its lines."""
DELTAS = frozenset({"delta", "Delta"})


def marked(formulas: Sequence[Formula], timed: frozenset[str]) -> list[Formula]:
    """The formulas with marked names as prefixed ones."""
    formulas = [rewrite(formula, _joined_p) for formula in formulas]
    known = frozenset(_labels(formulas, timed))
    found = operators(formulas, timed, known)
    return [_rewritten(formula, found, known) for formula in formulas]


def operators(formulas: Sequence[Formula], timed: frozenset[str], known: frozenset[str]) -> frozenset[str]:
    """The letters that this document uses for gradients."""
    lines = [formula for formula in formulas if isinstance(formula, Relation)]
    forward = {
        split[0]
        for line in lines
        for split in [_split(line.parts[0], known)]
        if split is not None and line.signs[0] in ("=", "<-") and not _gradients(line, timed) and not _uses(line.parts[1], known)
    }
    found: set[str] = set()
    while True:
        more = {
            letter
            for line in lines
            if _gradients(line, timed) or line.signs[0] == "+=" or _uses(line, known) & found or _of_weight(line, known)
            for letter in _uses(line, known)
        }
        more -= forward
        if more <= found:
            return frozenset(found)
        found |= more


def _labels(formulas: Iterable[Formula], timed: frozenset[str]) -> Iterable[str]:
    """Every key that stands in the document without being about another one, underscores aside."""
    for formula in formulas:
        for node in walk(formula):
            read = reference(node, timed) if isinstance(node, Name | Indexed) else None
            if read is not None and read.key:
                yield read.key.replace("_", "")


def _split(node: Formula, known: frozenset[str]) -> tuple[str, Formula] | None:
    """The letter and the name that it is about; None where the node has not that form."""
    if isinstance(node, Indexed) and isinstance(node.base, Name):
        base = node.base
        if base.accents and base.accents[-1] == "bar" and base.text not in DELTAS:
            return "bar", replace(node, base=replace(base, accents=base.accents[:-1]))
        letter = plain(base.text, base.accents)
        if (base.text in LETTERS and not base.accents) or (base.text in DELTAS and base.accents):
            return _about(letter, node, known)
    if isinstance(node, Name) and node.accents and node.accents[-1] == "bar" and node.text not in DELTAS:
        return "bar", replace(node, accents=node.accents[:-1])
    return None


def _about(letter: str, node: Indexed, known: frozenset[str]) -> tuple[str, Formula] | None:
    """The first label as the name, with the other indices."""
    for field in ("sub", "sup"):
        items = getattr(node, field)
        for position, item in enumerate(items):
            if (
                isinstance(item, Name | Indexed)
                and label(item).replace("_", "") in known
                and label(item) not in ("t", "T", "tau")
            ):
                kept = (*items[:position], *items[position + 1 :])
                sub, sup = (kept, node.sup) if field == "sub" else (node.sub, kept)
                base, inner_sub, inner_sup = (item.base, item.sub, item.sup) if isinstance(item, Indexed) else (item, (), ())
                if not isinstance(base, Name):
                    return None
                whole = Indexed(base, (*inner_sub, *sub), (*inner_sup, *sup), node.primes, start=item.start, end=item.end)
                return letter, whole if whole.sub or whole.sup else base
    return None


def _uses(line: Formula, known: frozenset[str]) -> set[str]:
    """The operator letters in a line."""
    split = _split(line, known)
    if split is not None:
        return {split[0]}
    return {letter for child in children(line) for letter in _uses(child, known)}


def _gradients(line: Formula, timed: frozenset[str]) -> bool:
    """Whether the line mentions a gradient in a spelling that can be nothing else."""
    return any(isinstance(node, Prefixed | Derivative) or (isinstance(node, Name) and node.text in DELTAS) for node in walk(line))


def _of_weight(line: Formula, known: frozenset[str]) -> bool:
    """Whether a letter stands before a weight or a bias, as in g_{W_h}: the names in capitals with a label."""
    for node in walk(line):
        split = _split(node, known)
        base = split[1].base if split is not None and isinstance(split[1], Indexed) else split[1] if split is not None else None
        if isinstance(base, Name) and base.text in ("W", "U", "V", "R", "L", "E", "J"):
            return True
    return False


def _rewritten(node: Formula, letters: frozenset[str], known: frozenset[str]) -> Formula:
    def rule(part: Formula) -> Formula | None:
        split = _split(part, known) if isinstance(part, Name | Indexed) else None
        if split is None or split[0] not in letters:
            return None
        return Prefixed(split[0], split[1], start=part.start, end=part.end)

    return rewrite_names(node, rule) if letters else node


def _joined_p(node: Formula) -> Formula | None:
    """dp before an accented name: the gradient of what is activated to it."""
    if not isinstance(node, Factors):
        return None
    factors, signs = [node.factors[0]], list[str]()
    for sign, factor in zip(node.signs, node.factors[1:], strict=True):
        base = factor.base if isinstance(factor, Indexed) else factor
        accented = isinstance(base, Name) and bool(base.accents)
        if sign == "" and accented and factors[-1] == Name("dp"):
            factors[-1] = Prefixed("dp", factor, start=factors[-1].start, end=factor.end)
        else:
            factors.append(factor)
            signs.append(sign)
    if len(factors) == len(node.factors):
        return None
    return factors[0] if len(factors) == 1 else replace(node, factors=tuple(factors), signs=tuple(signs))

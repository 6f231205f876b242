"""Documents that leave the time out: h = tanh(W x + U h_prev + b).

Laws: a name that is written with `prev` or `next` is timed, and so is a name whose equation uses timed names or that a
weight multiplies; the time t is put on their bare uses. The text is untouched: only the tree says t.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lstm_sym.notes.formula import Factors, Formula, Group, Indexed, Name, Relation, walk
from lstm_sym.notes.lexicon import FUNCTIONS
from lstm_sym.notes.model import LOSSES, SCALARS, is_d_name, references
from lstm_sym.notes.names import Reference, label, reference
from lstm_sym.notes.rewrite import rewrite

STEPS = frozenset({"prev", "previous", "next"})
NEVER = frozenset(FUNCTIONS.values()) | LOSSES | SCALARS | {"T", "transpose", "delta", "Delta", "d", "..."}


def with_times(formulas: Sequence[Formula], timed: frozenset[str]) -> tuple[list[Formula], frozenset[str]]:
    """The formulas with t on the bare uses of timed names, and the timed keys; as they are where no name has a `prev`."""
    bases = set(_stepped(formulas))
    if not bases - timed or timed & bases:
        return list(formulas), timed
    found = set(timed) | bases
    for _ in range(4):
        found |= set(_more(formulas, frozenset(found)))
    keys = frozenset(found)
    return [rewrite(formula, lambda node: _timed(node, keys)) for formula in formulas], keys


def _stepped(formulas: Iterable[Formula]) -> Iterable[str]:
    for formula in formulas:
        for node in walk(formula):
            if isinstance(node, Indexed) and isinstance(node.base, Name) and any(label(item) in STEPS for item in node.sub):
                text = node.base.text
                if not (text.startswith("d") and len(text) > 1) and text not in NEVER:
                    yield "_".join((*node.base.accents, text))


def _more(formulas: Sequence[Formula], timed: frozenset[str]) -> Iterable[str]:
    """Names defined by timed ones, and names that a weight multiplies beside a timed one."""
    keys = {read.key for formula in formulas for read in references(formula, timed)}
    for formula in formulas:
        if not isinstance(formula, Relation):
            continue
        read = _bare(formula.parts[0], timed)
        inside = references(formula.parts[1], timed)
        if (
            read is not None
            and _may_be_timed(read.key, keys)
            and any(other.key.removesuffix("_prev") in timed for other in inside)
        ):
            yield read.key
            yield from _inputs(formula.parts[1], timed)


def _inputs(body: Formula, timed: frozenset[str]) -> Iterable[str]:
    for node in walk(body):
        if isinstance(node, Factors) and len(node.factors) == 2:
            first, second = (_bare(factor, timed) for factor in node.factors)
            if first is not None and second is not None and first.key[:1].isupper() and second.key[:1].islower():
                yield second.key
        if isinstance(node, Group) and len(node.items) > 1:
            reads = [_bare(item, timed) for item in node.items]
            if any(read is not None and read.key.removesuffix("_prev") in timed for read in reads):
                yield from (
                    read.key for read in reads if read is not None and not read.key.endswith("_prev") and read.key[:1].islower()
                )


def _may_be_timed(key: str, keys: set[str]) -> bool:
    return key not in NEVER and not is_d_name(key, keys) and not key.startswith(("delta", "Delta", "nabla"))


def _bare(node: Formula, timed: frozenset[str]) -> Reference | None:
    read = reference(node, timed) if isinstance(node, Name | Indexed) else None
    return read if read is not None and read.time is None and read.key not in NEVER else None


def _timed(node: Formula, timed: frozenset[str]) -> Formula | None:
    """The name with t as its last lower index."""
    if isinstance(node, Indexed) and isinstance(node.base, Indexed) and isinstance(node.base.base, Name):
        inner = node.base
        return Indexed(
            inner.base, inner.sub + node.sub, inner.sup + node.sup, inner.primes + node.primes, start=node.start, end=node.end
        )
    read = reference(node, timed) if isinstance(node, Name | Indexed) else None
    if (
        read is None
        or read.time is not None
        or read.key not in timed
        or (isinstance(node, Indexed) and not isinstance(node.base, Name))
    ):
        return None
    mark = Name("t")
    if isinstance(node, Indexed):
        return Indexed(node.base, (*node.sub, mark), node.sup, node.primes, start=node.start, end=node.end)
    return Indexed(node, (mark,), start=node.start, end=node.end)

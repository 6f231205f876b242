"""Documents that leave the time out within one step: f = \\sigma(z_f), z_f = x W + h U, beside c_t = f \\odot c_{t-1} + i
\\odot g.

Laws: a bare name is of the step t where an equation of timed names reads it and the document defines it; a name that a
weight multiplies there is an input; a timed name that is read bare before it is computed, so that it would be used by its
own equation, is the one of the step before; only names that carry a time elsewhere can be so. An output that is computed
from the last step alone belongs to that step.
"""

from __future__ import annotations

from collections.abc import Sequence

from lstm_sym.notes.formula.names import Reference, is_d_name, reference
from lstm_sym.notes.formula.rewrite import rewrite_names, whole_names
from lstm_sym.notes.formula.tree import Block, Call, Factors, Formula, Group, Indexed, Name, Number, Relation, Terms, walk

ROUNDS = 6
BEFORE = Terms((1, -1), (Name("t"), Number("1")))


def read_bare(
    formulas: Sequence[Formula], timed: frozenset[str], gradients: frozenset[str] = frozenset()
) -> tuple[list[Formula], frozenset[str]]:
    """The formulas with times on the bare names of one step, and all timed keys."""
    names = {read.key for line in formulas for name in whole_names(line) for read in [reference(name, timed)] if read is not None}
    lines = {
        key: line
        for line in formulas
        if isinstance(line, Relation)
        for key in _defined(line, timed)
        if not is_d_name(key, names) and key not in gradients
    }
    found = set(timed)
    for _ in range(ROUNDS):
        more = {key for key in lines if key not in found and _is_read(key, lines, formulas, found)}
        more |= {key for key in lines if key not in found and _reads(lines[key], found)}
        if not more:
            break
        found |= more
    if found == timed:
        return list(formulas), timed
    new = found - timed
    inputs = {key for line in lines.values() if set(_defined(line, timed)) & new for key in _multiplied(line, frozenset(found))}
    found |= inputs - set(lines)
    return [_delayed(formula, lines, frozenset(found), frozenset(new)) for formula in formulas], frozenset(found)


def _defined(line: Formula, timed: frozenset[str]) -> list[str]:
    """The small names that the line defines by a forward equation."""
    if (
        not isinstance(line, Relation)
        or line.signs[0] != "="
        or any(type(node).__name__ in ("Prefixed", "Derivative") for node in walk(line))
    ):
        return []
    if not any(isinstance(node, Call | Factors) for node in walk(line.parts[1])) or not list(whole_names(line.parts[1])):
        return []
    left = line.parts[0]
    names = [left] if isinstance(left, Name | Indexed) else [row[0] for row in left.rows] if isinstance(left, Block) else []
    reads = [reference(name, timed) for name in names if isinstance(name, Name | Indexed)]
    return [read.key for read in reads if read is not None and _plain(read) and not _is_gradient(read.key)]


def _plain(read: Reference) -> bool:
    return not read.transposed and read.power is None and not read.primes and not read.key[:1].isupper()


def _is_gradient(key: str) -> bool:
    return key.split("_", maxsplit=1)[0] in ("delta", "Delta", "nabla", "d", "dh", "dc") or len(key.split("_", maxsplit=1)[0]) > 6


def _is_read(key: str, lines: dict[str, Relation], formulas: Sequence[Formula], timed: set[str]) -> bool:
    """Whether the forward equation of a timed name reads this one bare."""
    for other, line in lines.items():
        if other in timed and other != key:
            for name in whole_names(line.parts[1]):
                read = reference(name, frozenset(timed))
                if read is not None and read.key == key and read.time is None:
                    return True
    return False


def _reads(line: Relation, timed: set[str]) -> bool:
    """Whether the right side reads a name at the step t or before it, and no other time."""
    left = reference(line.parts[0], frozenset(timed)) if isinstance(line.parts[0], Name | Indexed) else None
    if left is not None and left.time is not None:
        return False
    times = [
        read.time
        for name in whole_names(line.parts[1])
        for read in [reference(name, frozenset(timed))]
        if read is not None and read.time
    ]
    return bool(times) and all(time.base == "t" for time in times)


def _multiplied(line: Relation, timed: frozenset[str]) -> list[str]:
    """The names that a weight multiplies, and a bare argument of a function."""
    found = []
    body = line.parts[1]
    argument = body.arguments[0] if isinstance(body, Call) and len(body.arguments) == 1 else None
    if isinstance(argument, Name | Indexed):
        read = reference(argument, timed)
        found += [read.key] if read is not None and read.key[:1].islower() else []
    for node in walk(line.parts[1]):
        if isinstance(node, Factors):
            reads = [reference(factor, timed) if isinstance(factor, Name | Indexed) else None for factor in node.factors]
            keys = [read.key for read in reads if read is not None]
            if any(key[:1].isupper() for key in keys):
                found += [key for key in keys if key[:1].islower()]
        if isinstance(node, Group) and len(node.items) > 1:
            reads = [reference(item, timed) if isinstance(item, Name | Indexed) else None for item in node.items]
            found += [read.key for read in reads if read is not None and read.key[:1].islower()]
    return found


def _delayed(formula: Formula, lines: dict[str, Relation], timed: frozenset[str], new: frozenset[str]) -> Formula:
    """In the equations that got their time, a bare name that depends on them is that of the step before."""
    keys = set(_defined(formula, timed)) & new
    if not keys or not isinstance(formula, Relation):
        return formula

    def rule(node: Formula) -> Formula | None:
        read = reference(node, timed)
        if read is None or read.time is not None or read.key in new or not _depends(read.key, keys, lines, timed):
            return None
        old = node if isinstance(node, Indexed) else Indexed(node, start=node.start, end=node.end)
        return Indexed(old.base, (*old.sub, BEFORE), old.sup, old.primes, start=node.start, end=node.end)

    return Relation(
        (formula.parts[0], *(rewrite_names(part, rule) for part in formula.parts[1:])),
        formula.signs,
        start=formula.start,
        end=formula.end,
    )


def _depends(
    key: str, on: set[str], lines: dict[str, Relation], timed: frozenset[str], seen: frozenset[str] = frozenset()
) -> bool:
    """Whether the name is computed, at one step, from one of those."""
    line = lines.get(key)
    if line is None or key in seen:
        return False
    for name in whole_names(line.parts[1]):
        read = reference(name, timed)
        now = read is not None and (read.time is None or (read.time.base == "t" and read.time.offset == 0))
        if read is not None and now and (read.key in on or _depends(read.key, on, lines, timed, seen | {key})):
            return True
    return False


def at_the_end(formulas: Sequence[Formula], timed: frozenset[str]) -> tuple[list[Formula], frozenset[str], bool]:
    """The formulas with a bare output that only the last step gives, y = V h_T, as one of that step; whether there is one."""
    keys = {key for formula in formulas for key in _from_last(formula, timed)}
    if not keys:
        return list(formulas), timed, False
    return [_with_last(formula, keys, timed) for formula in formulas], timed | keys, True


def _from_last(formula: Formula, timed: frozenset[str]) -> list[str]:
    left = formula.parts[0] if isinstance(formula, Relation) and formula.signs[0] == "=" else None
    read = reference(left, timed) if isinstance(left, Name | Indexed) else None
    if read is None or read.time is not None or read.key in timed or not _plain(read) or not isinstance(formula, Relation):
        return []
    if any(type(node).__name__ in ("Prefixed", "Derivative", "Big") for node in walk(formula)):
        return []
    reads = [reference(name, timed) for name in whole_names(formula.parts[1])]
    times = [found.time for found in reads if found is not None and found.time is not None]
    weights = [found for found in reads if found is not None and found.time is None and found.key not in timed]
    return [read.key] if times and weights and all(time.base == "T" and time.offset == 0 for time in times) else []


def _with_last(formula: Formula, keys: set[str], timed: frozenset[str]) -> Formula:
    own = _from_last(formula, timed)

    def rule(node: Formula) -> Formula | None:
        read = reference(node, timed)
        if read is None:
            return None
        if read.key in keys and read.time is None:
            old = node if isinstance(node, Indexed) else Indexed(node, start=node.start, end=node.end)
            mark = Name("t" if own else "T")
            return Indexed(old.base, (*old.sub, mark), old.sup, old.primes, start=node.start, end=node.end)
        if own and isinstance(node, Indexed) and read.time is not None:
            sub = tuple(Name("t", start=item.start, end=item.end) if item == Name("T") else item for item in node.sub)
            sup = tuple(_unbracketed(item) for item in node.sup)
            return Indexed(node.base, sub, sup, node.primes, start=node.start, end=node.end)
        return None

    return rewrite_names(formula, rule)


def _unbracketed(item: Formula) -> Formula:
    """(T) above a name as (t); a bare T there is a transpose."""
    if isinstance(item, Group) and item.items == (Name("T"),):
        return Group(item.kind, (Name("t"),), item.separator, start=item.start, end=item.end)
    return item

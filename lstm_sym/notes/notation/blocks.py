"""Parts of weights: W_{fh} of W_f [h, x], slices W[:, :n] and pre_t[H:2H], and the block of a gate, (x_t W + b)_i.

Laws: a weight is taken apart only where the document names its parts; where it multiplies a stack it is then written out,
W_h h + W_x x, and the whole
stays as the stack of its parts. Which part a slice is follows from the stack that the weight multiplies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lstm_sym.notes.formula.names import label, reference
from lstm_sym.notes.formula.rewrite import rewrite, rewrite_names, whole_names
from lstm_sym.notes.formula.tree import (
    Block,
    Cut,
    Derivative,
    Factors,
    Formula,
    Group,
    Indexed,
    Name,
    Number,
    Prefixed,
    Range,
    Relation,
    Slice,
    Terms,
    walk,
)
from lstm_sym.notes.notation.stacked import cells

MARK = "."
"""Between the name of a weight and the number or label of its part, in names that only the reader gives."""


@dataclass
class Parts:
    """The weights that are taken apart: their parts in order; `wide` are those whose parts stand along that stack."""

    stacks: dict[str, tuple[Formula, ...]] = field(default_factory=dict)
    wide: frozenset[str] = frozenset()
    sliced: frozenset[str] = frozenset()
    """The weights of which the document says that they stand for their own part, W_f = W_f[:, :n]."""


def take_apart(formulas: Mapping[int, Formula], timed: frozenset[str]) -> tuple[dict[int, Formula], Parts]:
    """The formulas with parts as names, and the parts."""
    found = Parts()
    if not any(_may_have_parts(node) for formula in formulas.values() for node in walk(formula)):
        names = _names(formulas.values(), timed)
        if not any(len(name) > 3 or name.count("_") for name in names):
            return dict(formulas), found
    multiplied = dict(_multiplied(formulas.values(), timed))
    _by_slices(formulas.values(), multiplied, timed, found)
    _by_names(formulas.values(), multiplied, timed, found)
    found.wide = frozenset(found.stacks)
    _by_labels(formulas.values(), timed, found)
    counts = _equal_parts(formulas.values(), timed)
    if not found.stacks and not counts:
        return dict(formulas), found
    done = {
        number: rewrite(formula, lambda node: _rule(node, found, counts, multiplied, timed))
        for number, formula in formulas.items()
    }
    return done, found


def _may_have_parts(node: Formula) -> bool:
    return isinstance(node, Cut) or (isinstance(node, Indexed) and isinstance(node.base, Group) and bool(node.sub))


def _key(node: Formula, timed: frozenset[str]) -> str | None:
    """The key of a plain name without a time."""
    read = reference(node, timed) if isinstance(node, Name | Indexed) else None
    plain = read is not None and read.time is None and read.key not in timed and not read.primes and read.power is None
    return read.key if read is not None and plain else None


def _names(formulas: object, timed: frozenset[str]) -> set[str]:
    assert isinstance(formulas, Sequence) or hasattr(formulas, "__iter__")
    return {key for formula in formulas for node in whole_names(formula) for key in [_key(node, timed)] if key is not None}


def _multiplied(formulas: object, timed: frozenset[str]) -> Iterator[tuple[str, tuple[Formula, ...]]]:
    """The weights beside a stack, with its items."""
    assert hasattr(formulas, "__iter__")
    for node in (node for formula in formulas for node in walk(formula)):
        if isinstance(node, Factors):
            for first, second in zip(node.factors, node.factors[1:], strict=False):
                for weight, stack in ((first, second), (second, first)):
                    key, items = _key(weight, timed), _stack(stack)
                    read = reference(weight, timed) if key is not None else None
                    if key is not None and items is not None and read is not None and not read.transposed:
                        yield key, items


def _stack(node: Formula) -> tuple[Formula, ...] | None:
    items = cells(node)
    if items is None or any(isinstance(item, Range | Number) for item in items):
        return None
    return items


# --- which parts there are -------------------------------------------------------------------------------------------


def _by_slices(formulas: object, multiplied: Mapping[str, tuple[Formula, ...]], timed: frozenset[str], found: Parts) -> None:
    assert hasattr(formulas, "__iter__")
    sliced: set[str] = set()
    for formula in formulas:
        for node in walk(formula):
            key = _key(node.body, timed) if isinstance(node, Cut) else None
            if key is None or key not in multiplied:
                continue
            count = len(multiplied[key])
            found.stacks.setdefault(key, tuple(Name(f"{key}{MARK}{number + 1}") for number in range(count)))
            if isinstance(formula, Relation) and _key(formula.parts[0], timed) == key and formula.parts[1] == node:
                sliced.add(key)
    for key in list(sliced):
        for other, items in multiplied.items():
            if len(items) == len(multiplied[key]):
                found.stacks.setdefault(other, tuple(Name(f"{other}{MARK}{number + 1}") for number in range(len(items))))
                sliced.add(other)
    found.sliced = frozenset(sliced)


def _by_names(formulas: object, multiplied: Mapping[str, tuple[Formula, ...]], timed: frozenset[str], found: Parts) -> None:
    """W_{fh} and W_{fx}, or W_{hf} and W_{xf}, of W_f [h, x]."""
    assert hasattr(formulas, "__iter__")
    formulas = list(formulas)
    names = _names(formulas, timed)
    first: dict[Formula, Formula] = {}
    for line in formulas:
        if isinstance(line, Relation) and _is_forward(line):
            first.setdefault(line.parts[0], line.parts[1])
    used = _names(first.values(), timed)
    names -= used
    for key in used & set(multiplied) - set(found.stacks):
        items = multiplied[key]
        parts = [next((name for name in sorted(names) if _is_part(name, key, item, timed)), None) for item in items]
        if any(parts):
            chosen = [part or f"{key}{MARK}{number + 1}" for number, part in enumerate(parts)]
            if len(set(chosen)) == len(chosen):
                found.stacks[key] = tuple(Name(part) for part in chosen)


def _is_forward(line: Relation) -> bool:
    """Whether the line mentions no gradient."""
    left = line.parts[0]
    if not isinstance(left, Name | Indexed):
        return False
    return not any(
        isinstance(node, Prefixed | Derivative) or (isinstance(node, Name) and node.text in ("delta", "Delta", "nabla"))
        for node in walk(line)
    )


def _is_part(name: str, key: str, item: Formula, timed: frozenset[str]) -> bool:
    """Whether the name is that of the part of the weight that multiplies the item."""
    base, _, gate = key.partition("_")
    start, _, rest = name.partition("_")
    if start != base or len(rest) < 1 or name == key:
        return False
    letters = [
        read.key for node in walk(item) for read in [reference(node, timed) if isinstance(node, Indexed) else None] if read
    ]
    rest, gate = rest.replace("_", ""), gate.replace("_", "")
    return any(
        rest in (gate + letter.replace("_", ""), letter.replace("_", "") + gate) and letter for letter in letters if letter
    )


def _by_labels(formulas: object, timed: frozenset[str], found: Parts) -> None:
    """The blocks of the gates, (x_t W + b)_i: in the order of a stack of the document, else as they come."""
    assert hasattr(formulas, "__iter__")
    formulas = list(formulas)
    labels: dict[str, list[str]] = {}
    for node in (node for formula in formulas for node in walk(formula)):
        mark = _label(node, timed)
        if mark is not None and isinstance(node, Indexed):
            for key in _weights(node.base, timed):
                known = labels.setdefault(key, [])
                if mark not in known:
                    known.append(mark)
    for key, marks in labels.items():
        if len(marks) > 1:
            found.stacks[key] = tuple(Name(f"{key}{MARK}{mark}") for mark in _ordered(marks, formulas, timed))


def _label(node: Formula, timed: frozenset[str]) -> str | None:
    """i of (x_t W + b)_i."""
    if not (
        isinstance(node, Indexed) and isinstance(node.base, Group) and len(node.sub) == 1 and not node.primes and not node.sup
    ):
        return None
    mark = label(node.sub[0])
    return mark if mark in timed or any(key.replace("_", "") == mark for key in timed) else None


def _weights(node: Formula, timed: frozenset[str]) -> list[str]:
    return [key for part in whole_names(node) for key in [_key(part, timed)] if key is not None]


def _ordered(marks: list[str], formulas: Sequence[Formula], timed: frozenset[str]) -> list[str]:
    for node in (node for formula in formulas for node in walk(formula)):
        items = cells(node) if isinstance(node, Group | Block) else None
        if items is not None and len(items) == len(marks):
            reads = [reference(item, timed) for item in items if isinstance(item, Name | Indexed)]
            tails = [read.key.lstrip("d_").removeprefix("delta_") for read in reads if read is not None]
            if sorted(tails) == sorted(marks):
                return tails
    return marks


def _equal_parts(formulas: object, timed: frozenset[str]) -> dict[str, int]:
    """Into how many parts of one size a timed name is sliced: pre_t[3H:4H] says four."""
    assert hasattr(formulas, "__iter__")
    found: dict[str, int] = {}
    for node in (node for formula in formulas for node in walk(formula)):
        read = _timed_cut(node, timed)
        if read is not None and isinstance(node, Cut):
            last = _multiple(node.ranges[0].last) if isinstance(node.ranges[0], Range) else None
            found[read] = max(found.get(read, 0), last or 0)
    return {key: count for key, count in found.items() if count > 1}


def _timed_cut(node: Formula, timed: frozenset[str]) -> str | None:
    if not (isinstance(node, Cut) and len(node.ranges) == 1):
        return None
    read = reference(node.body, timed) if isinstance(node.body, Name | Indexed) else None
    return read.key if read is not None and (read.time is not None or read.key in timed) else None


def _multiple(node: Formula | None) -> int | None:
    """k of kH; 0 for the number 0 or nothing."""
    if node is None:
        return 0
    if isinstance(node, Number):
        return 0 if node.text == "0" else None
    if isinstance(node, Name | Indexed):
        return 1
    if isinstance(node, Factors) and isinstance(node.factors[0], Number) and node.factors[0].text.isdecimal():
        return int(node.factors[0].text)
    return None


# --- rewriting -------------------------------------------------------------------------------------------------------


def _rule(
    node: Formula, found: Parts, counts: Mapping[str, int], multiplied: Mapping[str, tuple[Formula, ...]], timed: frozenset[str]
) -> Formula | None:
    if isinstance(node, Cut):
        return _slice(node, found, counts, timed)
    if isinstance(node, Factors):
        return _written_out(node, found, timed)
    if _label(node, timed) is not None and isinstance(node, Indexed):
        mark = _label(node, timed)
        inner = rewrite_names(node.base, lambda part: _labelled(part, f"{MARK}{mark}", found, timed))
        return replace(inner, start=node.start, end=node.end)
    return None


def _labelled(part: Formula, tail: str, found: Parts, timed: frozenset[str]) -> Formula | None:
    key = _key(part, timed)
    names = {item.text for item in found.stacks.get(key or "", ()) if isinstance(item, Name)}
    if key is None or key + tail not in names:
        return None
    name = Name(key + tail, start=part.start, end=part.end)
    return Indexed(name, (), part.sup, start=part.start, end=part.end) if isinstance(part, Indexed) and part.sup else name


def _slice(node: Cut, found: Parts, counts: Mapping[str, int], timed: frozenset[str]) -> Formula | None:
    read = _timed_cut(node, timed)
    if read is not None and read in counts:
        first = _multiple(node.ranges[0].first) if isinstance(node.ranges[0], Range) else None
        return None if first is None else Slice(node.body, first, counts[read], start=node.start, end=node.end)
    key = _key(node.body, timed)
    stack = found.stacks.get(key or "")
    sides = [part for part in node.ranges if isinstance(part, Range) and (part.first is None) != (part.last is None)]
    if stack is None or len(stack) != 2 or len(sides) != 1:
        return None
    part = stack[0 if sides[0].first is None else 1]
    return replace(part, start=node.start, end=node.end)


def _written_out(node: Factors, found: Parts, timed: frozenset[str]) -> Formula | None:
    """W [h, x] as W_h h + W_x x, and [h, x] W as h W_h + x W_x."""
    for position, (first, second) in enumerate(zip(node.factors, node.factors[1:], strict=False)):
        for weight, stack, row in ((first, second, False), (second, first, True)):
            key, items = _key(weight, timed), _stack(stack)
            if key not in found.wide or items is None or len(items) != len(found.stacks[key or ""]):
                continue
            read = reference(weight, timed)
            if read is None or read.transposed:
                continue
            parts = found.stacks[key or ""]
            products = [Factors((item, part) if row else (part, item), ("",)) for part, item in zip(parts, items, strict=True)]
            whole = Group("(", (Terms((1,) * len(products), tuple(products)),), start=first.start, end=second.end)
            rest = (*node.factors[:position], whole, *node.factors[position + 2 :])
            signs = (*node.signs[:position], *node.signs[position + 1 :])
            return whole if len(rest) == 1 else replace(node, factors=rest, signs=signs)
    return None


def stands_for_part(formula: Formula, parts: Parts, position: int, timed: frozenset[str]) -> Formula:
    """The formula with every sliced weight as its part at that position."""

    def rule(node: Formula) -> Formula | None:
        key = _key(node, timed)
        if key is None or key not in parts.sliced or position >= len(parts.stacks[key]):
            return None
        part = parts.stacks[key][position]
        assert isinstance(part, Name)
        name = Name(part.text, start=node.start, end=node.end)
        return Indexed(name, (), node.sup, start=node.start, end=node.end) if isinstance(node, Indexed) and node.sup else name

    return rewrite_names(formula, rule)

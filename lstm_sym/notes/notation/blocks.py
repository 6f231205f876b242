"""Which parts of weights a document names: W_{fh} of W_f [h, x], slices W[:, :n] and pre_t[H:2H], and the block of a gate,
(x_t W + b)_i.

Laws: a weight has parts only where the document names them; which part a slice is follows from the stack that the weight
multiplies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from lstm_sym.notes.formula.names import label, reference
from lstm_sym.notes.formula.rewrite import whole_names
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


def key_of(node: Formula, timed: frozenset[str]) -> str | None:
    """The key of a plain name without a time."""
    read = reference(node, timed) if isinstance(node, Name | Indexed) else None
    plain = read is not None and read.time is None and read.key not in timed and not read.primes and read.power is None
    return read.key if read is not None and plain else None


def untimed_names(formulas: Collection[Formula], timed: frozenset[str]) -> set[str]:
    """The keys of all plain names without a time."""
    return {key for formula in formulas for node in whole_names(formula) for key in [key_of(node, timed)] if key is not None}


def multiplied_stacks(formulas: Collection[Formula], timed: frozenset[str]) -> Iterator[tuple[str, tuple[Formula, ...]]]:
    """The weights beside a stack, with its items."""
    for node in (node for formula in formulas for node in walk(formula)):
        if isinstance(node, Factors):
            for first, second in zip(node.factors, node.factors[1:], strict=False):
                for weight, stack in ((first, second), (second, first)):
                    key, items = key_of(weight, timed), stack_of(stack)
                    read = reference(weight, timed) if key is not None else None
                    if key is not None and items is not None and read is not None and not read.transposed:
                        yield key, items


def stack_of(node: Formula) -> tuple[Formula, ...] | None:
    items = cells(node)
    if items is None or any(isinstance(item, Range | Number) for item in items):
        return None
    return items


def by_slices(
    formulas: Collection[Formula], multiplied: Mapping[str, tuple[Formula, ...]], timed: frozenset[str], found: Parts
) -> None:
    """W[:, :n] and W[:, n:] of W [h, x]."""
    sliced: set[str] = set()
    for formula in formulas:
        for node in walk(formula):
            key = key_of(node.body, timed) if isinstance(node, Cut) else None
            if key is None or key not in multiplied:
                continue
            count = len(multiplied[key])
            found.stacks.setdefault(key, tuple(Name(f"{key}{MARK}{number + 1}") for number in range(count)))
            if isinstance(formula, Relation) and key_of(formula.parts[0], timed) == key and formula.parts[1] == node:
                sliced.add(key)
    for key in list(sliced):
        for other, items in multiplied.items():
            if len(items) == len(multiplied[key]):
                found.stacks.setdefault(other, tuple(Name(f"{other}{MARK}{number + 1}") for number in range(len(items))))
                sliced.add(other)
    found.sliced = frozenset(sliced)


def by_names(
    formulas: Collection[Formula], multiplied: Mapping[str, tuple[Formula, ...]], timed: frozenset[str], found: Parts
) -> None:
    """W_{fh} and W_{fx}, or W_{hf} and W_{xf}, of W_f [h, x]."""
    names = untimed_names(formulas, timed)
    first: dict[Formula, Formula] = {}
    for line in formulas:
        if isinstance(line, Relation) and _is_forward(line):
            first.setdefault(line.parts[0], line.parts[1])
    used = untimed_names(first.values(), timed)
    names -= used
    for key in sorted(used & set(multiplied) - set(found.stacks)):
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


def by_labels(formulas: Collection[Formula], timed: frozenset[str], found: Parts) -> None:
    """The blocks of the gates, (x_t W + b)_i: in the order of a stack of the document, else as they come."""
    labels: dict[str, list[str]] = {}
    for node in (node for formula in formulas for node in walk(formula)):
        mark = block_label(node, timed)
        if mark is not None and isinstance(node, Indexed):
            for key in _weights(node.base, timed):
                known = labels.setdefault(key, [])
                if mark not in known:
                    known.append(mark)
    for key, marks in labels.items():
        if len(marks) > 1:
            found.stacks[key] = tuple(Name(f"{key}{MARK}{mark}") for mark in _ordered(marks, formulas, timed))


def block_label(node: Formula, timed: frozenset[str]) -> str | None:
    """i of (x_t W + b)_i."""
    if not (
        isinstance(node, Indexed) and isinstance(node.base, Group) and len(node.sub) == 1 and not node.primes and not node.sup
    ):
        return None
    mark = label(node.sub[0])
    return mark if mark in timed or any(key.replace("_", "") == mark for key in timed) else None


def _weights(node: Formula, timed: frozenset[str]) -> list[str]:
    return [key for part in whole_names(node) for key in [key_of(part, timed)] if key is not None]


def _ordered(marks: list[str], formulas: Collection[Formula], timed: frozenset[str]) -> list[str]:
    for node in (node for formula in formulas for node in walk(formula)):
        items = cells(node) if isinstance(node, Group | Block) else None
        if items is not None and len(items) == len(marks):
            reads = [reference(item, timed) for item in items if isinstance(item, Name | Indexed)]
            tails = [read.key.lstrip("d_").removeprefix("delta_") for read in reads if read is not None]
            if sorted(tails) == sorted(marks):
                return tails
    return marks


def equal_parts(formulas: Collection[Formula], timed: frozenset[str]) -> dict[str, int]:
    """Into how many parts of one size a timed name is sliced: pre_t[3H:4H] says four."""
    found: dict[str, int] = {}
    for node in (node for formula in formulas for node in walk(formula)):
        read = timed_cut(node, timed)
        if read is not None and isinstance(node, Cut):
            last = multiple_of(node.ranges[0].last) if isinstance(node.ranges[0], Range) else None
            found[read] = max(found.get(read, 0), last or 0)
    return {key: count for key, count in found.items() if count > 1}


def timed_cut(node: Formula, timed: frozenset[str]) -> str | None:
    if not (isinstance(node, Cut) and len(node.ranges) == 1):
        return None
    read = reference(node.body, timed) if isinstance(node.body, Name | Indexed) else None
    return read.key if read is not None and (read.time is not None or read.key in timed) else None


def multiple_of(node: Formula | None) -> int | None:
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

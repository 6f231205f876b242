"""Weights and stacks taken apart: each part a name of its own, each product with a stack written out.

    W_f [h, x] = W_{fh} h + W_{fx} x      W_f[:, :n] = W_{fh}      pre_t[H:2H] is the second of four parts

Law: the whole stays as the stack of its parts; a slice that fits no part is left as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lstm_sym.notes.formula.names import reference
from lstm_sym.notes.formula.rewrite import rewrite, rewrite_names
from lstm_sym.notes.formula.tree import Cut, Factors, Formula, Group, Indexed, Name, Range, Slice, Terms, walk
from lstm_sym.notes.notation.blocks import (
    MARK,
    Parts,
    block_label,
    by_labels,
    by_names,
    by_slices,
    equal_parts,
    key_of,
    multiple_of,
    multiplied_stacks,
    stack_of,
    timed_cut,
    untimed_names,
)


def take_apart(formulas: Mapping[int, Formula], timed: frozenset[str]) -> tuple[dict[int, Formula], Parts]:
    """The formulas with parts as names, and the parts."""
    found = Parts()
    if not any(_may_have_parts(node) for formula in formulas.values() for node in walk(formula)):
        names = untimed_names(formulas.values(), timed)
        if not any(len(name) > 3 or name.count("_") for name in names):
            return dict(formulas), found
    multiplied = dict(multiplied_stacks(formulas.values(), timed))
    by_slices(formulas.values(), multiplied, timed, found)
    by_names(formulas.values(), multiplied, timed, found)
    found.wide = frozenset(found.stacks)
    by_labels(formulas.values(), timed, found)
    counts = equal_parts(formulas.values(), timed)
    if not found.stacks and not counts:
        return dict(formulas), found
    done = {
        number: rewrite(formula, lambda node: _rule(node, found, counts, multiplied, timed))
        for number, formula in formulas.items()
    }
    return done, found


def _may_have_parts(node: Formula) -> bool:
    return isinstance(node, Cut) or (isinstance(node, Indexed) and isinstance(node.base, Group) and bool(node.sub))


def _rule(
    node: Formula, found: Parts, counts: Mapping[str, int], multiplied: Mapping[str, tuple[Formula, ...]], timed: frozenset[str]
) -> Formula | None:
    if isinstance(node, Cut):
        return _slice(node, found, counts, timed)
    if isinstance(node, Factors):
        return _written_out(node, found, timed)
    if block_label(node, timed) is not None and isinstance(node, Indexed):
        mark = block_label(node, timed)
        inner = rewrite_names(node.base, lambda part: _labelled(part, f"{MARK}{mark}", found, timed))
        return replace(inner, start=node.start, end=node.end)
    return None


def _labelled(part: Formula, tail: str, found: Parts, timed: frozenset[str]) -> Formula | None:
    key = key_of(part, timed)
    names = {item.text for item in found.stacks.get(key or "", ()) if isinstance(item, Name)}
    if key is None or key + tail not in names:
        return None
    name = Name(key + tail, start=part.start, end=part.end)
    return Indexed(name, (), part.sup, start=part.start, end=part.end) if isinstance(part, Indexed) and part.sup else name


def _slice(node: Cut, found: Parts, counts: Mapping[str, int], timed: frozenset[str]) -> Formula | None:
    read = timed_cut(node, timed)
    if read is not None and read in counts:
        first = multiple_of(node.ranges[0].first) if isinstance(node.ranges[0], Range) else None
        return None if first is None else Slice(node.body, first, counts[read], start=node.start, end=node.end)
    key = key_of(node.body, timed)
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
            key, items = key_of(weight, timed), stack_of(stack)
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
        key = key_of(node, timed)
        if key is None or key not in parts.sliced or position >= len(parts.stacks[key]):
            return None
        part = parts.stacks[key][position]
        assert isinstance(part, Name)
        name = Name(part.text, start=node.start, end=node.end)
        return Indexed(name, (), node.sup, start=node.start, end=node.end) if isinstance(node, Indexed) and node.sup else name

    return rewrite_names(formula, rule)

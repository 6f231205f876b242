"""Customary spellings brought to the form that the rest of the reader knows, as a table of rules over formula trees.

    \\delta_{h_t}  is  \\delta_{h,t}            (\\partial L/\\partial W)^{(t)}  is  \\partial L/\\partial W^{(t)}
    (da^{t})_{next}  is  da^{t}_{next}       \\sum_{batch} x  is  x          T_x  is  T

Laws: a rule looks at one node alone, its children are done before it; the places in the text stay. What \\tau means is
decided once for the whole document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from lstm_sym.notes.formula.names import TIME_LETTERS, TRANSPOSES, is_strong, label, time_of
from lstm_sym.notes.formula.rewrite import rewrite
from lstm_sym.notes.formula.tree import (
    Big,
    Call,
    Derivative,
    Factors,
    Formula,
    Group,
    Indexed,
    Name,
    Prefixed,
    Relation,
    Terms,
    walk,
)

BATCH = frozenset({"batch", "examples", "samples", "minibatch", "B", "Batch"})
INPUT_WORDS = frozenset({"input", "net", "pre", "preactivation", "argument", "logit"})
LENGTHS = frozenset({"x", "y", "max", "seq"})


def customary(formulas: Sequence[Formula]) -> list[Formula]:
    """The formulas with every rule applied, bottom up."""
    found = _with_primes([_to_the_end(rewrite(formula, _ruled)) for formula in formulas])
    return [rewrite(formula, _tau_last) for formula in found] if tau_is_last(found) else found


def _ruled(node: Formula) -> Formula | None:
    changed = node
    for rule in RULES:
        new = rule(changed)
        changed = changed if new is None else new
    return None if changed is node else changed


def _hoisted(node: Formula) -> Formula | None:
    """x_{y_t} as x_{y,t}: the time belongs to the whole name."""
    if not (isinstance(node, Indexed) and isinstance(node.base, Name)) or _has_time(node):
        return None
    for field in ("sub", "sup"):
        items = getattr(node, field)
        for position, item in enumerate(items):
            parted = _parted(item)
            if parted is not None:
                bare, time = parted
                new = (*items[:position], bare, *items[position + 1 :])
                new_sub = (*(new if field == "sub" else node.sub), time)
                return replace(node, sub=new_sub, sup=new if field == "sup" else node.sup)
    return None


def _has_time(node: Indexed) -> bool:
    return any(_strong(item, False) for item in node.sub) or any(_strong(item, True) for item in node.sup)


def _strong(item: Formula, above: bool) -> bool:
    time = time_of(item)
    return time is not None and is_strong(item, time, above)


def _parted(item: Formula) -> tuple[Formula, Formula] | None:
    """A label with a time of its own as the two."""
    if isinstance(item, Indexed) and isinstance(item.base, Name):
        for field in ("sub", "sup"):
            items = getattr(item, field)
            for position, inner in enumerate(items):
                if _strong(inner, field == "sup"):
                    kept = (*items[:position], *items[position + 1 :])
                    sub, sup = (kept, item.sup) if field == "sub" else (item.sub, kept)
                    bare = Indexed(item.base, sub, sup, item.primes, start=item.start, end=item.end) if sub or sup else item.base
                    return bare, inner
    beside = isinstance(item, Factors) and item.signs == ("",) and isinstance(item.factors[0], Name | Indexed)
    if isinstance(item, Factors) and beside and isinstance(item.factors[1], Name) and item.factors[1].text == "t":
        return item.factors[0], item.factors[1]
    if isinstance(item, Terms) and isinstance(item.terms[0], Factors):  # \tilde h t-1
        inside = item.terms[0]
        if len(inside.factors) == 2 and isinstance(inside.factors[1], Name) and inside.factors[1].text == "t":
            return inside.factors[0], replace(item, terms=(inside.factors[1], *item.terms[1:]))
    return None


def _index_inside(node: Formula) -> Formula | None:
    """(X)_{word} and a derivative with a word or a time behind it: the index belongs to the name."""
    if not isinstance(node, Indexed):
        return None
    base = node.base
    inner = base.items[0] if isinstance(base, Group) and base.kind in "([" and len(base.items) == 1 else base
    if isinstance(inner, Derivative) and (inner is base or node.sub):
        words, kept = _words(node.sub), tuple(item for item in node.sup if not _strong(item, True))
        times = tuple(item for item in node.sup if _strong(item, True))
        if kept or not (words or times) or len(words) < len(node.sub):
            return None
        by = _with(inner.by, (*words, *times))
        return None if by is None else Derivative(inner.of, by, start=node.start, end=node.end)
    if isinstance(inner, Name | Indexed | Prefixed) and inner is not base and node.sub and not node.sup:
        words = _words(node.sub)
        if len(words) == len(node.sub):
            found = _with(inner, words)
            return None if found is None else replace(found, start=node.start, end=node.end)
    return None


def _words(items: tuple[Formula, ...]) -> tuple[Formula, ...]:
    return tuple(item for item in items if isinstance(item, Name) and len(item.text) > 1 and item.text not in TIME_LETTERS)


def _with(node: Formula, items: tuple[Formula, ...]) -> Formula | None:
    if isinstance(node, Prefixed):
        body = _with(node.body, items)
        return None if body is None else replace(node, body=body)
    if isinstance(node, Indexed) and isinstance(node.base, Name):
        return replace(node, sub=(*node.sub, *items))
    return Indexed(node, items, start=node.start, end=node.end) if isinstance(node, Name) else None


def _batch(node: Formula) -> Formula | None:
    """The sum over the examples of a batch is left to the matrices: for one example it is the thing itself."""
    if not (isinstance(node, Big) and node.kind == "sum" and len(node.sub) == 1):
        return None
    first = node.sub[0]
    if isinstance(first, Name | Factors | Terms) and label(first) in BATCH:
        return Group("(", (node.body,), start=node.start, end=node.end)
    return None


def _length(node: Formula) -> Formula | None:
    """T_x, the length of the sequence, as T."""
    if not (isinstance(node, Indexed) and isinstance(node.base, Name) and node.base.text == "T" and not node.sup):
        return None
    if len(node.sub) == 1 and label(node.sub[0]) in LENGTHS:
        return Name("T", start=node.start, end=node.end)
    return None


def _product_word(node: Formula) -> Formula | None:
    """prod(A, B), a product whose order is left to the shapes."""
    if isinstance(node, Factors):
        for position, (first, second) in enumerate(zip(node.factors, node.factors[1:], strict=False)):
            if isinstance(first, Name) and first.text == "prod" and isinstance(second, Group) and len(second.items) > 1:
                inner = Factors(second.items, ("",) * (len(second.items) - 1), start=first.start, end=second.end)
                rest = (*node.factors[:position], inner, *node.factors[position + 2 :])
                signs = (*node.signs[:position], *node.signs[position + 1 :])
                return inner if len(rest) == 1 else replace(node, factors=rest, signs=signs)
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.text == "prod" and len(node.arguments) > 1:
        return Factors(node.arguments, ("",) * (len(node.arguments) - 1), start=node.start, end=node.end)
    return None


def _transposed_time(node: Formula) -> Formula | None:
    """h^{(t)^T} with the transpose beside the time."""
    if not isinstance(node, Indexed):
        return None
    for position, item in enumerate(node.sup):
        marks = item.sup if isinstance(item, Indexed) and not item.sub else ()
        transposes = all(isinstance(mark, Name) and mark.text in TRANSPOSES for mark in marks)
        if marks and transposes and isinstance(item, Indexed) and time_of(item.base) is not None:
            return replace(node, sup=(*node.sup[:position], item.base, *marks, *node.sup[position + 1 :]))
    return None


def _input_of(node: Formula) -> Formula | None:
    """f'(o_t \\text{input}): the argument that the gate is the activation of."""
    if isinstance(node, Call) and len(node.arguments) == 1 and isinstance(node.arguments[0], Factors):
        inside = node.arguments[0]
        if len(inside.factors) == 2 and isinstance(inside.factors[1], Name) and inside.factors[1].text in INPUT_WORDS:
            whole = Prefixed("net", inside.factors[0], start=inside.start, end=inside.end)
            return replace(node, arguments=(whole,))
    return None


RULES: tuple[Callable[[Formula], Formula | None], ...] = (
    _transposed_time,
    _hoisted,
    _index_inside,
    _batch,
    _length,
    _product_word,
    _input_of,
)


def _with_primes(formulas: Sequence[Formula]) -> list[Formula]:
    """h'_t where some line defines it: a name of its own, no transpose and no slope."""
    defined = {
        left.base
        for formula in formulas
        if isinstance(formula, Relation)
        for left in [formula.parts[0]]
        if isinstance(left, Indexed) and isinstance(left.base, Name) and left.primes == 1 and _has_time(left)
    }

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Indexed) and node.primes == 1 and node.base in defined and isinstance(node.base, Name):
            return replace(node, base=replace(node.base, accents=(*node.base.accents, "prime")), primes=0)
        return None

    return [rewrite(formula, rule) for formula in formulas] if defined else list(formulas)


def _to_the_end(formula: Formula) -> Formula:
    """dE/dW = sum up to t: where t stands nowhere else, it is the last step."""
    if not isinstance(formula, Relation):
        return formula
    bounds = [item for node in walk(formula) if isinstance(node, Big) for item in node.sup if item == Name("t")]
    everywhere = [node for node in walk(formula) if node == Name("t")]
    if not bounds or len(bounds) != len(everywhere):
        return formula

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Big) and node.sup == (Name("t"),):
            return replace(node, sup=(replace(node.sup[0], text="T"),))
        return None

    return rewrite(formula, rule)


# --- the last step ---------------------------------------------------------------------------------------------------


def tau_is_last(formulas: Sequence[Formula]) -> bool:
    """Whether tau is the last step: a sum over t goes up to it, or it stands beside t and nothing ever runs over it."""
    has_t = moved = runs = False
    for node in (node for formula in formulas for node in walk(formula)):
        if isinstance(node, Big) and node.sub:
            letter = node.sub[0].parts[0] if isinstance(node.sub[0], Relation) else node.sub[0]
            runs |= letter == Name("tau")
            if letter == Name("t") and any(item == Name("tau") for item in node.sup):
                return True
        if isinstance(node, Terms):
            time = time_of(node)
            moved |= time is not None and time.base == "tau"
        has_t |= node == Name("t")
    return has_t and not moved and not runs


def _tau_last(node: Formula) -> Formula | None:
    return replace(node, text="T") if isinstance(node, Name) and node.text == "tau" and not node.accents else None

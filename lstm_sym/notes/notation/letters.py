"""Letters for activations, f(z) or \\gamma(c_t): which letters are functions, and which function a document tells them to be.

    f(z) = \\tanh(z)    f'(z) = 1 - \\tanh^2(z)    a_t = \\gamma(\\hat a_t) beside (1 - a_t^2)

Laws: a Greek letter is a function only where it never stands without brackets behind it. What it is comes from the document
alone: from a line that says so, or from the slope that is written beside its value; else it stays a free function.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lstm_sym.notes.formula.names import reference
from lstm_sym.notes.formula.rewrite import rewrite
from lstm_sym.notes.formula.tree import (
    Call,
    Derivative,
    Factors,
    Formula,
    Group,
    Indexed,
    Name,
    Number,
    Relation,
    Terms,
    children,
    walk,
)
from lstm_sym.notes.notation.stacked import together

GREEK = frozenset({"gamma", "varphi", "rho", "kappa", "theta", "zeta", "chi", "S"})
KNOWN = frozenset({"tanh", "sigma"})


def applied_letters(formulas: Iterable[Formula]) -> frozenset[str]:
    """The Greek letters that stand before brackets wherever they stand."""
    applied: set[str] = set()
    alone: set[str] = set()

    def visit(node: Formula) -> None:
        if isinstance(node, Factors):
            for position, factor in enumerate(node.factors):
                key = _letter(factor)
                after = node.factors[position + 1] if position + 1 < len(node.factors) and node.signs[position] == "" else None
                if key is not None:
                    (applied if isinstance(after, Group) and after.kind in "([" else alone).add(key)
                else:
                    visit(factor)
            return
        key = _letter(node)
        if key is not None:
            alone.add(key)
            return
        for child in children(node):
            visit(child)

    for formula in formulas:
        visit(formula)
    return frozenset(applied - alone)


def _letter(node: Formula) -> str | None:
    base = node.base if isinstance(node, Indexed) and not node.sub and not node.sup else node
    return base.text if isinstance(base, Name) and base.text in GREEK and not base.accents else None


def told(formulas: Sequence[Formula], timed: frozenset[str]) -> dict[str, str]:
    """The known function that each letter is told to be."""
    found: dict[str, str] = {}
    values: dict[str, set[str]] = {}
    for formula in formulas:
        if isinstance(formula, Relation) and len(formula.parts) > 1:
            _by_line(formula, found)
            for left, right in [formula.parts[:2], *together(formula)]:
                read = reference(left, timed) if isinstance(left, Name | Indexed) else None
                name = _function(right)
                if read is not None and name is not None and name not in KNOWN:
                    values.setdefault(name, set()).add(read.key)
    for name, keys in values.items():
        slopes = {slope for formula in formulas for slope in _slopes(formula, keys, timed)}
        if name not in found and len(slopes) == 1:
            found[name] = next(iter(slopes))
    return found


def _function(node: Formula) -> str | None:
    """The name of the function that is applied, without primes."""
    if not isinstance(node, Call):
        return None
    base = node.function.base if isinstance(node.function, Indexed) and not node.function.primes else node.function
    return base.text if isinstance(base, Name) else None


def _by_line(line: Relation, found: dict[str, str]) -> None:
    """f = tanh, f(z) = tanh(z), f'(z) = 1 - tanh^2(z)."""
    left, right = line.parts[:2]
    if isinstance(left, Name) and isinstance(right, Name) and right.text in KNOWN:
        found.setdefault(left.text, right.text)
    if not (isinstance(left, Call) and len(left.arguments) == 1 and isinstance(left.arguments[0], Name)):
        return
    base = left.function.base if isinstance(left.function, Indexed) else left.function
    if not isinstance(base, Name) or base.text in KNOWN:
        return
    inside = {_function_of(node) for node in walk(right) if isinstance(node, Call)} - {None}
    arguments = {node.arguments for node in walk(right) if isinstance(node, Call)}
    if inside == {base.text} and isinstance(left.function, Indexed) and left.function.primes == 1:
        found.setdefault(base.text, "tanh" if isinstance(right, Terms) else "sigma")
    if len(inside) == 1 and arguments == {left.arguments}:
        primed = isinstance(left.function, Indexed) and left.function.primes == 1
        name = next(iter(inside))
        if name in KNOWN and (primed == isinstance(right, Terms | Factors)) and (primed or isinstance(right, Call)):
            found.setdefault(base.text, str(name))


def _function_of(node: Call) -> str | None:
    base = node.function.base if isinstance(node.function, Indexed) else node.function
    return base.text if isinstance(base, Name) else None


def _slopes(formula: Formula, keys: set[str], timed: frozenset[str]) -> Iterable[str]:
    """tanh for 1 - v^2, sigma for v(1 - v), of the values v with these keys."""
    for node in walk(formula):
        if isinstance(node, Terms) and node.signs == (1, -1) and node.terms[0] == Number("1"):
            read = reference(node.terms[1], timed) if isinstance(node.terms[1], Indexed) else None
            if read is not None and read.key in keys:
                yield "tanh" if read.power == Number("2") else "sigma"


def with_letters(formulas: Sequence[Formula], functions: dict[str, str]) -> list[Formula]:
    """The formulas with the letters as what they are told to be."""
    if not functions:
        return list(formulas)

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Call):
            return None
        base = node.function.base if isinstance(node.function, Indexed) else node.function
        if not isinstance(base, Name) or base.text not in functions or base.accents:
            return None
        name = Name(functions[base.text], start=base.start, end=base.end)
        function: Formula = name
        if isinstance(node.function, Indexed):
            old = node.function
            function = Indexed(name, (), old.sup, old.primes, start=old.start, end=old.end)
        return Call(function, node.arguments, start=node.start, end=node.end)

    return [rewrite(formula, rule) for formula in formulas]


def slope_of_derivative(node: Formula) -> Formula | None:
    """d tanh(z)/dz as tanh'(z)."""
    if isinstance(node, Indexed) and isinstance(node.base, Group) and node.primes == 1 and not node.sub and not node.sup:
        inner = node.base.items[0]
        if len(node.base.items) == 1 and isinstance(inner, Call) and isinstance(inner.function, Name):
            return Call(Indexed(inner.function, (), (), 1), inner.arguments, start=node.start, end=node.end)
    if not (isinstance(node, Derivative) and isinstance(node.of, Call) and node.of.arguments == (node.by,)):
        return None
    function = node.of.function
    if isinstance(function, Name):
        return Call(Indexed(function, (), (), 1), node.of.arguments, start=node.start, end=node.end)
    return None

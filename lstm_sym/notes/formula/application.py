"""What belongs to the factor beside it: the argument of a function word, the name after a delta, the operand of d/dW.

Law: only juxtaposition binds; a delta that carries indices is a name of its own, and a letter in front of brackets stays a
product, because whether it is a function, a time or a factor depends on the document.
"""

from __future__ import annotations

from lstm_sym.notes.formula.differentials import is_bare_differential
from lstm_sym.notes.formula.tree import (
    Block,
    Call,
    Derivative,
    Factors,
    Formula,
    Group,
    Indexed,
    Name,
    Number,
    NumberMatrix,
    Prefixed,
)
from lstm_sym.notes.text.lexicon import FUNCTIONS

ALWAYS_FUNCTIONS = frozenset(FUNCTIONS.values()) - {"sigma"}
PREFIXES = frozenset({"delta", "Delta", "d", "nabla"})


def factors_of(term: Formula) -> Formula:
    """The term with functions, prefixes and derivatives bound to the factor that they stand beside."""
    if not isinstance(term, Factors):
        return term
    factors: list[Formula] = []
    signs: list[str] = []
    queue = list(zip(("", *term.signs), term.factors, strict=True))
    while queue:
        sign, factor = queue.pop(0)
        while queue and queue[0][0] == "" and _binds(factor, queue[0][1]):
            # a prefix may stand before a prefix or a function: bind from the right
            factor = _bound(factor, _argument(queue))
        factors.append(factor)
        signs.append(sign)
    if len(factors) == 1:
        return factors[0]
    return Factors(tuple(factors), tuple(signs[1:]), start=term.start, end=term.end)


def _argument(queue: list[tuple[str, Formula]]) -> Formula:
    _, factor = queue.pop(0)
    while queue and queue[0][0] == "" and _binds(factor, queue[0][1]):
        factor = _bound(factor, _argument(queue))
    return factor


def function_name(node: Formula) -> str | None:
    """The name of the function word that this factor is, indices and primes aside."""
    base = node.base if isinstance(node, Indexed) else node
    return base.text if isinstance(base, Name) and not base.accents else None


def _binds(factor: Formula, following: Formula) -> bool:
    if is_bare_differential(factor):
        return True
    if isinstance(factor, Call | Prefixed):
        return False
    name = function_name(factor)
    if name in ALWAYS_FUNCTIONS:
        return True
    if name == "sigma":
        return isinstance(following, Group | NumberMatrix | Block) or isinstance(factor, Name) or _unindexed(factor)
    if isinstance(factor, Name) and factor.text in PREFIXES and not factor.accents:
        return _nameable(following)
    return False


def _unindexed(factor: Formula) -> bool:
    return isinstance(factor, Indexed) and not factor.sub


def _nameable(node: Formula) -> bool:
    base = node.base if isinstance(node, Indexed) else node
    return isinstance(base, Name) and base.text not in FUNCTIONS.values()


def _bound(factor: Formula, argument: Formula) -> Formula:
    ends = {"start": factor.start, "end": argument.end}
    if isinstance(factor, Derivative):
        return Derivative(argument, factor.by, **ends)
    if isinstance(factor, Name) and factor.text in PREFIXES:
        return Prefixed(factor.text, argument, **ends)
    if _is_power_of_brackets(argument):
        assert isinstance(argument, Indexed)
        factor, argument = _with_power(factor, argument.sup), argument.base
    arguments = argument.items if isinstance(argument, Group) and argument.kind in "([{" else (argument,)
    return Call(factor, arguments, **ends)


def _is_power_of_brackets(argument: Formula) -> bool:
    """Whether this is (x)^2: after a function word the power belongs to the call, as in tanh(x)^2 = tanh^2(x)."""
    if not (isinstance(argument, Indexed) and isinstance(argument.base, Group) and argument.base.kind in "([{"):
        return False
    return not argument.sub and not argument.primes and len(argument.sup) == 1 and isinstance(argument.sup[0], Number)


def _with_power(function: Formula, power: tuple[Formula, ...]) -> Formula:
    ends = {"start": function.start, "end": function.end}
    if isinstance(function, Indexed):
        return Indexed(function.base, function.sub, (*function.sup, *power), function.primes, **ends)
    return Indexed(function, (), power, 0, **ends)

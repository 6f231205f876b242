"""Fractions of differentials are derivatives: \\frac{\\partial E}{\\partial W}, \\frac{dL}{dh}, \\frac{\\partial}{\\partial
W} E.

Laws: a delta above and below is a differential sign too; a fraction becomes a derivative only where both its parts begin
with the same kind of differential.
"""

from __future__ import annotations

from typing import Any

from lstm_sym.notes.formula.tree import Derivative, Factors, Formula, Fraction, Indexed, Name, Partial, Prefixed


def fraction(above: Formula, below: Formula, ends: dict[str, Any]) -> Formula:
    """The quotient, or the derivative that it stands for."""
    of, by = differential_body(above), differential_body(below)
    if of is None or by is None:
        of, by = _like_delta(above), _like_delta(below)
    if of is None or by is None:
        return Fraction(above, below, **ends)
    return Derivative(of, by, **ends)


def differential_body(part: Formula) -> Formula | None:
    """X of a differential dX; a Name '' where the sign stands alone; None if this is no differential."""
    if isinstance(part, Partial):
        return part.body if part.body is not None else Name("", start=part.start, end=part.end)
    if isinstance(part, Factors) and isinstance(part.factors[0], Partial):
        first = part.factors[0]
        rest = part.factors[1:] if first.body is None else (first.body, *part.factors[1:])
        return rest[0] if len(rest) == 1 else Factors(rest, part.signs[-(len(rest) - 1) :], start=rest[0].start, end=rest[-1].end)
    if isinstance(part, Factors) and len(part.factors) == 2 and _is_d(part.factors[0]) and part.signs == ("",):
        return part.factors[1]
    if isinstance(part, Name) and part.text == "d" and not part.accents:
        return Name("", start=part.start, end=part.end)
    return _d_name(part)


def _like_delta(part: Formula) -> Formula | None:
    """X of \\delta X or d_X, where such a sign stands both above and below."""
    if isinstance(part, Prefixed) and part.prefix in ("delta", "Delta"):
        return part.body
    if isinstance(part, Indexed) and part.base == Name("d") and len(part.sub) == 1 and not part.sup:
        return part.sub[0]
    return None


def _is_d(part: Formula) -> bool:
    return isinstance(part, Name) and part.text == "d" and not part.accents


def _d_name(part: Formula) -> Formula | None:
    base = part.base if isinstance(part, Indexed) else part
    if not (isinstance(base, Name) and len(base.text) > 1 and base.text[0] == "d" and not base.text.startswith("delta")):
        return None
    name = Name(base.text[1:], base.accents, start=base.start + 1, end=base.end)
    return Indexed(name, part.sub, part.sup, part.primes, start=part.start, end=part.end) if isinstance(part, Indexed) else name


def is_bare_differential(node: Formula) -> bool:
    """Whether a derivative waits for the factor beside it: \\frac{\\partial}{\\partial W}."""
    return isinstance(node, Derivative) and isinstance(node.of, Name) and node.of.text == ""

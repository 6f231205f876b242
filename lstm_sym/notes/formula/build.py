"""What the grammar recognises -> formula tree.

Laws: each node spans from its first to its last token; scripts are gathered on one Indexed node; a function word takes the
factor that stands beside it; a delta without indices beside a name is the prefix of that name; a fraction of differentials
is a derivative.
"""

from __future__ import annotations

from typing import Any

from lark import Token as LarkToken
from lark import Transformer, v_args

from lstm_sym.notes.formula.application import factors_of
from lstm_sym.notes.formula.differentials import fraction
from lstm_sym.notes.formula.tree import (
    Big,
    Block,
    Cut,
    Derivative,
    Factors,
    Formula,
    Group,
    Indexed,
    Name,
    Number,
    NumberMatrix,
    Partial,
    Prefixed,
    Range,
    Relation,
    Terms,
)

TRANSPOSE = Name("transpose")
CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}


def _ends(*parts: Any) -> dict[str, Any]:
    starts: list[Any] = [part.start_pos if isinstance(part, LarkToken) else part.start for part in parts]
    ends: list[Any] = [part.end_pos if isinstance(part, LarkToken) else part.end for part in parts]
    return {"start": min(starts), "end": max(ends)}


def _with_transpose(item: Formula) -> tuple[Formula, ...]:
    """An index such as (t)T as two: the time and the transpose."""
    if isinstance(item, Factors) and len(item.factors) == 2 and item.signs == ("",):
        names = [factor.text if isinstance(factor, Name) else "" for factor in item.factors]
        if "transpose" in names or (names[1] == "T" and isinstance(item.factors[0], Group | Name | Terms)):
            return item.factors
    return (item,)


@v_args(inline=True)
class Builder(Transformer):
    """One method for each alternative of the grammar, named as there."""

    def start(self, relation: Formula) -> Formula:
        return relation

    def relation(self, *parts: Any) -> Formula:
        if len(parts) == 1:
            return parts[0]
        return Relation(tuple(parts[::2]), tuple(str(sign) for sign in parts[1::2]), **_ends(parts[0], parts[-1]))

    def signs(self, *signs: LarkToken) -> tuple[int, tuple[LarkToken, ...]]:
        return (-1) ** sum(str(sign) == "-" for sign in signs), signs

    some_signs = signs

    def expr(self, *parts: Any) -> Formula:
        signs, terms = tuple(part[0] for part in parts[::2]), tuple(factors_of(part) for part in parts[1::2])
        written = parts[0][1]
        if len(terms) == 1 and signs[0] == 1:
            return terms[0]
        return Terms(signs, terms, **_ends(*written[:1], *terms))

    def range_from(self, first: Formula, colon: LarkToken) -> Formula:
        return Range(first, None, **_ends(first, colon))

    def range_to(self, colon: LarkToken, last: Formula) -> Formula:
        return Range(None, last, **_ends(colon, last))

    def range_between(self, first: Formula, _colon: LarkToken, last: Formula) -> Formula:
        return Range(first, last, **_ends(first, last))

    def range_all(self, colon: LarkToken) -> Formula:
        return Range(None, None, **_ends(colon))

    def beside(self, left: Formula, right: Formula) -> Formula:
        outer = right.base if isinstance(right, Indexed) else right
        if isinstance(outer, Group) and outer.kind == "[" and any(isinstance(item, Range) for item in outer.items):
            return self._sliced(left, outer, right)
        return self._join(left, "", right)

    def _sliced(self, left: Formula, brackets: Group, right: Formula) -> Formula:
        """The last factor on the left, cut by the brackets that follow it."""
        body = left.factors[-1] if isinstance(left, Factors) else left
        found: Formula = Cut(body, brackets.items, **_ends(body, brackets))
        if isinstance(right, Indexed):
            found = Indexed(found, right.sub, right.sup, right.primes, **_ends(body, right))
        if isinstance(left, Factors):
            return Factors((*left.factors[:-1], found), left.signs, **_ends(left, right))
        return found

    def joined(self, left: Formula, sign: LarkToken, right: Formula) -> Formula:
        return self._join(left, str(sign), right)

    def joined_signed(self, left: Formula, sign: LarkToken, signs: Any, right: Formula) -> Formula:
        signed = Terms((signs[0],), (right,), **_ends(signs[1][0], right)) if signs[0] == -1 else right
        return self._join(left, str(sign), signed)

    def slash(self, left: Formula, sign: LarkToken, right: Formula) -> Formula:
        if isinstance(left, Factors) and not (isinstance(left.factors[-1], Name) and left.factors[-1].text == "d"):
            quotient = fraction(left.factors[-1], right, _ends(left.factors[-1], right))
            return Factors((*left.factors[:-1], quotient), left.signs, **_ends(left, right))
        return fraction(left, right, _ends(left, right))

    def _join(self, left: Formula, sign: str, right: Formula) -> Formula:
        ends = _ends(left, right)
        if isinstance(left, Factors):
            return Factors((*left.factors, right), (*left.signs, sign), **ends)
        return Factors((left, right), (sign,), **ends)

    def big(self, sign: LarkToken, scripts: Any, body: Formula) -> Formula:
        below = tuple(item for kind, items in scripts if kind == "below" for item in items)
        above = tuple(item for kind, items in scripts if kind == "above" for item in items)
        return Big(str(sign), below, above, factors_of(body), **_ends(sign, body))

    def scripts(self, *scripts: Any) -> Any:
        return scripts

    def below(self, _open: LarkToken, items: Any, _close: LarkToken) -> Any:
        return "below", items

    def above(self, _open: LarkToken, items: Any, _close: LarkToken) -> Any:
        return "above", items

    def items(self, *items: Any) -> tuple[Formula, ...]:
        found = [item for item in items if isinstance(item, Formula)]
        return tuple(part for item in found for part in _with_transpose(item))

    def partial_alone(self, sign: LarkToken) -> Formula:
        return Partial(None, **_ends(sign))

    def partial(self, sign: LarkToken, body: Formula) -> Formula:
        return Partial(body, **_ends(sign, body))

    def partial_direct(self, sign: LarkToken, _open: LarkToken, _plus: LarkToken, _close: LarkToken, body: Formula) -> Formula:
        return Partial(body, **_ends(sign, body))

    def derivative(self, sign: LarkToken, _open: LarkToken, by: Any, _close: LarkToken, of: Formula) -> Formula:
        return Derivative(of, by[0], **_ends(sign, of))

    def nabla(self, sign: LarkToken, body: Formula) -> Formula:
        return Prefixed("nabla", body, **_ends(sign, body))

    def sub(self, base: Formula, _open: LarkToken, items: Any, close: LarkToken) -> Formula:
        return self._script(base, close, sub=items)

    def sup(self, base: Formula, _open: LarkToken, items: Any, close: LarkToken) -> Formula:
        primes = sum(isinstance(item, Name) and item.text == "'" for item in items)
        kept = tuple(item for item in items if not (isinstance(item, Name) and item.text == "'"))
        return self._script(base, close, sup=kept, primes=primes)

    def prime(self, base: Formula, mark: LarkToken) -> Formula:
        return self._script(base, mark, primes=1)

    def sup_transpose(self, base: Formula, mark: LarkToken) -> Formula:
        return self._script(base, mark, sup=(TRANSPOSE,))

    def _script(self, base: Formula, end: LarkToken, sub: Any = (), sup: Any = (), primes: int = 0) -> Formula:
        if isinstance(base, Indexed):
            return Indexed(base.base, base.sub + sub, base.sup + sup, base.primes + primes, **_ends(base, end))
        return Indexed(base, sub, sup, primes, **_ends(base, end))

    def name(self, token: LarkToken) -> Formula:
        return Name(str(token), **_ends(token))

    def number(self, token: LarkToken) -> Formula:
        return Number(str(token), **_ends(token))

    def number_matrix(self, token: LarkToken) -> Formula:
        return NumberMatrix(tuple(tuple(row.split("&")) for row in str(token).split("\n")), **_ends(token))

    def transpose_mark(self, token: LarkToken) -> Formula:
        return Name("transpose", **_ends(token))

    def prime_mark(self, token: LarkToken) -> Formula:
        return Name("'", **_ends(token))

    def star_mark(self, token: LarkToken) -> Formula:
        return Name(str(token), **_ends(token))

    def dots(self, token: LarkToken) -> Formula:
        return Name("...", **_ends(token))

    def nothing(self, opening: LarkToken, closing: LarkToken) -> Formula:
        return Name("", **_ends(opening, closing))

    def braces(self, opening: LarkToken, body: Formula, closing: LarkToken) -> Formula:
        return body

    def group(self, opening: LarkToken, items: Any, closing: LarkToken) -> Formula:
        formulas, separator = items
        return Group(str(opening), formulas, separator, **_ends(opening, closing))

    def list(self, *items: Any) -> Any:
        separators = {str(item) for item in items[1::2]}
        return tuple(items[::2]), (";" if ";" in separators else "," if separators else "")

    def fraction(self, sign: LarkToken, above: Formula, below: Formula) -> Formula:
        return fraction(above, below, _ends(sign, above, below))

    def accent(self, sign: LarkToken, body: Formula) -> Formula:
        ends = _ends(sign, body)
        if not str(sign):
            return body
        if isinstance(body, Name):
            return Name(body.text, (*body.accents, str(sign)), **ends)
        if isinstance(body, Indexed) and isinstance(body.base, Name):
            base = Name(body.base.text, (*body.base.accents, str(sign)), start=body.base.start, end=body.base.end)
            return Indexed(base, body.sub, body.sup, body.primes, **ends)
        return Indexed(Group("{", (body,), **ends), (), (Name(str(sign), **ends),), 0, **ends)

    def block(self, opening: LarkToken, rows: Any, closing: LarkToken) -> Formula:
        return Block(rows, **_ends(opening, closing))

    def rows(self, *rows: Any) -> Any:
        return tuple(row for row in rows if not isinstance(row, LarkToken))

    def row(self, *cells: Any) -> Any:
        return tuple(cell for cell in cells if not isinstance(cell, LarkToken))

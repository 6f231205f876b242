"""Scalars: times, sizes, coefficients and decimal text, in written order and without spaces where they stand as an index.

Law: what is neither a number, a symbol, nor a sum or product of those raises; a decimal is shown digit for digit as it was given.
"""

from __future__ import annotations

import re

from sympy import Add, Expr, Integer, Mul, Rational, Symbol

from lstm_sym.errors import UnsupportedError
from lstm_sym.render.typeset.box import BREAK_IN_NUMBER, Box, Level, Piece, atom, beside, chain
from lstm_sym.render.typeset.ink import Ink, LatexInk
from lstm_sym.render.typeset.notation import Notation

DIGITS_IN_A_ROW = 50
DECIMAL = re.compile(r"(?P<sign>-?)(?P<digits>\d+(\.\d*)?|\.\d+)([eE](?P<power>[+-]?\d+))?\Z")


def index(value: Expr) -> str:
    """A time or size as it stands in an index: t-1, T+1, 0."""
    terms = sorted(Add.make_args(value), key=lambda term: bool(term.is_number))
    return "".join(_signed(term, first=number == 0) for number, term in enumerate(terms))


def _signed(term: Expr, *, first: bool) -> str:
    coefficient, rest = term.as_coeff_Mul()
    if not (coefficient.is_Integer and (rest == 1 or isinstance(rest, Symbol))):
        raise UnsupportedError(
            f"index {term}",
            got=type(term).__name__,
            expected="integers and symbols",
            advice="write a sum such as t-1, or add a case to index in lstm_sym/render/typeset/scalar.py",
        )
    sign = "-" if coefficient < 0 else "" if first else "+"
    size = abs(int(coefficient))
    return sign + (str(size) if rest == 1 else str(rest) if size == 1 else f"{size}{rest}")


def coefficient(value: Expr, ink: Ink, notation: Notation) -> Box:
    """A scalar factor: 2, 1/2, lambda, 2 lambda."""
    if isinstance(value, Integer):
        return atom(str(value), len(str(value)), Level.NEGATIVE if value < 0 else Level.ATOM)
    if isinstance(value, Rational):
        above, below = str(abs(value.p)), str(value.q)
        wide = 0.4 + 0.8 * max(len(above), len(below))
        plain = atom(f"({above}/{below})", len(above + below) + 3)
        body = atom(rf"\tfrac{{{above}}}{{{below}}}", wide) if isinstance(ink, LatexInk) else plain
        return body if value > 0 else beside(atom("-", 1), body, level=Level.NEGATIVE)
    if isinstance(value, Symbol):
        return ink.symbol(value.name, None, notation)
    if isinstance(value, Mul):
        first, *rest = (coefficient(factor, ink, notation) for factor in value.args)
        return chain(first, [(ink.sign("scale"), factor) for factor in rest], 9, Level.PRODUCT)
    raise UnsupportedError(
        f"coefficient {value}",
        got=type(value).__name__,
        expected="a number, a symbol or a product of those",
        advice="add a case to coefficient in lstm_sym/render/typeset/scalar.py",
    )


def decimal(entry: str, ink: Ink) -> Box:
    """A number digit for digit; a power of ten is written out."""
    match = DECIMAL.match(entry)
    if match is None:
        raise UnsupportedError(f"number {entry[:60]!r}", got="not decimal text", expected="text such as -0.05349 or 1.2e-7")
    level = Level.NEGATIVE if match["sign"] else Level.ATOM
    digits = match["sign"] + match["digits"]
    if match["power"] is None:
        return ink.number(entry, _breakable(digits, level))
    power = match["power"].lstrip("+")
    source = rf"{digits} \times 10^{{{power}}}" if isinstance(ink, LatexInk) else f"{digits}e{power}"
    return ink.number(entry, atom(source, len(digits) + 4 + len(power), min(level, Level.PRODUCT)))


def _breakable(digits: str, level: Level) -> Box:
    """A number of many digits may be broken after every DIGITS_IN_A_ROW characters."""
    parts = [digits[start : start + DIGITS_IN_A_ROW] for start in range(0, len(digits), DIGITS_IN_A_ROW)]
    pieces = tuple(Piece(part, len(part), BREAK_IN_NUMBER if place else None) for place, part in enumerate(parts))
    return Box(pieces, level)

"""From matrix expressions to indexed polynomials, one case for each node type.

Law: a dimension that is the number 1 has no index; every other one has, ROW for rows and COLUMN for columns. A sum over time is
moved so that its adjoints stand at t, and its range is brought to 0, ..., T by adding or taking away single terms.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import Expr, Integer, Pow, Rational
from sympy import Symbol as ScalarSymbol

from lstm_sym.cell import Cell
from lstm_sym.errors import UnsupportedError
from lstm_sym.proof.indexed import COLUMN, ONE, ROW, ZERO, Index, Polynomial, Symbol, activated, atom_of, constant, entry, slope
from lstm_sym.proof.operations import gradient, moved, sum_over, summed_over_time
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import VJP, Outer, SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LOSS_ADJOINT, VALUE_ADJOINT
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros, product
from lstm_sym.symbols.scalars import T, t
from lstm_sym.symbols.traversal import at_time

INNER: Index = -3
HELD = "#"
"""Marks a symbol that a derivative holds fixed; no declared name has this sign."""
ADJOINT_PREFIXES = (ADJOINT, ARRIVING, VALUE_ADJOINT)


def is_adjoint(name: str) -> bool:
    return name.startswith(ADJOINT_PREFIXES) or name == LOSS_ADJOINT


def symbol_of(node: Expression) -> Symbol:
    """The symbol of a Timed or Parameter node; times are t + k, T + k or a number."""
    if isinstance(node, Parameter):
        return Symbol(node.name, "const", 0)
    assert isinstance(node, Timed)
    for base, name in ((t, "t"), (T, "T"), (Integer(0), "")):
        offset = node.time - base
        if offset.is_Integer:
            return Symbol(node.name, name, int(offset))
    raise UnsupportedError(f"time of {node}", got=str(node.time), expected="t + k, T + k or a number")


def free_indices(expression: Expression) -> tuple[Index, ...]:
    rows, columns = expression.shape
    return (*((ROW,) if rows != 1 else ()), *((COLUMN,) if columns != 1 else ()))


class Translator:
    """Translates expressions over one cell, whose equations give the meaning of derivatives of its variables."""

    def __init__(self, cell: Cell) -> None:
        self.equations = {equation.name: equation for equation in cell.split}

    def __call__(self, expression: Expression) -> Polynomial:
        """The polynomial of an expression without stacks, in the free indices of its shape."""
        case = CASES.get(type(expression))
        if case is None:
            raise UnsupportedError(
                f"proof over {type(expression).__name__}",
                got=str(expression)[:80],
                expected=", ".join(kind.__name__ for kind in CASES),
                advice="add a case to CASES in lstm_sym/proof/translate.py",
            )
        return case(self, expression)

    def pairing(self, cotangent: Expression, expression: Expression) -> Polynomial:
        """<cotangent, expression> = the sum of the products of their entries."""
        return _paired(self(cotangent), self(expression), expression)


def _paired(left: Polynomial, right: Polynomial, shaped: Expression) -> Polynomial:
    total = left * right
    for index, size in zip((ROW, COLUMN), shaped.shape, strict=True):
        if size != 1:
            total = sum_over(total, index, str(size))
    return total


def _symbol(translate: Translator, node: Expression) -> Polynomial:
    return entry(symbol_of(node), *free_indices(node))


def _sum(translate: Translator, node: Expression) -> Polynomial:
    return sum((translate(term) for term in node.args), ZERO)


def _scaled(translate: Translator, node: Expression) -> Polynomial:
    assert isinstance(node, Scaled)
    return _scalar(node.coefficient) * translate(node.body)


def _scalar(coefficient: Expr) -> Polynomial:
    """A product of a rational number and powers of named scalars."""
    number, rest = coefficient.as_coeff_Mul()
    if not isinstance(number, Rational):
        raise UnsupportedError(f"coefficient {coefficient}", got="a number that is not rational", expected="an exact rational")
    total = constant(Fraction(int(number.p), int(number.q)))
    for factor in rest.as_ordered_factors() if rest != 1 else ():
        base, exponent = (factor.base, factor.exp) if isinstance(factor, Pow) else (factor, Integer(1))
        if not (isinstance(base, ScalarSymbol) and exponent.is_Integer and 0 < int(exponent) <= 16):
            raise UnsupportedError(f"coefficient {coefficient}", expected="a rational number times powers of named scalars")
        total = total * entry(base.name) ** int(exponent)
    return total


def _product(translate: Translator, node: Expression) -> Polynomial:
    left, right = node.args[0], product(*node.args[1:])
    inner = left.shape[1]
    if inner == 1:
        return translate(left) * translate(right)
    joined = translate(left).renamed({COLUMN: INNER}) * translate(right).renamed({ROW: INNER})
    return sum_over(joined, INNER, str(inner))


def _hadamard(translate: Translator, node: Expression) -> Polynomial:
    total = ONE
    for factor in node.args:
        total = total * translate(factor)
    return total


def _power(translate: Translator, node: Expression) -> Polynomial:
    assert isinstance(node, Power)
    return translate(node.base) ** node.exponent


def _transposed(translate: Translator, node: Expression) -> Polynomial:
    assert isinstance(node, Transposed)
    return translate(node.body).renamed({ROW: COLUMN, COLUMN: ROW})


def _outer(translate: Translator, node: Expression) -> Polynomial:
    return translate(node.args[0]) * translate(node.args[1]).renamed({ROW: COLUMN})


def _apply(translate: Translator, node: Expression) -> Polynomial:
    assert isinstance(node, Apply)
    argument, indices = translate(node.body), free_indices(node)
    if node.is_slope:
        return slope(node.function[:-1], argument, *indices)
    return activated(node.function, argument, *indices)


def _vjp(translate: Translator, node: Expression) -> Polynomial:
    assert isinstance(node, VJP)
    body = node.expression
    if isinstance(body, Timed) and body != node.symbol and body.name in translate.equations:
        body = at_time(translate.equations[body.name].body, body.time)
    symbol = symbol_of(node.symbol)
    held = symbol._replace(name=symbol.name + HELD)
    cotangent = moved(translate(node.cotangent), lambda s: held if s == symbol else s)
    found = gradient(_paired(cotangent, translate(body), body), symbol, *free_indices(node.symbol))
    return moved(found, lambda s: symbol if s == held else s)


def _sum_over_time(translate: Translator, node: Expression) -> Polynomial:
    """Brought to the range 0, ..., T with the adjoints at t, the single terms too many or too few added."""
    assert isinstance(node, SumOverTime)
    body = translate(node.body)
    if any(term.over_time for term in body.terms):
        raise UnsupportedError("a sum over time in a sum over time", got=str(node)[:80])
    shift = -_leading_offset(body)
    body = moved(body, lambda symbol: symbol._replace(offset=symbol.offset + shift) if symbol.base == "t" else symbol)
    first, last = node.lower - shift, node.upper - shift - T
    if not (first.is_Integer and last.is_Integer and abs(int(first)) <= 8 and abs(int(last)) <= 8):
        raise UnsupportedError(f"sum over t = {node.lower}, ..., {node.upper}", expected="bounds k and T + k with small k")
    total = summed_over_time(body)
    for base, low, high, sign in (("", int(first), 0, 1), ("T", 1, int(last) + 1, 1)):
        total = total + _single_terms(body, base, low, high, sign) - _single_terms(body, base, high, low, sign)
    return total


def _leading_offset(body: Polynomial) -> int:
    """The latest time offset of an adjoint, or of any symbol where there is no adjoint."""
    symbols = [atom for atom in map(atom_of, body.atoms()) if isinstance(atom, Symbol) and atom.base == "t"]
    adjoints = [symbol.offset for symbol in symbols if is_adjoint(symbol.name)]
    return max(adjoints or [symbol.offset for symbol in symbols], default=0)


def _single_terms(body: Polynomial, base: str, low: int, high: int, sign: int) -> Polynomial:
    """sign times the sum of the body at the times base + low, ..., base + high - 1."""
    total = ZERO
    for time in range(low, high):
        total = total + at_fixed_time(body, base, time).scaled(Fraction(sign))
    return total


def at_fixed_time(body: Polynomial, base: str, time: int) -> Polynomial:
    """The polynomial with t replaced by base + time."""
    return moved(body, lambda s: Symbol(s.name, base, s.offset + time) if s.base == "t" else s)


CASES: dict[type[Expression], Callable[[Translator, Expression], Polynomial]] = {
    Timed: _symbol,
    Parameter: _symbol,
    Ones: lambda translate, node: ONE,
    Zeros: lambda translate, node: ZERO,
    Sum: _sum,
    Scaled: _scaled,
    Product: _product,
    Hadamard: _hadamard,
    Power: _power,
    Transposed: _transposed,
    Outer: _outer,
    Apply: _apply,
    VJP: _vjp,
    SumOverTime: _sum_over_time,
}
"""How each node type is translated. Stacks are taken apart before (lstm_sym/symbols/blocks.py)."""

"""The rules of the backward pass in general form, as statements about free symbols, each decided for every size.

Law: a rule that moves a vector-Jacobian product has a statement here for each way in which it is used; what it gives is
proved equal to the definition of the product, and a wrong one is refuted at an exact point.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sympy import Rational

from lstm_sym.calculus.rules import RULES, slope_in_output
from lstm_sym.cells.elman import elman
from lstm_sym.derivation import Statement
from lstm_sym.errors import LstmSymError
from lstm_sym.proof.dual import AbstractRationals
from lstm_sym.proof.identity import identity
from lstm_sym.proof.point import FreePoint
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import VJP
from lstm_sym.symbols.leaves import Parameter
from lstm_sym.symbols.nodes import Expression, Power, odot, scale
from lstm_sym.symbols.scalars import m, n
from lstm_sym.verdict import Status, Verdict, Witness

SEED = 7
FREE_POINT = "exact witness at a free point"
c, u, v, w = (Parameter(name, n) for name in ("c", "u", "v", "w"))
x, M = Parameter("x", m), Parameter("M", n, m)

MOVED: tuple[tuple[str, Expression, Expression], ...] = (
    ("sum rule", u + v, u),
    ("constant factor", scale(Rational(-3, 2), u), u),
    ("product rule", odot(u, v), u),
    ("product rule", odot(u, v, w), v),
    ("product rule", odot(u, u), u),
    ("transposition", M @ x, x),
    ("outer product", M @ x, M),
    ("chain rule", Apply("tanh", u), u),
    ("chain rule", Apply("sigma", u), u),
    ("power rule", Power(u, 2), u),
    ("power rule", Power(u, 5), u),
)
"""Name of the rule, the expression that is differentiated, and the symbol by which."""

SLOPES = (("tanh' = 1 - tanh²", "tanh"), ("σ' = σ(1 - σ)", "sigma"))


def rule_statements() -> Iterator[tuple[str, Statement]]:
    """Every rule that moves a derivative or puts in a slope, with a statement of it in general form."""
    for name, expression, symbol in MOVED:
        rule = RULES["transposition" if name == "outer product" else name]
        assert rule.move is not None
        yield name, Statement(VJP(expression, symbol, c), rule.move(expression, symbol, c))
    for name, function in SLOPES:
        yield name, Statement(Apply(function + "'", u), slope_in_output(function, Apply(function, u)))


def prove_rule(statement: Statement) -> Verdict:
    """PROVED for every size, or REFUTED with a witness at a free point, else UNKNOWN."""
    verdict = identity(statement, elman)
    return verdict if verdict.status is Status.PROVED else _refuted(statement) or verdict


def _refuted(statement: Statement) -> Verdict | None:
    sizes = {"n": Fraction(2), "m": Fraction(3)}
    point = FreePoint(AbstractRationals(SEED), sizes, 3, SEED)
    try:
        sides = point.of(statement.left, None), point.of(statement.right, None)
    except LstmSymError:
        return None
    for i, rows in enumerate(zip(*sides, strict=True)):
        for j, (a, b) in enumerate(zip(*rows, strict=True)):
            if a.value != b.value:
                witness = Witness(f"n=2, m=3, entry ({i + 1}, {j + 1})", str(a.value), str(b.value))
                return Verdict(Status.REFUTED, "n=2, m=3", FREE_POINT, 1, witness=witness, seed=SEED)
    return None

"""A point: values for all symbols over a number system, at which any expression can be evaluated exactly.

Laws: sums over time are written out, slopes are put in by the activations' records, and a vector-Jacobian product is
evaluated by its definition, with dual numbers: the derivative of <cotangent, expression> in the direction of each entry of
the symbol.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping
from fractions import Fraction

from lstm_sym.calculus.rules import replace_slopes
from lstm_sym.errors import UnsupportedError
from lstm_sym.evaluate.systems.interpret import compile_expression, rational
from lstm_sym.proof.dual import Dual, DualNumbers
from lstm_sym.symbols.compound import VJP, SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Zeros, add
from lstm_sym.symbols.scalars import T, t
from lstm_sym.symbols.traversal import at_time, replace, symbols_in

Matrix = list[list[Dual]]
Key = tuple[str, int | None]
MAX_TERMS = 64
"""A bound on the terms of one sum over time, so that no input makes an evaluation run away."""


class Point(ABC):
    """Values of symbols; `last` is the number that stands for T."""

    def __init__(self, system: DualNumbers, scalars: Mapping[str, Fraction], last: int, seed: int) -> None:
        self.system, self.scalars, self.last = system, scalars, last
        self._random = random.Random(seed)

    @abstractmethod
    def value(self, symbol: Expression, time: int | None) -> Matrix:
        """The value of a symbol at a time (None for a parameter), without tangents."""

    def body(self, variable: Timed) -> Expression | None:
        """The right side of the variable's equation at its time, where there is one."""
        return None

    def of(self, expression: Expression, time: int | None) -> Matrix:
        """The value of an expression without stacks, with t at that time."""
        products: dict[Expression, Matrix] = {}
        fixed, _rules = replace_slopes(self._instantiated(expression, time, products))
        return self._evaluated(fixed, products, None)

    def _evaluated(self, fixed: Expression, known: Mapping[Expression, Matrix], direction: Expression | None) -> Matrix:
        """The value of an expression at fixed times; the symbol `direction` carries a tangent for each of its entries."""
        arguments = symbols_in(fixed)
        function = compile_expression(self.system, fixed, arguments, self.scalars)
        values = [known[a] if a in known else self.value(a, _fixed_time(a)) for a in arguments]
        return function([injected(v, "vjp") if a == direction else v for a, v in zip(arguments, values, strict=True)])

    def _instantiated(self, expression: Expression, time: int | None, products: dict[Expression, Matrix]) -> Expression:
        """The expression with numbers for t and T, sums written out, and a symbol in place of each vector-Jacobian product."""

        def fix(node: Expression) -> Expression | None:
            if isinstance(node, SumOverTime):
                terms = [self._instantiated(at_time(node.body, k), None, products) for k in self._range(node)]
                return add(*terms) if terms else Zeros(*node.shape)
            if isinstance(node, VJP):
                symbol = Parameter(f"vjp{len(products)}", *node.shape)
                products[symbol] = self._vjp(node, time)
                return symbol
            if isinstance(node, Timed):
                return node.at(node.time.subs({T: self.last} if time is None else {T: self.last, t: time}))
            return None

        return replace(expression, fix)

    def _range(self, node: SumOverTime) -> range:
        lower, upper = (int(bound.subs(T, self.last)) for bound in (node.lower, node.upper))
        if upper - lower > MAX_TERMS:
            raise UnsupportedError(f"sum over t = {node.lower}, ..., {node.upper}", expected=f"at most {MAX_TERMS} terms")
        return range(lower, upper + 1)

    def _vjp(self, node: VJP, time: int | None) -> Matrix:
        inner: dict[Expression, Matrix] = {}
        body = node.expression
        if isinstance(body, Timed) and body != node.symbol:
            body = self.body(body) or body
        expression, cotangent, symbol = (self._instantiated(part, time, inner) for part in (body, node.cotangent, node.symbol))
        rows, columns = self.shape(symbol)
        weights = self._evaluated(replace_slopes(cotangent)[0], inner, None)
        results = self._evaluated(replace_slopes(expression)[0], inner, symbol)
        zero = self.system.number(Fraction(0))
        total = [[zero for _ in range(columns)] for _ in range(rows)]
        for weight_row, result_row in zip(weights, results, strict=True):
            for weight, result in zip(weight_row, result_row, strict=True):
                for direction, slope in result.tangent.items():
                    _key, i, j = direction
                    total[i][j] = total[i][j] + weight.value * slope
        return [[Dual(entry) for entry in row] for row in total]

    def shape(self, symbol: Expression) -> tuple[int, int]:
        rows, columns = (int(rational(side, self.scalars)) for side in symbol.shape)
        return rows, columns

    def draw(self, symbol: Expression, zero: bool = False) -> Matrix:
        """A random matrix of small rationals of the symbol's shape, or zeros."""
        rows, columns = self.shape(symbol)
        numbers = tuple(tuple(Fraction(0) if zero else self._number() for _ in range(columns)) for _ in range(rows))
        return self.system.matrix(numbers)

    def _number(self) -> Fraction:
        return Fraction(self._random.choice([-3, -2, -1, 1, 2, 3, 4]), self._random.choice([2, 3, 5]))


class FreePoint(Point):
    """Every symbol has a random value of its own: for statements about symbols without equations, such as rules."""

    def __init__(self, system: DualNumbers, scalars: Mapping[str, Fraction], last: int, seed: int) -> None:
        super().__init__(system, scalars, last, seed)
        self._values: dict[Key, Matrix] = {}

    def value(self, symbol: Expression, time: int | None) -> Matrix:
        key = (symbol.name, time)
        if key not in self._values:
            self._values[key] = self.draw(symbol)
        return self._values[key]


def _fixed_time(symbol: Expression) -> int | None:
    if isinstance(symbol, Parameter):
        return None
    assert isinstance(symbol, Timed)
    if not symbol.time.is_Integer:
        raise UnsupportedError(f"the value of {symbol}", got=f"time {symbol.time}", expected="a time that is fixed by t and T")
    return int(symbol.time)


def injected(matrix: Matrix, key: object) -> Matrix:
    """The matrix with a direction (key, row, column) of its own for each entry."""
    return [
        [Dual(entry.value, {**entry.tangent, (key, i, j): entry.value * 0 + 1}) for j, entry in enumerate(row)]
        for i, row in enumerate(matrix)
    ]


def plain(matrix: Matrix) -> Matrix:
    """The matrix without tangents."""
    return [[Dual(entry.value) for entry in row] for row in matrix]

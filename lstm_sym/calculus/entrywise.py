"""The derivative of a declared equation, taken by SymPy entry by entry in symbolic sizes, and read back as a matrix expression.

    <c, u> = sum_k c[k] u[k];   its derivative by v[l] is  sum_k c[k] * diff(u[k], v[l])

SymPy gives diff(u[k], v[l]) with Kronecker deltas; contracting them and reading sums over products of entries as matrix products,
Hadamard products and outer products gives the vector-Jacobian product for every size. Nothing about any cell is typed in.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Add, Dummy, Expr, Function, Integer, KroneckerDelta, Mul, Pow, Symbol
from sympy import Sum as ScalarSum
from sympy.matrices.expressions.matexpr import MatrixElement

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.applied import SCALAR_FUNCTIONS, Apply
from lstm_sym.symbols.compound import outer
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Scaled, Sum, Zeros, add, odot, product, scale, transpose
from lstm_sym.symbols.traversal import replace, symbols_in


def vector_jacobian_product(variable: Timed, body: Expression, symbol: Expression, cotangent: Expression) -> Expression:
    """(d body / d symbol)^T cotangent as a matrix expression, where variable = body is the differentiated equation.

    `body` and `cotangent` are columns of equal height; the result has the shape of `symbol`.
    """
    row, column, k = (Dummy(name, integer=True, nonnegative=True) for name in ("l", "j", "k"))
    is_vector = symbol.shape[1] == 1
    entry = MatrixElement(symbol, row, Integer(0) if is_vector else column)
    jacobian = body[k, 0].diff(entry)
    if jacobian == 0:
        return Zeros(*symbol.shape)
    height = body.shape[0]
    term = cotangent[k, 0] * jacobian
    pairing = term.subs(k, 0) if height == 1 else ScalarSum(term, (k, 0, height - 1))
    contracted = _contract(pairing)
    reader = _Reader(order=_reading_order(body, cotangent), cotangent=cotangent)
    found = reader.vector(contracted, row, symbol.shape[0]) if is_vector else reader.matrix(contracted, row, column, symbol.shape)
    named = replace(found, lambda node: variable if node == body else None)
    return factor_out(named, cotangent)


def factor_out(expression: Expression, cotangent: Expression) -> Expression:
    """d odot p + d odot q as d odot (p + q), where every term has the cotangent d as a Hadamard factor; else unchanged."""
    if not isinstance(expression, Sum):
        return expression
    rests = []
    for term in expression.args:
        coefficient, bare = (term.coefficient, term.body) if isinstance(term, Scaled) else (Integer(1), term)
        if bare == cotangent:
            rests.append(scale(coefficient, Ones(*cotangent.shape)))
        elif isinstance(bare, Hadamard) and bare.args[0] == cotangent:
            rests.append(scale(coefficient, odot(*bare.args[1:])))
        else:
            return expression
    return odot(cotangent, add(*rests))


def _reading_order(body: Expression, cotangent: Expression) -> dict[Expression, int]:
    return {symbol: position for position, symbol in enumerate((cotangent, *symbols_in(body)))}


def _contract(expression: Expr) -> Expr:
    """The expression with every sum over a Kronecker delta carried out."""
    if not expression.has(KroneckerDelta):
        return expression
    if isinstance(expression, Add | Mul):
        return expression.func(*[_contract(arg) for arg in expression.args])
    if isinstance(expression, ScalarSum):
        (index, _lower, _upper), *others = expression.limits
        body = ScalarSum(expression.function, *others) if others else expression.function
        return _sum_over(_contract(body), index, expression.limits[0])
    return expression


def _sum_over(body: Expr, index: Symbol, limit: tuple[Expr, ...]) -> Expr:
    """The sum of body over index: linear over terms, a delta in the index replaces it, factors without the index move out."""
    if isinstance(body, Add):
        return Add(*[_sum_over(term, index, limit) for term in body.args])
    factors = Mul.make_args(body)
    for position, factor in enumerate(factors):
        rest = Mul(*factors[:position], *factors[position + 1 :])
        if isinstance(factor, KroneckerDelta) and index in factor.args[:2]:
            left, right = factor.args[:2]
            return _contract(rest.subs(index, right if left == index else left))
        if isinstance(factor, Add) and factor.has(KroneckerDelta):
            return Add(*[_sum_over(Mul(rest, term), index, limit) for term in factor.args])
        if isinstance(factor, ScalarSum) and factor.has(KroneckerDelta):
            inner = factor.limits[0]
            return _sum_over(_sum_over(Mul(rest, factor.function), index, limit), inner[0], inner)
    constant = Mul(*[factor for factor in factors if not factor.has(index)])
    varying = Mul(*[factor for factor in factors if factor.has(index)])
    return constant * ScalarSum(varying, limit)


@dataclass(frozen=True)
class _Reader:
    """Reads a scalar expression with free indices as a matrix expression; factors are put in declared order."""

    order: dict[Expression, int]
    cotangent: Expression

    def vector(self, expression: Expr, index: Symbol, rows: Expr) -> Expression:
        """The column whose entry at `index` is the expression."""
        if isinstance(expression, Add):
            return add(*sorted((self.vector(term, index, rows) for term in expression.args), key=self._term_key))
        if isinstance(expression, Mul):
            return self._hadamard(expression, index, rows)
        if expression.is_Number or not expression.has(index):
            if expression.has(MatrixElement):
                raise UnsupportedError(f"reading {expression} as a column", got="an entry without the free index")
            return scale(expression, Ones(rows, Integer(1)))
        if isinstance(expression, MatrixElement):
            return self._element(expression, index)
        if isinstance(expression, Pow) and expression.exp.is_Integer and expression.exp > 0:
            return Power(self.vector(expression.base, index, rows), expression.exp)
        if isinstance(expression, Function):
            return Apply(_function_name(expression), self.vector(expression.args[0], index, rows))
        if isinstance(expression, ScalarSum):
            return self._matrix_product(expression, index, rows)
        raise UnsupportedError(
            f"reading the entry {expression} as a matrix expression",
            got=type(expression).__name__,
            expected="sums and products of entries, powers, activations",
            advice="add a case to _Reader.vector in lstm_sym/calculus/entrywise.py",
        )

    def matrix(self, expression: Expr, row: Symbol, column: Symbol, shape: tuple[Expr, Expr]) -> Expression:
        """The matrix whose entry at (row, column) is the expression: a sum of outer products."""
        if isinstance(expression, Add):
            return add(*sorted((self.matrix(term, row, column, shape) for term in expression.args), key=self._term_key))
        factors = Mul.make_args(expression)
        left = Mul(*[factor for factor in factors if not factor.has(column)])
        right = Mul(*[factor for factor in factors if factor.has(column)])
        if right.has(row):
            raise UnsupportedError(
                f"reading {expression} as a matrix", got="entries that do not separate", expected="u[l] * v[j]"
            )
        return outer(self.vector(left, row, shape[0]), self.vector(right, column, shape[1]))

    def _hadamard(self, expression: Mul, index: Symbol, rows: Expr) -> Expression:
        coefficient, rest = expression.as_coeff_Mul()
        factors = [self.vector(factor, index, rows) for factor in Mul.make_args(rest)]
        return scale(coefficient, odot(*sorted(factors, key=self._factor_key)))

    def _element(self, element: MatrixElement, index: Symbol) -> Expression:
        parent, i, j = element.args
        if i == index and j == 0:
            return parent
        raise UnsupportedError(
            f"reading the entry {element}", got="a matrix entry outside a sum", expected="an entry of a column"
        )

    def _matrix_product(self, expression: ScalarSum, index: Symbol, rows: Expr) -> Expression:
        """sum_k M[i, k] v[k]; a link that is a sum itself is taken apart first."""
        limit, *others = expression.limits
        if others:
            raise UnsupportedError(f"reading {expression}", got="a sum over several indices", expected="one index at a time")
        bound, upper = limit[0], limit[2]
        factors = Mul.make_args(expression.function)
        linking = [factor for factor in factors if factor.has(bound) and factor.has(index)]
        for link in linking:
            rest = Mul(*[factor for factor in factors if factor is not link])
            if isinstance(link, Add):
                return self.vector(Add(*[ScalarSum(rest * term, limit) for term in link.args]), index, rows)
            if isinstance(link, ScalarSum):
                return self.vector(_exchanged(rest, limit, link), index, rows)
        if not linking or not all(isinstance(link, MatrixElement) for link in linking):
            raise UnsupportedError(f"reading {expression}", got="a sum that is not a matrix product", expected="M[i, k] v[k]")
        coefficient, outside = Mul(*[factor for factor in factors if not factor.has(bound)]).as_coeff_Mul()
        inside = Mul(*[factor for factor in factors if factor.has(bound) and not factor.has(index)])
        left = odot(*[_facing(link, index) for link in linking])
        found = product(left, self.vector(inside, bound, upper + 1))
        return scale(coefficient, found if outside == 1 else odot(self.vector(outside, index, rows), found))

    def _rank(self, node: Expression) -> int:
        known = [self.order[symbol] for symbol in symbols_in(node) if symbol in self.order]
        return min(known, default=len(self.order))

    def _factor_key(self, node: Expression) -> tuple[int, int, str]:
        """The cotangent first, then symbols in declared order, then activations, then sums."""
        kind = {Apply: 2, Power: 2, Sum: 3}.get(type(node), 1)
        return 0 if self.cotangent in symbols_in(node) else kind, self._rank(node), str(node)

    def _term_key(self, node: Expression) -> tuple[int, int, str]:
        """Constants first, then positive terms, then the declared order of what they hold."""
        constant = not symbols_in(node)
        negative = isinstance(node, Scaled) and node.coefficient.is_negative
        others = [self.order[s] for s in symbols_in(node) if s in self.order and s != self.cotangent]
        return (0 if constant else 1 + int(bool(negative))), min(others, default=0), str(node)


def _exchanged(rest: Expr, limit: tuple[Expr, ...], link: ScalarSum) -> Expr:
    """sum_k r[k] sum_j M[k, j] N[j, l] with the sums exchanged: sum_j N[j, l] sum_k r[k] M[k, j].

    The index j gets a new name, because r may bind the old one.
    """
    (inner, *bounds), fresh = link.limits[0], Dummy("k", integer=True, nonnegative=True)
    factors = Mul.make_args(link.function.subs(inner, fresh))
    near = [factor for factor in factors if factor.has(limit[0])]
    far = [factor for factor in factors if not factor.has(limit[0])]
    return ScalarSum(Mul(*far) * ScalarSum(rest * Mul(*near), limit), (fresh, *bounds))


def _facing(element: MatrixElement, index: Symbol) -> Expression:
    """The matrix whose row is the index: that of the element, or its transpose."""
    parent, i, _j = element.args
    return parent if i == index else transpose(parent)


def _function_name(expression: Function) -> str:
    for name, function in SCALAR_FUNCTIONS.items():
        if expression.func == function:
            return name
    raise UnsupportedError(
        f"function {expression.func}",
        got="a function without an activation record",
        expected=f"one of {', '.join(SCALAR_FUNCTIONS)}",
        advice="add it to SCALAR_FUNCTIONS in lstm_sym/symbols/applied.py and to ACTIVATIONS",
    )

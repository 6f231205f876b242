"""Matrix expressions as real SymPy nodes that keep the order in which they were written.

Laws: `node.func(*node.args) == node`; every node checks its shapes when it is built; `node[i, j]` is a scalar SymPy
expression, which is what the entrywise calculus differentiates. A vector is a matrix of one column. `+`, `-`, `@` and `**`
(entrywise power) build nodes; `odot` gives the Hadamard product.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, cast

from sympy import Basic, Dummy, Expr, Integer, sympify
from sympy import Sum as ScalarSum
from sympy.matrices.expressions.matexpr import MatrixExpr

from lstm_sym.errors import DeclarationError


def shape_text(expression: Expression) -> str:
    rows, columns = expression.shape
    return f"{rows} x {columns}"


def same_shape(what: str, parts: tuple[Expression, ...]) -> None:
    first = parts[0]
    for part in parts[1:]:
        if part.shape != first.shape:
            raise DeclarationError(
                f"{what} of {first} and {part}",
                got=f"shapes {shape_text(first)} and {shape_text(part)}",
                expected="equal shapes",
                advice="transpose one side, or use @ for a matrix product",
            )


class Expression(MatrixExpr):
    """A matrix expression whose operators keep the written order."""

    _op_priority = 20
    is_commutative = False

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The arguments that are matrix expressions themselves."""
        return tuple(arg for arg in self.args if isinstance(arg, Expression))

    @property
    def T(self) -> Expression:  # noqa: N802 - SymPy's and NumPy's name
        return transpose(self)

    def __add__(self, other: object) -> Expression:
        return add(self, _as_expression(other, self))

    def __radd__(self, other: object) -> Expression:
        return add(_as_expression(other, self), self)

    def __sub__(self, other: object) -> Expression:
        return add(self, negate(_as_expression(other, self)))

    def __rsub__(self, other: object) -> Expression:
        return add(_as_expression(other, self), negate(self))

    def __neg__(self) -> Expression:
        return negate(self)

    def __matmul__(self, other: object) -> Expression:
        return product(self, _as_expression(other, self))

    def __mul__(self, other: object) -> Expression:
        return scale(_as_scalar(other), self)

    def __rmul__(self, other: object) -> Expression:
        return scale(_as_scalar(other), self)

    def __pow__(self, exponent: object) -> Expression:
        return Power(self, sympify(exponent))

    def doit(self, **hints: object) -> Expression:
        return self

    def _eval_transpose(self) -> Expression:
        return transpose(self)


def _as_expression(value: object, like: Expression) -> Expression:
    if isinstance(value, Expression):
        return value
    if value == 1:
        return Ones(*like.shape)
    if value == 0:
        return Zeros(*like.shape)
    raise DeclarationError(
        f"operand {value!r}", got=type(value).__name__, expected="a matrix expression, or the number 1 for a matrix of ones"
    )


def _as_scalar(value: object) -> Expr:
    if isinstance(value, MatrixExpr):
        raise DeclarationError(
            f"product with {value}",
            got="* between two matrix expressions",
            expected="@ for a matrix product, odot(u, v) for a Hadamard product",
        )
    return cast(Expr, sympify(value))


class Ones(Expression):
    """The matrix of ones, written 1."""

    def __new__(cls, rows: object, columns: object) -> Ones:
        return Basic.__new__(cls, sympify(rows), sympify(columns))

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        return Integer(1)

    def _sympystr(self, printer: Any) -> str:
        return "1"


class Zeros(Ones):
    """The zero matrix, written 0."""

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        return Integer(0)

    def _sympystr(self, printer: Any) -> str:
        return "0"


class Sum(Expression):
    """A sum of at least two terms of one shape, in written order."""

    def __new__(cls, *terms: Expression) -> Sum:
        same_shape("sum", terms)
        return Basic.__new__(cls, *terms)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0].shape

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        return sum((term[i, j] for term in self.args), Integer(0))

    def _sympystr(self, printer: Any) -> str:
        return "(" + " + ".join(str(term) for term in self.args) + ")"


class Scaled(Expression):
    """A scalar coefficient times a matrix; -x is Scaled(-1, x)."""

    def __new__(cls, coefficient: object, body: Expression) -> Scaled:
        return Basic.__new__(cls, sympify(coefficient), body)

    @property
    def coefficient(self) -> Expr:
        return cast(Expr, self.args[0])

    @property
    def body(self) -> Expression:
        return cast(Expression, self.args[1])

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.body.shape

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        return self.coefficient * self.body[i, j]

    def _sympystr(self, printer: Any) -> str:
        return f"-{self.body}" if self.coefficient == -1 else f"{self.coefficient}*{self.body}"


class Product(Expression):
    """The matrix product of at least two factors, in order."""

    def __new__(cls, *factors: Expression) -> Product:
        for left, right in pairwise(factors):
            if left.shape[1] != right.shape[0]:
                raise DeclarationError(
                    f"product {left} @ {right}",
                    got=f"shapes {shape_text(left)} and {shape_text(right)}",
                    expected="as many columns on the left as rows on the right",
                    advice="transpose one factor, or check the sizes in the declaration",
                )
        return Basic.__new__(cls, *factors)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0].shape[0], self.args[-1].shape[1]

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        left, right = self.args[0], product(*self.args[1:])
        if left.shape[1] == 1:
            return left[i, 0] * right[0, j]
        k = Dummy("k", integer=True, nonnegative=True)
        return ScalarSum(left[i, k] * right[k, j], (k, 0, left.shape[1] - 1))

    def _sympystr(self, printer: Any) -> str:
        return "@".join(str(factor) for factor in self.args)


class Hadamard(Expression):
    """The Hadamard (entrywise) product of at least two factors of one shape, in written order."""

    def __new__(cls, *factors: Expression) -> Hadamard:
        same_shape("Hadamard product", factors)
        return Basic.__new__(cls, *factors)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0].shape

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        entry: Expr = Integer(1)
        for factor in self.args:
            entry = entry * factor[i, j]
        return entry

    def _sympystr(self, printer: Any) -> str:
        return "odot(" + ", ".join(str(factor) for factor in self.args) + ")"


class Power(Expression):
    """The entrywise power with a positive integer exponent: a_t^2 is a_t odot a_t."""

    def __new__(cls, base: Expression, exponent: object) -> Power:
        exponent = sympify(exponent)
        if not (isinstance(exponent, Integer) and 1 <= int(exponent) <= 16):
            raise DeclarationError(f"power of {base}", got=f"exponent {exponent}", expected="an integer from 1 to 16")
        return Basic.__new__(cls, base, exponent)

    @property
    def base(self) -> Expression:
        return cast(Expression, self.args[0])

    @property
    def exponent(self) -> int:
        return int(self.args[1])

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.base.shape

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        return self.base[i, j] ** self.exponent

    def _sympystr(self, printer: Any) -> str:
        return f"{self.base}**{self.exponent}"


class Transposed(Expression):
    """The transpose."""

    def __new__(cls, body: Expression) -> Transposed:
        return Basic.__new__(cls, body)

    @property
    def body(self) -> Expression:
        return cast(Expression, self.args[0])

    @property
    def shape(self) -> tuple[Expr, Expr]:
        rows, columns = self.body.shape
        return columns, rows

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        return self.body[j, i]

    def _sympystr(self, printer: Any) -> str:
        return f"{self.body}.T"


def _flat(kind: type[Expression], parts: tuple[Expression, ...]) -> Iterator[Expression]:
    for part in parts:
        if type(part) is kind:
            yield from part.args
        else:
            yield part


def add(*terms: Expression) -> Expression:
    """The sum, nested sums flattened, zeros dropped, order kept."""
    same_shape("sum", terms)
    kept = [term for term in _flat(Sum, terms) if not isinstance(term, Zeros)]
    if not kept:
        return Zeros(*terms[0].shape)
    return kept[0] if len(kept) == 1 else Sum(*kept)


def scale(coefficient: Expr, body: Expression) -> Expression:
    """coefficient times body; coefficients of nested scalings are multiplied, 1 disappears."""
    if isinstance(body, Scaled):
        coefficient, body = coefficient * body.coefficient, body.body
    if coefficient == 0 or isinstance(body, Zeros):
        return Zeros(*body.shape)
    return body if coefficient == 1 else Scaled(coefficient, body)


def negate(body: Expression) -> Expression:
    return scale(Integer(-1), body)


def product(*factors: Expression) -> Expression:
    """The matrix product, nested products flattened; a column of ones times the 1 x 1 one is that column."""
    flat = tuple(_flat(Product, factors))
    if len(flat) == 2 and all(type(factor) is Ones for factor in flat) and flat[0].shape[1] == flat[1].shape[0] == 1:
        return Ones(flat[0].shape[0], flat[1].shape[1])
    return flat[0] if len(flat) == 1 else Product(*flat)


def odot(*factors: Expression) -> Expression:
    """The Hadamard product, nested ones flattened, factors 1 dropped, order kept."""
    same_shape("Hadamard product", factors)
    kept = [factor for factor in _flat(Hadamard, factors) if type(factor) is not Ones]
    if not kept:
        return factors[0]
    return kept[0] if len(kept) == 1 else Hadamard(*kept)


def transpose(body: Expression) -> Expression:
    return body.body if isinstance(body, Transposed) else Transposed(body)

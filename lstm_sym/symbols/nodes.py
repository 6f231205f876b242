"""Matrix expressions over time-indexed symbols, as real SymPy nodes that keep the order in which they were written.

Laws: `node.func(*node.args) == node`; every node checks its shapes when it is built; `node[i, j]` is a scalar SymPy
expression, which is what the entrywise calculus differentiates. Sizes and times are SymPy expressions, so nothing is fixed.
A vector is a matrix of one column. `+`, `-`, `@` and `**` (entrywise power) build nodes; `odot`, `outer` and the activations
are functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, cast

from sympy import Basic, Dummy, Expr, Integer, Symbol, sympify
from sympy import Sum as ScalarSum
from sympy import tanh as scalar_tanh
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr, MatrixSymbol

from lstm_sym.errors import DeclarationError, UnsupportedError
from lstm_sym.symbols.activations import activation
from lstm_sym.symbols.sigma import sigma as scalar_sigma

t = Symbol("t", integer=True)
"""The time index of an equation."""
T = Symbol("T", integer=True, nonnegative=True)
"""The index of the last time step, as in the worksheet: the steps are 0, 1, ..., T."""
n = Symbol("n", integer=True, positive=True)
"""The number of units."""
m = Symbol("m", integer=True, positive=True)
"""The number of inputs."""

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,51}\Z")
"""Room for a declared name of 40 characters and what a derived name puts around it."""
SCALAR_FUNCTIONS: dict[str, Callable[[Expr], Expr]] = {"sigma": scalar_sigma, "tanh": scalar_tanh}


def checked_name(name: str) -> str:
    """The name itself if it is an identifier of at most 52 letters, digits and underscores; else DeclarationError."""
    if not IDENTIFIER.match(name):
        raise DeclarationError(
            f"name {name[:60]!r}",
            got="not an identifier",
            expected="a letter, then letters, digits or underscores, 52 in all",
            advice="rename the symbol",
        )
    return name


def shape_text(expression: Expression) -> str:
    rows, columns = expression.shape
    return f"{rows} x {columns}"


def _same_shape(what: str, parts: tuple[Expression, ...]) -> None:
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


class Parameter(Expression, MatrixSymbol):
    """A matrix or vector that is the same at every time: `Parameter("W_a", n, m)`."""

    def __new__(cls, name: str | Str, rows: object, columns: object = 1) -> Parameter:
        return Basic.__new__(cls, Str(checked_name(str(name))), sympify(rows), sympify(columns))

    @property
    def name(self) -> str:
        return cast(str, self.args[0].name)

    def _sympystr(self, printer: Any) -> str:
        return self.name


class Timed(Expression, MatrixSymbol):
    """A matrix or vector at a time: `Timed("out", n, 1, t - 1)` is out_{t-1}."""

    def __new__(cls, name: str | Str, rows: object, columns: object = 1, time: object = t) -> Timed:
        return Basic.__new__(cls, Str(checked_name(str(name))), sympify(rows), sympify(columns), sympify(time))

    @property
    def name(self) -> str:
        return cast(str, self.args[0].name)

    @property
    def time(self) -> Expr:
        return cast(Expr, self.args[3])

    def at(self, time: object) -> Timed:
        """The same symbol at another time."""
        return Timed(self.name, self.args[1], self.args[2], time)

    def named(self, name: str) -> Timed:
        """A symbol of the same shape and time under another name."""
        return Timed(name, self.args[1], self.args[2], self.time)

    @property
    def prev(self) -> Timed:
        """The same symbol one step earlier."""
        return self.at(self.time - 1)

    @property
    def next(self) -> Timed:
        """The same symbol one step later."""
        return self.at(self.time + 1)

    def _sympystr(self, printer: Any) -> str:
        return f"{self.name}[{self.time}]"


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
        _same_shape("sum", terms)
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
        _same_shape("Hadamard product", factors)
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


class Outer(Expression):
    """The outer product u v^T of two column vectors, written with the sign for tensor products."""

    def __new__(cls, left: Expression, right: Expression) -> Outer:
        for side in (left, right):
            if side.shape[1] != 1:
                raise DeclarationError(
                    f"outer product of {left} and {right}", got=f"shape {shape_text(side)} of {side}", expected="column vectors"
                )
        return Basic.__new__(cls, left, right)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0].shape[0], self.args[1].shape[0]

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        return self.args[0][i, 0] * self.args[1][j, 0]

    def _sympystr(self, printer: Any) -> str:
        return f"outer({self.args[0]}, {self.args[1]})"


class Apply(Expression):
    """An activation applied to every entry: Apply("tanh", z). Apply("tanh'", z) is its slope at z."""

    def __new__(cls, function: str | Str, body: Expression) -> Apply:
        name = str(function)
        activation(name.removesuffix("'"))
        return Basic.__new__(cls, Str(name), body)

    @property
    def function(self) -> str:
        return cast(str, self.args[0].name)

    @property
    def is_slope(self) -> bool:
        return self.function.endswith("'")

    @property
    def body(self) -> Expression:
        return cast(Expression, self.args[1])

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.body.shape

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        if self.is_slope:
            z = Dummy("z", real=True)
            return SCALAR_FUNCTIONS[self.function[:-1]](z).diff(z).subs(z, self.body[i, j])
        return SCALAR_FUNCTIONS[self.function](self.body[i, j])

    def _sympystr(self, printer: Any) -> str:
        return f"{self.function}({self.body})"


class SumOverTime(Expression):
    """The sum of an expression in t over t = lower, ..., upper."""

    def __new__(cls, body: Expression, lower: object, upper: object) -> SumOverTime:
        return Basic.__new__(cls, body, sympify(lower), sympify(upper))

    @property
    def body(self) -> Expression:
        return cast(Expression, self.args[0])

    @property
    def lower(self) -> Expr:
        return cast(Expr, self.args[1])

    @property
    def upper(self) -> Expr:
        return cast(Expr, self.args[2])

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.body.shape

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        return ScalarSum(self.body[i, j], (t, self.lower, self.upper))

    def _sympystr(self, printer: Any) -> str:
        return f"sum({self.body}, t={self.lower}..{self.upper})"


class Stack(Expression):
    """Blocks of equal width above one another, under a name: `Stack("gates", a, i, f, o)`; an empty name shows the blocks."""

    def __new__(cls, name: str | Str, *blocks: Expression) -> Stack:
        widths = {block.shape[1] for block in blocks}
        if len(widths) != 1:
            raise DeclarationError(
                f"stack of {', '.join(str(block) for block in blocks)}",
                got=f"blocks of {len(widths)} widths",
                expected="blocks with equally many columns",
            )
        label = str(name)
        return Basic.__new__(cls, Str(checked_name(label) if label else ""), *blocks)

    @property
    def name(self) -> str:
        return cast(str, self.args[0].name)

    @property
    def blocks(self) -> tuple[Expression, ...]:
        return self.args[1:]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return sum((block.shape[0] for block in self.blocks), Integer(0)), self.blocks[0].shape[1]

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        raise UnsupportedError("an entry of a stack", expected="an entry of one of its blocks")

    def _sympystr(self, printer: Any) -> str:
        return self.name or "stack(" + ", ".join(str(block) for block in self.blocks) + ")"


class VJP(Expression):
    """The vector-Jacobian product (d expression / d symbol)^T cotangent: by the symbol, the gradient of <cotangent,
    expression>.
    """

    def __new__(cls, expression: Expression, symbol: Expression, cotangent: Expression) -> VJP:
        if not isinstance(symbol, MatrixSymbol):
            raise DeclarationError(f"derivative by {symbol}", got=type(symbol).__name__, expected="a Timed symbol or a Parameter")
        _same_shape("vector-Jacobian product", (expression, cotangent))
        return Basic.__new__(cls, expression, symbol, cotangent)

    @property
    def expression(self) -> Expression:
        return cast(Expression, self.args[0])

    @property
    def symbol(self) -> Expression:
        return cast(Expression, self.args[1])

    @property
    def cotangent(self) -> Expression:
        return cast(Expression, self.args[2])

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.symbol.shape

    def _entry(self, i: Expr, j: Expr, **kwargs: object) -> Expr:
        rows, columns = self.expression.shape
        k, l = Dummy("k", integer=True), Dummy("l", integer=True)
        pairing = self.cotangent[k, l] * self.expression[k, l].diff(MatrixElement(self.symbol, i, j))
        return ScalarSum(pairing, (k, 0, rows - 1), (l, 0, columns - 1))

    def _sympystr(self, printer: Any) -> str:
        return f"vjp({self.expression}, {self.symbol}, {self.cotangent})"


# --- constructors that keep expressions in their plain form ------------------------------------------------------------


def _flat(kind: type[Expression], parts: tuple[Expression, ...]) -> Iterator[Expression]:
    for part in parts:
        if type(part) is kind:
            yield from part.args
        else:
            yield part


def add(*terms: Expression) -> Expression:
    """The sum, nested sums flattened, zeros dropped, order kept."""
    _same_shape("sum", terms)
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
    _same_shape("Hadamard product", factors)
    kept = [factor for factor in _flat(Hadamard, factors) if type(factor) is not Ones]
    if not kept:
        return factors[0]
    return kept[0] if len(kept) == 1 else Hadamard(*kept)


def outer(left: Expression, right: Expression) -> Expression:
    return Outer(left, right)


def transpose(body: Expression) -> Expression:
    return body.body if isinstance(body, Transposed) else Transposed(body)


def sigma(body: Expression) -> Expression:
    """The logistic sigmoid of every entry."""
    return Apply("sigma", body)


def tanh(body: Expression) -> Expression:
    """The hyperbolic tangent of every entry."""
    return Apply("tanh", body)


def at_time(expression: Expression, time: object) -> Expression:
    """The expression with t replaced by `time`, except under a sum over time, where t is bound."""
    return replace(expression, lambda node: node.at(node.time.subs(t, time)) if isinstance(node, Timed) else None)


def replace(expression: Expression, rule: Callable[[Expression], Expression | None]) -> Expression:
    """The expression rebuilt with `rule` applied top down; a node for which it gives None is kept. Sums over time bind t."""
    new = rule(expression)
    if new is not None:
        return new
    if isinstance(expression, SumOverTime | MatrixSymbol) or not expression.parts:
        return expression
    return rebuild(expression, [replace(arg, rule) if isinstance(arg, Expression) else arg for arg in expression.args])


def rebuild(expression: Expression, args: Sequence[Any]) -> Expression:
    """A node of the same kind over other arguments, in plain form: nested sums and products flattened, factors 1 dropped."""
    plain: dict[type[Expression], Callable[..., Expression]] = {
        Sum: add,
        Product: product,
        Hadamard: odot,
        Scaled: scale,
        Transposed: transpose,
    }
    return plain.get(type(expression), type(expression))(*args)


def symbols_in(expression: Expression) -> tuple[Expression, ...]:
    """The Timed and Parameter symbols in written order, each once."""
    found: dict[Expression, None] = {}
    for node in walk(expression):
        if isinstance(node, Timed | Parameter):
            found.setdefault(node)
    return tuple(found)


def walk(expression: Expression) -> Iterator[Expression]:
    """Every node, in written order, parents first."""
    yield expression
    for part in expression.parts:
        yield from walk(part)

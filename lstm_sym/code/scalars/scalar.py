"""Operators and NumPy methods of `Scalar`: arithmetic makes new scalars, comparisons are decided by balls.

NumPy calls methods such as `tanh` and `exp` on the entries of object arrays, which is how the user's own functions run
unchanged. Law: a comparison that the balls cannot decide raises UndecidedError, so that the run is repeated with more bits;
equal scalars compare equal.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from lstm_sym.code.scalars.graph import Graph, Scalar
from lstm_sym.code.scalars.trace import user_site
from lstm_sym.errors import LstmSymError


class UndecidedError(LstmSymError):
    """A comparison in the user's code that this precision does not decide."""


class NotRunnableError(LstmSymError):
    """The user's code needs something that these scalars do not have; the place is the user's line."""


def unsupported(what: str) -> NotRunnableError:
    site = user_site()
    where = f"line {site.line}, " if site else ""
    return NotRunnableError(
        f"{where}{what}", got="no rule for it on exact scalars", advice="write it with functions that lstm_sym.code knows"
    )


def compare(a: Scalar, b: Scalar) -> int:
    """-1, 0 or 1 as a is less than, equal to or greater than b; raises UndecidedError."""
    if a.value is not None and b.value is not None:
        return (a.value > b.value) - (a.value < b.value)
    if a is b:
        return 0
    if a.ball < b.ball:
        return -1
    if a.ball > b.ball:
        return 1
    exact = [s.args[2] if s.op == "arg" else s.value for s in (a, b)]
    if None not in exact and exact[0] == exact[1]:
        return 0
    if a.r1 == b.r1 and a.r2 == b.r2:
        return 0
    if (a.ball - b.ball).is_zero():
        return 0
    site = user_site()
    raise UndecidedError(
        f"a comparison at {site}", got=f"{a.ball} and {b.ball}, which overlap", expected="two values that differ"
    )


def _binary(name: str, swapped: bool = False) -> Callable[[Scalar, Any], Any]:
    def method(self: Scalar, other: Any) -> Any:
        right = self.graph.read(other)
        if right is None:
            return NotImplemented
        return OPERATIONS[name](self.graph, right, self) if swapped else OPERATIONS[name](self.graph, self, right)

    return method


def _divide(graph: Graph, a: Scalar, b: Scalar) -> Scalar:
    if b.value == 0:
        site = user_site()
        raise NotRunnableError(f"a division by zero at {site}", got=f"{a.ball.str(8)} / 0", expected="a divisor other than zero")
    return graph.multiply(a, graph.invert(b))


def _power(graph: Graph, a: Scalar, b: Scalar) -> Scalar:
    exponent = b.value
    if exponent is None:
        return graph.exp(graph.multiply(b, graph.log(a)))
    if exponent.denominator == 1 and abs(exponent) <= 64:
        result = graph.one
        for _ in range(abs(int(exponent))):
            result = graph.multiply(result, a)
        return result if exponent >= 0 else graph.invert(result)
    if exponent.denominator == 2 and abs(exponent) <= 64:
        return _power(graph, graph.sqrt(a), graph.constant(2 * exponent))
    return graph.exp(graph.multiply(b, graph.log(a)))


OPERATIONS: dict[str, Callable[[Graph, Scalar, Scalar], Scalar]] = {
    "add": Graph.add,
    "sub": lambda graph, a, b: graph.add(a, graph.negative(b)),
    "mul": Graph.multiply,
    "truediv": _divide,
    "pow": _power,
}


def _comparison(symbol: str, holds: Callable[[int], bool]) -> Callable[[Scalar, Any], Any]:
    def method(self: Scalar, other: Any) -> Any:
        right = self.graph.read(other)
        if right is None:
            return NotImplemented
        order = compare(self, right)
        result = holds(order)
        if self.value is None or right.value is None:
            self.graph.trace.branch(f"comparison {symbol} is {result}")
        return result

    return method


def _abs(self: Scalar) -> Scalar:
    return self if self >= 0 else -self  # type: ignore[operator]


def _to_float(self: Scalar) -> float:
    if self.value is None:
        self.graph.trace.lose()
    return float(self.ball.mid())


def _to_int(self: Scalar) -> int:
    if self.value is not None:
        return math.trunc(self.value)
    whole = self.ball.floor().unique_fmpz()
    if whole is None:
        raise UndecidedError(f"int() at {user_site()}", got=str(self.ball))
    self.graph.trace.branch(f"int() is {whole}")
    return int(whole) if int(whole) >= 0 or self.ball.is_integer() else int(whole) + 1


def _text(self: Scalar, spec: str = "") -> str:
    return format(float(self.ball.mid()), spec or ".6g")


def _function(name: str) -> Callable[..., Scalar]:
    def method(self: Scalar, *_: Any, **__: Any) -> Scalar:
        return getattr(self.graph, name)(self)

    return method


def _through(build: Callable[[Graph, Scalar], Scalar]) -> Callable[[Scalar], Scalar]:
    return lambda self: build(self.graph, self)


def _half(graph: Graph, a: Scalar, sign: int) -> Scalar:
    e = graph.exp(a)
    other = graph.multiply(graph.constant(Fraction(sign)), graph.invert(e))
    return graph.multiply(graph.constant(Fraction(1, 2)), graph.add(e, other))


def _log_to(base: int) -> Callable[[Graph, Scalar], Scalar]:
    return lambda graph, a: _divide(graph, graph.log(a), graph.log(graph.constant(Fraction(base))))


FUNCTIONS: dict[str, Callable[[Scalar], Scalar]] = {
    **{name: _function(name) for name in ("exp", "tanh", "log", "sqrt", "sin", "cos")},
    "log1p": _through(lambda graph, a: graph.log(graph.add(graph.one, a))),
    "expm1": _through(lambda graph, a: graph.add(graph.exp(a), graph.minus_one)),
    "sinh": _through(lambda graph, a: _half(graph, a, -1)),
    "cosh": _through(lambda graph, a: _half(graph, a, 1)),
    "log2": _through(_log_to(2)),
    "log10": _through(_log_to(10)),
    "exp2": _through(lambda graph, a: graph.exp(graph.multiply(a, graph.log(graph.constant(Fraction(2)))))),
    "square": _through(lambda graph, a: graph.multiply(a, a)),
    "reciprocal": _through(lambda graph, a: _divide(graph, graph.one, a)),
    "sign": _through(lambda graph, a: graph.constant(Fraction(compare(a, graph.zero)))),
    "fabs": _abs,
    "absolute": _abs,
}
"""Functions of one scalar by their NumPy names."""


def _self(self: Scalar, *_: Any, **__: Any) -> Scalar:
    return self


def _install() -> None:
    """Give Scalar its methods: what float64 scalars offer in NumPy code."""
    for name in OPERATIONS:
        setattr(Scalar, f"__{name}__", _binary(name))
        setattr(Scalar, f"__r{name}__", _binary(name, swapped=True))
    tests: tuple[tuple[str, str, Callable[[int], bool]], ...] = (
        ("lt", "<", lambda order: order < 0),
        ("le", "<=", lambda order: order <= 0),
        ("gt", ">", lambda order: order > 0),
        ("ge", ">=", lambda order: order >= 0),
        ("eq", "==", lambda order: order == 0),
        ("ne", "!=", lambda order: order != 0),
    )
    for name, symbol, holds in tests:
        setattr(Scalar, f"__{name}__", _comparison(symbol, holds))
    for name, function in FUNCTIONS.items():
        setattr(Scalar, name, function)
    for name in (
        "__pos__",
        "conjugate",
        "item",
        "copy",
        "sum",
        "mean",
        "max",
        "min",
        "squeeze",
        "astype",
        "transpose",
        "__copy__",
    ):
        setattr(Scalar, name, _self)
    extra: dict[str, Any] = {
        "__neg__": lambda self: self.graph.negative(self),
        "__abs__": _abs,
        "__float__": _to_float,
        "__int__": _to_int,
        "__trunc__": _to_int,
        "__format__": _text,
        "__repr__": _text,
        "__str__": _text,
        "__bool__": lambda self: compare(self, self.graph.zero) != 0,
        "__deepcopy__": lambda self, memo: self,
        "T": property(_self),
        "shape": (),
        "ndim": 0,
        "size": 1,
    }
    for name, member in extra.items():
        setattr(Scalar, name, member)


_install()

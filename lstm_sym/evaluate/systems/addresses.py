"""Where values stand: the address of a symbol relative to a step, and one equation with the addresses of its symbols.

Law: an address is a name with an offset from the step, from the last step or from 0; a parameter has no time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Expr

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import LABEL
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.scalars import T, t
from lstm_sym.symbols.traversal import symbols_in

Key = tuple[str, int | None]
"""The name and the time of a value; parameters have no time."""


@dataclass(frozen=True)
class Address:
    """A name with its time: `offset` from t, from T, or from 0; a parameter has no origin."""

    name: str
    origin: str | None
    offset: int = 0

    def key(self, step: int, last: int) -> Key:
        if self.origin is None:
            return self.name, None
        return self.name, self.offset + {"step": step, "last": last, "start": 0}[self.origin]

    def placed(self, step: int, last: int) -> Address:
        """As it is at that step, counted from 0."""
        name, time = self.key(step, last)
        return self if time is None else Address(name, "start", time)


@dataclass(frozen=True)
class Assignment:
    """target = expression; `arguments` are the symbols of the expression and `sources` their addresses."""

    target: Address
    expression: Expression
    arguments: tuple[Expression, ...]
    sources: tuple[Address, ...]
    shape: tuple[Expr, Expr]

    @property
    def needs_label(self) -> bool:
        return any(source.name == LABEL for source in self.sources)

    def placed(self, step: int, last: int) -> Assignment:
        """The equation as it is at that step."""
        sources = tuple(source.placed(step, last) for source in self.sources)
        return replace(self, target=self.target.placed(step, last), sources=sources)


def assignment(left: Expression, right: Expression) -> Assignment:
    """One equation with the addresses of its symbols."""
    arguments = symbols_in(right)
    return Assignment(_address(left), right, arguments, tuple(_address(symbol) for symbol in arguments), left.shape)


def _address(symbol: Expression) -> Address:
    name = symbol.name
    if not isinstance(symbol, Timed):
        return Address(name, None)
    time = moment(symbol.time)
    return Address(name, time.origin, time.offset)


def moment(time: Expr) -> Address:
    """A time alone, as an address without a name."""
    for origin, base in (("step", time - t), ("last", time - T), ("start", time)):
        if base.is_Integer:
            return Address("", origin, int(base))
    raise UnsupportedError(f"time {time}", got="an expression of its own", expected="t, T or a number, plus or minus a number")

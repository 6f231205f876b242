"""A plan: the equations of a derivation as lines in phases, which passes rewrite and the emitter writes down.

    before    all steps at once, before the loop           forward   t = 0, ..., T
    local     a block of steps at once                     backward  t = T, ..., 0
    after     all steps at once, after the loop            totals    sums over time

Law: a plan is data. A line holds whole expressions of the derivation, so that what a pass did to them can be proved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lstm_sym.derivation import Derivation
from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, PRE_ACTIVATION, VALUE_ADJOINT
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.scalars import t
from lstm_sym.symbols.traversal import replace, symbols_in

Lines = tuple["Line", ...]


@dataclass(frozen=True)
class Line:
    """targets[k] = values[k]; several of them are blocks of rows that are computed by one call."""

    targets: tuple[Timed | Parameter, ...]
    values: tuple[Expression, ...]

    @property
    def reads(self) -> tuple[Expression, ...]:
        return tuple(dict.fromkeys(symbol for value in self.values for symbol in symbols_in(value)))


def line(target: Timed | Parameter, value: Expression) -> Line:
    return Line((target,), (value,))


def rewritten(each: Line, rule: Callable[[Expression], Expression | None]) -> Line:
    """The line with `rule` applied top down to its values, below a sum over time too; a node for which it gives None is kept."""

    def of(value: Expression) -> Expression:
        return (
            SumOverTime(replace(value.body, rule), value.lower, value.upper)
            if isinstance(value, SumOverTime)
            else replace(value, rule)
        )

    return Line(each.targets, tuple(map(of, each.values)))


@dataclass(frozen=True)
class Plan:
    """`order` is the order of blocks in stacked arrays, empty where nothing is stacked; `prefixes` are those of names that passes
    introduce, `at_once` and `in_place` say how sums over time and elementwise lines are written.
    """

    derivation: Derivation
    forward: Lines
    backward: Lines
    totals: Lines
    before: Lines = ()
    local: Lines = ()
    after: Lines = ()
    order: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    at_once: bool = False
    in_place: bool = False

    @property
    def phases(self) -> dict[str, Lines]:
        """The phases by name, in the order in which they run."""
        return {name: getattr(self, name) for name in ("before", "forward", "local", "backward", "after", "totals")}

    def prefix_and_key(self, name: str) -> tuple[str, str]:
        """("delta_", "a") of delta_a, ("delta_net_", "h") of delta_net_h: the kind of a quantity, and its variable."""
        for prefix in (PRE_ACTIVATION, ADJOINT, ARRIVING, VALUE_ADJOINT, *self.prefixes.values()):
            if name.startswith(prefix):
                key = name.removeprefix(prefix)
                inner = key.removeprefix(PRE_ACTIVATION)
                return name.removesuffix(inner), inner
        return "", name


def fresh_prefix(word: str, names: Sequence[str]) -> str:
    """The word with an underscore, and with another letter in front as long as a declared name begins so."""
    prefix = word + "_"
    while any(name.startswith(prefix) for name in names):
        prefix = "x" + prefix
    return prefix


def declared_names(derivation: Derivation) -> tuple[str, ...]:
    cell = derivation.cell
    return tuple(symbol.name for symbol in (*cell.variables, *cell.inputs, *cell.parameters))


def is_at(symbol: Expression, offset: int) -> bool:
    return isinstance(symbol, Timed) and symbol.time == t + offset

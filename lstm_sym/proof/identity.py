"""Decides whether a statement over a cell holds for every n, m and T, as an identity of indexed polynomials.

Laws: PROVED means that both sides have the same canonical polynomial after definitions were put in, under the premises that the
statement names. The passes put in more and more; each is sound alone, and the first that makes the sides equal decides. That no
pass does so is UNKNOWN here: refutation needs a witness, which `unrolled` finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lstm_sym.cell import Cell
from lstm_sym.derivation import Statement
from lstm_sym.errors import LstmSymError, UnsupportedError
from lstm_sym.proof.definitions import Definitions
from lstm_sym.proof.indexed import Polynomial, Symbol, atom_of
from lstm_sym.proof.operations import in_sigma, substitute
from lstm_sym.proof.translate import Translator, is_adjoint, symbol_of
from lstm_sym.symbols.blocks import blocks
from lstm_sym.symbols.names import PRE_ACTIVATION, VALUE_ADJOINT
from lstm_sym.symbols.nodes import Expression, shape_text
from lstm_sym.verdict import EVERY_SIZE, Status, Verdict

METHOD = "indexed polynomial identity"
EARLIEST = -1
"""Forward values at t-1 are where putting in stops."""
REACH = 4
"""A bound on how many steps a statement spans, so that no input makes a proof run away."""

Sides = tuple[Polynomial, Polynomial]


@lru_cache(maxsize=64)
def definitions(cell: Cell, loss: str = "squared") -> Definitions:
    return Definitions(cell, loss)


@dataclass(frozen=True)
class Pass:
    """A way to put definitions into both sides, why it stands at its place, and under which condition it may be used."""

    name: str
    run: Callable[[Definitions, Sides], Sides]
    reason: str
    condition: str = ""


def _as_written(definitions: Definitions, sides: Sides) -> Sides:
    return sides


def _forward_in(definitions: Definitions, sides: Sides) -> Sides:
    return _both(definitions, sides, {}, _earliest(sides))


def _earlier_forward_in(definitions: Definitions, sides: Sides) -> Sides:
    return _both(definitions, sides, {}, {base: offset - 1 for base, offset in _earliest(sides).items() if base})


def _declared_in(definitions: Definitions, sides: Sides) -> Sides:
    def define(symbol: Symbol) -> Polynomial | None:
        return definitions.declared(symbol)

    return substitute(sides[0], define), substitute(sides[1], define)


def _left_adjoint_in(definitions: Definitions, sides: Sides) -> Sides:
    left = {symbol for symbol in _symbols(sides[:1]) if is_adjoint(symbol.name)}

    def define(symbol: Symbol) -> Polynomial | None:
        if symbol in left or symbol.name.startswith(VALUE_ADJOINT):
            return definitions.adjoint(symbol)
        return None if is_adjoint(symbol.name) else _gate(definitions, symbol)

    return substitute(sides[0], define), substitute(sides[1], define)


def _gate(definitions: Definitions, symbol: Symbol) -> Polynomial | None:
    """A gate's value as the activation of its pre-activation, which stays a symbol."""
    return definitions.forward(symbol) if PRE_ACTIVATION + symbol.name in definitions.bodies else None


def _left_step_in(definitions: Definitions, sides: Sides) -> Sides:
    return _both(definitions, sides, _latest_adjoint(sides[:1]), _earliest(sides))


def _all_in(definitions: Definitions, sides: Sides) -> Sides:
    return _both(definitions, sides, _latest_adjoint(sides), _earliest(sides))


def _in_sigma(definitions: Definitions, sides: Sides) -> Sides:
    left, right = _left_adjoint_in(definitions, sides)
    return in_sigma(left), in_sigma(right)


QUICK: tuple[Pass, ...] = (
    Pass("as written", _as_written, "costs nothing"),
    Pass("declared statements", _declared_in, "the loss and the update are what they are declared to be"),
    Pass("the left adjoint", _left_adjoint_in, "a backward equation is what stationarity says of its left side"),
)
"""Passes that cost a millisecond."""
THOROUGH: tuple[Pass, ...] = (
    Pass("forward values", _forward_in, "a and tanh(net_a) are one thing"),
    Pass("earlier forward values", _earlier_forward_in, "the equations of the step before hold too", "t >= 1"),
    Pass("twice the argument", _in_sigma, "tanh(z) and 2 sigma(2 z) - 1 are one thing"),
    Pass("the left step", _left_step_in, "the other adjoints of the same step may be put in as well"),
    Pass("all adjoints", _all_in, "both sides down to the adjoints of the next step"),
)
"""Passes that write both sides in the values of the step before and the adjoints of the step after."""


def identity(statement: Statement, cell: Cell, loss: str = "squared", passes: Sequence[Pass] = QUICK + THOROUGH) -> Verdict:
    """PROVED where the statement is an identity for every n, m and T, else UNKNOWN with the reason."""
    try:
        return _decide(statement, definitions(cell, loss), passes)
    except LstmSymError as error:
        return Verdict(Status.UNKNOWN, EVERY_SIZE, METHOD, 0, reason=str(error))


def _decide(statement: Statement, meanings: Definitions, passes: Sequence[Pass]) -> Verdict:
    left, right = blocks(statement.left), blocks(statement.right)
    if [block.shape for block in left] != [block.shape for block in right]:
        shapes = f"shapes {shape_text(statement.left)} and {shape_text(statement.right)}"
        return Verdict(Status.UNKNOWN, EVERY_SIZE, METHOD, 1, reason=f"the two sides have different {shapes}")
    premises = _premises(statement, meanings.translate)
    found = [_equal_after(meanings, premises, pair, passes) for pair in zip(left, right, strict=True)]
    proved_by = [step for step in found if step is not None]
    if len(proved_by) < len(found):
        return Verdict(Status.UNKNOWN, EVERY_SIZE, METHOD, len(found), reason="no pass makes the two sides equal")
    return Verdict(Status.PROVED, _scope(statement, proved_by), METHOD, len(found))


def _scope(statement: Statement, proved_by: Sequence[Pass]) -> str:
    conditions = [f"{premise.left} = {premise.right}" for premise in statement.assuming]
    conditions += dict.fromkeys(step.condition for step in proved_by if step.condition)
    return f"{EVERY_SIZE}, where {', '.join(conditions)}" if conditions else EVERY_SIZE


def _premises(statement: Statement, translate: Translator) -> dict[Symbol, Polynomial]:
    return {symbol_of(premise.left): translate(premise.right) for premise in statement.assuming}


def _equal_after(
    meanings: Definitions, premises: dict[Symbol, Polynomial], pair: tuple[Expression, Expression], passes: Sequence[Pass]
) -> Pass | None:
    """The first pass after which both sides are the same polynomial."""
    sides = _boundary_in(meanings, (meanings.translate(pair[0]), meanings.translate(pair[1])))
    _check_reach(sides)
    for step in passes:
        put_in = _boundary_in(meanings, step.run(meanings, sides))
        left, right = (substitute(side, premises.get) for side in put_in)
        if left == right:
            return step
    return None


def _boundary_in(meanings: Definitions, sides: Sides) -> Sides:
    """Adjoints after the last step are zero, which costs nothing to put in."""

    def define(symbol: Symbol) -> Polynomial | None:
        return meanings.after_last(symbol)

    return substitute(sides[0], define), substitute(sides[1], define)


def _check_reach(sides: Sides) -> None:
    """Raises UnsupportedError where times lie so far apart that putting definitions in would not end soon."""
    for base in ("t", "T", ""):
        offsets = [symbol.offset for symbol in _symbols(sides) if symbol.base == base]
        if offsets and max(offsets) - min(offsets) > REACH:
            raise UnsupportedError(
                "a statement over several times",
                got=f"times {max(offsets) - min(offsets)} steps apart",
                expected=f"at most {REACH} steps",
            )


def _both(meanings: Definitions, sides: Sides, horizon: dict[str, int], earliest: dict[str, int]) -> Sides:
    """Both sides with forward values after `earliest` put in, and adjoints up to `horizon`, for each base of times."""

    def define(symbol: Symbol) -> Polynomial | None:
        if is_adjoint(symbol.name):
            return meanings.adjoint(symbol) if _reducible(meanings, symbol, horizon) else None
        return meanings.forward(symbol) if symbol.offset > earliest.get(symbol.base, EARLIEST) else None

    return substitute(sides[0], define), substitute(sides[1], define)


def _reducible(meanings: Definitions, symbol: Symbol, horizon: dict[str, int]) -> bool:
    """Adjoints up to the horizon are put in; of later steps those of gates only, which lead to values of the same step."""
    latest = horizon.get(symbol.base)
    if latest is None:
        return bool(horizon) and symbol.base != "const" and meanings.is_gate_adjoint(symbol.name)
    return symbol.offset <= latest or meanings.is_gate_adjoint(symbol.name)


def _symbols(sides: Iterable[Polynomial]) -> list[Symbol]:
    return [atom for side in sides for atom in map(atom_of, side.atoms()) if isinstance(atom, Symbol)]


def _latest_adjoint(sides: Iterable[Polynomial]) -> dict[str, int]:
    latest: dict[str, int] = {}
    for symbol in _symbols(sides):
        if is_adjoint(symbol.name):
            latest[symbol.base] = max(symbol.offset, latest.get(symbol.base, symbol.offset))
    return latest


def _earliest(sides: Iterable[Polynomial]) -> dict[str, int]:
    earliest = {"t": EARLIEST, "": EARLIEST}
    for symbol in _symbols(sides):
        if not is_adjoint(symbol.name):
            earliest[symbol.base] = min(symbol.offset, earliest.get(symbol.base, symbol.offset))
    return earliest

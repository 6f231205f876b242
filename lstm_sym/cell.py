"""A recurrent cell as a list of declared equations, checked when it is built.

    a, out = variables("a out", n)
    x = inputs("x", m)
    W, U, b = weights("W", n, m), weights("U", n, n), biases("b", n)
    elman = Cell("elman", output=out, equations=[define(out, tanh(W.out @ x + U.out @ out.prev + b.out))], ...)

Laws: each symbol is defined once and before it is used at the same time; each use is of a declared variable, input or parameter;
shapes conform; recurrence looks back one step. An activation of an affine expression gets an equation of its own for the
pre-activation, named net_a. The printed order of terms is the declared order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sympy import Expr

from lstm_sym.errors import DeclarationError
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, PRE_ACTIVATION, VALUE_ADJOINT, reserved
from lstm_sym.symbols.nodes import Expression, shape_text
from lstm_sym.symbols.scalars import checked_name, t
from lstm_sym.symbols.traversal import at_time, symbols_in


@dataclass(frozen=True)
class Equation:
    """variable_t = body, where body uses symbols at t and t-1."""

    variable: Timed
    body: Expression

    @property
    def name(self) -> str:
        return self.variable.name


def define(variable: Timed, body: Expression) -> Equation:
    """The equation variable_t = body; raises DeclarationError that names both shapes if they differ."""
    if not isinstance(variable, Timed) or variable.time != t:
        raise DeclarationError(
            f"define({variable}, ...)", got="a left side that is not a variable at time t", expected="variables(...)"
        )
    if not isinstance(body, Expression):
        raise DeclarationError(f"equation {variable.name}", got=type(body).__name__, expected="a matrix expression")
    if variable.shape != body.shape:
        raise DeclarationError(
            f"equation {variable.name} = {body}",
            got=f"a right side of shape {shape_text(body)}",
            expected=f"the shape {shape_text(variable)} of {variable.name}",
            advice="check the sizes of the parameters in this equation",
        )
    return Equation(variable, body)


class Family:
    """Parameters of one kind, one for each gate: W.a is the parameter W_a."""

    def __init__(self, name: str, rows: object, columns: object) -> None:
        self.name, self._shape = checked_name(name), (rows, columns)

    def __getattr__(self, member: str) -> Parameter:
        if member.startswith("__"):
            raise AttributeError(member)
        return Parameter(f"{self.name}_{member}", *self._shape)


def weights(name: str, rows: object, columns: object) -> Family:
    return Family(name, rows, columns)


def biases(name: str, rows: object) -> Family:
    return Family(name, rows, 1)


def variables(names: str, rows: object) -> tuple[Timed, ...]:
    """The variables at time t with these names, column vectors of that many rows."""
    return tuple(Timed(name, rows, 1, t) for name in names.split())


def inputs(name: str, rows: object) -> Timed:
    """An input at time t, a column vector of that many rows."""
    return Timed(name, rows, 1, t)


@dataclass(frozen=True)
class Cell:
    """A declared recurrent cell. `title` and `source` are for readers: what it is, and the paper with its equations."""

    name: str
    equations: Sequence[Equation]
    output: Timed
    title: str = ""
    source: str = ""
    inputs: tuple[Timed, ...] = field(init=False)
    parameters: tuple[Parameter, ...] = field(init=False)
    recurrent: tuple[Timed, ...] = field(init=False)
    split: tuple[Equation, ...] = field(init=False)

    def __post_init__(self) -> None:
        checked_name(self.name)
        equations = tuple(self.equations)
        object.__setattr__(self, "equations", equations)
        _check_definitions(self.name, equations, self.output)
        used = _symbols_used(equations)
        defined = {equation.variable for equation in equations}
        names_defined = {variable.name for variable in defined}
        timed = [symbol for symbol in used if isinstance(symbol, Timed)]
        object.__setattr__(self, "inputs", tuple(dict.fromkeys(s for s in timed if s.name not in names_defined)))
        object.__setattr__(self, "parameters", tuple(symbol for symbol in used if isinstance(symbol, Parameter)))
        past = {symbol.at(t) for symbol in timed if symbol.time == t - 1}
        object.__setattr__(self, "recurrent", tuple(e.variable for e in equations if e.variable in past))
        object.__setattr__(self, "split", tuple(_split(equations)))
        _check_inputs(self)

    @property
    def variables(self) -> tuple[Timed, ...]:
        """The declared variables, in declared order."""
        return tuple(equation.variable for equation in self.equations)

    def equation(self, name: str) -> Equation:
        """The equation of that variable, pre-activations included."""
        for equation in (*self.split, *self.equations):
            if equation.name == name:
                return equation
        raise DeclarationError(
            f"cell {self.name}", got=f"no equation for {name!r}", expected=", ".join(e.name for e in self.split)
        )

    def is_gate(self, name: str) -> bool:
        """Whether the variable is an activated pre-activation that neither leaves the cell nor enters the next step."""
        kept = {self.output.name, *(variable.name for variable in self.recurrent)}
        return name not in kept and any(equation.name == PRE_ACTIVATION + name for equation in self.split)

    def adjoint(self, variable: Timed) -> Timed:
        """The symbol of dE/dvariable at the variable's time: delta_state; delta_a for net_a of a gate a, partial_a for a
        itself.
        """
        name = variable.name
        if self.is_gate(name):
            return variable.named(VALUE_ADJOINT + name)
        gate = name.removeprefix(PRE_ACTIVATION)
        if gate != name and self.is_gate(gate):
            name = gate
        return variable.named(ADJOINT + name)


def _symbols_used(equations: Iterable[Equation]) -> tuple[Expression, ...]:
    return tuple(dict.fromkeys(symbol for equation in equations for symbol in symbols_in(equation.body)))


def _check_definitions(cell: str, equations: tuple[Equation, ...], output: Timed) -> None:
    if not equations:
        raise DeclarationError(f"cell {cell}", got="no equations", expected="at least one define(variable, expression)")
    for equation in equations:
        reason = reserved(equation.name)
        if reason:
            raise DeclarationError(f"cell {cell}, variable {equation.name}", got=reason, expected="another name")
    later: set[str] = {equation.name for equation in equations}
    seen: dict[str, Timed] = {}
    for equation in equations:
        where = f"cell {cell}, equation {equation.name} = {equation.body}"
        if equation.name in seen:
            raise DeclarationError(where, got=f"a second definition of {equation.name}", expected="each variable defined once")
        for symbol in symbols_in(equation.body):
            _check_use(where, symbol, seen, later)
        seen[equation.name] = equation.variable
    if output not in seen.values():
        raise DeclarationError(
            f"cell {cell}", got=f"output {output}, which no equation defines", expected=f"one of {', '.join(seen)}"
        )


def _check_use(where: str, symbol: Expression, seen: dict[str, Timed], later: set[str]) -> None:
    if isinstance(symbol, Parameter):
        if symbol.name in later:
            raise DeclarationError(where, got=f"{symbol.name} both as a parameter and as a variable", expected="two names")
        return
    assert isinstance(symbol, Timed)
    if symbol.time - t not in (0, -1):
        raise DeclarationError(
            where, got=f"{symbol}, at time {symbol.time}", expected="symbols at time t or t-1: a recurrence looks back one step"
        )
    if symbol.time == t and symbol.name in later and symbol.name not in seen:
        raise DeclarationError(
            where,
            got=f"{symbol}, which is defined in this equation or a later one (looking ahead)",
            expected="variables that are defined above, or their values at t-1",
            advice=f"write {symbol.name}.prev, or move the equation of {symbol.name} up",
        )
    if symbol.name in seen and symbol.shape != seen[symbol.name].shape:
        raise DeclarationError(
            where,
            got=f"{symbol.name} of shape {shape_text(symbol)}",
            expected=f"its declared shape {shape_text(seen[symbol.name])}",
        )


def _check_inputs(cell: Cell) -> None:
    shapes: dict[str, tuple[Expr, Expr]] = {}
    for symbol in (*cell.inputs, *cell.parameters, *cell.variables):
        if symbol.name in shapes:
            raise DeclarationError(
                f"cell {cell.name}, symbol {symbol.name}",
                got=f"two kinds or shapes, one of them {shape_text(symbol)}",
                expected="one declaration for each name",
            )
        shapes[symbol.name] = symbol.shape
        reason = reserved(symbol.name)
        if reason:
            raise DeclarationError(f"cell {cell.name}, symbol {symbol.name}", got=reason, expected="another name")
    for symbol in cell.inputs:
        if symbol.time != t:
            raise DeclarationError(
                f"cell {cell.name}",
                got=f"{symbol}, which no equation defines",
                expected="inputs at time t, and past values of defined variables only",
                advice=f"add define({symbol.name}, ...) or use the input at time t",
            )


def _split(equations: tuple[Equation, ...]) -> Iterable[Equation]:
    """The equations with one more for each pre-activation: a = tanh(W x + ...) becomes net_a = W x + ..., a = tanh(net_a)."""
    for equation in equations:
        body = equation.body
        if isinstance(body, Apply) and not isinstance(body.body, Timed):
            variable = equation.variable
            net = variable.named(PRE_ACTIVATION + equation.name)
            yield Equation(net, body.body)
            yield Equation(variable, Apply(body.function, net))
        else:
            yield equation


def at(equation: Equation, time: object) -> Equation:
    """The equation at another time: t replaced on both sides."""
    return Equation(equation.variable.at(equation.variable.time.subs(t, time)), at_time(equation.body, time))

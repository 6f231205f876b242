"""Forward equations as expressions of the proof: the interpreter at symbolic times, and what forward names mean there.

Law: a time is t + offset, T + offset or a number counted from the document's first step; what is no forward equation is
refused.
"""

from __future__ import annotations

from typing import Any, ClassVar

from lstm_sym.errors import UnsupportedError
from lstm_sym.notes.formula.names import Reference, Time
from lstm_sym.notes.formula.tree import Formula, NumberMatrix
from lstm_sym.notes.sampling.effort import Effort
from lstm_sym.notes.sampling.interpret import Interpreter
from lstm_sym.notes.statements.naming import Naming
from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.symbols.scalars import T, t


class ForwardScope:
    """Names inside forward equations, at symbolic times."""

    stacks_vectors = True
    shared: frozenset[int] = frozenset()
    memo: ClassVar[dict] = {}

    def __init__(self, naming: Naming) -> None:
        self.naming, self.model = naming, naming.model
        self.effort = Effort()
        self.timed = naming.model.timed

    def value(self, read: Reference, run: Any) -> Any:
        model = self.model
        if read.key in model.stacks:
            inner = run if read.time is None else run.moved(read.time)
            return run.stacked_rows([inner(item) for item in model.stacks[read.key]], read.key in model.parts.wide)
        if read.key in model.parameters:
            return self.naming.parameter(read.key)
        return self.naming.timed(read.key, run.time(read.time))

    def function(self, name: str) -> str:
        return name

    def chain(self, node: Formula, run: Any) -> None:
        return None

    def numbers(self, node: NumberMatrix, run: Any) -> Any:
        raise UnsupportedError("a matrix of numbers in a formula")

    def derivative(self, node: Formula, run: Any) -> Any:
        raise UnsupportedError("a derivative in a forward equation")

    prefixed = derivative


class SymbolicInterpreter(Interpreter):
    """The interpreter at symbolic times: t + offset, T + offset or a number."""

    shift: int = 0
    first: int = 0
    beyond: int = 0

    def time(self, time: Time | None, offset: int = 0) -> Any:
        if time is None:
            return None
        if time.base in ("t", "tau"):
            return t + time.offset + self.shift
        if time.base == "T":
            return T + time.offset + self.beyond
        if time.base == "":
            return time.offset - self.first
        raise UnreadableError(f"the index {time.base}", offset)

    def moved(self, time: Time) -> SymbolicInterpreter:
        new = SymbolicInterpreter(self.algebra, self.scope, self.manner, self.times)
        if time.base not in ("t", "tau"):
            raise UnsupportedError("a stack at a fixed time")
        new.shift, new.first, new.beyond = self.shift + time.offset, self.first, self.beyond
        return new

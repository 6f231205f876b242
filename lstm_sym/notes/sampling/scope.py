"""The meaning of every name in a claim, on one sample network and under one reading of the document.

Laws: forward names are the network's; marked names (delta, d, nabla, a derivative of the loss) have the role that the
reading gives them; a name that a backward line defines is that line. A name with no meaning raises UnreadableError with the
name.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from lstm_sym.notes.formula.names import Reference, Time, is_d_name, reference, spelled_apart
from lstm_sym.notes.formula.tree import Block, Derivative, Factors, Formula, Group, Indexed, Name, NumberMatrix, Prefixed
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.model.manner import Manner
from lstm_sym.notes.notation.backward import SCALARS
from lstm_sym.notes.sampling.effort import Effort
from lstm_sym.notes.sampling.interpret import Interpreter
from lstm_sym.notes.sampling.jacobians import chain_value, jacobian
from lstm_sym.notes.sampling.network import Network
from lstm_sym.notes.sampling.roles import Role, candidates, role_value
from lstm_sym.notes.sampling.values import Value
from lstm_sym.notes.text.bounds import UnreadableError


@dataclass(frozen=True)
class Reading:
    """The choices that make a document's claims say something definite."""

    roles: tuple[tuple[str, Role], ...] = ()
    layout: str = "column"
    partials: str = "total"
    step_loss: bool = True
    left: Role | None = None
    """The role of the marked name that is the left side, where it differs from that of the name elsewhere."""

    def role(self, alias: str) -> Role | None:
        return next((role for name, role in self.roles if name == alias), None)

    def with_role(self, alias: str, role: Role) -> Reading:
        kept = tuple((name, old) for name, old in self.roles if name != alias)
        return replace(self, roles=(*kept, (alias, role)))


@dataclass
class ClaimScope:
    """Looks names up for the interpreter. `steps` is the value of T; `asked` collects the marked names that were looked
    up.
    """

    network: Network
    reading: Reading
    steps: int
    abbreviations: dict[str, Formula] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    stacks_vectors: bool = True
    shared: frozenset[int] = frozenset()
    """The ids of the nodes whose values are kept in `memo`: those of a formula that stays alive while it is edited."""
    memo: dict[Any, Any] = field(default_factory=dict)
    losses: tuple[int, ...] | None = None
    """The steps whose loss counts; all where it is None."""
    assigned: bool = False
    """Whether a left side is being read: a name with `next` is set there for the step before."""
    effort: Effort = field(default_factory=Effort)
    _open: tuple[str, ...] = ()

    @property
    def model(self) -> Model:
        return self.network.model

    @property
    def timed(self) -> frozenset[str]:
        return self.model.timed

    @property
    def span(self) -> tuple[int, int]:
        return self.network.span

    def interpreter(self, **times: int) -> Interpreter:
        manner = Manner(self.model.manner.row, self.model.manner.otimes, self.reading.layout)
        return Interpreter(self.network.matrices, self, manner, {"T": self.steps, **times})

    # --- names -------------------------------------------------------------------------------------------------------

    def value(self, read: Reference, run: Interpreter) -> Any:
        model, key = self.model, read.key
        if key == "T" and read.time is None:
            return Fraction(self.steps)
        if key == model.loss_label:
            at = run.time(read.time)
            return self.network.label(model.outputs[0], run.times.get("t", 0) if at is None else at)
        if key in model.stacks:
            return self._stack(read, run)
        if key in model.definitions or key in model.inputs:
            time = run.time(read.time)
            return self.network.value(key, run.times.get("t") if time is None and "t" in run.times else time)
        if key in model.parameters:
            return self.network.value(key, None)
        role = self.reading.role(key)
        if role is not None:
            return self.marked(key, "", key, read.time, run)
        if key in self.abbreviations:
            return self._abbreviation(key, read, run)
        if is_d_name(key, model.names):
            return self.marked(f"d:{key[1:]}", "d", key[1:], read.time, run)
        apart = spelled_apart(key, model.parameters)
        if apart is not None:
            return self.marked(f"d:{apart}", "d", apart, read.time, run)
        for marker in ("delta", "Delta", "nabla"):
            if key.startswith(marker + "_"):
                return self._labelled(marker, key[len(marker) + 1 :], read, run)
        if self.model.is_loss(key) and self.model.loss_step is not None:
            return self.network.loss(run.time(read.time))
        if key in SCALARS and read.time is None:
            return self.network.scalar(key)
        bare, _, suffix = key.rpartition("_")
        if suffix in ("old", "new") and bare in (*self.model.parameters, *self.model.stacks):
            return self.value(Reference(bare, read.time), run)
        raise NameUnknownError(key)

    def _labelled(self, marker: str, label: str, read: Reference, run: Interpreter) -> Any:
        key = (
            label
            if label in self.model.names
            else next((k for k in self.model.names if k.replace("_", "") == label.replace("_", "")), None)
        )
        if key is None:
            raise NameUnknownError(read.key)
        return self.marked(f"{marker}:{key}", marker, key, read.time, run)

    def _stack(self, read: Reference, run: Interpreter) -> Any:
        time = run.time(read.time)
        inner = run if time is None else run.at(t=time)
        return inner.stacked_rows([inner(item) for item in self.model.stacks[read.key]], read.key in self.model.parts.wide)

    def _abbreviation(self, key: str, read: Reference, run: Interpreter) -> Any:
        if key in self._open:
            raise UnreadableError(f"{key} is defined by itself", 0)
        time = run.time(read.time)
        time = run.times.get("t") if time is None else time
        inner = ClaimScope(
            self.network,
            self.reading,
            self.steps,
            self.abbreviations,
            self.asked,
            self.stacks_vectors,
            effort=self.effort,
            _open=(*self._open, key),
        )
        return inner.interpreter(**({} if time is None else {"t": time}))(self.abbreviations[key])

    def function(self, name: str) -> str:
        return name

    def numbers(self, node: NumberMatrix, run: Interpreter) -> Value:
        number = self.network.matrices.numbers.number
        return Value(tuple(tuple(number(Fraction(entry)) for entry in row) for row in node.rows))

    # --- adjoints ----------------------------------------------------------------------------------------------------

    def prefixed(self, node: Prefixed, run: Interpreter) -> Any:
        body = node.body
        read = reference(body, self.timed) if isinstance(body, Name | Indexed) else None
        if read is None:
            raise UnreadableError("a delta in front of no name", node.start)
        if node.prefix == "nabla" and self.model.is_loss(read.key):
            raise UnreadableError("a gradient without the name it is taken by", node.start)
        key = read.key.removesuffix("_old")
        if key not in self.model.names and self.reading.role(f"{node.prefix}:{key}") is None and self._argument(key) is None:
            if f"{node.prefix}_{key}" in self.abbreviations:
                return self._abbreviation(f"{node.prefix}_{key}", read, run)
            raise NameUnknownError(f"{node.prefix} {read.key}")
        value = self.marked(f"{node.prefix}:{key}", node.prefix, key, read.time, run)
        return run.algebra.transpose(value) if read.transposed else value

    def marked(self, alias: str, marker: str, key: str, time: Time | None, run: Interpreter, losses: Any = None) -> Any:
        """The value of a marked name in its role."""
        model = self.model
        if key in model.stacks:
            if key not in model.timed:
                self.asked.setdefault(alias, key)
            return self._marked_stack(alias, marker, key, time, run, losses)
        self.asked.setdefault(alias, key)
        role = self.reading.role(alias) or self._default(key, marker)
        if self.assigned and self.reading.left is not None:
            role = self.reading.left
        at = run.time(time)
        if at is None and not role.timeless:
            at = run.times.get("t")
        if self.assigned and alias.endswith("_next") and at is not None and role.kind in ("arriving", "value"):
            at -= 1
        if key in self.model.stepwise and role.kind in ("grad", "step"):
            role = Role("grad" if time is None else "step", role.key)
        if role.kind == "grad" and at is not None and time is not None:
            role = Role("step", role.key)
        value = role_value(self.network, role, at, losses or self.losses)
        if value is None and at is not None and not self.span[0] <= at <= self.span[1]:
            raise OutsideError(alias.replace(":", " ").strip(), at < self.span[0])
        if value is None:
            raise UnreadableError(f"{alias.replace(':', ' ')} has no meaning as {role}", 0)
        return value

    def _argument(self, key: str) -> Role | None:
        """The adjoint of what the document names as the argument of an activation."""
        role = self.reading.role(key)
        return Role("net", role.key) if role is not None and role.kind == "preact" else None

    def _default(self, key: str, marker: str) -> Role:
        argument = self._argument(key)
        found = candidates(self.network.model, key, marker) if argument is None else [argument]
        if not found:
            raise NameUnknownError(f"{marker} {key}")
        return found[0]

    def _marked_stack(self, alias: str, marker: str, key: str, time: Time | None, run: Interpreter, losses: Any) -> Any:
        parts = []
        for item in self.model.stacks[key]:
            read = reference(item, self.timed)
            if read is None:
                raise UnreadableError(f"the stack {key}", 0)
            shifted = time
            if time is not None and read.time is not None:
                shifted = Time(time.base, time.offset + read.time.offset)
            whole = self.reading.role(alias)
            if whole is not None and key not in self.model.timed:
                parts.append(self._in_role(Role(whole.kind, read.key), run.times.get("t"), losses))
            else:
                parts.append(self.marked(f"{marker}:{read.key}", marker, read.key, shifted, run, losses))
        return run.stacked_rows(parts, key in self.model.parts.wide)

    def _in_role(self, role: Role, time: int | None, losses: Any) -> Value:
        found = role_value(self.network, role, time, losses or self.losses)
        if found is None:
            raise UnreadableError(f"{role.key} has no meaning as {role}", 0)
        return found

    def loss_times(self, of: Reference, run: Interpreter) -> tuple[int, ...] | None:
        """The steps whose loss is meant: one step where the loss carries a time and the reading takes it so, else all."""
        time = run.time(of.time)
        return (time,) if time is not None and self.reading.step_loss else None

    def derivative(self, node: Derivative, run: Interpreter) -> Any:
        of = self._loss(node.of)
        if of is None:
            return jacobian(self, node, run)
        by = reference(node.by, self.timed) if isinstance(node.by, Name | Indexed) else None
        if by is None:
            if isinstance(node.by, Group | Block | Factors):
                raise UnreadableError("a derivative by something that is no name", node.by.start)
            raise UnreadableError("a derivative by no name", node.start)
        key = by.key
        if key not in self.model.names and self.reading.role(f"partial:{key}") is None:
            if f"partial_{key}" in self.abbreviations:
                return self._abbreviation(f"partial_{key}", by, run)
            raise NameUnknownError(f"partial {key}")
        value = self.marked(f"partial:{key}", "partial", key, by.time, run, self.loss_times(of, run))
        if by.transposed:
            value = run.algebra.transpose(value)
        return run.algebra.transpose(value) if self.reading.layout == "row" else value

    def _loss(self, of: Formula) -> Reference | None:
        read = reference(of, self.timed) if isinstance(of, Name | Indexed) else None
        return read if read is not None and self.model.is_loss(read.key) else None

    def chain(self, node: Factors, run: Interpreter) -> Any:
        return chain_value(self, node, run)


class NameUnknownError(UnreadableError):
    """A name that the document defines nowhere."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the name {key} is defined nowhere in this document", 0)
        self.key = key


class OutsideError(UnreadableError):
    """A quantity of a step that is none: before the first, or after the last."""

    def __init__(self, name: str, early: bool) -> None:
        super().__init__(f"{name} is taken {'before the first' if early else 'after the last'} step", 0)

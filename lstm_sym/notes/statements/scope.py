"""Claims as expressions of the proof: sums over time, and names by the roles that the reading gives them.

Law: a role has a symbol or an expression of the cell's own equations, or is refused; nothing is derived that the role does
not say.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer

from lstm_sym.cell import Cell
from lstm_sym.errors import UnsupportedError
from lstm_sym.notes.formula.names import Reference, Time, is_d_name, reference, spelled_apart, time_of
from lstm_sym.notes.formula.tree import Big, Derivative, Formula, Indexed, Name, Prefixed, Relation
from lstm_sym.notes.sampling.effort import Effort
from lstm_sym.notes.sampling.roles import Role, candidates
from lstm_sym.notes.sampling.scope import NameUnknownError, Reading
from lstm_sym.notes.statements.forward import ForwardScope, SymbolicInterpreter
from lstm_sym.notes.statements.grids import Grid
from lstm_sym.notes.statements.heads import head_role, head_value
from lstm_sym.notes.statements.naming import Naming
from lstm_sym.symbols.compound import VJP, SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, LABEL, LOSS_ADJOINT, PRE_ACTIVATION
from lstm_sym.symbols.nodes import Expression, Zeros, add
from lstm_sym.symbols.scalars import T, n, t
from lstm_sym.symbols.traversal import at_time, symbols_in


class StatementInterpreter(SymbolicInterpreter):
    """Sums over time stay sums, with their bounds counted from the first step."""

    def big(self, node: Big) -> Any:
        if node.kind != "sum":
            raise UnsupportedError("a product over time")
        lower, upper = self._bounds(node)
        inner = self(node.body)
        return self.matrix(inner).map(lambda block: SumOverTime(block, lower, upper))

    def _bounds(self, node: Big) -> tuple[Any, Any]:
        letter, lower, upper = "t", Integer(0), T
        if node.sub:
            first = node.sub[0]
            if isinstance(first, Relation) and isinstance(first.parts[0], Name):
                letter, lower = first.parts[0].text, self.time(time_of(first.parts[1]))
            elif isinstance(first, Name):
                letter = first.text
        if node.sup:
            upper = self.time(time_of(node.sup[0]))
        if letter not in ("t", "tau") or any(
            bound is None or t in getattr(bound, "free_symbols", ()) for bound in (lower, upper)
        ):
            raise UnsupportedError("a sum over another index than t, or with t in its bounds")
        return lower, upper

    def moved(self, time: Time) -> SymbolicInterpreter:
        new = StatementInterpreter(self.algebra, self.scope, self.manner, self.times)
        new.shift, new.first, new.beyond = self.shift, self.first, self.beyond
        if time.base in ("t", "tau"):
            new.shift = self.shift + time.offset
        else:
            new.fixed = self.time(time)
        return new

    fixed: Any = None

    def time(self, time: Time | None, offset: int = 0) -> Any:
        found = super().time(time, offset)
        if found is not None and self.fixed is not None and time is not None and time.base in ("t", "tau"):
            return self.fixed + time.offset
        return found


class StatementScope(ForwardScope):
    """Names in claims: forward ones as in the cell, marked ones by their role."""

    def __init__(
        self,
        naming: Naming,
        cell: Cell,
        reading: Reading,
        abbreviations: dict[str, Formula],
        effort: Effort,
        last: int | None = None,
        squared: bool = True,
    ) -> None:
        super().__init__(naming)
        self.cell, self.reading, self.abbreviations = cell, reading, abbreviations
        self.assigned, self.effort, self.last, self.squared = False, effort, last, squared

    def value(self, read: Reference, run: Any) -> Any:
        model, key = self.model, read.key
        if (
            key in model.definitions
            and (head := head_value(self, key, run.time(read.time) if read.time else t + run.shift)) is not None
        ):
            return head
        if key in model.definitions or key in model.inputs or key in model.parameters or key in model.stacks:
            if read.time is None and (key in model.definitions or key in model.inputs):
                return self.naming.timed(key, t + run.shift)
            return super().value(read, run)
        if key == model.loss_label and self.squared:
            return self.role(Role("label", model.outputs[0]), t + run.shift if read.time is None else run.time(read.time))
        if self.reading.role(key) is not None:
            return self.marked(key, "", key, read.time, run)
        if key in self.abbreviations:
            return (run if read.time is None else run.moved(read.time))(self.abbreviations[key])
        if is_d_name(key, model.names):
            return self.marked(f"d:{key[1:]}", "d", key[1:], read.time, run)
        apart = spelled_apart(key, model.parameters)
        if apart is not None:
            return self.marked(f"d:{apart}", "d", apart, read.time, run)
        for marker in ("delta", "Delta", "nabla"):
            if key.startswith(marker + "_"):
                label = key[len(marker) + 1 :]
                found = (
                    label
                    if label in model.names
                    else next((k for k in model.names if k.replace("_", "") == label.replace("_", "")), None)
                )
                if found is not None:
                    return self.marked(f"{marker}:{found}", marker, found, read.time, run)
        raise UnsupportedError(f"the name {key}")

    def prefixed(self, node: Any, run: Any) -> Any:
        assert isinstance(node, Prefixed)
        read = reference(node.body, self.timed) if isinstance(node.body, Name | Indexed) else None
        if read is None:
            raise UnsupportedError("a delta in front of no name")
        key = read.key.removesuffix("_old")
        value = self.marked(f"{node.prefix}:{key}", node.prefix, key, read.time, run)
        return run.algebra.transpose(value) if read.transposed else value

    def derivative(self, node: Any, run: Any) -> Any:
        assert isinstance(node, Derivative)
        of = reference(node.of, self.timed) if isinstance(node.of, Name | Indexed) else None
        by = reference(node.by, self.timed) if isinstance(node.by, Name | Indexed) else None
        if of is None or by is None or of.key in self.model.names or (of.time is not None and self.reading.step_loss):
            raise UnsupportedError("a derivative of one forward name by another, or of the loss of one step")
        named = self.abbreviations.get(f"partial_{by.key}")
        if named is not None and by.key not in self.model.names:
            value = (run if by.time is None else run.moved(by.time))(named)
        else:
            value = self.marked(f"partial:{by.key}", "partial", by.key, by.time, run)
        if by.transposed != (self.reading.layout == "row"):
            value = run.algebra.transpose(value)
        return value

    def marked(self, alias: str, marker: str, key: str, time: Time | None, run: Any) -> Grid:
        if key in self.model.stacks:
            return self._marked_stack(alias, marker, key, time, run)
        role = self.reading.role(alias)
        named = self.reading.role(key)
        if role is None and named is not None and named.kind == "preact":
            role = Role("net", named.key)
        if role is None:
            options = candidates(self.model, key, marker)
            if not options:
                raise NameUnknownError(key)
            role = options[0]
        if self.assigned and self.reading.left is not None:
            role = self.reading.left
        at = run.time(time)
        if at is None and not role.timeless:
            at = t + run.shift
        if self.assigned and alias.endswith("_next") and role.kind in ("arriving", "value"):
            at = at - 1
        if key in self.model.stepwise and role.kind in ("grad", "step"):
            role = Role("grad" if time is None else "step", role.key)
        if role.kind == "grad" and time is not None:
            role = Role("step", role.key)
        return self.role(role, at)

    def _marked_stack(self, alias: str, marker: str, key: str, time: Time | None, run: Any) -> Grid:
        parts = []
        for item in self.model.stacks[key]:
            read = reference(item, self.timed)
            if read is None:
                raise UnsupportedError(f"the stack {key}")
            shifted = time if time is None or read.time is None else Time(time.base, time.offset + read.time.offset)
            whole = self.reading.role(alias)
            if whole is not None and key not in self.model.timed:
                parts.append(self.role(Role(whole.kind, read.key), t + run.shift))
            else:
                parts.append(self.marked(f"{marker}:{read.key}", marker, read.key, shifted, run))
        return run.stacked_rows(parts, key in self.model.parts.wide)

    def role(self, role: Role, at: Any) -> Grid:
        """The symbol or expression of a role at a time."""
        kind, key = role.kind, role.key
        if kind == "grad" and self.last is not None:
            return self.naming.parameter(key).map(self._written_out)
        head = head_role(self, role, at)
        if head is not None:
            return head
        if kind == "free":
            return Grid([[Parameter(self.naming.identifier(f"any_{key}"), n, 1)]])
        if kind == "grad":
            return self.naming.parameter(key, ADJOINT)
        if kind.endswith("_before"):
            return self.role(Role(kind.removesuffix("_before"), key), at - 1)
        if kind == "step":
            return self.naming.parameter(key).map(lambda block: at_time(self._pulled(block, 0), at))
        variable = self.naming.timed(key, t).single
        assert isinstance(variable, Timed)
        if kind in ("now", "after"):
            return Grid([[variable.at(at + int(kind == "after"))]])
        if kind in ("value", "next_value"):
            symbol = self.cell.adjoint(variable) if key not in self.model.inputs else variable.named(ADJOINT + variable.name)
            return Grid([[symbol.at(at + int(kind == "next_value"))]])
        if kind in ("net", "preact"):
            net = self._net(variable)
            return Grid([[(self.cell.adjoint(net) if kind == "net" else net).at(at)]])
        if kind == "direct" and variable == self.cell.output:
            return Grid([[variable.named(LOSS_ADJOINT).at(at)]])
        if kind == "label" and variable == self.cell.output and key in self.model.outputs and self.squared:
            return Grid([[variable.named(LABEL).at(at)]])
        if kind in ("arriving", "same"):
            return Grid([[at_time(self._pulled(variable, -1 if kind == "arriving" else 0), at)]])
        raise UnsupportedError(f"a symbol for {role}")

    def _written_out(self, block: Expression) -> Expression:
        """The gradient as the sum of its parts, where the last step is a number."""
        assert self.last is not None
        return add(*(at_time(self._pulled(block, 0), Integer(step)) for step in range(self.last + 1)))

    def _net(self, variable: Timed) -> Timed:
        for equation in self.cell.split:
            if equation.name == PRE_ACTIVATION + variable.name:
                return equation.variable
            body = equation.body
            if equation.name == variable.name and hasattr(body, "function") and isinstance(body.parts[0], Timed):
                return body.parts[0]
        raise UnsupportedError(f"the pre-activation of {variable.name}")

    def _pulled(self, symbol: Expression, offset: int) -> Expression:
        """What the equations of one step send back to a symbol at t: of the same step, or (offset -1) of the next."""
        wanted = symbol.at(t - 1) if offset and isinstance(symbol, Timed) else symbol
        terms = [
            VJP(equation.body, wanted, self.cell.adjoint(equation.variable))
            for equation in self.cell.split
            if wanted in symbols_in(equation.body)
        ]
        total = add(*terms) if terms else Zeros(*symbol.shape)
        return at_time(total, t + 1) if offset else total

"""What every symbol of a derivation is, in words: its kind, its shape, and its values in a worked example.

Law: the words follow from the declaration and from the prefixes of derived names; shapes are those of the statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from lstm_sym.cell import Cell
from lstm_sym.derivation import Derivation
from lstm_sym.render.typeset.ink import TEXT
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.render.typeset.scalar import index
from lstm_sym.symbols.compound import Beside, Stack
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LABEL, LOSS, LOSS_ADJOINT, NEW, PRE_ACTIVATION, RATE, VALUE_ADJOINT
from lstm_sym.symbols.nodes import Expression
from lstm_sym.symbols.traversal import walk
from lstm_sym.worked import Solution


@dataclass(frozen=True)
class Entry:
    """A symbol: what it is, its shape such as n × 1, and the names of its blocks, `beside` or below one another."""

    meaning: str
    shape: str
    blocks: tuple[str, ...] = ()
    beside: bool = False


def legend(derivation: Derivation, notation: Notation = WORKSHEET, solution: Solution | None = None) -> Mapping[str, Entry]:
    """Every symbol of the derivation and of the solution's lines by its name, the learning rate among them."""
    words = _Words(derivation.cell, notation)
    found = {RATE: Entry("the learning rate", "1 × 1")}
    for name, node in _named(derivation, solution):
        if name not in found:
            blocks = tuple(block.name for block in node.blocks) if isinstance(node, Stack | Beside) else ()
            beside = isinstance(node, Beside)
            how = "beside one another" if beside else "on top of one another"
            stacked = f"{', '.join(words.written(block) for block in blocks)} {how}"
            shape = " × ".join(index(size) for size in node.shape)
            found[name] = Entry(stacked if blocks else words.meaning(name), shape, blocks, beside)
    return found


def _named(derivation: Derivation, solution: Solution | None) -> Iterator[tuple[str, Expression]]:
    """Every symbol and named stack of the statements; the declaration comes first, so that its shapes do."""
    cell = derivation.cell
    sides: list[Expression] = [*cell.inputs, *cell.parameters, *cell.variables]
    for result in derivation:
        for statement in (result.statement, *(step.statement for step in result.steps)):
            sides += [statement.left, statement.right]
    for part in solution.parts if solution else ():
        sides += [side for line in part.lines for side in (line.left, line.right)]
    for side in sides:
        for node in walk(side):
            if isinstance(node, Timed | Parameter | Stack | Beside) and node.name:
                yield node.name, node


class _Words:
    def __init__(self, cell: Cell, notation: Notation) -> None:
        self.cell, self.notation = cell, notation

    def written(self, name: str, time: str | None = None) -> str:
        return TEXT.symbol(name, time, self.notation).source

    def by(self, name: str) -> str:
        """The derivative of the loss by that symbol."""
        return f"∂{self.written(LOSS)}/∂{self.written(name)}"

    def meaning(self, name: str) -> str:
        """What a symbol of that name is, read from the declaration and from the prefix."""
        fixed = {LABEL: "the label: the target of the output", LOSS: "the loss, summed over all steps"}
        fixed[LOSS_ADJOINT] = f"the derivative of the loss by {self.written(self.cell.output.name)} at the same step"
        if name in fixed:
            return fixed[name]
        for prefix, words in self._derived():
            if name.startswith(prefix):
                return words(name.removeprefix(prefix))
        if name.endswith(NEW):
            return f"{self.written(name.removesuffix(NEW))} after the update"
        return self._declared(name)

    def _derived(self) -> Iterable[tuple[str, Callable[[str], str]]]:
        """Each prefix of a derived name with the words for what it decorates."""
        return (
            (PRE_ACTIVATION, lambda of: f"the pre-activation of {self.written(of)}: the argument of its activation"),
            (VALUE_ADJOINT, lambda of: f"the adjoint of the gate {self.written(of)}: {self.by(of)}"),
            (ARRIVING, lambda of: f"what arrives at {self.written(of)} from the step after"),
            (ADJOINT, self._adjoint),
        )

    def _adjoint(self, of: str) -> str:
        if any(parameter.name == of for parameter in self.cell.parameters):
            return f"the gradient {self.by(of)}, summed over all steps"
        if self.cell.is_gate(of):
            return f"the adjoint of the pre-activation of {self.written(of)}: {self.by(PRE_ACTIVATION + of)}"
        return f"the adjoint of {self.written(of)}: {self.by(of)}"

    def _declared(self, name: str) -> str:
        cell = self.cell
        kinds = [
            ("an input", any(symbol.name == name for symbol in cell.inputs)),
            ("a parameter", any(symbol.name == name for symbol in cell.parameters)),
            ("a gate", cell.is_gate(name)),
            ("the output of the cell", cell.output.name == name),
            ("carried to the next step", any(symbol.name == name for symbol in cell.recurrent)),
        ]
        found = [words for words, holds in kinds if holds]
        return ", ".join(found) if found else "a variable of the cell"

"""The numbers of a worked example as they stand in a picture: the name of a quantity, and its entries one below the other.

Law: a quantity without a number raises KeyError; nothing is computed; of a long vector the first entries and the last are shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.figures.scene.scene import SMALL
from lstm_sym.figures.scene.words import Run, Runs, joined, number, symbol, width_of, words
from lstm_sym.pictured import Unrolled
from lstm_sym.render.typeset.notation import Notation
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LABEL, LOSS, LOSS_ADJOINT, PRE_ACTIVATION, VALUE_ADJOINT
from lstm_sym.worked import Entries

MOST_ENTRIES = 4
DOTS: Runs = (Run("⋮"),)


@dataclass(frozen=True)
class Column:
    """The name of a quantity, its entries, and the role that gives them their colour."""

    name: Runs
    numbers: tuple[Runs, ...]
    role: str

    @property
    def width(self) -> float:
        return max(width_of(runs, SMALL) for runs in (self.name, *self.numbers))


class Numbers:
    """The values of an example by quantity and time."""

    def __init__(self, unrolled: Unrolled, notation: Notation) -> None:
        self.unrolled, self.notation = unrolled, notation
        solution = unrolled.solution
        known = (*solution.givens, *solution.values, *unrolled.arrivals)
        self.entries: dict[tuple[str, int | None], Entries] = {(value.quantity, value.time): value.entries for value in known}
        output = unrolled.cell.output.name
        self.last = max(time for name, time in self.entries if name == output and time is not None)

    def value(self, name: str, step: int) -> Column:
        return self._column(name, step, symbol(name, str(step), self.notation), "forward")

    def gradient_of(self, name: str, step: int) -> Column:
        """The adjoint of a variable or input: that of its pre-activation where the derivation has it."""
        found = next(prefix + name for prefix in (ADJOINT, VALUE_ADJOINT) if (prefix + name, step) in self.entries)
        return self._column(found, step, symbol(found, str(step), self.notation), "gradient")

    def gradient(self, variable: Timed, step: int) -> Column:
        return self.gradient_of(variable.name, step)

    def arriving(self, name: str, step: int) -> Column:
        """What comes back to a recurrent variable from the next step; one without a name is written delta_{t <- t+1}."""
        runs = self.arriving_name(name, str(step), str(step + 1))
        return self._column(ARRIVING + name, step, runs, "gradient")

    def arriving_name(self, name: str, step: str, after: str) -> Runs:
        quantity = ARRIVING + name
        if quantity in self.unrolled.named:
            return symbol(quantity, step, self.notation)
        return symbol(ADJOINT + name, f"{step}←{after}", self.notation)

    def loss(self, step: int) -> Column:
        return self._column(LOSS_ADJOINT, step, symbol(LOSS_ADJOINT, str(step), self.notation), "gradient")

    def label(self, step: int) -> Column | None:
        if (LABEL, step) not in self.entries:
            return None
        return self._column(LABEL, step, symbol(LABEL, str(step), self.notation), "ink")

    def _column(self, quantity: str, step: int, name: Runs, role: str) -> Column:
        texts = [entry for row in self.entries[quantity, step] for entry in row]
        runs = [number(text) for text in texts]
        if len(runs) > MOST_ENTRIES:
            runs = [*runs[: MOST_ENTRIES - 2], DOTS, runs[-1]]
        return Column(name, tuple(runs), role)

    def legend(self) -> Runs:
        """What the dashed wires carry, and by what the gradients of gates are."""
        parts = [words("derivative of "), symbol(LOSS, None, self.notation), words(" by the value")]
        gate = next((v.name for v in self.unrolled.cell.variables if self._by_pre_activation(v.name)), None)
        if gate and not self.notation.adjoint_of_net:
            net = symbol(PRE_ACTIVATION + gate, "t", self.notation)
            parts += [words("; "), symbol(ADJOINT + gate, "t", self.notation), words(": by "), net]
        return joined(*parts)

    def parts_legend(self) -> Runs:
        """How the parts of a gradient are written that come from the loss of the same step and from the next step."""
        arriving = [self.arriving_name(v.name, "t", "t+1") for v in self.unrolled.cell.recurrent]
        return joined(
            symbol(LOSS_ADJOINT, "t", self.notation),
            words(": the part from the loss at the same step; "),
            joined(*arriving, between=", "),
            words(": the part from the next step"),
        )

    def _by_pre_activation(self, name: str) -> bool:
        return self.unrolled.cell.is_gate(name) and (ADJOINT + name, 0) in self.entries

    def description(self) -> str:
        """The outputs at every step, in words."""
        name = self.unrolled.cell.output.name
        told = [f"{name} at t={step}: {_plain(self.entries[name, step])}" for step in range(min(self.last, 20) + 1)]
        return (
            f"{self.last + 1} steps of {self.unrolled.cell.title or self.unrolled.cell.name}, values forward, gradients backward "
            f"({self.unrolled.solution.rounding}). {'; '.join(told)}."
        )


def _plain(entries: Entries) -> str:
    return ", ".join(entry for row in entries for entry in row)

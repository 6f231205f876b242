"""The recurrence in a phase of a program: what each step reads of the step before (forward) or after (backward).

    forward   state_{t-1}, out_{t-1}  ->  state_t, out_t
    backward  delta_state_{t+1}, Delta_out_t  ->  delta_state_t, Delta_out_{t-1}

Law: a symbol is carried if it is computed in the phase and read one step later in the order of computation; nothing is read from
further away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lstm_sym.errors import UnsupportedError
from lstm_sym.evaluate.schedule.block import Block
from lstm_sym.evaluate.systems.addresses import Assignment, Key


@dataclass(frozen=True)
class Recurrence:
    """The blocks of a step; `direction` is 1 forward in time, else -1; `carried` has the offset that each name is written to."""

    blocks: Sequence[Block]
    direction: int
    carried: dict[str, int]

    @property
    def lines(self) -> list[Assignment]:
        return [line for block in self.blocks for line in block.assignments]

    def read(self, name: str, step: int) -> Key:
        """Where a carried value stands when a step begins."""
        return name, step + self.carried[name] - self.direction

    def written(self, name: str, step: int) -> Key:
        return name, step + self.carried[name]

    def is_carried(self, name: str, offset: int | None) -> bool:
        """Whether a symbol read at that offset comes from the step before."""
        return offset is not None and name in self.carried and offset == self.carried[name] - self.direction


def recurrence(blocks: Sequence[Block], direction: int) -> Recurrence:
    """The recurrence among the equations of one step."""
    lines = [line for block in blocks for line in block.assignments]
    written = {line.target.name: line.target.offset for line in lines}
    carried: dict[str, int] = {}
    for line in lines:
        for source in line.sources:
            if source.origin != "step" or source.name not in written:
                continue
            distance = direction * (written[source.name] - source.offset)
            if distance not in (0, 1):
                raise UnsupportedError(
                    f"the recurrence of {source.name}", got=f"a value from {distance} steps away", expected="the step before"
                )
            if distance == 1:
                carried[source.name] = written[source.name]
    return Recurrence(blocks, direction, carried)

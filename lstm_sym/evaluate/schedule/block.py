"""Equations that run one after another at a step, as one function from what they read to all that they compute.

Law: an address that an equation of the block computes is not read from outside; an equation that needs a label is a block of its
own, which is zero at a step without one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from fractions import Fraction
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from lstm_sym.evaluate.systems.addresses import Address, Assignment, Key

if TYPE_CHECKING:
    from lstm_sym.evaluate.systems.system import NumberSystem


Function = Callable[[Sequence[Any]], Sequence[Any]]
Look = Callable[[Mapping[Key, Any]], Sequence[Any]]


def looked_up(keys: Sequence[Key]) -> Look:
    """A function that gives the values at the keys."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda values: [values[key] for key in keys]


class Call:
    """A function with where it reads and writes; `bound` are its first arguments."""

    def __init__(self, function: Function, bound: list[Any], reads: Sequence[Key], writes: Sequence[Key]) -> None:
        self.function, self.bound, self.writes = function, bound, writes
        self.read = looked_up(reads)

    def __call__(self, values: MutableMapping[Key, Any]) -> None:
        values.update(zip(self.writes, self.function([*self.bound, *self.read(values)]), strict=True))


class Block:
    """`function` gives the values of the assignments' targets, in order, from those of `sources`."""

    def __init__(self, assignments: Sequence[Assignment], system: NumberSystem[Any], scalars: Mapping[str, Fraction]) -> None:
        self.assignments, self.system, self.scalars = assignments, system, scalars
        self.sources = external(assignments)
        self.targets = [assignment.target for assignment in assignments]
        self.needs_label = any(assignment.needs_label for assignment in assignments)
        self._timeless = all(a.origin in (None, "step") for a in (*self.sources, *self.targets))
        self._reads, self._writes = ([_relative(address) for address in a] for a in (self.sources, self.targets))
        self.bound: list[Any] = []

    @cached_property
    def function(self) -> Function:
        """Compiled when it is first needed: where all equations are joined, their parts never are."""
        with self.system.session():
            return self.system.compile_block(self.assignments, self.sources, self.scalars)

    def bind(self, given: Mapping[Key, Any]) -> None:
        """Takes the parameters among the sources, which stand first, from what is given, so that no step looks them up."""
        parameters = [(source.name, None) for source in self.sources if source.origin is None]
        if all(key in given for key in parameters):
            self.bound = [given[key] for key in parameters]

    def at(self, step: int, last: int) -> Call:
        """The block at that step."""
        return Call(self.function, self.bound, self.keys(step, last), self.written(step, last))

    def keys(self, step: int, last: int) -> list[Key]:
        """Where the arguments after those that are bound stand, at that step."""
        start = len(self.bound)
        if self._timeless:
            return [(name, None if offset is None else step + offset) for name, offset in self._reads[start:]]
        return [source.key(step, last) for source in self.sources[start:]]

    def written(self, step: int, last: int) -> list[Key]:
        if self._timeless:
            return [(name, None if offset is None else step + offset) for name, offset in self._writes]
        return [target.key(step, last) for target in self.targets]


def blocks(assignments: Sequence[Assignment]) -> Iterator[Sequence[Assignment]]:
    """The assignments in order, cut around those that need a label."""
    together: list[Assignment] = []
    for assignment in assignments:
        if assignment.needs_label:
            yield from filter(None, [together])
            yield [assignment]
            together = []
        else:
            together.append(assignment)
    yield from filter(None, [together])


def external(assignments: Sequence[Assignment]) -> list[Address]:
    """What the assignments read and do not compute, each once, parameters first."""
    computed: set[Address] = set()
    found: dict[Address, None] = {}
    for assignment in assignments:
        found.update(dict.fromkeys(source for source in assignment.sources if source not in computed))
        computed.add(assignment.target)
    return sorted(found, key=lambda address: address.origin is not None)


def _relative(address: Address) -> tuple[str, int | None]:
    return address.name, None if address.origin is None else address.offset

"""The worked example inside a document: what it gives, and the network with these numbers in balls.

Laws: the first numbers printed for a parameter or an input are givens; initial values that are not given rest at zero; a
matrix printed the other way round than it is used is turned and said so. What is not given is unknown by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from lstm_sym.notes.formula.names import reference
from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.formula.tree import Formula, Indexed, Name, Number, NumberMatrix, Terms
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.notation.backward import SCALARS
from lstm_sym.notes.sampling.network import Network
from lstm_sym.notes.sampling.numbers import Balls
from lstm_sym.notes.sampling.values import Rows, Value
from lstm_sym.notes.text.bounds import UnreadableError

LABEL = re.compile(r"\b(?:label|target)s?\b[^\d\n$]{0,12}?(-?\d+(?:\.\d+)?)", re.IGNORECASE)
PRECISION = 200
MAX_STEPS = 64
TextRows = tuple[tuple[str, ...], ...]


@dataclass
class Example:
    """Given numbers by key and time; labels by step; notes for the reader."""

    model: Model
    given: dict[tuple[str, int | None], TextRows] = field(default_factory=dict)
    scalars: dict[str, Fraction] = field(default_factory=dict)
    labels: list[Fraction] = field(default_factory=list)
    label_at: dict[int, TextRows] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def times(self) -> list[int]:
        return sorted({time for key, time in self.given if time is not None and key in self.model.inputs})


def rows_of(node: Formula) -> TextRows | None:
    """The printed rows of a number, a signed number or a matrix of numbers; None where there is arithmetic."""
    if isinstance(node, NumberMatrix):
        return node.rows
    if isinstance(node, Number):
        return ((node.text,),)
    if isinstance(node, Terms) and len(node.terms) == 1 and isinstance(node.terms[0], Number):
        return ((("-" if node.signs[0] < 0 else "") + node.terms[0].text,),)
    return None


def gather(model: Model, pairs: Iterable[Pair], prose: str, labels: frozenset[str]) -> tuple[Example, set[Pair]]:
    """The example of a document, and the pairs that give it; `labels` are the names of what the output is compared with."""
    example, givens = Example(model), set()
    for pair in pairs:
        rows = rows_of(pair.right)
        read = reference(pair.left, model.timed) if isinstance(pair.left, Name | Indexed) else None
        if rows is None or read is None or pair.position != 0 or read.transposed:
            continue
        time = read.time.offset if read.time is not None and not read.time.base else None
        if read.key in SCALARS and read.key not in model.names:
            example.scalars.setdefault(read.key, Fraction(rows[0][0]))
            givens.add(pair)
        elif read.key in labels and time is not None and time not in example.label_at:
            example.label_at[time] = rows
            givens.add(pair)
        elif (read.key, time) not in example.given and _is_given(model, read.key, time):
            example.given[read.key, time] = rows
            givens.add(pair)
    example.labels = [Fraction(found) for found in LABEL.findall(prose)]
    return example, givens


def _is_given(model: Model, key: str, time: int | None) -> bool:
    if key in model.parameters:
        return time is None
    return time is not None and (key in model.inputs or (key in model.definitions and time < 0))


def network_of(example: Example, first: int) -> Network:
    """The network with the given numbers; raises UnreadableError with what is missing."""
    times = example.times
    if not times:
        raise UnreadableError("no inputs are given in numbers", 0)
    if times[-1] - times[0] > MAX_STEPS:
        raise UnreadableError("more steps than the audit unrolls", 0)
    missing = [key for key in example.model.parameters if (key, None) not in example.given]
    if missing:
        raise UnreadableError(f"no numbers are given for {', '.join(missing)}", 0)
    network = Network(example.model, Balls(), span=(times[0], times[-1]), at_rest=True)
    _fix_sizes(example, network)
    for (key, time), rows in example.given.items():
        network.given[key, time] = Value(_as_used(example, network, key, rows))
    network.labels = dict(_labels(example, network))
    network.scalars = dict(example.scalars)
    return network


def _labels(example: Example, network: Network) -> Iterator[tuple[tuple[str, int], Value]]:
    if len(example.model.outputs) != 1 or example.model.loss_unread:
        return
    output = example.model.outputs[0]
    for time, rows in example.label_at.items():
        yield (output, time), Value(_as_used(example, network, output, rows))
    if not example.label_at and len(example.labels) == len(example.times):
        number = Balls().number
        for time, label in zip(example.times, example.labels, strict=True):
            yield (output, time), Value(((number(label),),))


def _fix_sizes(example: Example, network: Network) -> None:
    """Sizes from the vectors that are given, then from the matrices."""
    known: set[int] = set()
    for vectors in (True, False):
        for (key, _), rows in example.given.items():
            shape = example.model.shapes.known.get(key)
            if shape is None:
                continue
            sides = [side.root() for side in shape]
            fixed = [side for side in sides if isinstance(side.bound, int)]
            lengths = len(rows), len(rows[0])
            if vectors and len(fixed) == 1:
                free = next(side for side in sides if side not in fixed)
                _assign(network, known, free, max(lengths))
            elif not vectors and not fixed:
                _assign_matrix(network, known, sides, lengths)


def _assign(network: Network, known: set[int], side: object, length: int) -> None:
    if getattr(side, "bound", None) is None and id(side) not in known:
        network.sizes[id(side)] = length
        known.add(id(side))


def _assign_matrix(network: Network, known: set[int], sides: list, lengths: tuple[int, int]) -> None:
    here = [network.sizes.get(id(side)) if id(side) in known else None for side in sides]
    if here[0] not in (None, lengths[0]) or here[1] not in (None, lengths[1]):
        lengths = lengths[1], lengths[0]
    for side, length in zip(sides, lengths, strict=True):
        _assign(network, known, side, length)


def _as_used(example: Example, network: Network, key: str, rows: TextRows) -> Rows:
    number = Balls().number
    exact = tuple(tuple(number(Fraction(entry)) for entry in row) for row in rows)
    shape = network.shape(key)
    if (len(rows), len(rows[0])) == shape:
        return exact
    if (len(rows[0]), len(rows)) == shape:
        form = "a column" if len(rows[0]) == 1 else "a row" if len(rows) == 1 else "its transpose"
        note = f"{key} is printed as {form}, and used the other way round"
        example.notes.append(note)
        return tuple(zip(*exact, strict=True))
    raise UnreadableError(
        f"{key} is printed with {len(rows)} x {len(rows[0])} entries, where {shape[0]} x {shape[1]} are needed", 0
    )

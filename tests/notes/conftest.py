"""A document taken through the rooms, up to its samples: what tests of single rooms start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from lstm_sym.notes.formula.pairs import Pair, pairs_of
from lstm_sym.notes.formula.read import read_entries
from lstm_sym.notes.formula.tree import Formula, Relation
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.model.given_cell import learnt
from lstm_sym.notes.notation.normal import normalised
from lstm_sym.notes.notation.timeless import with_times
from lstm_sym.notes.sampling.samples import Samples
from lstm_sym.notes.text.document import document


@dataclass
class Learnt:
    """What a text defines: its formulas, its model, the pairs of all its relations, and its samples."""

    formulas: Mapping[int, Formula]
    model: Model
    pairs: list[Pair]
    samples: Samples


def learn(text: str) -> Learnt:
    trees = [entry.tree for entry in read_entries(document(text)) if entry.tree is not None]
    formulas, timed = with_times(*normalised(trees))
    done, model = learnt(dict(enumerate(formulas)), timed)
    pairs = [pair for number, line in done.items() if isinstance(line, Relation) for pair in pairs_of(number, line)]
    return Learnt(done, model, pairs, Samples(model))


@pytest.fixture
def from_text() -> Callable[[str], Learnt]:
    return learn

"""The document behind its numbers: its relations as they were read and judged, and how a claim of it is named.

Law: data only; what the numbers stand for was decided from the formulas before a number is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lstm_sym.claim import Claim
from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.formula.spelling import claim_at
from lstm_sym.notes.formula.tree import Formula, Relation
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.sampling.samples import Samples, Setting
from lstm_sym.notes.sampling.scope import Reading
from lstm_sym.notes.text.document import Document


@dataclass(frozen=True)
class Page:
    """One document, its relations by number, their corrected right sides, and what its names mean."""

    text: Document
    relations: Mapping[int, Relation]
    model: Model
    samples: Samples
    reading: Reading
    setting: Setting
    corrected: Mapping[Pair, Formula]

    def claim(self, kind: str, start: int, end: int) -> Claim:
        return claim_at(self.text, kind, start, end)

    @property
    def labels(self) -> frozenset[str]:
        """The names of what the output is compared with: by the document's use of them, or by its loss."""
        used = {key for key, role in self.reading.roles if role.kind == "label"}
        return frozenset(used | ({self.model.loss_label} if self.model.loss_label else set()))

    @property
    def prose(self) -> str:
        """The text outside its mathematics."""
        text, parts, last = self.text.text, [], 0
        for passage in self.text.passages():
            parts.append(text[last : passage.start])
            last = passage.end
        return "$".join([*parts, text[last:]])

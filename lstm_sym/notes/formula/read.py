"""Every piece of a document as a tree, or with the reason why it is none.

Law: no piece is lost; a tree that was read after a repair says what was left off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lstm_sym.notes.formula.parse import parse
from lstm_sym.notes.formula.tree import Formula
from lstm_sym.notes.text.bounds import MAX_CLAIMS, UnreadableError
from lstm_sym.notes.text.document import Document
from lstm_sym.notes.text.pieces import Piece, pieces
from lstm_sym.notes.text.repair import repaired


@dataclass(frozen=True)
class Entry:
    """A piece as it was read: its tree, or why it could not be read; `repair` says what was left off to read it."""

    piece: Piece
    tree: Formula | None
    stop: UnreadableError | None = None
    repair: str | None = None


def read_entries(text: Document) -> Iterator[Entry]:
    """Every piece of the document, read or not."""
    for piece in pieces(text)[:MAX_CLAIMS]:
        try:
            yield Entry(piece, parse(piece.tokens, text.text))
        except UnreadableError as stop:
            tokens, words = repaired(piece.tokens, text.text)
            try:
                yield Entry(piece, parse(tokens, text.text) if words else None, stop, words)
            except UnreadableError:
                yield Entry(piece, None, stop)

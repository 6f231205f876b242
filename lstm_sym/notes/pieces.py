"""A display -> its pieces: one relation each, split at line ends, commas, wide spaces and words, and joined again where a
line goes on.

Laws: a piece that begins with = goes on from the piece before it, even across displays; one that begins with + or a product
sign, or follows one that ends so, is its continuation; a piece without a relation is no claim. What cannot be tokenised
becomes a token BAD with its reason inside its own piece, so that its neighbours are still read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lstm_sym.notes.bounds import UnreadableError
from lstm_sym.notes.document import Document, Passage
from lstm_sym.notes.lexer import Lexer, Token

OPENING = frozenset({"LBRACE", "LPAR", "LSQ", "LCURLY", "BEGIN"})
CLOSES = frozenset({"RBRACE", "RPAR", "RSQ", "RCURLY", "END"})
BREAKS = frozenset({"ROW", "COMMA", "SEMI", "QUAD", "TEXT", "BREAK", "STOP"})
GOES_ON = frozenset({"PLUS", "MINUS", "OP"})
HOLDING = frozenset({"AMP", "SPACE", "QUAD"})


@dataclass(frozen=True)
class Piece:
    """The tokens of one relation, where they begin and end in the text, and whether they stand in a display."""

    tokens: tuple[Token, ...]
    start: int
    end: int
    display: bool


def pieces(document: Document) -> tuple[Piece, ...]:
    """All relations of the document, in order."""
    macros = document.macros()
    found: list[Piece] = []
    for passage in document.passages():
        for first, part in enumerate(_parts(tokens_of(document.text, passage, macros))):
            if part[0].kind == "REL" and found and (first or passage.display):
                before = found.pop()
                found.append(Piece((*before.tokens, *part), before.start, part[-1].end, before.display))
            elif any(token.kind == "REL" for token in part):
                found.append(Piece(part, part[0].start, part[-1].end, passage.display))
    return tuple(found)


def tokens_of(text: str, passage: Passage, macros: Mapping[str, str]) -> tuple[Token, ...]:
    """The tokens of a passage; where the lexer stops, a BAD token with the reason, then on with the next line or
    character.
    """
    tokens: list[Token] = []
    start = passage.start
    while start < passage.end:
        lexer = Lexer(text, start, passage.end, macros)
        try:
            tokens.extend(lexer.run())
            break
        except UnreadableError as stop:
            at = max(stop.offset, lexer.at) if passage.start <= stop.offset < passage.end else lexer.at
            step = _skip(text, at, passage.end)
            tokens.extend([*lexer.tokens, Token("BAD", stop.reason, at, step)])
            start = step
    return tuple(tokens)


def _skip(text: str, at: int, end: int) -> int:
    """The offset after the command or character that could not be read."""
    if text[at] == "\\":
        at += 1
        while at < end and text[at].isalpha():
            at += 1
        return max(at, min(end, at))
    return at + 1


def _parts(tokens: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    parts: list[list[Token]] = [[]]
    breaks: list[str] = [""]
    for position, (token, depth) in enumerate(_with_depth(tokens)):
        if depth == 0 and (token.kind in BREAKS or (token.kind == "AMP" and _new_column(parts[-1], tokens[position + 1 :]))):
            parts.append([])
            breaks.append(token.kind)
        else:
            parts[-1].append(token)
    joined: list[list[Token]] = []
    pending = ""
    for part, kind in zip(parts, breaks, strict=True):
        pending = "ROW" if kind == "ROW" or pending == "ROW" else kind
        content = [token for token in part if token.kind not in HOLDING]
        if not content:
            continue
        if joined and pending in ("ROW", "QUAD") and _goes_on(joined[-1], content):
            joined[-1].extend(content)
        else:
            joined.append(
                [token for token in part if token.kind not in ("AMP", "QUAD")] if part[0].kind in HOLDING else list(part)
            )
        pending = ""
    for part in joined:
        kept = [token for token in part if token.kind != "AMP" or _inside(part)]
        while kept and kept[0].kind in HOLDING:
            kept.pop(0)
        if kept:
            yield tuple(kept)


def _new_column(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether an alignment mark parts two equations of one line: each side has a relation of its own."""
    if not any(token.kind == "REL" for token in before) or not after or after[0].kind == "REL" or before[-1].kind == "REL":
        return False
    for token, depth in _with_depth(after):
        if depth == 0 and token.kind == "ROW":
            return False
        if depth == 0 and token.kind == "REL":
            return True
    return False


def _inside(part: Sequence[Token]) -> bool:
    return any(token.kind == "BEGIN" for token in part)


def _goes_on(before: Sequence[Token], part: Sequence[Token]) -> bool:
    last = next(token for token in reversed(before) if token.kind not in HOLDING)
    if last.kind in GOES_ON or last.kind in ("REL", "BIG"):
        return True
    return part[0].kind in GOES_ON and not any(token.kind == "REL" for token, depth in _with_depth(part) if depth == 0)


def _with_depth(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    depth = 0
    for token in tokens:
        if token.kind in OPENING:
            depth += 1
        elif token.kind in CLOSES:
            depth = max(depth - 1, 0)
        yield token, depth

"""Repairs of what scanning leaves behind: a tail that breaks off, a closing bracket too many.

Law: a repair is offered and said; the claim's text stays as it is, and a repaired claim is marked so.
"""

from __future__ import annotations

from collections.abc import Sequence

from lstm_sym.notes.text.lexer import Token

MAX_TAIL = 24
OPENING = {"LBRACE": "RBRACE", "LPAR": "RPAR", "LSQ": "RSQ"}


def repaired(tokens: Sequence[Token], text: str) -> tuple[tuple[Token, ...], str | None]:
    """The tokens without a broken tail of powers of ten or of an open bracket, and what was left off; None where nothing
    helps.
    """
    surplus = _surplus(tokens)
    if surplus is not None:
        return (*tokens[:surplus], *tokens[surplus + 1 :]), f"left off: {text[tokens[surplus].start : tokens[surplus].end]}"
    cut = _broken_tail(tokens)
    if cut is None or not any(token.kind == "REL" for token in tokens[:cut]):
        return tuple(tokens), None
    left_off = " ".join(text[tokens[cut].start : tokens[-1].end].split())
    kept = tuple(token for token in tokens[:cut])
    kept = (*kept[:-1], _without_power(kept[-1], text)) if kept else kept
    return kept, f"left off: {left_off[:40]}"


def _surplus(tokens: Sequence[Token]) -> int | None:
    """The last token where it closes a bracket that nothing opened."""
    depth = 0
    for position, token in enumerate(tokens):
        depth += (token.kind == "LPAR") - (token.kind == "RPAR")
        if depth < 0:
            return position if position == len(tokens) - 1 else None
    return None


def _without_power(token: Token, text: str) -> Token:
    """0.00176 of a number into which a broken power of ten was drawn."""
    if token.kind == "NUMBER" and "e" in token.value and "\\times" in text[token.start : token.end]:
        mantissa = token.value.partition("e")[0]
        return Token(token.kind, mantissa, token.start, token.start + len(mantissa))
    return token


def _broken_tail(tokens: Sequence[Token]) -> int | None:
    """Where the tail begins: at the product sign before the last bracket that is never closed."""
    open_at: list[int] = []
    for position, token in enumerate(tokens):
        if token.kind in OPENING:
            open_at.append(position)
        elif token.kind in OPENING.values() and open_at:
            open_at.pop()
    if not open_at:
        return None
    position = open_at[0]
    while position > 0 and len(tokens) - position < MAX_TAIL and tokens[position].kind != "OP":
        position -= 1
    return position if tokens[position].kind == "OP" else None

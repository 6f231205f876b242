"""Tokens of one formula made regular before the grammar: words in indices, separators in brackets, bars with an index.

    \\delta_{h,\\text{from } t+1}     an item of an index that holds words is one name
    [\\, a \\;\\; b \\mid c \\,]         wide spaces and bars between the items of a bracket are commas
    x \\big|_{\\text{direct}}          a bar that carries an index is only the place of that index

Law: nothing is added or dropped but separators; every token keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lstm_sym.notes.text.lexer import Token
from lstm_sym.notes.text.wrappers import CLOSES, OPENING, closing

NO_OPERAND_BEFORE = frozenset({"LSQ", "LPAR", "COMMA", "SEMI", "PLUS", "MINUS", "OP", "REL", "SLASH", "COLON", "AMP", "ROW"})
NO_OPERAND_AFTER = frozenset(
    {"RSQ", "RPAR", "COMMA", "SEMI", "PLUS", "MINUS", "OP", "REL", "SLASH", "COLON", "SUB", "SUP", "AMP", "ROW", "END"}
)


def regular(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens as the grammar wants them."""
    return _separated(_plain_bars(_named_sizes(_worded(tokens, text))))


def _named_sizes(tokens: Sequence[Token]) -> list[Token]:
    """Words in the brackets of a slice as names of sizes."""
    found = list(tokens)
    for position, token in enumerate(tokens):
        if token.kind == "LSQ":
            inside = range(position + 1, closing(tokens, position))
            if any(tokens[at].kind == "COLON" for at in inside):
                for at in inside:
                    if tokens[at].kind == "TEXT":
                        found[at] = Token("NAME", tokens[at].value, tokens[at].start, tokens[at].end)
    return found


def _worded(tokens: Sequence[Token], text: str) -> list[Token]:
    """Items of an index with words in them as one name each."""
    found: list[Token] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        found.append(token)
        position += 1
        if token.kind not in ("SUB", "SUP") or position == len(tokens):
            continue
        if tokens[position].kind == "TEXT":
            found.append(_word([tokens[position]], text))
            position += 1
        elif tokens[position].kind == "LBRACE":
            end = closing(tokens, position)
            if any(inner.kind == "TEXT" for inner in tokens[position:end]):
                found += [tokens[position], *_items(tokens[position + 1 : end], text), *tokens[end : end + 1]]
                position = end + 1
    return found


def _items(tokens: Sequence[Token], text: str) -> list[Token]:
    found: list[Token] = []
    item: list[Token] = []
    depth = 0
    for token in (*tokens, None):
        depth += 0 if token is None else (token.kind in OPENING) - (token.kind in CLOSES)
        if token is None or (depth == 0 and token.kind == "COMMA"):
            found += [_word(item, text)] if any(inner.kind == "TEXT" for inner in item) else item
            found += [token] if token is not None else []
            item = []
        else:
            item.append(token)
    return found


def _word(item: Sequence[Token], text: str) -> Token:
    source = "".join(token.value if token.kind in ("TEXT", "NAME", "NUMBER") else "" for token in item)
    word = re.sub(r"\W+", "", source).lower() or re.sub(r"\W+", "", text[item[0].start : item[-1].end])
    return Token("NAME", word or "part", item[0].start, item[-1].end)


def _plain_bars(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without bars that only carry an index."""
    opened: dict[int, int] = {}
    found: list[Token] = []
    depth = 0
    for position, token in enumerate(tokens):
        depth += (token.kind in OPENING) - (token.kind in CLOSES)
        if token.kind == "BAR":
            following = tokens[position + 1].kind if position + 1 < len(tokens) else ""
            if following == "SUB" and opened.get(depth, 0) % 2 == 0:
                continue
            opened[depth] = opened.get(depth, 0) + 1
        found.append(token)
    return found


def _separated(tokens: Sequence[Token]) -> list[Token]:
    """Square brackets with wide spaces or single bars between their items, written with commas."""
    found = list(tokens)
    for position, token in enumerate(tokens):
        if token.kind == "LSQ":
            for at in _separators(tokens, position):
                found[at] = Token("COMMA", ",", tokens[at].start, tokens[at].end)
    return found


def _separators(tokens: Sequence[Token], start: int) -> list[int]:
    """The places of the wide spaces or bars of this bracket that part two items; none where commas part them."""
    end = closing(tokens, start)
    depth = 0
    places: dict[str, list[int]] = {"QUAD": [], "BAR": []}
    for position in range(start + 1, end):
        token = tokens[position]
        depth += (token.kind in OPENING) - (token.kind in CLOSES)
        if depth == 0 and token.kind in ("COMMA", "SEMI"):
            return []
        if depth == 0 and token.kind in places and _between(tokens, position):
            places[token.kind].append(position)
    return places["QUAD"] or places["BAR"]


def _between(tokens: Sequence[Token], position: int) -> bool:
    before = next(token for token in reversed(tokens[:position]) if token.kind != "SPACE")
    after = next((token for token in tokens[position + 1 :] if token.kind != "SPACE"), None)
    return before.kind not in NO_OPERAND_BEFORE and after is not None and after.kind not in NO_OPERAND_AFTER

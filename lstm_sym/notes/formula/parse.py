"""Tokens -> formula tree, by the grammar in grammar.lark (LALR).

Laws: the tree spans the tokens it was read from; what the grammar does not accept raises UnreadableError with the offset of
the first token that does not fit and what was read there. The table of the parser is built once, when the first formula is
read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lstm_sym.notes.formula.layout import regular
from lstm_sym.notes.formula.tree import Formula
from lstm_sym.notes.text.bounds import MAX_DEPTH, MAX_FORMULA, UnreadableError
from lstm_sym.notes.text.lexer import Token

OPENING = frozenset({"LBRACE", "LPAR", "LSQ", "LCURLY", "BEGIN", "LANGLE"})
CLOSES = frozenset({"RBRACE", "RPAR", "RSQ", "RCURLY", "END", "RANGLE"})
SILENT = frozenset({"SPACE", "QUAD"})
SAY = {"CLOSE": "the end of an index", "$END": "the end"}


def parse(tokens: Sequence[Token], text: str) -> Formula:
    """The formula tree of these tokens; `text` is the original, for messages."""
    from lark.exceptions import UnexpectedInput, VisitError

    from lstm_sym.notes.formula.build import Builder

    if not tokens:
        raise UnreadableError("an empty formula", 0)
    if tokens[-1].end - tokens[0].start > MAX_FORMULA:
        raise UnreadableError(f"a formula of more than {MAX_FORMULA} characters", tokens[0].start)
    prepared = list(_prepared(regular(tokens, text)))
    try:
        return _parser(Builder).parse(prepared)
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        if token is None or token.type == "$END":
            raise UnreadableError("the formula breaks off", tokens[-1].end) from None
        raise UnreadableError(f"{_said(token, text)} does not fit here", token.start_pos) from None
    except VisitError as error:
        raise UnreadableError(f"the formula cannot be built: {error.orig_exc}", tokens[0].start) from None


def _said(token: Any, text: str) -> str:
    return SAY.get(token.type, repr(text[token.start_pos : min(token.end_pos, token.start_pos + 30)]))


@cache
def _parser(builder: type) -> Any:
    from lark import Lark
    from lark import Token as LarkToken
    from lark.lexer import Lexer as LarkLexer

    class Given(LarkLexer):
        """Hands the tokens that our lexer made to the parser."""

        def __init__(self, _conf: object) -> None:
            """Needs nothing from the grammar: the tokens are made before."""

        def lex(self, data: Sequence[Token]) -> Iterator[LarkToken]:  # type: ignore[override]
            for token in data:
                yield LarkToken(token.kind, token.value, start_pos=token.start, end_pos=token.end)

    grammar = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=Given, transformer=builder(), maybe_placeholders=False)


def _prepared(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens with scripts bracketed, alignment marks outside matrices dropped, nesting bounded."""
    depth, inside_matrix, closers = 0, 0, []
    bars: list[int] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        position += 1
        if token.kind == "BAD":
            raise UnreadableError(token.value, token.start)
        if token.kind in ("SUB", "SUP"):
            position, opened = _open_script(tokens, position, token)
            yield Token(f"OPEN_{token.kind}", token.value, token.start, token.end)
            if opened is None:
                closers.append("CLOSE")
                depth += 1
            else:
                yield opened
                yield Token("CLOSE", "", opened.end, opened.end)
            continue
        if token.kind == "BAR":
            opens = not bars or bars[-1] != depth
            bars.append(depth) if opens else bars.pop()
            yield Token("LBAR" if opens else "RBAR", "|", token.start, token.end)
            continue
        if token.kind in SILENT or (token.kind in ("AMP", "ROW") and not inside_matrix):
            continue
        if token.kind in OPENING:
            depth += 1
            inside_matrix += token.kind == "BEGIN"
            closers.append(token.kind)
        elif token.kind in CLOSES:
            depth -= 1
            inside_matrix -= token.kind == "END"
            opened_by = closers.pop() if closers else ""
            if opened_by == "CLOSE":
                if token.kind != "RBRACE":
                    raise UnreadableError("an index that is not closed", token.start)
                yield Token("CLOSE", "", token.start, token.end)
                continue
        if depth > MAX_DEPTH:
            raise UnreadableError(f"brackets nested deeper than {MAX_DEPTH}", token.start)
        yield token


def _open_script(tokens: Sequence[Token], position: int, sign: Token) -> tuple[int, Token | None]:
    """The position after what opens the script; the single token of a script without braces, or None where a brace opened
    it.
    """
    while position < len(tokens) and tokens[position].kind in SILENT:
        position += 1
    if position == len(tokens):
        raise UnreadableError("an index sign with nothing after it", sign.start)
    following = tokens[position]
    return position + 1, None if following.kind == "LBRACE" else following

"""Tokens of a passage without what only dresses them: frames, braces with a remark, tables that hold equations.

    \\boxed{a = b}    \\underbrace{x}_{why}    \\overset{def}{=}    {a = b}    \\begin{array}{c} a = b \\\\ c = d \\end{array}

Laws: what is taken off has no meaning of its own, and every token that stays keeps its place. A matrix becomes rows of a
display only where a relation stands directly in it; the cases of one left side become one equation each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lstm_sym.notes.text.lexer import Token
from lstm_sym.notes.text.lexicon import WRAPPERS

OPENING = {"LBRACE": "RBRACE", "LPAR": "RPAR", "LSQ": "RSQ", "LCURLY": "RCURLY", "BEGIN": "END"}
CLOSES = frozenset(OPENING.values())
SCRIPTS = {-1: "SUB", 1: "SUP"}
BEFORE_ARGUMENT = frozenset({"SUB", "SUP", "FRAC", "ACCENT", "BIG"})
LAST_STEPS = frozenset({"T", "tau", "N"})
Tokens = Sequence[Token]


def undressed(tokens: Tokens) -> list[Token]:
    """The tokens without frames and with equations out of tables."""
    found = list(tokens)
    for step in PASSES:
        found = step(found)
    return found


def closing(tokens: Tokens, start: int) -> int:
    """The position of the bracket that closes the one at `start`; the last position where none does."""
    depth = 0
    for position in range(start, len(tokens)):
        if tokens[position].kind in OPENING:
            depth += 1
        elif tokens[position].kind in CLOSES:
            depth -= 1
            if depth <= 0:
                return position
    return len(tokens) - 1


def _unframed(tokens: Tokens) -> list[Token]:
    dropped: set[int] = set()
    accents: dict[int, Token] = {}
    for position, token in enumerate(tokens):
        if token.kind != "WRAP":
            continue
        if token.value in ("stackrel", "overset") and _is_tilde(tokens, position + 1):
            end = _argument_end(tokens, position + 1)
            dropped.update(range(position + 1, end))
            accents[position] = Token("ACCENT", "tilde", token.start, tokens[end - 1].end)
            continue
        dropped.add(position)
        before, remark = WRAPPERS[token.value]
        at = position + 1
        for _ in range(before):
            end = _argument_end(tokens, at)
            dropped.update(range(at, end))
            at = end
        end = _argument_end(tokens, at)
        if end > at and tokens[at].kind == "LBRACE":
            dropped.update((at, end - 1))
        if remark and end < len(tokens) and tokens[end].kind == SCRIPTS[remark]:
            dropped.update(range(end, _argument_end(tokens, end + 1)))
    return [accents.get(position, token) for position, token in enumerate(tokens) if position not in dropped]


def _is_tilde(tokens: Tokens, at: int) -> bool:
    """Whether the argument that begins here is a tilde, to be set above a name."""
    end = _argument_end(tokens, at)
    inside = [token.value for token in tokens[at:end] if token.kind not in ("LBRACE", "RBRACE", "SPACE")]
    return inside in (["sim"], ["~"], ["-"])


def _argument_end(tokens: Tokens, at: int) -> int:
    if at >= len(tokens):
        return at
    return closing(tokens, at) + 1 if tokens[at].kind == "LBRACE" else at + 1


def _unbraced(tokens: Tokens) -> list[Token]:
    """{a = b}, and {\\odot} or {:} around a single sign."""
    dropped: set[int] = set()
    for position, token in enumerate(tokens):
        if token.kind != "LBRACE" or (position and tokens[position - 1].kind in BEFORE_ARGUMENT):
            continue
        end = closing(tokens, position)
        if tokens[end].kind != "RBRACE":
            continue
        sign = end == position + 2 and tokens[position + 1].kind in ("OP", "COLON", "REL", "PLUS", "MINUS")
        if sign or _directly(tokens, position, end, "REL") or _directly(tokens, position, end, "ROW"):
            dropped.update((position, end))
    return [token for position, token in enumerate(tokens) if position not in dropped]


def _directly(tokens: Tokens, start: int, end: int, kind: str) -> bool:
    """Whether a token of that kind stands between the brackets at no deeper level."""
    depth = 0
    for token in tokens[start + 1 : end]:
        depth += (token.kind in OPENING) - (token.kind in CLOSES)
        if depth == 0 and token.kind == kind:
            return True
    return False


def _untabled(tokens: Tokens) -> list[Token]:
    """Tables of equations as the rows of a display; cases after a relation as one equation for each."""
    for position, token in enumerate(tokens):
        if token.kind != "BEGIN":
            continue
        end = closing(tokens, position)
        before, after = list(tokens[:position]), list(tokens[end + 1 :])
        inside = list(tokens[position + 1 : end])
        curly = bool(before) and before[-1].kind == "LCURLY"
        if curly and not (after and after[0].kind == "RCURLY"):
            before.pop()
        if _directly(tokens, position, end, "REL"):
            return [*before, *_untabled([*inside, *after])]
        if token.value == "cases" or (curly and len(before) < position):
            return [*_cases(before, inside), *_untabled(after)]
    return list(tokens)


def _cases(before: list[Token], inside: list[Token]) -> list[Token]:
    """left = {a if t < T, b if t = T}: left = a and, at the last step, left = b."""
    start = next((at for at in range(len(before) - 1, -1, -1) if before[at].kind in ("ROW", "STOP", "SEMI", "QUAD")), -1) + 1
    left, found = before[start:], before[:start]
    for number, row in enumerate(_split(inside, "ROW")):
        value, condition = _condition(row)
        if not value:
            continue
        last = _says_last(condition)
        joined = [_at_last(token) for token in (*left, *value)] if last else [*left, *value]
        found += [*([Token("ROW", "", value[0].start, value[0].start)] if number else []), *joined]
    return found


def _split(tokens: Tokens, kind: str) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.kind in OPENING) - (token.kind in CLOSES)
        if depth == 0 and token.kind == kind:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _condition(row: list[Token]) -> tuple[list[Token], list[Token]]:
    depth = 0
    for at, token in enumerate(row):
        depth += (token.kind in OPENING) - (token.kind in CLOSES)
        if depth == 0 and token.kind in ("AMP", "COMMA", "TEXT", "QUAD"):
            return row[:at], row[at + 1 :]
    return row, []


def _says_last(condition: Tokens) -> bool:
    """Whether the condition is t = T, in any of the letters for the last step."""
    signs = [token for token in condition if token.kind in ("NAME", "REL", "OTHER", "LANGLE", "RANGLE", "MINUS")]
    values = [token.value for token in signs]
    return len(values) == 3 and values[:2] == ["t", "="] and values[2] in LAST_STEPS


def _at_last(token: Token) -> Token:
    return Token("NAME", "T", token.start, token.end) if (token.kind, token.value) == ("NAME", "t") else token


PASSES: tuple[Callable[[Tokens], list[Token]], ...] = (_unframed, _untabled, _unbraced)

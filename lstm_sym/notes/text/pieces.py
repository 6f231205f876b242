"""A display -> its pieces: one relation each, split at line ends, commas, wide spaces and words, and joined again where a
line goes on.

Laws: a piece that begins with = goes on from the piece before it, even across displays; one that begins with + or a product
sign, or follows one that ends so, is its continuation; a piece without a relation is no claim. What cannot be tokenised
becomes a token BAD with its reason inside its own piece, so that its neighbours are still read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.notes.text.document import Document, Passage
from lstm_sym.notes.text.lexer import UNKNOWN_COMMAND, Lexer, Token
from lstm_sym.notes.text.wrappers import closing, undressed

OPENING = frozenset({"LBRACE", "LPAR", "LSQ", "LCURLY", "BEGIN"})
CLOSES = frozenset({"RBRACE", "RPAR", "RSQ", "RCURLY", "END"})
SEVERAL, MANY, LONGEST_MACRO = 2, 10_000, 6
BOLD = frozenset("VvMmBb")
"""First letters of the customary commands for vectors and matrices."""
BREAKS = frozenset({"ROW", "COMMA", "SEMI", "QUAD", "TEXT", "BREAK", "STOP"})
GOES_ON = frozenset({"PLUS", "MINUS", "OP"})
FACTORS = frozenset({"NAME", "FUNCTION", "LPAR", "LSQ", "LBRACE", "FRAC", "PARTIAL", "NABLA", "ACCENT", "BEGIN", "NUMBER", "BIG"})
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
    macros = {**taken_macros(document), **document.macros()}
    found: list[Piece] = []
    for passage in document.passages():
        for first, part in enumerate(_parts(undressed(tokens_of(document.text, passage, macros)), document.text)):
            if part[0].kind == "REL" and found and (first or passage.display):
                before = found.pop()
                found.append(Piece((*before.tokens, *part), before.start, part[-1].end, before.display))
            elif part[0].kind != "REL" and any(token.kind == "REL" for token in part) and not _is_sketch(part):
                found.append(Piece(part, part[0].start, part[-1].end, passage.display))
    return tuple(found)


def taken_macros(document: Document) -> dict[str, str]:
    """The commands that no table and no preamble knows and that stand several times without an argument: names, each with the
    letter that it is taken for.
    """
    macros = document.macros()
    counts: Counter[str] = Counter()
    for passage in document.passages():
        for token in tokens_of(document.text, passage, macros):
            name = token.value.removeprefix(UNKNOWN_COMMAND)
            if token.kind == "BAD" and name != token.value and name.isalpha():
                argument = document.text[token.end : token.end + 1] == "{"
                counts[name] += -MANY if argument else 1
    several = {name for name, count in counts.items() if count >= SEVERAL and len(name) <= LONGEST_MACRO}
    kin = {
        name for name, count in counts.items() if count > 0 and len(name) == 2 and any(other[0] == name[0] for other in several)
    }
    return {name: _letter(name) for name in several | kin}


def _letter(name: str) -> str:
    """h for \\Vh, W for \\MW: the customary commands for vectors and matrices in bold; other names stay whole."""
    return name[1] if len(name) == 2 and name[0] in BOLD else f"\\mathrm{{{name}}}"


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


def _parts(tokens: Sequence[Token], text: str) -> Iterator[tuple[Token, ...]]:
    tokens = _points(tokens, text)
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
        kept = _without_tail(_without_brackets(kept))
        if kept and not _is_remark(kept):
            yield tuple(kept)


def _is_sketch(part: Sequence[Token]) -> bool:
    """Whether the part only sketches: a function of dots, or a proportion."""
    for before, token, after in zip(part, part[1:], part[2:], strict=False):
        if (
            before.kind == "LPAR"
            and after.kind == "RPAR"
            and (token.kind == "DOTS" or (token.kind, token.value) == ("OP", "cdot"))
        ):
            return True
    return any(depth == 0 and (token.kind, token.value) == ("OTHER", "propto") for token, depth in _with_depth(part))


def _points(tokens: Sequence[Token], text: str) -> list[Token]:
    """A point between spaces, followed by a factor and no new equation on its line, is a product sign."""
    found = list(tokens)
    for position, token in enumerate(tokens):
        if token.kind != "STOP" or token.value != "." or not text[token.start - 1 : token.start].isspace():
            continue
        rest = tokens[position + 1 :]
        following = next((kind for kind in (other.kind for other in rest) if kind in ("REL", *BREAKS)), "")
        if rest and rest[0].kind in FACTORS and following != "REL":
            found[position] = Token("OP", "cdot", token.start, token.end)
    return found


def _without_brackets(part: list[Token]) -> list[Token]:
    """(a = b) as a = b."""
    if part and part[0].kind == "LPAR" and closing(part, 0) == len(part) - 1:
        inside = part[1:-1]
        if any(token.kind == "REL" for token, depth in _with_depth(inside) if depth == 0):
            return inside
    return part


def _without_tail(part: list[Token]) -> list[Token]:
    """The part without what is said about the size of its right side, as in \\in R^n."""
    related = False
    for position, (token, depth) in enumerate(_with_depth(part)):
        related = related or token.kind == "REL"
        if depth == 0 and related and token.kind == "OTHER" and token.value == "in":
            return part[:position]
    return part


def _is_remark(part: list[Token]) -> bool:
    """Whether this is a remark in brackets, or what stands behind "because"."""
    inside = part[1:] if part[0].kind == "LPAR" else part
    return any(token.kind in ("BREAK", "TEXT") for token in inside) and (part[0].kind == "LPAR" or inside[0].kind == "BREAK")


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

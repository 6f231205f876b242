"""A document: its text, its places, its stretches of mathematics and the macros that it declares.

Laws: a passage is a pair of offsets into the original text, so that every place is exact; code is never mathematics; prose
is never a claim. Markdown, LaTeX and the Markdown cells of notebooks are read; what is neither is taken for Markdown.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lstm_sym.errors import InputError, Place
from lstm_sym.notes.text.bounds import MAX_TEXT
from lstm_sym.notes.text.lexicon import DISPLAYS

SUFFIXES = {".tex": "latex", ".ltx": "latex", ".latex": "latex", ".ipynb": "notebook"}
CODE = re.compile(
    r"^([`~]{3,})[^\n]*\n.*?(?:^\1[`~]*\s*$|\Z)|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\2(?!`)|<!--.*?-->", re.MULTILINE | re.DOTALL
)
VERBATIM = re.compile(r"\\begin\{(verbatim|lstlisting|minted|comment)\*?\}.*?(?:\\end\{\1\*?\}|\Z)|(?<!\\)%[^\n]*", re.DOTALL)
NAMES = "|".join(
    re.escape(name) for name in sorted(DISPLAYS - {"split", "aligned", "alignedat", "gathered"}, key=len, reverse=True)
)
MATH = re.compile(
    r"(?<!\\)\$\$(?P<dollars>.*?)(?<!\\)\$\$"
    r"|(?<!\\)\\\[(?P<square>.*?)\\\]"
    r"|(?<!\\)\\\((?P<round>.*?)\\\)"
    rf"|\\begin\{{(?P<environment>{NAMES})\}}(?P<body>.*?)\\end\{{(?P=environment)\}}"
    r"|(?<![\\$])\$(?!\$)(?P<inline>(?:[^$\\\n]|\\.|\n(?!\s*\n))+?)(?<!\\)\$(?!\d)",
    re.DOTALL,
)
FENCED_MATH = re.compile(
    r"^(?P<fence>[`~]{3,})[ ]*(?:math|latex|tex)[ ]*\n(?P<block>.*?)^(?P=fence)[ ]*$|\$`(?P<span>[^`\n]+)`\$",
    re.MULTILINE | re.DOTALL,
)
"""Mathematics between signs of code: the fences and the dollars with backticks of some hosts."""
MACRO = re.compile(r"\\(?:newcommand|renewcommand|providecommand|def|DeclareMathOperator\*?)\s*\{?\\([A-Za-z]+)\}?\s*(?=\{)")


@dataclass(frozen=True)
class Passage:
    """A stretch of mathematics, text[start:end]; `display` tells whether it stands alone on its lines."""

    start: int
    end: int
    display: bool


@dataclass(frozen=True)
class Document:
    """A text to read: `text` is the original, or for a notebook that of its Markdown cells, with `origins` back into the
    file.
    """

    name: str
    text: str
    kind: str
    lines: tuple[int, ...]
    origins: tuple[tuple[int, int, int], ...] = ()

    def place(self, offset: int) -> Place:
        """File, line and column of an offset, counted from 1."""
        if self.origins:
            index = bisect_right(self.origins, (offset, 1 << 60, 1 << 60)) - 1
            start, line, column = self.origins[max(index, 0)]
            return Place(self.name, line, column + max(offset - start, 0))
        line = bisect_right(self.lines, offset)
        return Place(self.name, line, offset - self.lines[line - 1] + 1)

    def passages(self) -> tuple[Passage, ...]:
        """The stretches of mathematics, in order."""
        return tuple(_passages(self.text, self.kind))

    def macros(self) -> Mapping[str, str]:
        """The macros without arguments that the text declares."""
        return dict(_macros(self.text))


def read_document(path: str | Path) -> Document:
    """The document in that file; raises InputError where it cannot be read."""
    place = Path(path)
    try:
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"file {place}", got=str(error), expected="a readable text file in UTF-8") from None
    return document(text, str(path), SUFFIXES.get(place.suffix.lower(), "markdown"))


def document(text: str, name: str = "<text>", kind: str | None = None) -> Document:
    """The document of a text; kind is markdown, latex or notebook, and is found from the text where it is None."""
    if len(text) > MAX_TEXT:
        raise InputError(f"text {name}", got=f"{len(text)} characters", expected=f"at most {MAX_TEXT}", advice="split the file")
    kind = kind or ("latex" if "\\begin{document}" in text or "\\documentclass" in text else "markdown")
    if kind == "notebook":
        return _notebook(text, name)
    return Document(name, text, kind, _line_starts(text))


def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(found.end() for found in re.finditer(r"\n", text)))


def _passages(text: str, kind: str) -> Iterator[Passage]:
    fenced = [] if kind == "latex" else list(_fenced(text))
    yield from sorted([*fenced, *_plain_passages(text, kind, fenced)], key=lambda passage: passage.start)


def _fenced(text: str) -> Iterator[Passage]:
    for found in FENCED_MATH.finditer(text):
        which = found.lastgroup or "block"
        yield Passage(*found.span(which), which == "block")


def _plain_passages(text: str, kind: str, fenced: list[Passage]) -> Iterator[Passage]:
    for passage in fenced:  # what is read already is hidden, its signs of code with it
        text = text[: passage.start] + re.sub(r"[^\n]", " ", text[passage.start : passage.end]) + text[passage.end :]
    hidden = VERBATIM if kind == "latex" else CODE
    covered = hidden.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    covered = re.sub(
        r"\\(?:new|renew|provide)command[^\n]*|\\def\\[^\n]*|\\DeclareMathOperator[^\n]*", lambda f: " " * len(f.group()), covered
    )
    for found in MATH.finditer(covered):
        which = found.lastgroup if found.lastgroup != "environment" else "body"
        start, end = found.span(which or 0)
        if covered[start:end].strip():
            yield Passage(start, end, which not in ("inline", "round"))


def _macros(text: str) -> Iterator[tuple[str, str]]:
    for found in MACRO.finditer(text):
        body = _braced(text, found.end())
        if body is not None and "#" not in body and len(body) <= 200:
            yield found.group(1), (f"\\mathrm{{{body}}}" if found.group().startswith("\\DeclareMathOperator") else body)


def _braced(text: str, start: int) -> str | None:
    depth = 0
    for position in range(start, min(len(text), start + 400)):
        if text[position] == "{":
            depth += 1
        elif text[position] == "}":
            depth -= 1
            if depth == 0:
                return text[start + 1 : position]
    return None


def _notebook(text: str, name: str) -> Document:
    try:
        cells = json.loads(text)["cells"]
        sources = [cell["source"] for cell in cells if cell.get("cell_type") == "markdown"]
        lines = [line for source in sources for line in _source_lines(source)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            f"notebook {name}", got=f"{type(error).__name__}: {error}", expected="a Jupyter notebook, nbformat 4"
        ) from None
    starts = _line_starts(text)
    origins, cursor, offset = [], 0, 0
    for line in lines:
        found = _raw_position(text, line.rstrip("\n"), cursor)
        here = found if found >= 0 else cursor
        number = bisect_right(starts, here)
        origins.append((offset, number, here - starts[number - 1] + 1))
        cursor = here + (found >= 0)
        offset += len(line)
    joined = "".join(lines)
    return Document(name, joined, "markdown", _line_starts(joined), tuple(origins))


def _source_lines(source: object) -> list[str]:
    whole = source if isinstance(source, str) else "".join(str(part) for part in source)  # type: ignore[attr-defined]
    return [*(whole + "\n\n").splitlines(keepends=True)]


def _raw_position(text: str, line: str, cursor: int) -> int:
    if not line.strip():
        return -1
    for encoded in (json.dumps(line, ensure_ascii=False)[1:-1], json.dumps(line)[1:-1]):
        found = text.find(encoded, cursor)
        if found >= 0:
            return found
    return -1

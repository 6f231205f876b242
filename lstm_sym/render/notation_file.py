"""Notations from TOML tables: those of the package by name, a reader's own by the name of a file.

    title = "mine"                      names    how symbols, bases and indices are called
    time = "(#)"                        derived  patterns of adjoints: delta, Delta, partial; # stands for the symbol
    time_above = true                   signs    hadamard, product, outer
    [names]                             fractions = true writes adjoints as derivatives of the loss
    out = "h"
    a = { latex = '\\\\tilde{C}', text = "C~" }

Law: what a table brings is checked piece by piece: letters, digits, indices, and the commands of mathematics in COMMANDS; so no
table can run a TeX command.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from lstm_sym.errors import InputError, Place
from lstm_sym.render.notation import DERIVED, GREEK, WORKSHEET, Notation, Written
from lstm_sym.render.notation_names import NOTATIONS
from lstm_sym.symbols.names import ADJOINT, ARRIVING, VALUE_ADJOINT

FIELDS = {"title": str, "time": str, "time_above": bool, "fractions": bool, "names": dict, "derived": dict, "signs": dict}
PREFIXES = {"delta": ADJOINT, "Delta": ARRIVING, "partial": VALUE_ADJOINT}
SIGNS = ("hadamard", "product", "outer")
ACCENTS = "mathit mathrm mathbf mathsf mathcal boldsymbol text tilde widetilde hat widehat bar overline vec dot prime"
OTHERS = "langle rangle frac partial nabla ell cdot odot circ ast star times otimes bullet left right"
COMMANDS = frozenset(ACCENTS.split()) | frozenset(OTHERS.split()) | {word.latex[1:] for word in GREEK.values()}
PIECE = re.compile(r"\\([A-Za-z]+)|[A-Za-z0-9 {}()\[\]<>|,.*+\-/_^'#]")
LONGEST = 200


def notation(name: str) -> Notation:
    """The notation of that name, or of that TOML file; raises InputError with file and line."""
    if name == "worksheet":
        return WORKSHEET
    if name in NOTATIONS:
        text = files("lstm_sym.render").joinpath("notations", f"{name}.toml").read_text(encoding="utf-8")
        return _Table(f"{name}.toml", text).notation()
    if not name.endswith(".toml"):
        raise InputError(
            f"notation {name!r}", got="no notation of that name", expected=f"one of {', '.join(NOTATIONS)}, or a file NAME.toml"
        )
    try:
        return _Table(name, Path(name).read_text(encoding="utf-8")).notation()
    except UnicodeDecodeError as error:
        raise InputError(name, got=str(error), expected="a TOML file in UTF-8") from None


class _Table:
    """One table and the text that it comes from, for the lines of its errors."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        try:
            self.table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InputError(file, got=str(error), expected="a TOML table") from None

    def notation(self) -> Notation:
        for key, value in self.table.items():
            if key not in FIELDS:
                raise self.error(key, "no field of that name", f"one of {', '.join(FIELDS)}")
            if not isinstance(value, FIELDS[key]):
                raise self.error(key, type(value).__name__, FIELDS[key].__name__)
        derived = {PREFIXES.get(key, key): word for key, word in self.words("derived", PREFIXES).items()}
        return replace(
            WORKSHEET,
            title=str(self.table.get("title", self.file)),
            names={**WORKSHEET.names, **self.words("names", None)},
            derived={**DERIVED, **{key: replace(word, bare=False, tall="frac" in word.latex) for key, word in derived.items()}},
            signs=self.words("signs", SIGNS),
            time=self.word("time", self.table.get("time", "#"), with_hole=True),
            time_above=bool(self.table.get("time_above", False)),
            fractions=bool(self.table.get("fractions", False)),
        )

    def words(self, section: str, known: object) -> dict[str, Written]:
        found: Mapping[str, object] = self.table.get(section, {})
        for key in found:
            if known is not None and key not in known:  # type: ignore[operator]  # a tuple or a dictionary of names
                raise self.error(key, f"no key of [{section}]", f"one of {', '.join(known)}")  # type: ignore[arg-type]  # as above
        return {key: self.word(key, value, with_hole=section == "derived") for key, value in found.items()}

    def word(self, key: str, value: object, *, with_hole: bool = False) -> Written:
        """A name or pattern: text alone, or a table with `latex`, and `text` where that is not the same."""
        given = value if isinstance(value, dict) else {"latex": value}
        table = {part: text for part, text in given.items() if part in ("latex", "text", "index") and isinstance(text, str)}
        if len(table) < len(given) or not table.get("latex"):
            raise self.error(key, repr(value)[:60], "a text, or { latex = '...', text = '...', index = '...' }")
        latex, index = table["latex"], table.get("index", "")
        for part in (latex, index):
            self.check(key, part)
        if ("#" in latex) != with_hole or latex.count("#") > 1:
            raise self.error(key, repr(latex), "a pattern with one # for the symbol" if with_hole else "a name, without #")
        text = table.get("text", latex)
        if "\\" in text or len(text) > LONGEST or not text.isprintable():
            raise self.error(key, repr(text)[:60], "`text` as well, plain text for output without TeX")
        letters = latex.isalpha() and len(latex) > 1
        return Written(rf"\mathit{{{latex}}}" if letters else latex, text, index=index, bare="^" not in latex)

    def check(self, key: str, latex: str) -> None:
        place, depth = 0, 0
        while place < len(latex):
            piece = PIECE.match(latex, place)
            if piece is None or (piece[1] and piece[1] not in COMMANDS):
                raise self.error(
                    key, repr(piece[0] if piece else latex[place]), "letters, digits, indices, and commands of mathematics"
                )
            depth += {"{": 1, "}": -1}.get(piece[0], 0)
            if depth < 0:
                break
            place = piece.end()
        if depth or len(latex) > LONGEST:
            raise self.error(key, repr(latex)[:60], "braces in pairs" if depth else f"at most {LONGEST} characters")

    def error(self, key: str, got: str, expected: str) -> InputError:
        found = re.search(rf"^[ \t]*\[?\"?{re.escape(key)}\b", self.text, flags=re.M)
        line = self.text.count("\n", 0, found.start()) + 1 if found else None
        return InputError(f"`{key}`", got=got, expected=expected, place=Place(self.file, line))

"""Notations by name, and from a user's TOML file: tables of names, indices, signs and patterns, checked key by key.

    title = "mine"          base = "hc"            time = "(#)"     time_above = true
    concatenated = true     adjoint_of_net = true
    [names]  out = "h"  label = { latex = '\\hat{y}', text = "y" }
    [indices]  [derived]  [signs]  [cells.lstm]

Laws: an error names file, line and key; the LaTeX of a table is letters, indices and commands of COMMANDS, so that no table can
run anything else; what a table leaves out is that of its base.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from lstm_sym.errors import InputError, Place
from lstm_sym.render.typeset.notation import DERIVED, GREEK, Notation, Written
from lstm_sym.symbols.names import ADJOINT, ARRIVING, VALUE_ADJOINT

NOTATIONS = ("worksheet", "hc", "colah", "greff", "fractions")
WORDS = (
    "acute ast bar bm boldsymbol breve bullet cal cdot check circ ddot delta dot ell frac grave hat imath jmath mathbf mathcal "
    "mathit mathrm mathsf mathtt nabla odot operatorname otimes overline partial prime star text tilde times "
    "top underline varepsilon varphi vartheta vec widehat widetilde"
)
COMMANDS = frozenset(GREEK) | frozenset(WORDS.split())
"""The LaTeX commands that a table may use."""
ALLOWED = re.compile(r"(?:[A-Za-z0-9 {}_^,()\[\]'*|+/<>=.:;!#∂δΔ-]|\\[A-Za-z]+)*\Z")
TABLES = ("names", "indices", "derived", "signs", "cells")
FLAGS = ("time_above", "concatenated", "adjoint_of_net")
KEYS = ("title", "base", "time", *FLAGS, *TABLES)
SIGNS = ("hadamard", "product", "outer")
PREFIXES = (ADJOINT, ARRIVING, VALUE_ADJOINT)


def notation(name: str) -> Notation:
    """The notation of that name, or of the TOML file at that path; raises InputError."""
    if name in NOTATIONS:
        text = files("lstm_sym.render.typeset").joinpath("notations", f"{name}.toml").read_text(encoding="utf-8")
        return parse_notation(text, f"{name}.toml")
    if not name.endswith(".toml"):
        raise InputError(
            f"notation {name[:60]!r}", got="no notation of that name", expected=f"one of {', '.join(NOTATIONS)}, or a .toml file"
        )
    try:
        text = Path(name).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "text that is not UTF-8"
        raise InputError("the notation cannot be read", got=reason, expected="a TOML file", place=Place(name)) from error
    return parse_notation(text, name)


def parse_notation(text: str, file: str) -> Notation:
    """The notation in a TOML text; `file` is how errors call it."""
    try:
        return _Table(text, file, tomllib.loads(text)).notation()
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        place = Place(file, int(line[1]) if line else None)
        raise InputError("not valid TOML", got=str(error), expected="a table of names", place=place) from error


class _Table:
    """One file: its text, to find lines in, and what it says."""

    def __init__(self, text: str, file: str, data: Mapping[str, Any]) -> None:
        self.text, self.file, self.data = text, file, data

    def notation(self) -> Notation:
        data = self.data
        self._known("", data, KEYS)
        base = self._base()
        for flag in FLAGS:
            if not isinstance(data.get(flag, False), bool):
                raise self._error("", flag, repr(data[flag])[:60], "true or false")
        return Notation(
            title=self._title(),
            names={**base.names, **self._words("names")},
            derived={**base.derived, **self._patterns()},
            updated=base.updated,
            time=self._pattern("", "time", data["time"]) if "time" in data else base.time,
            time_above=data.get("time_above", base.time_above),
            signs={**base.signs, **self._words("signs", SIGNS)},
            added={**base.added, **{key: word.latex for key, word in self._words("indices").items()}},
            cells={**base.cells, **self._cells()},
            concatenated=data.get("concatenated", base.concatenated),
            adjoint_of_net=data.get("adjoint_of_net", base.adjoint_of_net),
        )

    def _base(self) -> Notation:
        name = self.data.get("base")
        if name is None:
            return Notation("declared names") if self.file == f"{NOTATIONS[0]}.toml" else notation(NOTATIONS[0])
        if name not in NOTATIONS:
            raise self._error("", "base", repr(name)[:60], f"one of {', '.join(NOTATIONS)}")
        return notation(name)

    def _title(self) -> str:
        title = self.data.get("title", Path(self.file).stem)
        if not isinstance(title, str) or not 1 <= len(title) <= 60:
            raise self._error("", "title", "no text of 1 to 60 characters", "a short text")
        return title

    def _cells(self) -> dict[str, dict[str, Written]]:
        cells = self._table("cells", self.data.get("cells", {}))
        return {name: self._words(f"cells.{name}", within=cells) for name in cells}

    def _patterns(self) -> dict[str, Written]:
        table = self._table("derived", self.data.get("derived", {}))
        self._known("derived", table, PREFIXES)
        found = {key: self._pattern("derived", key, value) for key, value in table.items()}
        return {key: Written(word.latex, word.text, DERIVED[key].bare, r"\frac" in word.latex) for key, word in found.items()}

    def _words(self, path: str, known: tuple[str, ...] = (), within: Mapping[str, Any] | None = None) -> dict[str, Written]:
        """A table of words, each one text or { latex, text }."""
        key = path.rpartition(".")[2]
        table = self._table(path, (self.data if within is None else within).get(key, {}))
        if known:
            self._known(path, table, known)
        return {name: self._word(path, name, value) for name, value in table.items()}

    def _table(self, path: str, value: object) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self._error("", path, repr(value)[:60], f"a table [{path}]")
        return value

    def _pattern(self, path: str, key: str, value: object) -> Written:
        word = self._word(path, key, value)
        if "#" not in word.latex or "#" not in word.text:
            raise self._error(path, key, repr(word.latex)[:60], "a pattern with # for what it decorates")
        return word

    def _word(self, path: str, key: str, value: object) -> Written:
        if isinstance(value, dict) and set(value) == {"latex", "text"}:
            latex, text = value["latex"], value["text"]
        else:
            latex = text = value
        for part in (latex, text):
            if not isinstance(part, str) or not 1 <= len(part) <= 80 or not part.isprintable():
                raise self._error(path, key, repr(value)[:60], 'a text, or { latex = "...", text = "..." }')
        self._check_latex(path, key, latex)
        return Written(latex, text)

    def _check_latex(self, path: str, key: str, latex: str) -> None:
        unknown = [name for name in re.findall(r"\\([A-Za-z]+)", latex) if name not in COMMANDS]
        if unknown:
            raise self._error(path, key, f"the command \\{unknown[0]}", "letters, indices, accents and Greek letters")
        depths = [latex[:end].count("{") - latex[:end].count("}") for end in range(len(latex) + 1)]
        if not ALLOWED.match(latex) or min(depths) < 0 or depths[-1]:
            raise self._error(path, key, repr(latex)[:60], "LaTeX of letters, indices and closed braces")

    def _known(self, path: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                raise self._error(path, key, "an unknown key", f"one of {', '.join(known)}")

    def _error(self, path: str, key: str, got: str, expected: str) -> InputError:
        name = f"{path}.{key}" if path else key
        return InputError(name, got=got, expected=expected, place=Place(self.file, self._line(path, key)))

    def _line(self, path: str, key: str) -> int | None:
        """The line that sets the key in that table, or opens the table of that name."""
        table = ""
        for number, line in enumerate(self.text.splitlines(), start=1):
            header = re.match(r"\s*\[\s*([^\]]+?)\s*\]", line)
            table = header[1] if header else table
            assigned = re.match(r"\s*[\"']?([^\s\"'=]+)[\"']?\s*=", line)
            if (header and table == key and not path) or (assigned and not header and table == path and assigned[1] == key):
                return number
        return None

"""Notation from elsewhere than the document: a known cell of the package, or a small TOML table.

    forward = ["h_t = \\\\tanh(W_{hh} h_{t-1} + W_{xh} x_t + b_h)"]

Laws: the table holds forward equations in the document's own notation; they come before what the document says itself. A
known cell brings its equations with its own names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from lstm_sym.errors import InputError
from lstm_sym.notes.formula.parse import parse
from lstm_sym.notes.formula.tree import Formula
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.model.learning import learn
from lstm_sym.notes.notation.apart import take_apart
from lstm_sym.notes.notation.normal import normalised
from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.notes.text.document import document
from lstm_sym.notes.text.pieces import pieces

ABOVE = -1_000_000
"""Numbers of relations that stand in no document."""


KEYS = ("name", "title", "source", "forward")
"""What a table may hold; all but `forward` may be left out."""
Learnt = tuple[dict[int, Formula], Model]
"""The formulas of the document with its weights taken apart, and its model."""


def with_names(path: str | Path, formulas: Mapping[int, Formula], timed: frozenset[str]) -> Learnt:
    """The model of the document with the forward equations of a TOML table in front; raises InputError."""
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"table of names {path}", got=str(error), expected='a TOML file with forward = ["..."]') from None
    unknown = [key for key in table if key not in KEYS]
    if unknown:
        raise InputError(f"table of names {path}", got=f"the key {unknown[0]!r}", expected=f"some of {', '.join(KEYS)}")
    lines = table.get("forward")
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise InputError(f"table of names {path}", got="no list `forward`", expected='forward = ["h_t = ...", ...], in LaTeX')
    return _in_front(lines, formulas, timed, str(path))


def with_cell(name: str, learnt: Learnt, formulas: Mapping[int, Formula], timed: frozenset[str]) -> Learnt:
    """The model of the document where it defines variables itself, else with the equations of a known cell."""
    from lstm_sym.cells import cell

    found = cell(name)
    if learnt[1].definitions:
        return learnt
    from lstm_sym.notes.model.cell_names import named_equations

    return _in_front(named_equations(found, formulas.values(), timed), formulas, timed, f"cell {name}")


def learnt(formulas: Mapping[int, Formula], timed: frozenset[str]) -> Learnt:
    """The model that the formulas define by themselves."""
    done, parts = take_apart(formulas, timed)
    return done, learn(done, timed, parts)


def _in_front(lines: Sequence[str], own: Mapping[int, Formula], timed: frozenset[str], where: str) -> Learnt:
    trees: list[Formula] = []
    for line in lines:
        text = document(f"$${line}$$", where)
        for piece in pieces(text):
            try:
                trees.append(parse(piece.tokens, text.text))
            except UnreadableError as stop:
                raise InputError(f"{where}, line {line!r}", got=stop.reason, expected="an equation in LaTeX") from None
    formulas, also = normalised(trees)
    together = {ABOVE + number: formula for number, formula in enumerate(formulas)}
    done, parts = take_apart({**together, **own}, timed | also)
    return {number: formula for number, formula in done.items() if number >= 0}, learn(done, timed | also, parts)

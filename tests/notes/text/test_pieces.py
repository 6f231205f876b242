"""Passages and pieces: what is a claim in a text, and places that point into the original."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lstm_sym.errors import InputError
from lstm_sym.notes.text.document import document, read_document
from lstm_sym.notes.text.pieces import pieces


def texts(source: str, kind: str = "markdown") -> list[str]:
    doc = document(source, kind=kind)
    return [source[piece.start : piece.end] for piece in pieces(doc)]


def test_code_and_prose_are_no_claims() -> None:
    source = "Costs $5 and a_t = b_t.\n\n```\n$$x_t = y_t$$\n```\n\n`$a=b$` but $h_t = o_t$ is.\n"
    assert texts(source) == ["h_t = o_t"]


def test_fences_and_dollars_of_hosts_are_mathematics() -> None:
    source = "See\n```math\na_t = b_t\n```\nwith $`c_t = d_t`$ and\n```python\n$x = y$\n```\n"
    assert texts(source) == ["a_t = b_t", "c_t = d_t"]
    assert document(source).place(source.index("a_t")).line == 3


def test_places_count_from_one_in_the_original() -> None:
    doc = document("first\n\n$$\n  h_t = x_t\n$$\n", "n.md")
    piece = pieces(doc)[0]
    assert str(doc.place(piece.start)) == "n.md:4:3"


def test_aligned_lines_and_columns_are_claims_of_their_own() -> None:
    source = r"\begin{align} a_t &= b_t & c_t &= d_t \\ e_t &= f_t \\ &= g_t \end{align}"
    assert len(texts(source, "latex")) == 3
    assert texts(source, "latex")[2].startswith("e_t")
    assert texts(source, "latex")[2].endswith("g_t")


def test_a_display_that_begins_with_equals_goes_on() -> None:
    assert len(texts("$$a_t = b_t$$\n\n$$= c_t$$")) == 1


def test_a_continued_sum_is_one_claim() -> None:
    assert len(texts(r"$$\begin{split} a_t &= b_t \\ &\quad + c_t \end{split}$$")) == 1


def test_words_separate_and_comments_vanish() -> None:
    assert len(texts("$$a_t = b_t \\text{ and } c_t = d_t$$")) == 2
    assert texts("% $a_t = b_t$\n$c_t = d_t$", "latex") == ["c_t = d_t"]


def test_notebooks_give_lines_of_the_file(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": ["x = 1"]}, {"cell_type": "markdown", "source": ["text\n", "$h_t = x_t$"]}]
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": cells}, indent=1), encoding="utf-8")
    doc = read_document(path)
    place = doc.place(pieces(doc)[0].start)
    line = path.read_text(encoding="utf-8").splitlines()[(place.line or 1) - 1]
    assert "$h_t = x_t$" in line
    assert line[(place.column or 1) - 1 :].startswith("h_t")


def test_a_broken_notebook_is_said() -> None:
    with pytest.raises(InputError, match=r"notebook n\.ipynb; got .*; expected a Jupyter notebook"):
        document("{", "n.ipynb", "notebook")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a readable text file in UTF-8"):
        read_document(tmp_path / "none.md")

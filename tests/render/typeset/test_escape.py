"""No text from a user can run a TeX command, open mathematics or become markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_sym.errors import DeclarationError
from lstm_sym.render.typeset.escape import MATHEMATICS, SPECIAL, escape, escape_markdown
from lstm_sym.render.typeset.ink import LATEX
from lstm_sym.render.typeset.notation import WORKSHEET

ALLOWED = sorted({*(value for value in (*SPECIAL.values(), *MATHEMATICS.values()) if value.strip())}, key=len, reverse=True)


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("50 % of $x_1^2$ & #3~", r"50 \% of \$x\_1\textasciicircum{}2\$ \& \#3\textasciitilde{}"),
        ("a -- b ``c''", r"a -{}- b \textasciigrave{}\textasciigrave{}c''"),
        ("tanh' = 1 - tanh²", r"tanh' = 1 \textendash{} tanh$^2$"),
        ("line\nbreak", "line break"),
        ("中\x00", "[U+4E2D][U+0000]"),
        ("σ ≥ λ", r"$\sigma$ $\geq$ $\lambda$"),
    ],
)
def test_text_is_printed_as_it_is(text: str, latex: str) -> None:
    assert escape(text) == latex


@given(st.text(max_size=60))
def test_nothing_special_is_left(text: str) -> None:
    rest = escape(text)
    for known in ALLOWED:
        rest = rest.replace(known, "")
    rest = rest.replace("-{}", "-")
    assert not re.search(r"[\\{}$&#%_^~\x00-\x1f\x7f-\U0010ffff]", rest)


@given(st.text(max_size=60))
def test_markdown_keeps_every_mark_behind_a_backslash(text: str) -> None:
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_$<>|\[\]]", escape_markdown(text).replace("\\\\", ""))


@pytest.mark.parametrize("name", [r"\input", "a{b}", "x$", "a b", "", "1a", "x^2", "a%"])
def test_a_name_that_is_no_identifier_is_refused(name: str) -> None:
    with pytest.raises(DeclarationError, match="not an identifier"):
        LATEX.symbol(name, None, WORKSHEET)


def test_a_number_in_front_of_a_name_is_no_base() -> None:
    with pytest.raises(DeclarationError, match="not an identifier"):
        LATEX.symbol("_W", None, WORKSHEET)

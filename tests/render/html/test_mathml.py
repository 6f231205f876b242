"""LaTeX as MathML: marks become attributes, words are letters, rows of one line stay on the line, nothing that could do harm comes out."""

from __future__ import annotations

import re

import pytest
from sympy import Symbol

from lstm_sym.errors import UnsupportedError
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.html import mathml
from lstm_sym.render.html.digits import shown
from lstm_sym.render.html.ink import MarkedInk
from lstm_sym.render.html.mathml import ELEMENTS, FormulaError, math, text_with_math
from lstm_sym.render.typeset.matrix import number_box
from lstm_sym.render.typeset.notations import COMMANDS
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Scaled
from lstm_sym.symbols.scalars import m, n, t


def test_a_symbol_carries_its_name_and_time() -> None:
    box = Printer(MarkedInk()).box(Timed("delta_out", n, 1, t - 1))
    assert math(box.source) == (
        '<math><mrow data-s="delta_out@t-1"><mi>δ</mi><msub><mrow><mspace /><mi class="w">out</mi></mrow><mrow><mi>t</mi>'
        '<mo lspace="0" rspace="0">−</mo><mn>1</mn></mrow></msub></mrow></math>'
    )


def test_a_mark_changes_neither_width_nor_level() -> None:
    for node in (Parameter("W_a_new", n, m), Timed("partial_a", n, 1, t), Scaled(Symbol("lambda"), Parameter("W", n, m))):
        plain, marked = Printer().box(node), Printer(MarkedInk()).box(node)
        assert (marked.width, marked.level, marked.tall) == (plain.width, plain.level, plain.tall)
        assert re.sub(r"\{\\text\{@[^}]*\}(.*?)\}", r"\1", marked.source).count("@") == 0


def test_a_number_carries_its_row() -> None:
    ink = MarkedInk()
    box = number_box(((shown("-0.25", ("-0.2", "-0.25")), "3"),), ink)
    assert math(box.source) == (
        '<math><mrow><mo>[</mo><mrow><mspace width="0.15em" /><mrow><mn data-n="0">−0.25</mn></mrow><mspace width="0.9em" />'
        '<mrow><mn>3</mn></mrow><mspace width="0.15em" /></mrow><mo>]</mo></mrow></math>'
    )
    assert ink.numbers.rows() == [("-0.2", "-0.25")]


def test_what_only_keeps_a_place_is_no_symbol() -> None:
    assert "data-s" not in math(rf"\phantom{{{Printer(MarkedInk()).box(Parameter('W', n, m)).source}}}")


def test_alternative_text_is_escaped() -> None:
    assert math("x", 'a < b & "c"') == '<math alttext="a &lt; b &amp; &quot;c&quot;"><mi>x</mi></math>'


def test_text_between_formulas_is_escaped() -> None:
    assert text_with_math("a < $x$ & b") == "a &lt; <math><mi>x</mi></math> &amp; b"


@pytest.mark.parametrize(
    "latex", [r"\href{javascript:alert(1)}{x}", r"\unknown", r"\frac{1}", "x" * 30_000, r"\def\x{\x\x}\x", r"\text{<b>}}"]
)
def test_what_cannot_be_typeset_is_refused(latex: str) -> None:
    with pytest.raises(FormulaError, match=r"^formula '.*; got .*; expected (LaTeX that MathML can show|at most 20000)"):
        math(latex)


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{<script>alert(1)</script>}",
        r"a<b",
        r"\text{@n@x}y",
        r"\class{a}{x}",
        r"{\text{@s@a@<}y}",
        r"{\text{@n@99}y}",
        r"\style{color:red}{x}",
    ],
)
def test_hostile_formulas_give_plain_elements(latex: str) -> None:
    try:
        found = math(latex)
    except FormulaError:
        return
    assert {name.lower() for name in re.findall(r"<([A-Za-z]+)", found)} <= ELEMENTS
    assert set(re.findall(r"\s([a-z-]+)=", found)) <= mathml.ATTRIBUTES | {"class", "data-n"}


def test_an_unknown_element_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mathml, "ELEMENTS", frozenset({"math"}))
    with pytest.raises(
        UnsupportedError, match="MathML element mi; expected a presentation element; to mend it: add it to ELEMENTS"
    ):
        math("x")


@pytest.mark.parametrize("command", sorted(COMMANDS - {"left", "right", "bigl", "bigr", "Bigl", "Bigr"}))
def test_every_command_that_a_notation_may_use_is_known(command: str) -> None:
    assert re.match(r"<math.*</math>$", math(rf"\{command}{{a}}{{b}}"))

"""Trees: each spelling of the field is read as what it means to its author, and what cannot be read says where it stops."""

from __future__ import annotations

import pytest

from lstm_sym.notes.formula.names import Time, reference
from lstm_sym.notes.formula.parse import parse
from lstm_sym.notes.formula.tree import (
    Big,
    Block,
    Call,
    Derivative,
    Factors,
    Indexed,
    Name,
    NumberMatrix,
    Prefixed,
    Relation,
    Terms,
)
from lstm_sym.notes.notation.timing import attach_times
from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.notes.text.document import document
from lstm_sym.notes.text.lexer import Lexer
from lstm_sym.notes.text.pieces import pieces


def tree(source: str):
    return parse(Lexer(source, 0, len(source), {}).run(), source)


def test_macros_without_arguments_are_read() -> None:
    source = "\\newcommand{\\st}{\\mathrm{state}}\n$\\st_t = x_t$"
    piece = pieces(document(source, kind="latex"))[0]
    read = parse(piece.tokens, source)
    assert isinstance(read, Relation)
    assert read.parts[0] == Indexed(Name("state"), (Name("t"),))


@pytest.mark.parametrize(
    "spelling", ["W^T", "W^\\top", "W^{\\top}", "W^\\intercal", "W^{\\mathsf T}", "W^{\\mathrm{T}}", "Wᵀ", "W^{\\intercal}"]
)
def test_transposes_in_all_spellings(spelling: str) -> None:
    read = reference(tree(spelling), frozenset())
    assert read is not None
    assert (read.key, read.transposed) == ("W", True)


@pytest.mark.parametrize(
    "spelling",
    ["h_t", "h^t", "h^{(t)}", "h^{\\langle t \\rangle}", "h(t)", "h[t]", "h^{<t>}", "h_{t}", "\\mathbf{h}_t", "h_{(t)}"],
)
def test_time_in_all_spellings(spelling: str) -> None:
    read = reference(attach_times(tree(spelling)), frozenset())
    assert read is not None
    assert (read.key, read.time) == ("h", Time("t", 0))


def test_names_of_several_letters_stay_whole() -> None:
    assert tree("state_t = out_t").parts[0] == Indexed(Name("state"), (Name("t"),))
    assert tree("W x") == tree("Wx")
    assert tree("\\tilde{C}_t") == Indexed(Name("C", ("tilde",)), (Name("t"),))


def test_products_keep_their_signs() -> None:
    read = tree("a \\odot b * c \\cdot d \\times e f \\otimes g")
    assert isinstance(read, Factors)
    assert read.signs == ("odot", "star", "cdot", "times", "", "otimes")


def test_functions_bind_what_stands_beside_them() -> None:
    read = tree("\\tanh c_t \\odot o_t")
    assert isinstance(read, Factors)
    assert isinstance(read.factors[0], Call)
    assert isinstance(tree("\\sigma'(z_t)"), Call)


def test_a_power_after_the_brackets_belongs_to_the_call() -> None:
    for function in (r"\tanh", r"\sigma"):
        after, before = tree(rf"{function}(x)^2"), tree(rf"{function}^2(x)")
        assert isinstance(after, Call)
        assert isinstance(after.function, Indexed)
        assert after.arguments[0].text == before.arguments[0].text == "x"
        assert after.function.sup[0].text == before.function.sup[0].text == "2"


def test_markdown_escapes_are_their_signs() -> None:
    assert isinstance(tree(r"h\_t"), Indexed)
    assert tree(r"a \* b").signs == ("star",)


def test_derivatives_in_all_spellings() -> None:
    for source in (
        "\\frac{\\partial E}{\\partial W}",
        "\\partial E / \\partial W",
        "\\frac{dE}{dW}",
        "\\nabla_W E",
        "\\frac{\\partial}{\\partial W} E",
    ):
        read = tree(source)
        assert isinstance(read, Derivative)
        assert (read.of, read.by) == (Name("E"), Name("W"))


def test_a_delta_belongs_to_the_name_beside_it() -> None:
    assert tree("\\delta out_t") == Prefixed("delta", Indexed(Name("out"), (Name("t"),)))
    assert isinstance(tree("\\delta_t x_t"), Factors)


def test_sums_take_the_product_that_follows() -> None:
    read = tree("\\sum_{t=0}^{T} a_t b_t + c")
    assert isinstance(read, Terms)
    assert isinstance(read.terms[0], Big)


def test_matrices_of_numbers_split_at_written_spaces() -> None:
    assert tree("\\left[0.45 \\ -0.25\\right]") == NumberMatrix((("0.45", "-0.25"),))
    assert tree("\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}") == NumberMatrix((("1", "2"), ("3", "4")))
    assert isinstance(tree("\\begin{bmatrix} a_t \\\\ i_t \\end{bmatrix}"), Block)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a = \\foo b", r"the command \\foo"),
        ("a = (b", "breaks off"),
        ("a = b +", "breaks off"),
        ("a = ) b", r"'\)' does not fit here"),
        ("a = " + "(" * 60 + "b" + ")" * 60, "nested deeper than 40"),
        ("a = " + "1" * 80, "more than 60 digits"),
        ("a = 1e999", "exponent beyond 400"),
        ("a = " + "+ b" * 3000, "more than"),
        ("a_", "an index sign with nothing after it"),
    ],
)
def test_what_cannot_be_read_says_why(source: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        tree(source)

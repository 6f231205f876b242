"""The worksheet's lines with numbers put in, letter by letter; sizes other than one; large matrices; bad numbers."""

from __future__ import annotations

import dataclasses

import pytest
from sympy import Integer

from lstm_sym.errors import InputError, UnsupportedError
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.typeset.box import lines
from lstm_sym.render.typeset.ink import LATEX, TEXT
from lstm_sym.render.typeset.matrix import number_box
from lstm_sym.render.worked.latex import part_latex, solution_latex, tables_latex
from lstm_sym.render.worked.lines import chain_of
from lstm_sym.render.worked.tables import timed_tables
from lstm_sym.render.worked.text import part_text, solution_markdown, solution_text
from lstm_sym.symbols.applied import tanh
from lstm_sym.symbols.compound import SumOverTime, outer
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.nodes import Expression, Ones, Zeros, odot
from lstm_sym.symbols.scalars import T, n, t
from lstm_sym.worked import Entries, Line, Part, Value
from tests.render.worksheet import NUMBERS, SOLUTION, W, at, one


def text_of(node: Expression, numbers: dict[Expression, Entries]) -> str:
    return Printer(TEXT, numbers=numbers).box(node).source


def latex_of(node: Expression, numbers: dict[Expression, Entries]) -> str:
    return Printer(LATEX, numbers=numbers).box(node).source


LINES = {
    "a": (
        "a_0 = tanh(W_a · x_0 + U_a · out_{-1} + b_a) = tanh([0.45 0.25] [1; 2] + 0.15 × 0 + 0.2) = 0.81775",
        "state_0 = a_0 ⊙ i_0 + f_0 ⊙ state_{-1} = 0.81775 × 0.96083 + 0.85195 × 0 = 0.78573",
        "out_0 = tanh(state_0) ⊙ o_0 = tanh(0.78573) × 0.81757 = 0.53631",
    ),
    "b": (
        "δout_0 = Δ_0 + Δout_0 = 0.03631 + (-0.01828) = 0.01804",
        "δa_0 = δstate_0 ⊙ i_0 ⊙ (1 - a_0²) = (-0.05348) × 0.96083 × (1 - 0.81775²) = -0.01702",
        "δf_0 = δstate_0 ⊙ state_{-1} ⊙ f_0 ⊙ (1 - f_0) = (-0.05348) × 0 × 0.85195 × (1 - 0.85195) = 0",
        "Δout_{-1} = Uᵀ · δgates_0 = [0.15 0.8 0.1 0.25] [-0.01702; -0.00165; 0; 0.00176] = -0.00343",
    ),
    "d": ("W_a^{new} = W_a - λ δW_a = [0.45 0.25] - 0.1 [-0.02672 -0.09220] = [0.45267 0.25922]",),
}


@pytest.mark.parametrize(("key", "line"), [(key, line) for key, found in LINES.items() for line in found])
def test_a_line_as_a_lecturer_writes_it(key: str, line: str) -> None:
    printed = [row.strip() for part in SOLUTION.parts if part.key == key for row in part_text(part)]
    assert line in printed


def test_latex_of_a_forward_line() -> None:
    chain = chain_of(SOLUTION.parts[0].lines[0], LATEX)
    assert [box.source for box in chain.rights] == [
        r"\tanh(W_a \cdot x_0 + U_a \cdot \mathit{out}_{-1} + b_a)",
        r"\tanh\left(\begin{bmatrix} 0.45 & 0.25 \end{bmatrix} \begin{bmatrix} 1 \\ 2 \end{bmatrix} + 0.15 \times 0 + 0.2\right)",
        "0.81775",
    ]


def test_latex_of_a_part_is_aligned_and_broken_before_the_numbers() -> None:
    printed = part_latex(SOLUTION.parts[2])
    assert (
        r"  \delta \mathit{state}_0 &= \delta \mathit{out}_0 \odot o_0 \odot (1 - \tanh^2(\mathit{state}_0)) "
        r"+ \delta \mathit{state}_1 \odot f_1 \\"
        "\n"
        r"   &= 0.01804 \times 0.81757 \times (1 - \tanh^2(0.78573)) + (-0.07111) \times 0.87030 = -0.05348 \\" in printed
    )


def test_stacked_gradients_are_outer_products_of_columns_and_rows() -> None:
    assert text_of(SOLUTION.parts[3].lines[0].right, dict(NUMBERS)) == (
        "[-0.01702; -0.00165; 0; 0.00176] [1 2] + [-0.01938; -0.00112; -0.00631; -0.05538] [0.5 3]"
    )


def test_vectors_are_set_as_matrices() -> None:
    u, v = at("u", 0), at("v", 0)
    numbers: dict[Expression, Entries] = {u: (("1",), ("-2",)), v: (("0.5",), ("3",))}
    column, other = r"\begin{bmatrix} 1 \\ -2 \end{bmatrix}", r"\begin{bmatrix} 0.5 \\ 3 \end{bmatrix}"
    assert latex_of(odot(u, v), numbers) == rf"{column} \odot {other}"
    assert latex_of(outer(u, v), numbers) == rf"{column} \begin{{bmatrix}} 0.5 & 3 \end{{bmatrix}}"
    assert latex_of(tanh(u + v), numbers) == rf"\tanh\left({column} + {other}\right)"
    assert text_of(u.T @ v, numbers) == "[1 -2] [0.5; 3]"


def test_signs_of_negative_numbers() -> None:
    u, v = at("u", 0), at("v", 0)
    numbers: dict[Expression, Entries] = {u: one("-0.5"), v: one("-2")}
    assert text_of(u + v, numbers) == "-0.5 + (-2)"
    assert text_of(u - v, numbers) == "-0.5 - (-2)"
    assert text_of(odot(u, v), numbers) == "(-0.5) × (-2)"
    assert text_of(u**2, numbers) == "(-0.5)²"
    assert text_of(-u, numbers) == "-(-0.5)"
    assert text_of(1 - u, numbers) == "1 - (-0.5)"


def test_a_sum_over_time_is_written_out_for_the_steps_that_have_numbers() -> None:
    body = outer(Timed("delta_a", n), Timed("x", 2))
    numbers: dict[Expression, Entries] = {}
    for k in range(3):
        numbers |= {at("delta_a", k): one(f"0.{k}"), Timed("x", 2, 1, k): one(str(k))}
    assert text_of(SumOverTime(body, Integer(0), Integer(2)), numbers) == "0.0 × 0 + 0.1 × 1 + 0.2 × 2"
    assert text_of(SumOverTime(body, Integer(0), T), numbers) == "0.0 × 0 + 0.1 × 1 + 0.2 × 2"
    assert text_of(SumOverTime(at("delta_a", t), Integer(0), Integer(0)), numbers) == "0.0"


def test_a_sum_of_many_steps_has_dots() -> None:
    numbers: dict[Expression, Entries] = {at("u", k): one(str(-k)) for k in range(30)}
    assert text_of(SumOverTime(at("u", t), Integer(0), T), numbers) == "0 + (-1) + (-2) + (-3) + (-4) + (-5) + … + (-29)"


def test_a_sum_without_numbers_is_refused() -> None:
    with pytest.raises(InputError, match=r"sum sum\(u\[t\], t=0\.\.T\); got no step with numbers"):
        text_of(SumOverTime(at("u", t), Integer(0), T), {})


def test_a_row_of_ones_is_left_out_beside_a_single_number() -> None:
    u = at("u", 0)
    assert text_of(Ones(n, 1).T @ (u - at("v", 0)) ** 2, {u: one("3"), at("v", 0): one("1")}) == "(3 - 1)²"


def test_powers_of_ten() -> None:
    assert number_box(one("-1.2e-7"), LATEX).source == r"-1.2 \times 10^{-7}"
    assert number_box(one("4e3"), TEXT).source == "4e3"


def test_large_matrices_have_dots_and_a_note() -> None:
    wide = tuple(tuple(f"{row}.{column}" for column in range(12)) for row in range(11))
    printed = number_box(wide, LATEX).source
    assert printed.count(r"\\") == 7
    assert r"5.5 & \cdots & 5.11" in printed
    assert r"\vdots & \ddots & \vdots" in printed
    solution = dataclasses.replace(SOLUTION, values=(Value("W_a", None, (11, 12), wide),))
    assert "Dots stand for entries of large matrices" in solution_text(solution)
    assert "Dots stand" not in solution_text(SOLUTION)


def test_many_steps_are_elided_and_wide_tables_split() -> None:
    values = [Value("out", k, (1, 1), one("0.12345")) for k in range(40)]
    tables = timed_tables(values, LATEX)
    assert [table.steps for table in tables] == [(0, 1, 2, 3, 4, 5), (6, 7, None, 38, 39)]
    assert r"$\cdots$" in tables_latex(dataclasses.replace(SOLUTION, values=tuple(values)))


def test_a_long_sum_breaks_before_signs_and_closes_its_fences() -> None:
    u = at("u", 0)
    numbers: dict[Expression, Entries] = {u: tuple(("-0.12345",) for _ in range(4))}
    part = Part("a", "wide", (Line("w", 0, at("w", 0), tanh(u + u + u + u + u + u + u + u + u), numbers, numbers[u]),))
    printed = part_latex(part)
    assert r"\right. \\" in printed
    assert r"&\quad {} \left. + " in printed
    assert printed.count(r"\left") == printed.count(r"\right")


def test_breaks_prefer_terms_to_factors() -> None:
    u, v = at("u", 0), at("v", 0)
    broken = lines(Printer(TEXT).box(odot(u, v) + odot(v, u) + odot(u, u)), 12, 12)
    assert ["".join(piece.source for piece in line) for line in broken] == ["u_0 ⊙ v_0", " + v_0 ⊙ u_0", " + u_0 ⊙ u_0"]


def test_tables_and_rounding_in_every_format() -> None:
    assert r"$\delta a_t$ & $-0.01702$ & $-0.01938$ \\" in tables_latex(SOLUTION)
    assert "δa_t     -0.01702  -0.01938" in solution_text(SOLUTION)
    markdown = solution_markdown(SOLUTION)
    assert r"| $\delta a_t$ | $-0.01702$ | $-0.01938$ |" in markdown
    assert markdown.count("$$") % 2 == 0
    for printed in (solution_text(SOLUTION), solution_latex(SOLUTION)):
        assert "Rounding: 5 decimals, half to even, every digit certified." in printed
        assert "so what is computed from printed numbers may differ in the last digit." in printed


def test_numbers_of_many_digits_stand_on_rows_of_their_own() -> None:
    digits = "0." + "123456789" * 12
    solution = dataclasses.replace(SOLUTION, values=(Value("out", 1, (1, 1), one(digits)),))
    printed = tables_latex(solution)
    assert "lstmvalues" not in printed
    assert printed == (
        f"\\begin{{align*}}\n  \\mathit{{out}}_1 &= {digits[:50]} \\\\\n   &\\quad {{}} {digits[50:]}\n\\end{{align*}}\n"
    )
    assert digits in solution_text(solution)


def test_a_symbol_without_a_number_is_named() -> None:
    with pytest.raises(InputError, match=r"symbol W_a; got no number for it"):
        text_of(W["a"] @ at("x", 0, W["a"].shape[1]), {})


@pytest.mark.parametrize("bad", [r"\input{x}", "", "1.2.3", "nan", "0x1", "1 000"])
def test_what_is_not_a_number_is_refused(bad: str) -> None:
    with pytest.raises(UnsupportedError, match="not decimal text"):
        number_box(one(bad), LATEX)


def test_ragged_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="rows of different lengths"):
        text_of(at("u", 0), {at("u", 0): (("1", "2"), ("3",))})


def test_a_line_that_repeats_a_side_prints_it_once() -> None:
    chain = chain_of(Line("u", 0, at("u", 0), at("v", 0), {at("v", 0): one("0")}, one("0")), TEXT)
    assert [box.source for box in chain.rights] == ["v_0", "0"]
    zero = chain_of(Line("u", 0, at("u", 0), Zeros(n, 1), {}, one("0.00000")), TEXT)
    assert [box.source for box in zero.rights] == ["0"]


def test_a_long_symbol_stays_on_the_row_of_its_value() -> None:
    left = at("delta_state", -1)
    part = Part("b", "end", (Line("d", -1, left, at("delta_state", 0), NUMBERS, one("-0.05348")),))
    assert list(part_text(part)) == ["δstate_{-1} = δstate_0 = -0.05348"]

"""Every node type, in LaTeX and in plain text, letter by letter; precedence; order; the loud default."""

from __future__ import annotations

import pytest
from sympy import Rational, Symbol

from lstm_sym.errors import UnsupportedError
from lstm_sym.render.expression.node_table import NODES
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.typeset.ink import LATEX, TEXT
from lstm_sym.render.typeset.notation import WORKSHEET, Notation, Written
from lstm_sym.symbols.applied import Apply, sigma, tanh
from lstm_sym.symbols.compound import VJP, Beside, Outer, Stack, SumOverTime, outer
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Ones, Zeros, odot
from lstm_sym.symbols.scalars import T, m, n, t
from lstm_sym.symbols.traversal import walk

a, i, o, f = (Timed(name, n) for name in "aiof")
state, out, net = Timed("state", n), Timed("out", n), Timed("net_a", n)
x = Timed("x", m)
d_state, d_out, d_a = Timed("delta_state", n), Timed("delta_out", n), Timed("delta_a", n)
W, U, b = Parameter("W_a", n, m), Parameter("U_a", n, n), Parameter("b_a", n)
gates = Stack("delta_gates", d_a, Timed("delta_i", n))
rate = Symbol("lambda", positive=True)

PRINTED: list[tuple[Expression, str, str]] = [
    (W, "W_a", "W_a"),
    (Parameter("W_a_new", n, m), r"W_a^{\mathrm{new}}", "W_a^{new}"),
    (Parameter("delta_W_a", n, m), r"\delta W_a", "δW_a"),
    (Parameter("alpha", n), r"\alpha", "α"),
    (Parameter("h1", n), "h_1", "h_1"),
    (out.prev, r"\mathit{out}_{t-1}", "out_{t-1}"),
    (state.at(T + 1), r"\mathit{state}_{T+1}", "state_{T+1}"),
    (a.at(0), "a_0", "a_0"),
    (net, r"\mathit{net}_{a,t}", "net_{a,t}"),
    (Timed("Delta", n), r"\Delta_t", "Δ_t"),
    (Timed("Delta_out", n).prev, r"\Delta \mathit{out}_{t-1}", "Δout_{t-1}"),
    (Timed("partial_a", n), r"\frac{\partial E}{\partial a_t}", "∂E/∂a_t"),
    (Ones(n, 1), "1", "1"),
    (Zeros(n, 1), "0", "0"),
    (W @ x + U @ out.prev + b, r"W_a \cdot x_t + U_a \cdot \mathit{out}_{t-1} + b_a", "W_a · x_t + U_a · out_{t-1} + b_a"),
    (1 - a**2, "1 - a_t^2", "1 - a_t²"),
    (-(a + i), "-(a_t + i_t)", "-(a_t + i_t)"),
    (a - (i + o), "a_t - (i_t + o_t)", "a_t - (i_t + o_t)"),
    (odot(a, i + o), r"a_t \odot (i_t + o_t)", "a_t ⊙ (i_t + o_t)"),
    (odot(-a, i), r"(-a_t) \odot i_t", "(-a_t) ⊙ i_t"),
    (odot(W @ x, a), r"(W_a \cdot x_t) \odot a_t", "(W_a · x_t) ⊙ a_t"),
    (U @ odot(a, out.prev), r"U_a \cdot (a_t \odot \mathit{out}_{t-1})", "U_a · (a_t ⊙ out_{t-1})"),
    (W.T @ d_a, r"W_a^T \cdot \delta a_t", "W_aᵀ · δa_t"),
    (d_a.T, r"(\delta a_t)^T", "(δa_t)ᵀ"),
    ((a + i) ** 3, "(a_t + i_t)^3", "(a_t + i_t)³"),
    (tanh(state) ** 2, r"\tanh^2(\mathit{state}_t)", "tanh²(state_t)"),
    (sigma(net), r"\sigma(\mathit{net}_{a,t})", "σ(net_{a,t})"),
    (Apply("tanh'", net), r"\tanh'(\mathit{net}_{a,t})", "tanh'(net_{a,t})"),
    (Apply("sigma'", net) ** 2, r"\sigma'(\mathit{net}_{a,t})^2", "σ'(net_{a,t})²"),
    (outer(d_a, x), r"\delta a_t \otimes x_t", "δa_t ⊗ x_t"),
    (Outer(odot(a, i), x), r"(a_t \odot i_t) \otimes x_t", "(a_t ⊙ i_t) ⊗ x_t"),
    (W - rate * Parameter("delta_W_a", n, m), r"W_a - \lambda \, \delta W_a", "W_a - λ δW_a"),
    (Rational(1, 2) * a, r"\tfrac{1}{2} \, a_t", "(1/2) a_t"),
    (SumOverTime(outer(gates, x), 0, T), r"\sum_{t=0}^T \delta \mathit{gates}_t \otimes x_t", "Σ_{t=0}^T δgates_t ⊗ x_t"),
    (SumOverTime(a + i, 0, T - 1), r"\sum_{t=0}^{T-1} (a_t + i_t)", "Σ_{t=0}^{T-1} (a_t + i_t)"),
    (Stack("", a, i), r"\begin{bmatrix} a_t \\ i_t \end{bmatrix}", "[a_t; i_t]"),
    (Stack("W", W, Parameter("W_i", n, m)), "W", "W"),
    (Beside("UW_a", Parameter("U_a", n, n), W), r"\mathit{UW}_a", "UW_a"),
    (Beside("", Parameter("U_a", n, n), W), r"\begin{bmatrix} U_a & W_a \end{bmatrix}", "[U_a W_a]"),
    (
        VJP(state, a, d_state),
        r"\left(\frac{\partial \mathit{state}_t}{\partial a_t}\right)^T \cdot \delta \mathit{state}_t",
        "(∂state_t/∂a_t)ᵀ · δstate_t",
    ),
    (
        VJP(odot(a, i), a, odot(d_out, o)),
        r"\left(\frac{\partial (a_t \odot i_t)}{\partial a_t}\right)^T \cdot (\delta \mathit{out}_t \odot o_t)",
        "(∂(a_t ⊙ i_t)/∂a_t)ᵀ · (δout_t ⊙ o_t)",
    ),
    (
        VJP(net, W, d_a),
        r"\sum_k \delta a_{t,k} \, \frac{\partial \mathit{net}_{a,t,k}}{\partial W_a}",
        "Σ_k δa_{t,k} ∂net_{a,t,k}/∂W_a",
    ),
    (
        VJP(W @ x, W, d_a),
        r"\sum_k \delta a_{t,k} \, \frac{\partial (W_a \cdot x_t)_k}{\partial W_a}",
        "Σ_k δa_{t,k} ∂(W_a · x_t)_k/∂W_a",
    ),
    (
        odot(d_out, o, 1 - tanh(state) ** 2) + odot(d_state.next, f.next),
        r"\delta \mathit{out}_t \odot o_t \odot (1 - \tanh^2(\mathit{state}_t)) + \delta \mathit{state}_{t+1} \odot f_{t+1}",
        "δout_t ⊙ o_t ⊙ (1 - tanh²(state_t)) + δstate_{t+1} ⊙ f_{t+1}",
    ),
]


@pytest.mark.parametrize(("node", "latex", "text"), PRINTED, ids=[text for _, _, text in PRINTED])
def test_a_node_is_printed_letter_by_letter(node: Expression, latex: str, text: str) -> None:
    assert Printer(LATEX).box(node).source == latex
    assert Printer(TEXT).box(node).source == text


def test_every_node_type_with_a_row_is_tested() -> None:
    tested = {type(part) for node, _, _ in PRINTED for part in walk(node)}
    assert set(NODES) <= tested


def test_a_node_without_a_row_says_what_to_add() -> None:
    class Mystery(Expression):
        shape = (n, 1)

    with pytest.raises(UnsupportedError, match=r"printing Mystery.*add a function for this node type to NODES"):
        Printer(LATEX).box(Mystery())


def test_a_time_that_is_no_sum_of_integers_and_symbols_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="index t"):
        Printer(LATEX).box(a.at(t**2))


def test_a_coefficient_that_is_no_product_is_refused() -> None:
    with pytest.raises(UnsupportedError, match=r"coefficient .*add a case to coefficient"):
        Printer(LATEX).box((rate + 1) * a)


SUPERSCRIPT = Notation(
    "superscript time, h and c",
    names=dict(WORKSHEET.names) | {"state": Written("c", "c"), "out": Written("h", "h"), "a": Written("g", "g")},
    derived={"delta_": Written(r"\frac{\partial E}{\partial #}", "∂E/∂#", bare=False, tall=True)},
    time=Written(r"\langle #\rangle", "⟨#⟩"),
    time_above=True,
)


def test_another_notation_is_another_table() -> None:
    printer = Printer(LATEX, SUPERSCRIPT)
    assert printer.box(odot(d_state, i, 1 - a**2)).source == (
        r"\frac{\partial E}{\partial c^{\langle t\rangle}} \odot i^{\langle t\rangle} "
        r"\odot (1 - (g^{\langle t\rangle})^2)"
    )
    assert Printer(TEXT, SUPERSCRIPT).box(W @ x + U @ out.prev).source == "W_g · x^{⟨t⟩} + U_g · h^{⟨t-1⟩}"

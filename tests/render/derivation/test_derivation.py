"""The worksheet's whole list as it is printed, the lines beside their reasons, and the formats of a derivation."""

from __future__ import annotations

import dataclasses

import pytest

from lstm_sym.calculus.derive import derive
from lstm_sym.calculus.rules import RULES
from lstm_sym.cells import CELLS, cell
from lstm_sym.derivation import Derivation, Result, Statement, Step
from lstm_sym.errors import UnsupportedError
from lstm_sym.render.derivation.latex import derivation_latex
from lstm_sym.render.derivation.outline import letters, outline
from lstm_sym.render.derivation.text import derivation_markdown, derivation_text, result_markdown
from lstm_sym.render.expression.statement import equation, latex, text
from lstm_sym.render.typeset.ink import TEXT
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.scalars import n
from lstm_sym.verdict import EVERY_SIZE, Status, Verdict, Witness

REASONS = {rule.name: rule.reason for rule in RULES.values()}
PROVED = Verdict(Status.PROVED, EVERY_SIZE, "polynomial identity", 3)

WORKSHEET = {
    "net_a": "net_{a,t} = W_a · x_t + U_a · out_{t-1} + b_a",
    "a": "a_t = tanh(net_{a,t})",
    "state": "state_t = a_t ⊙ i_t + f_t ⊙ state_{t-1}",
    "out": "out_t = tanh(state_t) ⊙ o_t",
    "E": "E = Σ_{t=0}^T (1/2) 1ᵀ · (out_t - label_t)²",
    "Delta": "Δ_t = out_t - label_t",
    "delta_out": "δout_t = Δ_t + Δout_t",
    "delta_state": "δstate_t = δout_t ⊙ o_t ⊙ (1 - tanh²(state_t)) + δstate_{t+1} ⊙ f_{t+1}",
    "delta_a": "δa_t = δstate_t ⊙ i_t ⊙ (1 - a_t²)",
    "delta_i": "δi_t = δstate_t ⊙ a_t ⊙ i_t ⊙ (1 - i_t)",
    "delta_f": "δf_t = δstate_t ⊙ state_{t-1} ⊙ f_t ⊙ (1 - f_t)",
    "delta_o": "δo_t = δout_t ⊙ tanh(state_t) ⊙ o_t ⊙ (1 - o_t)",
    "delta_x": "δx_t = Wᵀ · δgates_t",
    "Delta_out": "Δout_{t-1} = Uᵀ · δgates_t",
    "delta_state_after_last": "δstate_{T+1} = 0",
    "Delta_out_last": "Δout_T = 0",
    "gates": "gates_t = [a_t; i_t; f_t; o_t]",
    "W": "W = [W_a; W_i; W_f; W_o]",
    "delta_W": "δW = Σ_{t=0}^T δgates_t ⊗ x_t",
    "delta_U": "δU = Σ_{t=0}^T δgates_t ⊗ out_{t-1}",
    "delta_U_from_zero": "δU = Σ_{t=0}^{T-1} δgates_{t+1} ⊗ out_t",
    "delta_b": "δb = Σ_{t=0}^T δgates_t",
    "delta_W_a": "δW_a = Σ_{t=0}^T δa_t ⊗ x_t",
    "W_a_new": "W_a^{new} = W_a - λ δW_a",
}


@pytest.fixture(scope="module")
def lstm() -> Derivation:
    return derive(cell("lstm"))


@pytest.mark.parametrize("id", WORKSHEET)
def test_the_worksheets_list(lstm: Derivation, id: str) -> None:
    assert equation(lstm[id].statement, TEXT) == WORKSHEET[id]


def test_a_statement_says_for_which_times_it_holds(lstm: Derivation) -> None:
    assert text(lstm["delta_out"].statement) == "δout_t = Δ_t + Δout_t   (t = 0, ..., T)"
    assert latex(lstm["delta_out"].statement) == (
        r"\delta \mathit{out}_t = \Delta_t + \Delta \mathit{out}_t \qquad \text{$t = 0, \dots, T$}"
    )
    assert text(lstm["delta_U_from_zero"].statement).endswith("(if out_{-1} = 0)")


def test_lines_have_rule_reason_premises_and_verdict(lstm: Derivation) -> None:
    printed = derivation_text(lstm, REASONS, {"delta_a": PROVED})
    (head,) = [row for row in printed.splitlines() if row.startswith("(15) ")]
    assert head.startswith("(15) δa_t = δstate_t ⊙ i_t ⊙ (1 - a_t²)   (t = 0, ..., T)   ")
    assert head.endswith("[PROVED, every n, m, T; polynomial identity, 3 checks]")
    (line,) = [row for row in printed.splitlines() if row.startswith("    (15a)")]
    assert " ".join(line.split()) == "(15a) ∂E/∂a_t = (∂state_t/∂a_t)ᵀ · δstate_t chain rule over time; from (9)"
    assert "product rule: entry by entry, the other factors stay" in printed
    assert printed.count("the other factors stay") == 1


def test_latex_has_each_reason_at_the_side_of_its_line(lstm: Derivation) -> None:
    printed = derivation_latex(lstm, REASONS, {"delta_a": PROVED})
    assert (
        r"  \delta a_t &= \delta \mathit{state}_t \odot i_t \odot (1 - a_t^2) "
        r"&& \lstmwhy{15}{substitution; from (15e), (15f), (15j)}{\lstmverdict{PROVED}}" in printed
    )
    assert printed.count(r"\begin{flalign*}") == printed.count(r"\end{flalign*}") > 10


def test_a_repeated_left_side_is_printed_once(lstm: Derivation) -> None:
    (outlined,) = [found for found in outline(lstm) if found.result.id == "delta_a"]
    assert [line.left_repeats for line in outlined.lines] == [
        False,
        False,
        True,
        True,
        False,
        False,
        False,
        True,
        True,
        True,
        False,
    ]


def test_the_short_form_prints_like_lines_once(lstm: Derivation) -> None:
    short = {found.result.id: found for found in outline(lstm, short=True)}
    assert short["delta_W_i"].lines == ()
    assert short["delta_W_i"].alike == short["delta_W_a"].number
    assert r"\lstmwhy{27}{in the same way as (24)}{}" in derivation_latex(lstm, short=True)
    assert "in the same way as (24)" in derivation_text(lstm, short=True)
    assert all(found.lines for found in outline(lstm))


def test_markdown_has_formulas_between_dollars(lstm: Derivation) -> None:
    printed = derivation_markdown(lstm, REASONS, {"delta_out": PROVED})
    assert "$$\n\\delta \\mathit{out}_t = \\Delta_t + \\Delta \\mathit{out}_t \\tag{13}\n$$" in printed
    assert printed.count("$$") % 2 == 0
    assert "PROVED, every n, m, T" in printed
    line = "- (15e) $\\frac{\\partial E}{\\partial a_t} = \\delta \\mathit{state}_t \\odot i_t$: substitution; from"
    assert f"{line} \\(15a\\), \\(15d\\)" in printed


def test_one_result_alone(lstm: Derivation) -> None:
    printed = result_markdown(lstm["delta_state_initial"])
    assert printed.startswith("$$\n\\delta \\mathit{state}_{-1} = \\delta \\mathit{state}_0 \\odot f_0 \\tag{1}\n$$")
    assert "from \\(state\\)" in printed


@pytest.mark.parametrize("name", CELLS)
def test_every_cell_is_printed_in_every_format(name: str) -> None:
    derivation = derive(cell(name))
    for printed in (derivation_text(derivation), derivation_latex(derivation), derivation_markdown(derivation)):
        assert len(printed.splitlines()) > len(derivation.results)


def test_a_kind_without_a_heading_is_refused(lstm: Derivation) -> None:
    statement = Statement(Timed("a", n), Timed("i", n))
    odd = dataclasses.replace(lstm, results=(Result("odd", "conjecture", statement, (Step("odd", statement, "definition"),)),))
    with pytest.raises(UnsupportedError, match=r"result odd; got the kind 'conjecture'.*SECTIONS"):
        derivation_text(odd)


def test_letters_go_on_after_z() -> None:
    assert [letters(place) for place in (0, 25, 26, 51, 52)] == ["a", "z", "aa", "az", "ba"]


def test_a_refuted_verdict_shows_its_witness(lstm: Derivation) -> None:
    refuted = Verdict(Status.REFUTED, "n=1, T=2", "exact rationals", 1, "wrong", Witness("n=1", "3/7", "-5/21"), seed=5)
    assert "[REFUTED, n=1, T=2; exact rationals, 1 check; wrong; n=1: 3/7 against -5/21, exactly; seed 5]" in derivation_text(
        lstm, verdicts={"Delta": refuted}
    )

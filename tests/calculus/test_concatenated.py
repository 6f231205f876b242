"""The concatenated form: every restated line is proved, a wrong one is refuted, and what has no such form stays as it is."""

from __future__ import annotations

import pytest

from lstm_sym.calculus.concatenated import concatenated, concatenated_solution
from lstm_sym.calculus.derive import derive
from lstm_sym.cells import CELLS, cell
from lstm_sym.derivation import Statement
from lstm_sym.example.solve import solve
from lstm_sym.notes.example_file import load_example
from lstm_sym.proof.prove import prove, prove_statement
from lstm_sym.symbols.nodes import Sum
from lstm_sym.verdict import Status


@pytest.mark.parametrize("name", CELLS)
def test_every_restated_line_is_proved(name):
    assert prove(concatenated(derive(cell(name)))).verdict.status is Status.PROVED


def test_the_lstm_in_concatenated_form():
    found = concatenated(derive(cell("lstm")))
    assert str(found["net_f"].statement.right) == "(UW_f@stack(out[t - 1], x[t]) + b_f)"
    assert str(found["delta_UW_f"].statement.right) == "sum(outer(delta_f[t], stack(out[t - 1], x[t])), t=0..T)"
    assert found["net_f"].rule == "concatenation"
    assert str(found.forward[2].body) == "sigma((UW_f@stack(out[t - 1], x[t]) + b_f))"


def test_a_wrong_concatenated_line_is_refuted():
    elman = cell("elman")
    right = concatenated(derive(elman))["net_h"].statement
    first, bias = right.right.args
    doubled = Statement(right.left, Sum(first, bias, bias), right.times)
    assert prove_statement(doubled, elman).status is Status.REFUTED


def test_the_lines_of_an_example_keep_their_numbers():
    before = solve(load_example())
    after = concatenated_solution(before)
    pairs = [(a, b) for p, q in zip(before.parts, after.parts, strict=True) for a, b in zip(p.lines, q.lines, strict=True)]
    assert all(a.value == b.value and a.numbers == b.numbers for a, b in pairs)
    assert str(after.parts[0].lines[0].right) == "tanh((UW_a@stack(out[-1], x[0]) + b_a))"

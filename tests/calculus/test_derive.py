"""What is derived: the worksheet's list for the LSTM, literally; and what each cell of the package gives."""

import pytest

from lstm_sym.calculus.derive import PASSES, derive
from lstm_sym.calculus.entrywise import vector_jacobian_product
from lstm_sym.calculus.rules import RULES, rule_for
from lstm_sym.cells import CELLS, cell
from lstm_sym.errors import InputError, UnsupportedError
from lstm_sym.symbols.applied import tanh
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Ones, odot
from lstm_sym.symbols.scalars import m, n

WORKSHEET = {
    "delta_out": "(Delta[t] + Delta_out[t])",
    "delta_state": "(odot(delta_out[t], o[t], (1 + -tanh(state[t])**2)) + odot(delta_state[t + 1], f[t + 1]))",
    "delta_a": "odot(delta_state[t], i[t], (1 + -a[t]**2))",
    "delta_i": "odot(delta_state[t], a[t], i[t], (1 + -i[t]))",
    "delta_f": "odot(delta_state[t], state[t - 1], f[t], (1 + -f[t]))",
    "delta_o": "odot(delta_out[t], tanh(state[t]), o[t], (1 + -o[t]))",
    "delta_x": "W.T@delta_gates",
    "Delta_out": "U.T@delta_gates",
    "delta_W": "sum(outer(delta_gates, x[t]), t=0..T)",
    "delta_U": "sum(outer(delta_gates, out[t - 1]), t=0..T)",
    "delta_b": "sum(delta_gates, t=0..T)",
}
MORE = {
    "Delta": "(out[t] + -label[t])",
    "delta_state_after_last": "0",
    "Delta_out_last": "0",
    "delta_state_initial": "odot(delta_state[0], f[0])",
    "delta_W_i": "sum(outer(delta_i[t], x[t]), t=0..T)",
    "delta_U_f": "sum(outer(delta_f[t], out[t - 1]), t=0..T)",
    "delta_b_o": "sum(delta_o[t], t=0..T)",
    "delta_U_from_zero": "sum(outer(delta_gates, out[t]), t=0..T - 1)",
    "W_new": "(W + -lambda*delta_W)",
    "U_a_new": "(U_a + -lambda*delta_U_a)",
}
OTHERS = {
    ("elman", "delta_net_h"): "odot(delta_h[t], (1 + -h[t]**2))",
    ("elman", "Delta_h"): "U_h.T@delta_net_h[t]",
    ("gru", "delta_z"): "odot(delta_h[t], (h[t - 1] + -g[t]), z[t], (1 + -z[t]))",
    ("gru", "delta_r"): "odot(U_g.T@delta_g[t], h[t - 1], r[t], (1 + -r[t]))",
    ("gru", "Delta_h"): "(U_r.T@delta_r[t] + U_z.T@delta_z[t] + odot(U_g.T@delta_g[t], r[t]) + odot(delta_h[t], z[t]))",
    ("gru", "delta_U_g"): "sum(outer(delta_g[t], odot(r[t], h[t - 1])), t=0..T)",
    ("gru_reset_after", "delta_u"): "odot(delta_g[t], r[t])",
    ("gru_reset_after", "delta_r"): "odot(delta_g[t], u[t], r[t], (1 + -r[t]))",
    ("peephole", "delta_p_o"): "sum(odot(delta_o[t], state[t]), t=0..T)",
    ("peephole", "delta_state_initial"): "(odot(delta_i[0], p_i) + odot(delta_f[0], p_f) + odot(delta_state[0], f[0]))",
}


def test_the_lstm_gives_the_worksheets_list_in_its_order(derivation):
    found = derivation("lstm")
    assert {id: str(found[id].statement.right) for id in WORKSHEET} == WORKSHEET
    order = [result.id for result in found]
    assert [id for id in order if id in WORKSHEET] == list(WORKSHEET)


@pytest.mark.parametrize("id", MORE)
def test_the_rest_of_the_lstm(derivation, id):
    assert str(derivation("lstm")[id].statement.right) == MORE[id]


@pytest.mark.parametrize(("name", "id"), OTHERS, ids=str)
def test_other_cells(derivation, name, id):
    assert str(derivation(name)[id].statement.right) == OTHERS[name, id]


@pytest.mark.parametrize("name", CELLS)
def test_each_step_names_premises_that_stand_before_it(derivation, name):
    found = derivation(name)
    known = {result.id for result in found}
    for result in found:
        seen = set()
        for step in result.steps:
            assert set(step.uses) <= known | seen, step.id
            assert all(rule in RULES for rule in step.rule.split(", ")), step.rule
            seen.add(step.id)
        assert result.steps[-1].statement == result.statement
        assert result.steps[-1].id == result.id


def test_a_gate_is_derived_by_the_rules_that_a_reader_expects(derivation):
    steps = derivation("lstm")["delta_a"].steps
    assert [step.rule for step in steps] == [
        "chain rule over time",
        "definition",
        "sum rule",
        "product rule",
        "substitution",
        "chain rule over time",
        "definition",
        "chain rule",
        "tanh' = 1 - tanh²",
        "definition",
        "substitution",
    ]
    assert str(steps[4].statement.left) == "partial_a[t]"
    assert str(steps[4].statement.right) == "odot(delta_state[t], i[t])"


def test_ids_are_unique(derivation):
    for name in CELLS:
        ids = [step.id for result in derivation(name) for step in result.steps]
        assert len(ids) == len(set(ids))


def test_every_pass_gives_its_reason():
    assert [p.name for p in PASSES][:3] == ["definitions", "loss", "adjoints"]
    assert all(p.reason for p in PASSES)


def test_an_unknown_loss_is_refused():
    with pytest.raises(InputError, match="loss 'cubic'; got no loss of that name; expected one of squared"):
        derive(cell("elman"), loss="cubic")


def test_a_node_without_a_rule_is_refused():
    with pytest.raises(
        UnsupportedError, match=r"derivative through Ones; got 1; expected one of Sum, Scaled, Hadamard.*add a Rule"
    ):
        rule_for(Ones(n, 1))


def test_an_unknown_result_lists_the_known_ones(derivation):
    with pytest.raises(KeyError, match="no result 'delta_q' in the derivation of lstm; ids: net_a, a, net_i"):
        derivation("lstm")["delta_q"]


u, v, c, x, M = Timed("u", n), Timed("v", n), Timed("c", n), Timed("x", m), Parameter("M", n, m)


@pytest.mark.parametrize(
    ("body", "symbol", "expected"),
    [
        (odot(u, v), u, "odot(c[t], v[t])"),
        (u + v, u, "c[t]"),
        (M @ x, x, "M.T@c[t]"),
        (M @ x, M, "outer(c[t], x[t])"),
        (tanh(M @ x), x, "M.T@odot(c[t], (1 + -y[t]**2))"),
        (odot(u, u), u, "2*odot(c[t], u[t])"),
        (u**3, u, "3*odot(c[t], u[t]**2)"),
        (odot(u, v) - v, v, "odot(c[t], (u[t] + -1))"),
        (odot(1 - u, v), u, "-odot(c[t], v[t])"),
        (odot(u, v), Timed("w", n), "0"),
    ],
    ids=str,
)
def test_entrywise_derivatives_read_back(body, symbol, expected):
    y = Timed("y", n)
    assert str(vector_jacobian_product(y, body, symbol, c)) == expected

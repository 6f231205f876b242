"""The identity prover: what it proves for every size, and that it proves nothing that is wrong."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import sqrt

from lstm_sym.cells import cell
from lstm_sym.derivation import Statement
from lstm_sym.proof import prove_statement
from lstm_sym.proof.dual import AbstractRationals
from lstm_sym.proof.identity import identity
from lstm_sym.proof.point import FreePoint
from lstm_sym.symbols.applied import Apply, sigma, tanh
from lstm_sym.symbols.compound import SumOverTime, outer
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Zeros, add, negate, odot
from lstm_sym.symbols.scalars import T, m, n, t
from lstm_sym.verdict import EVERY_SIZE, Status

lstm = cell("lstm")
a, i, f, o, state, out = lstm.variables
(x,) = lstm.inputs
delta = {name: Timed(f"delta_{name}", n) for name in ("a", "i", "f", "o", "state", "out")}
W, U, b = ({g: Parameter(f"{k}_{g}", *shape) for g in "aifo"} for k, shape in (("W", (n, m)), ("U", (n, n)), ("b", (n, 1))))
net_i = W["i"] @ x + U["i"] @ out.prev + b["i"]

EQUIVALENT = {
    "expanded": (delta["a"], odot(delta["state"], i) - odot(delta["state"], i, a, a)),
    "slope at the pre-activation": (delta["i"], odot(delta["state"], a, Apply("sigma'", net_i))),
    "sigma of the opposite": (delta["i"], odot(delta["state"], a, sigma(net_i), 1 - sigma(net_i))),
    "sigma of the negated argument": (delta["i"], odot(delta["state"], a, i, sigma(negate(net_i)))),
    "tanh of the negated state": (delta["o"], odot(delta["out"], tanh(negate(state)), o, o - 1)),
    "named pre-activation": (delta["a"], odot(delta["state"], i, Apply("tanh'", Timed("net_a", n)))),
    "through the output": (delta["o"], odot(delta["out"], out, 1 - o)),
    "from the output's adjoint": (
        delta["a"],
        odot(odot(delta["out"], o, 1 - tanh(state) ** 2) + odot(delta["state"].next, f.next), i, 1 - a**2),
    ),
    "state written out": (delta["f"], odot(delta["state"], state.prev, f) - odot(delta["state"], state.prev, f, f)),
    "arriving": (delta["out"], Timed("Delta", n) + add(*[U[g].T @ delta[g].next for g in "aifo"])),
    "shifted sum": (
        Parameter("delta_W_a", n, m),
        SumOverTime(outer(delta["a"].next, x.next), -1, T - 1),
    ),
    "sum past the end": (Parameter("delta_b_i", n), SumOverTime(delta["i"], 0, T + 1)),
    "at the last step": (delta["state"].at(T), odot(delta["out"].at(T), o.at(T), 1 - tanh(state.at(T)) ** 2)),
    "forward, one step later": (state.next, odot(a.next, i.next) + odot(f.next, state)),
    "gradient in adjoints of values": (
        Parameter("delta_b_a", n),
        SumOverTime(odot(delta["state"], i, 1 - a**2), 0, T),
    ),
}
WRONG = {
    "forward, one step later": (state.next, odot(a.next, i.next) + odot(f.next, state.next)),
    "activated value": (delta["a"], odot(delta["state"], i, 1 - tanh(a) ** 2)),
    "state one step late": (delta["f"], odot(delta["state"], state, f, 1 - f)),
    "no transpose": (Timed("Delta_out", n, 1, t - 1), add(*[U[g] @ delta[g] for g in "aifo"])),
    "neighbour": (delta["i"], odot(delta["state"], a, f, 1 - f)),
    "lost carry": (delta["state"], odot(delta["out"], o, 1 - tanh(state) ** 2)),
    "parenthesis": (delta["a"], odot(delta["state"], i) - a**2),
    "worksheet's sum for the biases": (Parameter("delta_b_i", n), SumOverTime(delta["i"].next, 0, T)),
    "recurrent weights without the initial output": (
        Parameter("delta_U_a", n, n),
        SumOverTime(outer(delta["a"].next, out), 0, T - 1),
    ),
    "boundary": (delta["state"].at(T), Zeros(n, 1)),
}


@pytest.mark.parametrize("case", EQUIVALENT)
def test_equivalent_forms_are_proved_for_every_size(case):
    verdict = prove_statement(Statement(*EQUIVALENT[case]), lstm)
    assert verdict.status is Status.PROVED
    assert verdict.scope == EVERY_SIZE
    assert verdict.checks > 0


@pytest.mark.parametrize("case", WRONG)
def test_wrong_equations_are_refuted_with_a_witness(case):
    verdict = prove_statement(Statement(*WRONG[case]), lstm)
    assert verdict.status is Status.REFUTED
    assert verdict.witness is not None
    assert verdict.witness.left != verdict.witness.right


def test_the_witness_says_where_and_what():
    verdict = prove_statement(Statement(*WRONG["state one step late"]), lstm)
    assert verdict.witness is not None
    assert str(verdict.witness).startswith("n=1, m=1, T=1, t=0, entry (1, 1): ")
    assert str(verdict.witness).endswith(", exactly")


def test_a_premise_narrows_the_scope():
    statement = Statement(*WRONG["recurrent weights without the initial output"])
    zero = Statement(out.at(-1), Zeros(n, 1))
    verdict = prove_statement(Statement(statement.left, statement.right, None, (zero,)), lstm)
    assert verdict.status is Status.PROVED
    assert verdict.scope == "every n, m, T, where out[-1] = 0"


def test_the_step_before_narrows_the_scope():
    verdict = prove_statement(Statement(out.prev, odot(tanh(state.prev), o.prev)), lstm)
    assert verdict.status is Status.PROVED
    assert verdict.scope == "every n, m, T, where t >= 1"


def test_an_identity_of_the_true_functions_alone_is_not_refuted():
    """tanh(2 z) (1 + tanh(z)^2) = 2 tanh(z) is true, and no rule here knows it: neither proved nor refuted."""
    z = state
    statement = Statement(odot(tanh(2 * z), 1 + tanh(z) ** 2), 2 * tanh(z))
    assert prove_statement(statement, lstm).status is Status.UNKNOWN


def test_tanh_is_the_logistic_function_of_twice_the_argument():
    z = state
    right = add(2 * sigma(2 * z), negate(tanh(z) - tanh(z) + (1 + 0 * z)))
    assert prove_statement(Statement(tanh(z), right), lstm).status is Status.PROVED
    inner = Statement(sigma(tanh(z)), sigma(right))
    assert prove_statement(inner, lstm).status is Status.PROVED
    assert prove_statement(Statement(tanh(z), right + z), lstm).status is Status.REFUTED


def test_what_cannot_be_read_is_unknown_with_the_reason():
    verdict = prove_statement(Statement(f, sqrt(2) * f), lstm)
    assert verdict.status is Status.UNKNOWN
    assert "coefficient sqrt(2); expected a rational number times powers of named scalars" in str(verdict.reason)
    twice = Timed("f", n, 1, 2 * t)
    assert "time of f[2*t]; got 2*t; expected t + k, T + k or a number" in str(identity(Statement(twice, f), lstm).reason)


def test_times_far_apart_are_not_put_in():
    verdict = identity(Statement(delta["f"], delta["f"].at(t + 40)), lstm)
    assert verdict.status is Status.UNKNOWN
    assert verdict.reason == "a statement over several times; got times 40 steps apart; expected at most 4 steps"


def test_different_shapes_are_not_compared():
    verdict = identity(Statement(x, out), lstm)
    assert verdict.status is Status.UNKNOWN
    assert "different shapes m x 1 and n x 1" in str(verdict.reason)


u, v, w = (Parameter(name, n) for name in "uvw")
M = Parameter("M", n, n)
LEAVES = st.sampled_from([u, v, w])
COLUMNS: st.SearchStrategy[Expression] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda p, q: p + q, inner, inner),
        st.builds(odot, inner, inner),
        st.builds(lambda p: M @ p, inner),
        st.builds(lambda p: M.T @ p, inner),
        st.builds(lambda p: 1 - p, inner),
        st.builds(tanh, inner),
        st.builds(lambda p: -3 * p, inner),
    ),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(COLUMNS, COLUMNS)
def test_the_prover_agrees_with_exact_points(left, right):
    """Proved exactly where both sides have equal values at a random rational point of size 3."""
    proved = identity(Statement(left, right), lstm).status is Status.PROVED
    point = FreePoint(AbstractRationals(5), {"n": Fraction(3), "m": Fraction(2)}, 2, 5)
    sides = [[entry.value for row in point.of(side, None) for entry in row] for side in (left, right)]
    assert proved == (sides[0] == sides[1])


@settings(max_examples=40, deadline=None)
@given(COLUMNS, COLUMNS, COLUMNS)
def test_ring_laws_are_proved(p, q, r):
    for left, right in [(odot(p + q, r), odot(r, p) + odot(q, r)), (M @ (p - q), M @ p - M @ q), (p + q, q + p)]:
        assert identity(Statement(left, right), lstm).status is Status.PROVED

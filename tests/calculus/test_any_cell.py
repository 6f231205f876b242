"""Cells that are not in the package: what is derived for them, literally, and that it is proved."""

import pytest
from sympy import Symbol

from lstm_sym.calculus.derive import derive
from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.errors import DeclarationError, UnsupportedError
from lstm_sym.proof.prove import prove
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.nodes import odot
from lstm_sym.symbols.scalars import m, n
from lstm_sym.verdict import Status

h, p, q, d = variables("h p q d", n)
x = inputs("x", m)
W, U, V, b = weights("W", n, m), weights("U", n, n), weights("V", n, n), biases("b", n)
k = Symbol("k", integer=True, positive=True)


def one(body, *before):
    return Cell("mine", output=h, equations=[*before, define(h, body)])


CELLS = {
    "an input used twice": (
        one(tanh(odot(W.a @ x, W.b @ x))),
        {
            "delta_x": "(W_a.T@odot(delta_net_h[t], W_b@x[t]) + W_b.T@odot(delta_net_h[t], W_a@x[t]))",
            "delta_W_a": "sum(outer(odot(delta_net_h[t], W_b@x[t]), x[t]), t=0..T)",
        },
    ),
    "a square of an affine map": (
        one(tanh(U.h @ h.prev) - (W.h @ x) ** 2),
        {"delta_x": "-2*W_h.T@odot(delta_h[t], W_h@x[t])"},
    ),
    "multiplicative": (
        one(tanh(U.h @ p), define(p, odot(W.p @ x, U.p @ h.prev))),
        {"Delta_h": "U_p.T@odot(delta_p[t], W_p@x[t])", "delta_x": "W_p.T@odot(delta_p[t], U_p@h[t - 1])"},
    ),
    "one weight twice in a product": (
        one(tanh(W.h @ x + U.h @ (U.h @ h.prev))),
        {
            "Delta_h": "U_h.T@U_h.T@delta_net_h[t]",
            "delta_U_h": "sum((outer(U_h.T@delta_net_h[t], h[t - 1]) + outer(delta_net_h[t], U_h@h[t - 1])), t=0..T)",
        },
    ),
    "a weight and its transpose": (
        one(tanh(W.h @ x + U.h.T @ (U.h @ h.prev))),
        {"Delta_h": "U_h.T@U_h@delta_net_h[t]"},
    ),
    "activations in activations": (
        one(tanh(U.h @ sigma(W.h @ x + V.h @ tanh(U.k @ h.prev)))),
        {
            "delta_x": "W_h.T@odot(U_h.T@delta_net_h[t], sigma((W_h@x[t] + V_h@tanh(U_k@h[t - 1]))), "
            "(1 + -sigma((W_h@x[t] + V_h@tanh(U_k@h[t - 1])))))"
        },
    ),
    "low rank": (
        one(tanh(W.h @ x + weights("A", n, k).h @ (weights("B", k, n).h @ h.prev))),
        {"Delta_h": "B_h.T@A_h.T@delta_net_h[t]", "delta_B_h": "sum(outer(A_h.T@delta_net_h[t], h[t - 1]), t=0..T)"},
    ),
    "a bias alone": (one(b.h), {"delta_b_h": "sum(delta_h[t], t=0..T)"}),
    "a copy of the step before": (
        one(tanh(U.h @ d + V.h @ d.prev + W.h @ x), define(d, h.prev)),
        {"Delta_h": "delta_d[t]", "delta_d": "(U_h.T@delta_net_h[t] + V_h.T@delta_net_h[t + 1])"},
    ),
    "a variable that nothing uses": (one(tanh(W.h @ x), define(d, tanh(W.d @ x))), {"delta_d": "0"}),
    "negated arguments": (
        one(-tanh(-(W.h @ x) - U.h @ h.prev) - odot(p, sigma(-p)), define(p, sigma(U.p @ h.prev - W.p @ x))),
        {"delta_W_p": "sum(outer(-delta_p[t], x[t]), t=0..T)"},
    ),
    "coupled gates": (
        one(odot(1 - p, tanh(W.h @ x)) + odot(p, h.prev), define(p, sigma(W.p @ x + U.p @ h.prev))),
        {"delta_p": "odot(delta_h[t], (h[t - 1] + -tanh(W_h@x[t])), p[t], (1 + -p[t]))"},
    ),
    "two recurrent variables": (
        one(odot(p, q), define(p, tanh(W.p @ x + U.p @ q.prev)), define(q, sigma(W.q @ x + U.q @ p.prev + V.q @ p))),
        {"delta_q": "(odot(delta_h[t], p[t]) + U_p.T@delta_net_p[t + 1])", "delta_p_initial": "U_q.T@delta_net_q[0]"},
    ),
}


@pytest.mark.parametrize("title", CELLS)
def test_it_is_derived_and_proved(title):
    cell, expected = CELLS[title]
    proof = prove(derive(cell))
    assert {id: str(proof.derivation[id].statement.right) for id in expected} == expected
    assert proof.verdict.status is Status.PROVED, [id for id, v in proof.results.items() if v.status is not Status.PROVED]


def test_a_name_of_forty_characters_leaves_room_for_derived_names():
    (long,) = variables("h" * 40, n)
    cell = Cell("mine", output=long, equations=[define(long, tanh(U.h @ long.prev))])
    assert str(derive(cell)["delta_net_" + "h" * 40].statement.left) == "delta_net_" + "h" * 40 + "[t]"
    (longer,) = variables("h" * 41, n)
    with pytest.raises(DeclarationError, match="got 41 characters, more than 40; expected another name"):
        Cell("mine", output=longer, equations=[define(longer, tanh(U.h @ longer.prev))])


def test_a_parameter_inside_a_left_factor_is_refused_with_what_is_expected():
    cell = one(tanh((W.a + W.b) @ x))
    with pytest.raises(
        UnsupportedError, match="got the symbol inside the left factor; expected a parameter W in W v, or its transpose"
    ):
        derive(cell)


def test_what_cannot_be_read_back_names_the_equation():
    with pytest.raises(UnsupportedError) as caught:
        derive(one(tanh(odot(W.a, W.b) @ x)))
    assert "cell mine, equation net_h = odot(W_a, W_b)@x[t]; got a derivative by W_a that is no sum of matrix" in str(
        caught.value
    )
    assert "to mend it: give the inner products equations of their own" in str(caught.value)

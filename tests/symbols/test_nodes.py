"""Expression nodes: SymPy's laws for nodes, shapes, the written order, names."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_sym.errors import DeclarationError, LstmSymError
from lstm_sym.symbols.applied import Apply, sigma, tanh
from lstm_sym.symbols.blocks import blocks
from lstm_sym.symbols.compound import VJP, Stack, SumOverTime, outer
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Hadamard, Ones, Power, Scaled, Sum, Zeros, add, negate, odot, product
from lstm_sym.symbols.scalars import T, m, n, t
from lstm_sym.symbols.traversal import at_time, symbols_in

u, v = Timed("u", n), Timed("v", n)
x, W, U = Timed("x", m), Parameter("W", n, m), Parameter("U", n, n)
NODES = [
    u,
    W,
    u + v,
    u - v,
    -u,
    3 * u,
    W @ x,
    odot(u, v),
    u**3,
    W.T,
    outer(u, x),
    tanh(u),
    Apply("sigma'", u),
    SumOverTime(outer(u, x), 0, T),
    Stack("uv", u, v),
    VJP(odot(u, v), u, v),
    Ones(n, 1),
    Zeros(n, 1),
]


@pytest.mark.parametrize("node", NODES, ids=str)
def test_a_node_is_a_sympy_node(node):
    assert node.func(*node.args) == node
    assert hash(node.func(*node.args)) == hash(node)
    assert pickle.loads(pickle.dumps(node)) == node


@given(st.permutations([u, v, U @ v, odot(u, v)]))
def test_sums_keep_the_written_order(terms):
    assert add(*terms).args == tuple(terms)


def test_nested_sums_and_products_are_flat():
    assert (u + v) + u == Sum(u, v, u)
    assert odot(odot(u, v), u) == Hadamard(u, v, u)
    assert product(U, product(U, v)).args == (U, U, v)


def test_ones_and_zeros_disappear():
    assert odot(u, Ones(n, 1)) == u
    assert u + 0 == u
    assert 0 * u == Zeros(n, 1)
    assert negate(negate(u)) == u
    assert 1 - u == Sum(Ones(n, 1), Scaled(-1, u))


def test_time_moves_everywhere_but_under_a_sum_over_time():
    total = SumOverTime(outer(u, x), 0, T)
    assert at_time(odot(u.prev, v), t + 1) == odot(u, v.next)
    assert at_time(total, t + 1) == total


def test_symbols_are_listed_once_in_written_order():
    assert symbols_in(odot(v, u) + U @ v) == (v, u, U)


def test_text_of_an_expression():
    assert str(tanh(W @ x + U @ v.prev)) == "tanh((W@x[t] + U@v[t - 1]))"


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: W @ u,
            "product W @ u[t]; got shapes n x m and n x 1; expected as many columns on the left as rows on the right",
        ),
        (lambda: u + x, "sum of u[t] and x[t]; got shapes n x 1 and m x 1; expected equal shapes"),
        (lambda: odot(W, u), "Hadamard product of W and u[t]; got shapes n x m and n x 1; expected equal shapes"),
        (lambda: outer(W, x), "outer product of W and x[t]; got shape n x m of W; expected column vectors"),
        (
            lambda: u * v,
            "got * between two matrix expressions; expected @ for a matrix product, odot(u, v) for a Hadamard product",
        ),
        (lambda: u + "1", "operand '1'; got str; expected a matrix expression"),
        (lambda: Power(u, -1), "power of u[t]; got exponent -1; expected an integer from 1 to 16"),
        (lambda: Timed("__import__('os')", n), "got not an identifier; expected a letter"),
        (lambda: Stack("s", u, W), "got blocks of 2 widths; expected blocks with equally many columns"),
        (lambda: VJP(u, odot(u, v), v), "derivative by odot(u[t], v[t]); got Hadamard; expected a Timed symbol or a Parameter"),
        (lambda: Apply("softsign", u), "activation 'softsign'; got no record of that name; expected one of sigma, tanh"),
        (lambda: blocks(odot(Stack("a", u, v), Stack("b", u, v, u))), "Hadamard product"),
        (lambda: blocks(Stack("a", u, v).T), "got blocks that do not fit together"),
        (lambda: Stack("a", u, v)[0, 0], "an entry of a stack; expected an entry of one of its blocks"),
    ],
)
def test_a_wrong_expression_says_what_is_wrong(build, message):
    with pytest.raises(LstmSymError) as caught:
        build()
    assert message in str(caught.value)


def test_blocks_of_the_stacked_form():
    a, i = Parameter("W_a", n, m), Parameter("W_i", n, m)
    gates, both = Stack("gates", u, v), Stack("W", a, i)
    assert blocks(both.T @ gates) == (a.T @ u + i.T @ v,)
    assert blocks(outer(gates, x)) == (outer(u, x), outer(v, x))
    assert blocks(both @ x) == (a @ x, i @ x)
    assert blocks(gates - 2 * gates) == (u - 2 * u, v - 2 * v)


def test_sigma_and_tanh_have_the_shape_of_their_argument():
    assert sigma(W @ x).shape == (n, 1)
    with pytest.raises(DeclarationError):
        sigma(W @ x) + x

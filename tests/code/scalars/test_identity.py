"""The prover proves what is equal for all values, and nothing else; balls and residues keep their laws."""

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_sym.code.scalars.adjoint import derivative
from lstm_sym.code.scalars.graph import Graph, rational, running
from lstm_sym.code.scalars.identity import Prover, small_rational
from lstm_sym.code.scalars.scalar import UndecidedError, compare


@pytest.fixture
def graph():
    made = Graph(3, 200)
    with running(made):
        yield made


def variables(graph, count=4):
    return [graph.argument("x", (k,), Fraction(2 * k + 3, 7)) for k in range(count)]


EQUAL = [
    (lambda a, b, c, d: (a + b) * (c + d), lambda a, b, c, d: a * c + b * c + a * d + b * d),
    (lambda a, b, c, d: 1 / (1 + (-a).exp()), lambda a, b, c, d: a.exp() / (1 + a.exp())),
    (lambda a, b, c, d: 1 / (1 + (-a).exp()), lambda a, b, c, d: 0.5 * (1 + (a / 2).tanh())),
    (lambda a, b, c, d: (2 * a).tanh(), lambda a, b, c, d: 2 * a.tanh() / (1 + a.tanh() ** 2)),
    (lambda a, b, c, d: (a + b).exp() * c / ((b + a).exp() * d), lambda a, b, c, d: c / d),
    (lambda a, b, c, d: 1 - a.tanh() ** 2, lambda a, b, c, d: 4 / ((a.exp() + (-a).exp()) ** 2)),
    (lambda a, b, c, d: (a - (a.exp() + b.exp()).log()).exp(), lambda a, b, c, d: a.exp() / (a.exp() + b.exp())),
    (lambda a, b, c, d: (a * b - c) / 3 - (a * b) / 3, lambda a, b, c, d: -c / 3),
]


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal_expressions_are_proved(graph, left, right):
    args = variables(graph)
    assert Prover().equal(left(*args), right(*args))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (lambda a, b, c, d: a * b, lambda a, b, c, d: a * c),
        (lambda a, b, c, d: a.tanh(), lambda a, b, c, d: a.exp()),
        (lambda a, b, c, d: (a + b) ** 2, lambda a, b, c, d: a**2 + b**2),
        (lambda a, b, c, d: a * (1 + Fraction(1, 10**12)), lambda a, b, c, d: a),
    ],
)
def test_different_expressions_are_not_proved(graph, left, right):
    args = variables(graph)
    assert not Prover().equal(left(*args), right(*args))


def test_equal_residues_alone_do_not_make_a_proof(graph):
    a, b = variables(graph, 2)
    b.r1, b.r2 = a.r1, a.r2
    assert not Prover().equal(a * 1, b * 1)


def test_no_time_no_proof(graph):
    a, b, c, d = variables(graph)
    assert not Prover(seconds=-1).equal((a + b) * (c + d), a * c + b * c + a * d + b * d)


def test_the_derivative_is_that_of_finite_differences(graph):
    def f(a, b, c):
        return (a * b).tanh() / (1 + c.exp()) + (b + c * c).log() * b.sqrt() - a.sin() * c.cos() / b

    values = [0.4, 0.7, -0.3]
    points = [graph.argument("x", (k,), rational(v)) for k, v in enumerate(values)]
    slopes = derivative(f(*points))
    for k, point in enumerate(points):
        sides = []
        for sign in (1, -1):
            moved = [Fraction(str(v)) + sign * Fraction(1, 10**12) * (j == k) for j, v in enumerate(values)]
            sides.append(f(*[graph.argument(f"{sign}{k}", (j,), v) for j, v in enumerate(moved)]).ball)
        quotient = (sides[0] - sides[1]) * arb(10) ** 12 / 2
        assert abs(float((slopes[point.ident].ball - quotient).mid())) < 1e-20


@given(st.fractions(max_denominator=1000), st.fractions(max_denominator=1000).filter(bool))
@settings(deadline=None, max_examples=30)
def test_balls_contain_the_exact_value(left, right):
    graph = Graph(1, 100)
    with running(graph):
        a, b = graph.argument("a", (), left), graph.argument("b", (), right)
        exact = (left + right) * left / right
        difference = ((a + b) * a / b).ball - graph.constant(exact).ball
        assert difference.contains(0)
        assert compare(a, b) == (left > right) - (left < right)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1 / 3, Fraction(1, 3)),
        (0.1, Fraction(1, 10)),
        (1e-12, Fraction(1, 10**12)),
        (0.75, Fraction(3, 4)),
        (3.14159, Fraction(314159, 100000)),
    ],
)
def test_a_float_is_the_simplest_rational_that_rounds_to_it(number, expected):
    assert rational(number) == expected


def test_small_rationals_are_found_from_residues(graph):
    assert small_rational(graph.constant(Fraction(-7, 12)).r1) == Fraction(-7, 12)


def test_a_comparison_of_equal_values_without_a_proof_is_undecided(graph):
    a = graph.argument("a", (), Fraction(2))
    with pytest.raises(UndecidedError, match="which overlap"):
        compare(a.sin() ** 2 + a.cos() ** 2, graph.one)

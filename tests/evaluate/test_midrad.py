"""Float arrays with error bounds: exact results lie inside; without the radius they do not."""

from fractions import Fraction

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_sym.errors import UnsupportedError
from lstm_sym.evaluate.enclosures.jets import Jet, Jets
from lstm_sym.evaluate.enclosures.midrad import MidRad, stacked
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.leaves import Parameter

numbers = st.floats(-1e6, 1e6, allow_subnormal=False)
radii = st.sampled_from([0.0, 1e-12, 0.25])
rows = st.lists(numbers, min_size=3, max_size=3)


def enclosure(values, radius):
    """A row of three as an array, and the exact entries of a member of the ball."""
    array = numpy.array(values).reshape(1, 1, 3, 1)
    return MidRad(array, numpy.full((1, 1, 1, 1), radius)), [
        Fraction(v) + (-1) ** k * Fraction(radius) for k, v in enumerate(values)
    ]


def holds(ball, exact, factor=1):
    mids, rad = ball.mid.reshape(-1), Fraction(float(ball.rad.reshape(-1)[0]))
    return all(abs(Fraction(float(m)) - e) <= factor * rad for m, e in zip(mids, exact, strict=True))


@settings(deadline=None)
@given(rows, rows, radii, radii)
def test_sums_and_products_hold_the_exact_results(left, right, one, other):
    (a, exact_a), (b, exact_b) = enclosure(left, one), enclosure(right, other)
    assert holds(a + b, [x + y for x, y in zip(exact_a, exact_b, strict=True)])
    assert holds(a * b, [x * y for x, y in zip(exact_a, exact_b, strict=True)])
    assert holds(a @ b.transposed(), [sum((x * y for x, y in zip(exact_a, exact_b, strict=True)), Fraction(0))])


@settings(deadline=None)
@given(rows, rows, radii, radii)
def test_norms_that_are_carried_along_are_bounds(left, right, one, other):
    (a, _), (b, _) = enclosure(left, one), enclosure(right, other)
    for ball in (a + b, a * b, (a + b) * b, a.transposed()):
        assert ball.known is not None
        assert (abs(ball.mid) <= ball.norm).all()


@settings(deadline=None)
@given(rows, radii, st.lists(st.floats(0, 1e3, allow_subnormal=False), min_size=3, max_size=3))
def test_what_a_derivative_moves_is_bounded(left, radius, errors):
    row, exact = enclosure(left, radius)
    derivative, array = MidRad(row.mid.reshape(1, 1, 1, 3), row.rad), numpy.array([errors])
    worst = sum(((abs(x) * Fraction(e)) for x, e in zip(exact, errors, strict=True)), Fraction(0))
    moved = Fraction(float(derivative.moved(array).item()))
    slack = 2 * Fraction(radius) * sum(map(Fraction, errors))
    assert worst <= moved <= (worst + slack) * (1 + Fraction(1, 2**20)) + Fraction(1, 2**800)


def test_factors_and_the_inner_derivative_move_as_their_product_does():
    inner = MidRad(numpy.array([3.0, -1.0]).reshape(1, 1, 1, 2), numpy.zeros((1, 1, 1, 1)))
    found = Jets().hadamard(Jet(lambda: inner, inner), jet(-2.0, 0.0))
    errors = numpy.array([[1.0, 10.0], [0.0, 1.0]])
    assert found.factors is not None
    assert found.derivative.mid.reshape(-1).tolist() == [-6.0, 2.0]
    assert found.widths(errors).tolist() == pytest.approx([26.0, 2.0])
    assert (found.widths(errors) >= [26.0, 2.0]).all()


def test_without_the_radius_they_do_not():
    (a, exact_a), (b, exact_b) = enclosure([0.1, 0.2, 0.3], 0.0), enclosure([0.7, 0.11, 1.3], 0.0)
    for ball, exact in (
        (a + b, [x + y for x, y in zip(exact_a, exact_b, strict=True)]),
        (a * b, [x * y for x, y in zip(exact_a, exact_b, strict=True)]),
        (a @ b.transposed(), [sum(x * y for x, y in zip(exact_a, exact_b, strict=True))]),
    ):
        assert holds(ball, exact)
        assert not holds(ball, exact, factor=0)


def jet(value, radius, derivative=None):
    ball = MidRad(numpy.full((1, 1, 1, 1), value), numpy.full((1, 1, 1, 1), radius))
    return Jet(lambda: ball, derivative and MidRad(numpy.full((1, 1, 1, 1), derivative), numpy.zeros((1, 1, 1, 1))))


@pytest.mark.parametrize("inside", [-0.1, 0.0, 0.1])
def test_slopes_hold_for_every_value_inside_the_ball(inside):
    found = Jets().sloped("tanh", jet(0.5, 0.1), jet(0.0, 0.0, 1.0)).derivative
    assert holds(found, [1 - (Fraction(1, 2) + Fraction(inside)) ** 2])
    assert not holds(found, [1 - (Fraction(1, 2) + 3 * Fraction(1, 10)) ** 2])


def test_the_product_rule_and_powers():
    product = Jets().hadamard(jet(2.0, 0.0, 1.0), jet(3.0, 0.0, 1.0))
    assert holds(product.derivative, [Fraction(5)])
    assert holds(Jets().power(jet(2.0, 0.0, 1.0), 3).derivative, [Fraction(12)])
    assert Jets().hadamard(jet(2.0, 0.0), jet(3.0, 0.0)).derivative is None


def test_blocks_without_a_derivative_are_zero_in_a_stack():
    found = Jets().stack([jet(2.0, 0.0), jet(3.0, 0.0, 1.0)]).derivative
    assert found.mid.reshape(-1).tolist() == [0.0, 1.0]
    assert stacked([jet(2.0, 0.5).value, jet(3.0, 0.0).value]).rad.item() == 0.5


def test_an_activation_inside_an_equation_has_no_value_here():
    z = Parameter("z", 1, 1)
    with pytest.raises(
        UnsupportedError, match="derivative of tanh inside an equation; got no value for it; expected an equation of its own"
    ):
        Jets().compile(Apply("tanh", z), (z,), {})([jet(1.0, 0.0)])

"""Bounds of errors in frames: the worst errors are inside, exactly; halved bounds are not."""

import itertools
from fractions import Fraction

import numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_sym.evaluate.enclosures.frames import EVERY, Frame

entries = st.floats(-2, 2, allow_subnormal=False)
matrices = st.lists(st.lists(entries, min_size=2, max_size=2), min_size=2, max_size=2)


def exactly(matrix, vector):
    return [sum((Fraction(a) * v for a, v in zip(row, vector, strict=True)), Fraction(0)) for row in matrix]


@settings(deadline=None)
@given(st.lists(matrices, min_size=1, max_size=3 * EVERY), st.lists(st.sampled_from([-1, 1]), min_size=40, max_size=40))
def test_errors_at_the_edge_of_the_defects_stay_inside(jacobians, signs):
    sign = itertools.cycle(signs)
    frame, error = Frame(numpy.array([1.0, 1.0])), [Fraction(next(sign)), Fraction(next(sign))]
    for jacobian in jacobians:
        frame.advance(numpy.array(jacobian), 0.0, numpy.array([0.5, 0.25]))
        error = [e + next(sign) * r for e, r in zip(exactly(jacobian, error), (Fraction(1, 2), Fraction(1, 4)), strict=True)]
        assert all(abs(e) <= Fraction(float(b)) for e, b in zip(error, frame.bound(), strict=True))


def test_the_bound_of_one_number_is_tight_so_that_half_of_it_is_wrong():
    frame, error = Frame(numpy.array([1.0])), Fraction(1)
    for _ in range(5 * EVERY):
        frame.advance(numpy.array([[1.25]]), 0.0, numpy.array([1.0]))
        error = error * Fraction(5, 4) + 1
    (bound,) = frame.bound()
    assert error <= Fraction(float(bound)) < error * Fraction(1001, 1000)


def test_errors_under_rotations_do_not_grow():
    turn, frame = numpy.array([[0.6, -0.8], [0.8, 0.6]]), Frame(numpy.array([1.0, 1.0]))
    for _ in range(1000):
        frame.advance(turn, 1e-12, numpy.zeros(2))
    assert max(frame.bound()) < 5
    assert abs(turn).sum(axis=1).max() ** 1000 > 1e100


def test_the_radius_of_a_jacobian_counts():
    frame = Frame(numpy.array([1.0]))
    for _ in range(8):
        frame.advance(numpy.array([[1.0]]), 0.5, numpy.zeros(1))
    assert frame.bound()[0] >= 1.5**8

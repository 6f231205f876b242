"""All number systems agree over all cells, within each one's tolerance; finer balls meet coarser ones and are smaller."""

from fractions import Fraction

import flint
import mpmath
import numpy
import pytest

from lstm_sym.cells import CELLS
from lstm_sym.errors import InputError, UnsupportedError
from lstm_sym.evaluate.certify import endpoints
from lstm_sym.evaluate.columns.columns import ColumnBalls
from lstm_sym.evaluate.schedule.run import evaluate
from lstm_sym.evaluate.systems.balls import Balls
from lstm_sym.evaluate.systems.floats import Floats, sigma
from lstm_sym.evaluate.systems.mpfloats import MPFloats
from lstm_sym.evaluate.systems.printer import nearest_float
from lstm_sym.evaluate.systems.rationals import ExactRationals
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.leaves import Parameter
from tests.evaluate.samples import derivation, random_givens


def scalars(values):
    return [entry for key in values.matrices for row in values.entries(key) for entry in row]


@pytest.mark.parametrize("name", CELLS)
def test_all_systems_agree(name):
    givens = random_givens(name)
    systems = (Balls(200), MPFloats(200), Floats(numpy.float64), Floats(numpy.float32), ExactRationals())
    balls, mp, double, single, exact = (scalars(evaluate(derivation(name), givens, system)) for system in systems)
    assert len(balls) == len(mp) == len(double) == len(single) == len(exact) > 100
    assert all(ball.rad() < 1e-50 for ball in balls)
    assert all(_about(x).contains(ball) for ball, x in zip(balls, mp, strict=True))
    assert all(abs(float(ball.mid()) - x) < 1e-12 for ball, x in zip(balls, double, strict=True))
    assert all(abs(float(ball.mid()) - x) < 1e-4 for ball, x in zip(balls, single, strict=True))
    known = [(ball, x) for ball, x in zip(balls, exact, strict=True) if x is not None]
    assert len(known) > 20
    assert all(ball.contains(flint.arb(x)) or ball.overlaps(flint.arb(x)) for ball, x in known)


def _about(x):
    """The ball of an mpf number, exactly, widened by what 200 bits may lose."""
    sign, mantissa, exponent, _ = x._mpf_
    with flint.ctx.workprec(400):
        middle = flint.arb(flint.fmpz(-int(mantissa) if sign else int(mantissa))) * flint.arb(2) ** exponent
        return flint.arb(middle, 1e-52)


@pytest.mark.parametrize("name", CELLS)
def test_finer_balls_overlap_coarser_ones_and_are_smaller(name):
    givens = random_givens(name, seed=2)
    coarse, fine = (scalars(evaluate(derivation(name), givens, Balls(bits))) for bits in (80, 160))
    assert all(a.overlaps(b) for a, b in zip(coarse, fine, strict=True))
    assert all(b.rad() <= a.rad() for a, b in zip(coarse, fine, strict=True))


def test_exact_rationals_follow_zeros_and_halves():
    givens = random_givens("lstm", steps=1)
    nothing = {name: tuple(tuple(0 * entry for entry in row) for row in matrix) for name, matrix in givens.parameters.items()}
    values = evaluate(derivation("lstm"), type(givens)(**{**vars(givens), "parameters": nothing}), ExactRationals())
    assert values.entries(("a", 0)) == [[0], [0]]
    assert values.entries(("i", 0)) == [[flint.fmpq(1, 2)], [flint.fmpq(1, 2)]]
    assert values.entries(("out", 0))[0][0] is None


def test_global_precisions_are_untouched():
    before = flint.ctx.prec, mpmath.mp.prec
    evaluate(derivation("elman"), random_givens("elman"), Balls(999))
    evaluate(derivation("elman"), random_givens("elman"), MPFloats(999))
    assert (flint.ctx.prec, mpmath.mp.prec) == before


@pytest.mark.parametrize("system", [Balls(64), ColumnBalls(64), Floats(), MPFloats(64), ExactRationals()])
def test_an_unknown_node_says_where_to_add_it(system):
    node = SumOverTime(Parameter("b", 1, 1), 0, 1)
    with pytest.raises(
        UnsupportedError, match=r"SumOverTime.*add the node to OPERATIONS in lstm_sym/evaluate/systems/interpret.py"
    ):
        system.compile(node, (), {})


@pytest.mark.parametrize("system", [Balls(64), ColumnBalls(64), Floats()])
def test_a_slope_is_refused(system):
    b = Parameter("b", 1, 1)
    with pytest.raises(UnsupportedError, match="slope"):
        system.compile(Apply("tanh'", b), (b,), {})


@pytest.mark.parametrize("z", [-800.0, -40.0, 0.0, 40.0, 800.0])
def test_numpy_sigma_keeps_its_relative_accuracy(z):
    assert sigma(numpy.array([z]))[0] == pytest.approx(float(1 / (1 + mpmath.exp(-mpmath.mpf(z)))), rel=1e-15, abs=1e-300)


def test_a_number_beyond_float64_is_refused():
    with pytest.raises(InputError, match="beyond the largest finite float64"):
        nearest_float(Fraction(10) ** 400)


def test_endpoints_are_exact():
    assert endpoints(flint.arb(0.5)) == (flint.fmpq(1, 2), flint.fmpq(1, 2))
    assert endpoints(flint.arb("nan")) is None


def test_a_wrong_shape_and_a_missing_value_are_refused():
    givens = random_givens("elman")
    wrong = type(givens)(**{**vars(givens), "parameters": {**givens.parameters, "b_h": ((1,),)}})
    with pytest.raises(InputError, match="value of b_h; got shape 1 x 1; expected shape 2 x 1"):
        evaluate(derivation("elman"), wrong, Balls(64))
    without = type(givens)(**{**vars(givens), "parameters": {}})
    with pytest.raises(InputError, match="W_h in the parameters; got no value"):
        evaluate(derivation("elman"), without, Balls(64))
    with pytest.raises(InputError, match="at least one step"):
        evaluate(derivation("elman"), type(givens)(**{**vars(givens), "inputs": [], "labels": []}), Balls(64))


def test_the_power_of_a_ball_around_zero_is_finite():
    with Balls(64).session():
        square = Balls(64).power(flint.arb_mat([[flint.arb(0, 1e-30)]]), 2)[0, 0]
        cube = Balls(64).power(flint.arb_mat([[flint.arb(-2)]]), 3)[0, 0]
    assert square.is_finite()
    assert square.contains(flint.arb(0))
    assert square.rad() < 1e-59
    assert cube == -8


@pytest.mark.parametrize("z", [-(10**9), -(10**4000), 10**4000])
def test_balls_of_sigma_stay_finite_far_out(z):
    with Balls(64).session():
        ball = Balls(64).apply("sigma", flint.arb_mat([[flint.arb(flint.fmpz(z))]]))[0, 0]
    low, high = endpoints(ball)
    limit = 0 if z < 0 else 1
    assert low - flint.fmpq(1, 10**15) < limit < high + flint.fmpq(1, 10**15)

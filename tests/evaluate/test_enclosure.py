"""Enclosures after the fact hold the true values, for every cell and in bad weather; mutants of them do not."""

import time
from fractions import Fraction

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_sym.cells import CELLS
from lstm_sym.evaluate.certify import certify, endpoints
from lstm_sym.evaluate.columns.columns import ColumnBalls
from lstm_sym.evaluate.enclosures import enclosure
from lstm_sym.evaluate.enclosures.enclosure import Enclosure, balls_run, enclosed_run
from lstm_sym.evaluate.enclosures.frames import Frame
from lstm_sym.evaluate.enclosures.linearized import Linearized
from lstm_sym.evaluate.rounding import Significant
from lstm_sym.evaluate.schedule.program import program
from lstm_sym.evaluate.schedule.run import run
from lstm_sym.evaluate.systems.givens import Givens
from tests.evaluate.cells import COUPLED, INNER, LINEAR
from tests.evaluate.containment import digits_lost, exact_misses, misses
from tests.evaluate.samples import derivation, random_givens


def scaled(givens, factor):
    """The givens with every weight multiplied."""
    larger = {name: tuple(tuple(entry * factor for entry in row) for row in matrix) for name, matrix in givens.parameters.items()}
    return type(givens)(**{**vars(givens), "parameters": larger})


def givens_of(derived, **options):
    return random_givens(derived.cell, **options)


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize(("n", "m", "steps"), [(1, 1, 3), (2, 3, 1), (3, 2, 12)])
def test_the_true_values_lie_inside_for_every_cell(name, n, m, steps):
    equations, givens = program(derivation(name)), random_givens(name, seed=n, n=n, m=m, steps=steps)
    values = enclosed_run(equations, givens, 120)
    assert misses(values, equations, givens, 120) == set()
    assert values.matrices.keys() == run(equations, givens, ColumnBalls(80)).matrices.keys()


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(CELLS), st.integers(1, 10**6), st.integers(1, 3), st.integers(1, 3), st.integers(1, 9), st.integers(66, 250)
)
def test_the_true_values_lie_inside_at_random(name, seed, n, m, steps, precision):
    equations = program(derivation(name))
    givens = random_givens(name, seed=seed, n=n, m=m, steps=steps, labelled=lambda step: (seed >> step) % 2)
    values = enclosed_run(equations, givens, precision)
    assert values is not None
    assert misses(values, equations, givens, precision) == set()


@pytest.mark.parametrize("factor", [Fraction(1, 10), Fraction(3), Fraction(40), Fraction(10**6)])
def test_weights_that_expand_or_saturate(factor):
    for name in ("lstm", "elman", "gru"):
        equations, givens = program(derivation(name)), scaled(random_givens(name, seed=3, n=2, m=2, steps=10), factor)
        values = balls_run(equations, givens, 200)
        assert misses(values, equations, givens, 200) == set()
        enclosed = enclosed_run(equations, givens, 200)
        assert enclosed is None or misses(enclosed, equations, givens, 200) == set()


@pytest.mark.parametrize("derived", [LINEAR, INNER], ids=["no activation", "activations inside"])
def test_declared_cells(derived):
    equations, givens = program(derived), givens_of(derived, seed=5, steps=40)
    values = enclosed_run(equations, givens, 150)
    assert misses(values, equations, givens, 150) == set()


def test_exact_rationals_lie_inside_where_no_activation_is_applied():
    equations, givens = program(LINEAR), givens_of(LINEAR, seed=7, n=3, steps=25)
    values = enclosed_run(equations, givens, 100)
    assert exact_misses(values, equations, givens) == set()


def test_a_long_run_loses_few_digits_where_naive_balls_lose_all():
    equations, givens = program(derivation("lstm")), random_givens("lstm", n=6, m=2, steps=301)
    start = time.process_time()
    values = enclosed_run(equations, givens, 167)
    assert time.process_time() - start < 5
    assert misses(values, equations, givens, 167) == set()
    lost = digits_lost(values, 167)
    assert {"out", "delta_W_a", "delta_U_f", "delta_x", "E"} <= set(lost)
    assert max(lost.values()) < 1
    assert max(digits_lost(run(equations, givens, ColumnBalls(167)), 167).values()) > 20


@pytest.mark.sweep
@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("factor", [Fraction(1, 2), Fraction(1), Fraction(5)])
def test_three_hundred_steps_of_every_cell(name, factor):
    equations, givens = program(derivation(name)), scaled(random_givens(name, seed=9, n=4, m=2, steps=300), factor)
    values = enclosed_run(equations, givens, 300)
    assert values is None or misses(values, equations, givens, 300) == set()
    assert values is not None or factor > 1


def test_one_step_and_few_bits():
    equations, givens = program(derivation("lstm")), random_givens("lstm", steps=1)
    assert misses(enclosed_run(equations, givens, 64), equations, givens, 64) == set()
    assert enclosed_run(equations, givens, 8) is None
    assert misses(balls_run(equations, givens, 8), equations, givens, 8) == set()


def test_weights_beyond_every_float_give_no_statement_and_then_naive_balls():
    equations, givens = program(derivation("elman")), scaled(random_givens("elman", steps=40), Fraction(10**400))
    assert enclosed_run(equations, givens, 120) is None
    assert balls_run(equations, givens, 120).matrices.keys() == run(equations, givens, ColumnBalls(120)).matrices.keys()


def test_a_prepared_enclosure_runs_again_with_the_same_result():
    prepared = Enclosure(program(derivation("gru")), random_givens("gru", steps=80), 120)
    first, second = prepared.run(), prepared.run()
    assert str(first.entries(("delta_U_g", None))) == str(second.entries(("delta_U_g", None)))


def test_the_cost_is_linear_in_the_number_of_steps():
    equations, seconds = program(derivation("elman")), []
    for steps in (40, 320):
        prepared = Enclosure(equations, random_givens("elman", steps=steps), 120)
        start = time.process_time()
        prepared.run()
        seconds.append(time.process_time() - start)
    assert seconds[1] < 24 * seconds[0]


def test_one_step_is_certified():
    text = certify(
        program(derivation("lstm")), random_givens("lstm", steps=1), Significant(40), lambda key: key == ("delta_W_a", None)
    )
    fine = run(program(derivation("lstm")), random_givens("lstm", steps=1), ColumnBalls(400))
    expected = [[Significant(40).text(*endpoints(ball)) for ball in row] for row in fine.entries(("delta_W_a", None))]
    assert [list(row) for row in text.entries["delta_W_a", None]] == expected


def test_certified_digits_of_a_long_run_are_the_true_ones():
    equations, givens = program(derivation("elman")), random_givens("elman", steps=60)
    wanted = ("delta_U_h", "h")
    text = certify(equations, givens, Significant(30), lambda key: key[0] in wanted)
    fine = run(equations, givens, ColumnBalls(2000))
    assert text.precision < 300
    for key, rows in text.entries.items():
        for row, balls in zip(rows, fine.entries(key), strict=True):
            assert [Significant(30).text(*endpoints(ball)) for ball in balls] == list(row)


def unstable():
    """s_t = 4 s_{t-1} - 1 stays at 1/3 while an error of it grows as 4^t; h_t = 1000 s_{t-1} + h_{t-1}/8 shows it enlarged."""

    def one(value):
        return ((Fraction(value),),)

    parameters = {"U_s": one(4), "b_s": one(-1), "W_h": one(0), "U_h": one(1000), "V_h": one(Fraction(1, 8))}
    initial = {"s": one(Fraction(1, 3)), "h": one(1)}
    return Givens({"n": 1, "m": 1}, parameters, [{"x": one(0)}] * 24, [one(0)] * 24, Fraction(1, 10), initial)


def test_the_mutants_start_from_what_is_right():
    assert exact_misses(enclosed_run(program(COUPLED), unstable(), 100), program(COUPLED), unstable()) == set()


def mutant_without_defects(monkeypatch):
    cut = enclosure._Phase._cut
    monkeypatch.setattr(enclosure._Phase, "_cut", lambda self, keys: [0.0 for _ in cut(self, keys)])


def mutant_with_transposed_jacobians(monkeypatch):
    advance = Frame.advance
    monkeypatch.setattr(Frame, "advance", lambda self, jacobian, radius, defects: advance(self, jacobian.T, radius, defects))


def mutant_that_forgets_the_past(monkeypatch):
    advance = Frame.advance
    monkeypatch.setattr(Frame, "advance", lambda self, jacobian, radius, defects: advance(self, 0 * jacobian, 0.0, defects))


def mutant_that_widens_nothing(monkeypatch):
    monkeypatch.setattr(enclosure._Phase, "_widen", lambda self, *arguments: None)


def mutant_with_errors_a_thousand_times_too_small(monkeypatch):
    bound = Frame.bound
    monkeypatch.setattr(Frame, "bound", lambda self: bound(self) / 1000)


MUTANTS = [value for name, value in sorted(globals().items()) if name.startswith("mutant_")]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_mutant_of_the_enclosure_is_caught(mutant, monkeypatch):
    mutant(monkeypatch)
    assert exact_misses(enclosed_run(program(COUPLED), unstable(), 100), program(COUPLED), unstable())


def test_a_jacobian_that_is_not_finite_gives_no_statement(monkeypatch):
    derivatives = Linearized.derivatives

    def spoiled(self, *arguments):
        lines, jacobians, radii = derivatives(self, *arguments)
        return lines, jacobians * numpy.nan, radii

    monkeypatch.setattr(Linearized, "derivatives", spoiled)
    assert enclosed_run(program(COUPLED), unstable(), 100) is None

"""Balls as columns: the values of plain balls, for every cell and shape; the code that is written; what is kept and what is not."""

from fractions import Fraction

import flint
import pytest

from lstm_sym.cells import CELLS
from lstm_sym.errors import UnsupportedError
from lstm_sym.evaluate.columns import column_code
from lstm_sym.evaluate.columns.columns import ColumnBalls, Exact, above
from lstm_sym.evaluate.schedule.block import Block, blocks, external
from lstm_sym.evaluate.schedule.program import program
from lstm_sym.evaluate.schedule.run import Prepared, run
from lstm_sym.evaluate.schedule.sums import unrolled
from lstm_sym.evaluate.systems.balls import Balls
from lstm_sym.evaluate.systems.floats import Floats
from lstm_sym.evaluate.systems.rationals import ExactRationals
from lstm_sym.symbols.nodes import Zeros
from tests.evaluate.cells import COUPLED, INNER, LINEAR
from tests.evaluate.samples import derivation, random_givens

DERIVED = {**{name: derivation(name) for name in CELLS}, "linear": LINEAR, "inner": INNER, "coupled": COUPLED}


@pytest.mark.parametrize("name", DERIVED)
@pytest.mark.parametrize(("n", "m", "steps"), [(1, 1, 2), (1, 3, 1), (3, 1, 3), (2, 3, 4), (2, 3, 9)])
def test_the_values_are_those_of_plain_balls(name, n, m, steps):
    equations, givens = program(DERIVED[name]), random_givens(DERIVED[name].cell, n=n, m=m, steps=steps)
    plain, columns = run(equations, givens, Balls(200)), run(equations, givens, ColumnBalls(200))
    assert plain.matrices.keys() == columns.matrices.keys()
    for key in plain.matrices:
        for left, right in zip(plain.entries(key), columns.entries(key), strict=True):
            assert len(left) == len(right)
            assert all(a.overlaps(b) and b.rad() < 1e-50 for a, b in zip(left, right, strict=True))


@pytest.mark.parametrize("name", DERIVED)
@pytest.mark.parametrize(
    ("n", "m", "labels"),
    [(1, 1, [True]), (2, 3, [False]), (1, 2, [True, False]), (2, 1, [False, False, False]), (6, 2, [True] * 4)],
)
def test_few_steps_joined_have_the_values_of_steps_apart(name, n, m, labels, monkeypatch):
    equations = program(DERIVED[name])
    givens = random_givens(DERIVED[name].cell, n=n, m=m, steps=len(labels), labelled=lambda step: labels[step])
    joined = run(equations, givens, ColumnBalls(200))
    exact = run(equations, givens, Balls(200))
    monkeypatch.setattr("lstm_sym.evaluate.schedule.run.FEW_STEPS", 0)
    apart = run(equations, givens, ColumnBalls(200))
    assert joined.matrices.keys() == apart.matrices.keys() == exact.matrices.keys()
    for key in apart.matrices:
        for rows in zip(joined.entries(key), apart.entries(key), exact.entries(key), strict=True):
            for one, other, third in zip(*rows, strict=True):
                assert one.overlaps(other)
                assert one.overlaps(third)
                assert one.rad() < 1e-50


@pytest.mark.parametrize("system", [ExactRationals(), Floats()], ids=lambda system: system.name)
def test_few_steps_joined_in_other_systems(system, monkeypatch):
    equations = program(LINEAR)
    givens = random_givens(LINEAR.cell, n=2, m=2, steps=3, labelled=lambda step: step != 1)
    joined = run(equations, givens, system)
    monkeypatch.setattr("lstm_sym.evaluate.schedule.run.FEW_STEPS", 0)
    apart = run(equations, givens, system)
    assert joined.matrices.keys() == apart.matrices.keys()
    for key in apart.matrices:
        for one, other in zip(joined.entries(key), apart.entries(key), strict=True):
            assert one == (other if system.name.startswith("exact") else pytest.approx(other))


def test_steps_without_a_label_add_nothing_to_an_unrolled_sum():
    totals = {total.term.target.name: total for total in program(derivation("lstm")).totals}
    labelled = unrolled(totals["E"], [True, False, True]).expression
    assert str(labelled) == "(1/2*1.T@(out[0] + -label[0])**2 + 1/2*1.T@(out[2] + -label[2])**2)"
    assert isinstance(unrolled(totals["E"], [False, False]).expression, Zeros)
    gradient = unrolled(totals["delta_W_a"], [True, False])
    assert [source.key(9, 9) for source in gradient.sources] == [("delta_a", 0), ("x", 0), ("delta_a", 1), ("x", 1)]


def written_code(monkeypatch, n, m, steps):
    written = []
    function = column_code._Writer.function
    monkeypatch.setattr(column_code._Writer, "function", lambda self: (function(self), written.append(self.lines))[0])
    Prepared(program(derivation("elman")), random_givens("elman", n=n, m=m, steps=steps), ColumnBalls(64)).run()
    return written


def test_the_code_of_a_step(monkeypatch):
    assert written_code(monkeypatch, n=5, m=3, steps=5)[0] == [
        "c0, c1, c2, c3, c4, = values",
        "c5 = k10([c0, c1])",
        "c6 = apart(c5, [*c3, *c4])",
        "c7 = [e0 + e1 for e0, e1 in zip(c6, c2)]",
        "c8 = [tanh(e0) for e0 in c7]",
    ]


def test_few_entries_are_written_one_by_one(monkeypatch):
    assert written_code(monkeypatch, n=2, m=1, steps=5)[0] == [
        "c0, c1, c2, c3, c4, = values",
        "c5 = k10([c0, c1])",
        "c3_0, = c3",
        "c4_0, c4_1, = c4",
        "c6 = c5.flat",
        "c6_0, c6_1, c6_2, c6_3, c6_4, c6_5, = c6",
        "c7 = c5.divisor",
        "c8 = (c6_0*c3_0 + c6_1*c4_0 + c6_2*c4_1)/c7",
        "c9 = (c6_3*c3_0 + c6_4*c4_0 + c6_5*c4_1)/c7",
        "c2_0, c2_1, = c2",
        "c10 = c8 + c2_0",
        "c11 = c9 + c2_1",
        "c12 = tanh(c10)",
        "c13 = tanh(c11)",
    ]


def test_few_steps_are_one_function(monkeypatch):
    assert len(written_code(monkeypatch, n=1, m=1, steps=4)) == 1


def test_weights_are_exact_integers_over_a_common_denominator():
    weights = ColumnBalls(64).matrix(((Fraction(1, 4), Fraction(-3, 10)),))
    assert (weights.numerators, weights.denominator) == (flint.arb_mat([[5, -6]]), 20)
    thirds = ColumnBalls(64).matrix(((Fraction(1, 10**10), Fraction(1, 3**20)),))
    assert isinstance(thirds, flint.arb_mat)
    stacked = above([weights, Exact(flint.arb_mat([[1, 2]]), 3)])
    assert (stacked.numerators, stacked.denominator) == (flint.arb_mat([[15, -18], [20, 40]]), 60)


def test_weights_with_no_common_denominator_are_enclosed_too():
    givens = random_givens("lstm")
    odd = {
        name: tuple(tuple(e / (3**30 + k) for k, e in enumerate(row)) for row in rows) for name, rows in givens.parameters.items()
    }
    odd = type(givens)(**{**vars(givens), "parameters": odd})
    equations = program(derivation("lstm"))
    plain, columns = run(equations, odd, Balls(120)), run(equations, odd, ColumnBalls(120))
    assert all(
        a.overlaps(b) and b.rad() < 1e-30
        for key in plain.matrices
        for rows in zip(plain.entries(key), columns.entries(key), strict=True)
        for a, b in zip(*rows, strict=True)
    )


def test_a_prepared_program_runs_again_with_the_same_result():
    prepared = Prepared(program(derivation("gru")), random_givens("gru"), ColumnBalls(100))
    first, second = prepared.run(), prepared.run()
    assert str(first.entries(("delta_U_g", None))) == str(second.entries(("delta_U_g", None)))


def test_an_unknown_activation_says_where_to_add_it():
    with pytest.raises(
        UnsupportedError, match=r"activation relu over balls.*add it to ACTIVATIONS in lstm_sym/evaluate/systems/balls\.py"
    ):
        ColumnBalls(64).apply("relu", [flint.arb(1)])


def test_an_activation_inside_an_equation_is_computed_once():
    equations = program(derivation("lstm"))
    assert [line.target.name for line in equations.forward[-3:]] == ["state", "tanh(state[t])", "out"]
    delta_o = next(line for line in equations.backward if line.target.name == "delta_o")
    assert "tanh(state[t])" in {source.name for source in delta_o.sources}
    assert "state" not in {source.name for source in delta_o.sources}


def test_blocks_are_cut_around_what_needs_a_label():
    equations = program(derivation("lstm"))
    assert [len(block) for block in blocks([*equations.forward, *equations.loss, *equations.forward[:2]])] == [11, 1, 2]
    names = {address.name for address in external(equations.forward)}
    assert {"x", "out", "state", "W_a"} <= names
    assert "net_a" not in names
    assert not Block(equations.forward, ColumnBalls(64), {"n": Fraction(2), "m": Fraction(2)}).needs_label

"""The data of pictures: what arrives from the next step, sizes over time, and carried rounding, against numbers worked out apart."""

from fractions import Fraction
from math import tanh

import pytest

from lstm_sym.errors import UnsupportedError
from lstm_sym.evaluate.rounding import Decimals
from lstm_sym.example.arrivals import unrolled
from lstm_sym.example.carried import carried, value_on
from lstm_sym.example.flow import flow, size
from lstm_sym.example.reader import builtin_example
from lstm_sym.symbols.applied import tanh as tanh_of
from lstm_sym.symbols.leaves import Timed

WORKSHEET = builtin_example()


def values(data):
    found = [*data.solution.values, *data.solution.givens, *data.arrivals]
    return {(value.quantity, value.time): value.entries for value in found}


def test_what_arrives_at_the_state_is_the_term_of_the_next_step():
    data = unrolled(WORKSHEET)
    found = {key: float(entries[0][0]) for key, entries in values(data).items() if len(entries) == 1 == len(entries[0])}
    assert found["Delta_state", 0] == pytest.approx(found["delta_state", 1] * found["f", 1], abs=2e-5)
    own = found["delta_out", 0] * found["o", 0] * (1 - tanh(found["state", 0]) ** 2)
    assert found["delta_state", 0] == pytest.approx(own + found["Delta_state", 0], abs=2e-5)
    assert data.named == {"Delta_out"}
    assert values(data)["Delta_state", 1] == (("0.00000",),)
    assert values(data)["Delta_state", -1] == (("-0.04557",),) == values(data)["delta_state", -1]


def test_named_arrivals_are_those_of_the_solution():
    data = unrolled(builtin_example("gru_four_steps"))
    own = {value.time: value.entries for value in data.solution.values if value.quantity == "Delta_h"}
    assert {value.time: value.entries for value in data.arrivals} | own == {value.time: value.entries for value in data.arrivals}
    assert sorted(value.time for value in data.arrivals) == [-1, 0, 1, 2, 3]


def test_sizes_over_time():
    found = flow(WORKSHEET)
    assert [(series.quantity, [point.size for point in series.points]) for series in found.series] == [
        ("delta_state", ["0.0534837", "0.0711077"]),
        ("delta_out", ["0.0180381", "0.478019"]),
    ]
    assert size((("-0.5",), ("0.25",))) == "0.5"
    assert size((("0e-30",), ("-2e-9",))) == "2e-9"
    assert size((("0e-30",),)) == "0"


def test_carried_rounding_takes_the_printed_numbers():
    found = {(line.id, str(line.left)): line for part in carried(WORKSHEET).parts for line in part.lines}
    (state,) = found["state", "state[0]"].entries
    # 0.81775 * 0.96083 = 0.7857187325, while the exact value is 0.78572614...
    assert (state.printed, state.carried, state.gap, state.changes) == ("0.78573", "0.78572", "-0.61", True)
    assert state.exact.startswith("0.78572614")
    (out,) = found["out", "out[0]"].entries
    assert (out.printed, out.carried, out.changes) == ("0.53631", "0.53631", False)
    weight = found["delta_W_a", "delta_W_a"].entries[1]
    assert (weight.row, weight.column, weight.printed, weight.carried, weight.gap) == (0, 1, "-0.09220", "-0.09223", "-2.89")


def test_a_line_is_worked_out_from_the_numbers_before_it():
    found = {str(line.left): line.entries[0].carried for part in carried(WORKSHEET).parts for line in part.lines}
    product = Fraction(found["delta_out[1]"]) * Fraction(found["o[1]"])
    by_hand = float(product) * (1 - tanh(float(Fraction(found["state[1]"]))) ** 2)
    assert found["delta_state[1]"] == f"{by_hand:.5f}"


def test_more_decimals_carry_smaller_gaps():
    coarse, fine = (
        [entry for part in carried(WORKSHEET, places).parts for line in part.lines for entry in line.entries] for places in (3, 9)
    )
    assert len(coarse) == len(fine)
    assert {len(entry.carried.partition(".")[2]) for entry in fine} == {9}


def test_a_stacked_line_is_left_out():
    assert all(line.id != "delta_W" for part in carried(WORKSHEET).parts for line in part.lines)


def test_what_no_precision_decides_is_refused():
    h = Timed("h", 1, 1, 0)

    class Undecided(Decimals):
        def text(self, low, high):
            return None

    with pytest.raises(UnsupportedError, match=r"no enclosure at 8192 bits that rounds .* ask for another number of decimals"):
        value_on(tanh_of(h), {h: ((Fraction(1, 2),),)}, {}, Undecided(5))

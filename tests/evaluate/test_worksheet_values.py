"""The worksheet's values to 12 significant digits, as literal text."""

import pytest

from lstm_sym.example.reader import builtin_example
from lstm_sym.example.solve import solve

TABLE = {
    "a": ("0.817754077970", "0.849804022319"),
    "i": ("0.960834277203", "0.981183968325"),
    "f": ("0.851952801968", "0.870301969855"),
    "o": ("0.817574476194", "0.849933342802"),
    "state": ("0.785726148437", "1.51763309767"),
    "out": ("0.536313397882", "0.771981105759"),
    "Delta": ("0.0363133978820", "-0.478018894241"),
    "Delta_out": ("-0.0182752553380", "0"),
    "delta_out": ("0.0180381425440", "-0.478018894241"),
    "delta_state": ("-0.0534836843406", "-0.0711077147576"),
    "delta_a": ("-0.0170240447289", "-0.0193843475077"),
    "delta_i": ("-0.00164588189955", "-0.00111561407045"),
    "delta_f": ("0", "-0.00630654174201"),
    "delta_o": ("0.00176480230730", "-0.0553778311252"),
}


@pytest.fixture(scope="module")
def values():
    return {(v.quantity, v.time): v.entries for v in solve(builtin_example(), 12).values}


@pytest.mark.parametrize("name", TABLE)
def test_twelve_digits(values, name):
    assert (values[name, 0], values[name, 1]) == tuple(((text,),) for text in TABLE[name])


def test_vectors_and_what_leaves_the_first_step(values):
    assert values["delta_x", 0] == (("-0.00816552654818",), ("-0.00486679577894",))
    assert values["delta_x", 1] == (("-0.0474240676399",), ("-0.0307276543673",))
    assert values["Delta_out", -1] == (("-0.00342911165214",),)


def test_updated_parameters_at_the_sheets_decimals():
    values = {v.quantity: v.entries for v in solve(builtin_example()).values if v.time is None}
    assert values["W_a_new"] == (("0.45267", "0.25922"),)
    assert values["W_f_new"] == (("0.70032", "0.45189"),)
    assert values["b_o_new"] == (("0.10536",),)

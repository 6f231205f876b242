"""The table of stable forms: it refuses another function, finds its complements and nothing else, and gives code for them."""

import pytest

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.activations import ACTIVATIONS
from lstm_sym.symbols.applied import Apply, sigma, tanh
from lstm_sym.symbols.complements import COMPLEMENTS, Complement, occurrence
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.nodes import Ones, Power, Zeros, negate
from lstm_sym.symbols.polynomials import at_power, coefficients, diff, plus, product, scaled, trim
from lstm_sym.symbols.scalars import n, t

z, y = Timed("z", n, 1, t), Timed("y", n, 1, t)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (("sigma", 1, 1, (1,)), r"stable form of 1 - sigma\(z\)\^1; got 1 times sigma at 1 z, which is another function"),
        (("tanh", 2, 2, (2, -2)), r"1 - tanh\(z\)\^2; got 2 times sigma at 2, -2 z"),
        (("tanh", 2, 4, (1, -1)), "got 4 times sigma at 1, -1 z"),
        (("tanh", 1, 2, (2,)), r"1 - tanh\(z\)\^1; got 2 times sigma at 2 z"),
        (("sigma", 2, 1, (-1, -1)), r"1 - sigma\(z\)\^2"),
    ],
)
def test_a_form_of_another_function_is_refused(wrong, message):
    with pytest.raises(UnsupportedError, match=message):
        Complement(*wrong)


def test_a_form_that_is_none_of_the_table_but_right_is_taken():
    assert Complement("tanh", 1, 2, (-2,)).stable(z) == Complement("tanh", 1, 2, (-2,)).for_code(z)


def test_the_forms():
    of_sigma, of_tanh = COMPLEMENTS
    assert str(of_sigma.stable(z)) == "sigma(-z[t])"
    assert str(of_tanh.stable(z)) == "4*odot(sigma(2*z[t]), sigma(-2*z[t]))"
    assert (of_sigma.is_slope, of_tanh.is_slope) == (False, True)
    assert of_sigma.for_code(z) == sigma(negate(z))
    assert of_tanh.for_code(z) == Apply("tanh'", z)
    assert of_sigma.code("s", "z") == "s(-z)"
    assert of_tanh.code("s", "z") == "4 * s(2 * z) * s(-2 * z)"
    assert {form.function for form in COMPLEMENTS} == set(ACTIVATIONS)


def test_what_is_found_and_what_is_not():
    activated = {y: tanh(z)}.get
    for node, function in ((1 - sigma(z), "sigma"), (1 - tanh(z) ** 2, "tanh"), (1 - y**2, "tanh")):
        found = occurrence(node, activated)
        assert (found.form.function, found.argument, found.node) == (function, z, node)
    others = (1 - tanh(z), 1 - sigma(z) ** 2, 1 - y, 1 - z, 1 + sigma(z), 1 - Power(y, 3), sigma(z), 1 - sigma(z) - y)
    assert [occurrence(node, activated) for node in (*others, Zeros(n, 1) - y**2, Ones(n, 1))] == [None] * 10


def test_polynomials():
    p, q = coefficients([1, 2]), coefficients([0, 1, 3])
    assert product(p, q) == (0, 1, 5, 6)
    assert product() == (1,)
    assert plus(p, q) == (1, 3, 3)
    assert scaled(p, -2) == (-2, -4)
    assert diff(q) == (1, 6)
    assert at_power(q, 2) == (0, 0, 1, 0, 3)
    assert trim(plus(q, scaled(q, -1))) == ()

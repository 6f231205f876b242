"""Sample networks: what is true for every size holds on them, a neighbour of it does not, and adjoints are exact."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from lstm_sym.notes.sampling.samples import SETTINGS
from lstm_sym.notes.sampling.scope import Reading

FORWARD = r"$$z_t = W x_t + U h_{t-1} + b$$ $$h_t = \tanh(z_t)$$"


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        (r"\frac{\partial E}{\partial z_t} = \frac{\partial E}{\partial h_t} \odot (1 - h_t^2)", True),
        (r"\frac{\partial E}{\partial z_t} = \frac{\partial E}{\partial h_t} \odot (1 - h_t)", False),
        (r"\frac{\partial E}{\partial W} = \sum_{t=0}^{T} \frac{\partial E}{\partial z_t} x_t^T", True),
        (r"\frac{\partial E}{\partial W} = \sum_{t=1}^{T} \frac{\partial E}{\partial z_t} x_t^T", False),
        (r"\frac{\partial E}{\partial U} = \sum_{t=0}^{T} \frac{\partial E}{\partial z_t} h_{t-1}^T", True),
        (r"\frac{\partial E}{\partial U} = \sum_{t=0}^{T} \frac{\partial E}{\partial z_t} h_t^T", False),
        (r"\sigma(-z_t) = 1 - \sigma(z_t)", True),
        (r"\tanh(z_t) = 2 \sigma(z_t) - 1", False),
    ],
)
def test_an_equation_holds_on_samples_only_where_it_is_true(from_text, line: str, holds: bool) -> None:
    learnt = from_text(f"{FORWARD} $${line}$$")
    assert learnt.samples.holds(learnt.pairs[-1], Reading(), SETTINGS[0]) is holds


def test_the_same_seed_draws_the_same_network(from_text) -> None:
    first, second = (from_text(FORWARD).samples.network(SETTINGS[0], seed=5) for _ in range(2))
    other = from_text(FORWARD).samples.network(SETTINGS[0], seed=6)
    assert first.value("h", 2).rows == second.value("h", 2).rows != other.value("h", 2).rows


def test_an_initial_state_at_rest_is_zero(from_text) -> None:
    samples = from_text(FORWARD).samples
    rest = samples.network(replace(SETTINGS[0], at_rest=True)).value("h", -1)
    assert {int(entry) for row in rest.rows for entry in row} == {0}


def test_a_network_of_given_numbers_is_exact(from_text) -> None:
    from lstm_sym.notes.sampling.network import Network
    from lstm_sym.notes.sampling.numbers import Balls
    from lstm_sym.notes.sampling.values import Value

    network = Network(from_text(r"$$h_t = w x_t + u h_{t-1}$$").model, Balls())
    number = Balls().number
    for place, value in {("w", None): "1/2", ("u", None): "3", ("x", 0): "4", ("h", -1): "1/3"}.items():
        network.given[place] = Value(((number(Fraction(value)),),))
    assert network.value("h", 0).rows[0][0].contains(3)

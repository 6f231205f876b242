"""Worked solutions: parts, lines with a number for every symbol, JSON."""

import json
import time
from decimal import Decimal
from fractions import Fraction

import pytest

from lstm_sym.cell import Cell, define, inputs, variables, weights
from lstm_sym.errors import InputError
from lstm_sym.evaluate.systems.givens import Givens
from lstm_sym.example.example import Example
from lstm_sym.example.reader import builtin_example, parse_example
from lstm_sym.example.solve import solve, to_data
from lstm_sym.example.source import Source
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.scalars import m, n
from lstm_sym.symbols.traversal import symbols_in

EXAMPLES = ("worksheet", "gru_four_steps")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_symbol_of_a_line_has_a_number(name):
    lines = [line for part in solve(builtin_example(name)).parts for line in part.lines]
    assert len(lines) > 40
    for line in lines:
        assert set(symbols_in(line.right)) <= set(line.numbers)
        assert line.value


def test_parts_of_the_worksheet():
    parts = solve(builtin_example()).parts
    assert [(part.key, part.title) for part in parts] == [
        ("a", "Forward @ t=0"),
        ("a", "Forward @ t=1"),
        ("a", "Loss"),
        ("b", "Backward @ t=1"),
        ("b", "Backward @ t=0"),
        ("c", "Gradients of the parameters"),
        ("d", "Update of the parameters"),
    ]


def line(part, id):
    return next(found for found in part.lines if found.id == id)


def test_lines_of_the_worksheet():
    parts = solve(builtin_example()).parts
    a = line(parts[0], "a")
    assert f"{a.left} = {a.right}" == "a[0] = tanh((W_a@x[0] + U_a@out[-1] + b_a))"
    assert a.value == (("0.81775",),)
    last = line(parts[3], "delta_state")
    assert str(last.right) == "odot(delta_out[1], o[1], (1 + -tanh(state[1])**2))"
    gradient = line(parts[5], "delta_W_a")
    assert str(gradient.right) == "(outer(delta_a[0], x[0]) + outer(delta_a[1], x[1]))"
    stacked = line(parts[5], "delta_U_from_zero")
    assert str(stacked.left) == "delta_U"
    assert stacked.value == (("-0.01040",), ("-0.00060",), ("-0.00338",), ("-0.02970",))
    update = line(parts[6], "W_a_new")
    assert {str(symbol): entries for symbol, entries in update.numbers.items()}["lambda"] == (("0.1",),)


def test_a_step_without_a_label():
    solution = solve(builtin_example("gru_four_steps"))
    delta = next(line for part in solution.parts for line in part.lines if line.id == "Delta" and line.time == 1)
    assert str(delta.right) == "0"
    loss = next(part for part in solution.parts if part.title == "Loss").lines[0]
    assert "label[1]" not in str(loss.right)
    assert "label[2]" in str(loss.right)


def test_json():
    values = json.loads(json.dumps(to_data(solve(builtin_example(), 3))))["values"]
    assert values[0] == {"quantity": "a", "t": 0, "shape": [1, 1], "entries": [["0.818"]]}
    found = {(value["quantity"], value["t"]): value for value in values}
    assert found["delta_W_a", None]["shape"] == [1, 2]
    assert found["Delta_out", -1]["entries"] == [["-0.00343"]]
    assert found["delta_state", -1]["entries"] == [["-0.0456"]]


def test_thousand_digits_in_less_than_a_second():
    solve(builtin_example())
    start = time.process_time()
    solution = solve(builtin_example(), 1000)
    assert time.process_time() - start < 1
    assert solution.rounding == "1000 significant digits, half to even, every digit certified"


CANCELLING = """
cell = "elman"
learning_rate = 0.1
[weights]
W_h = [[0.3], [0.3]]
U_h = [[1, -1], [1, -1]]
b_h = [0, 0]
[[steps]]
x = [1]
label = [0.4, 0.4]
[[steps]]
x = [0]
label = [0.4, 0.4]
"""


def test_what_is_zero_by_cancellation_claims_no_digit():
    example = parse_example(Source("cancelling.toml", CANCELLING), "cancelling")
    solution = solve(example, 8)
    found = {(value.quantity, value.time): value.entries for value in solution.values}
    assert found["h", 1] == (("0e-3505",), ("0e-3505",))
    assert Decimal(found["h", 1][0][0]) == 0
    assert found["delta_net_h", 1] == (("-0.40000000",), ("-0.40000000",))
    assert solution.rounding.endswith("; 0e-k stands for what is zero to k decimals and has no digit that is certain")
    decimals = solve(example)
    assert {(v.quantity, v.time): v.entries for v in decimals.values}["h", 1] == (("0.00000",), ("0.00000",))
    assert decimals.rounding == "5 decimals, half to even, every digit certified"


def test_a_pre_activation_that_a_line_needs_is_worked_out():
    (h,) = variables("h", n)
    x, W, U = inputs("x", m), weights("W", n, m), weights("U", n, n)
    nested = Cell("nested", output=h, equations=[define(h, tanh(sigma(W.h @ x + U.h @ h.prev)))])
    one, zero = Fraction(1), Fraction(0)
    givens = Givens({"n": 1, "m": 1}, {"W_h": ((one,),), "U_h": ((zero,),)}, [{"x": ((zero,),)}], [((zero,),)], one)
    solution = solve(Example("nested", "nested", nested, "squared", givens))
    assert [str(line.left) for line in solution.parts[0].lines] == ["net_h[0]", "h[0]"]
    assert {v.quantity: v.entries for v in solution.values}["net_h"] == (("0.50000",),)
    gradient = line(solution.parts[3], "delta_W_h")
    assert "net_h[0]" in {str(symbol) for symbol in gradient.numbers}


@pytest.mark.parametrize("digits", [0, 10**9])
def test_digits_out_of_range(digits):
    with pytest.raises(InputError, match="number of significant digits"):
        solve(builtin_example(), digits)

"""Worked solutions: parts, lines with a number for every symbol, JSON."""

import json
import time

import pytest

from lstm_sym.errors import InputError
from lstm_sym.example.reader import builtin_example
from lstm_sym.example.solve import solve, to_data
from lstm_sym.symbols.nodes import symbols_in

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
    start = time.perf_counter()
    solution = solve(builtin_example(), 1000)
    assert time.perf_counter() - start < 1
    assert solution.rounding == "1000 significant digits, half to even, every digit certified"


@pytest.mark.parametrize("digits", [0, 10**9])
def test_digits_out_of_range(digits):
    with pytest.raises(InputError, match="number of significant digits"):
        solve(builtin_example(), digits)

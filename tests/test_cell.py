"""Declaring cells: what a cell knows of itself, and how a bad declaration is refused."""

import pytest

from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.cells import CELLS, cell
from lstm_sym.errors import DeclarationError, InputError
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import odot
from lstm_sym.symbols.scalars import m, n, t

a, h = variables("a h", n)
x = inputs("x", m)
W, U, b = weights("W", n, m), weights("U", n, n), biases("b", n)


def test_the_cells_of_the_package():
    assert CELLS == ("lstm", "elman", "gru", "gru_reset_after", "peephole")
    assert [cell(name).name for name in CELLS] == list(CELLS)
    assert all(cell(name).source and cell(name).title for name in CELLS)


def test_what_the_lstm_knows_of_itself():
    lstm = cell("lstm")
    assert [e.name for e in lstm.split] == ["net_a", "a", "net_i", "i", "net_f", "f", "net_o", "o", "state", "out"]
    assert [symbol.name for symbol in lstm.recurrent] == ["state", "out"]
    assert [symbol.name for symbol in lstm.inputs] == ["x"]
    assert len(lstm.parameters) == 12
    assert [name for name in ("a", "i", "f", "o", "state", "out") if lstm.is_gate(name)] == ["a", "i", "f", "o"]


def test_the_names_of_adjoints():
    lstm, elman = cell("lstm"), cell("elman")
    names = {e.name: lstm.adjoint(e.variable).name for e in lstm.split}
    assert names["net_a"] == "delta_a"
    assert names["a"] == "partial_a"
    assert names["state"] == "delta_state"
    assert elman.adjoint(elman.equation("net_h").variable).name == "delta_net_h"
    assert elman.adjoint(elman.output).name == "delta_h"


def test_an_unknown_cell_lists_the_known_ones():
    with pytest.raises(InputError, match="cell 'lsmt'; got no cell of that name; expected one of lstm, elman, gru"):
        cell("lsmt")


def build(*equations, output=h, name="mine"):
    return Cell(name, output=output, equations=[define(*e) for e in equations])


BAD = {
    "product": (lambda: build((h, tanh(W.h @ h.prev))), "got shapes n x m and n x 1"),
    "right side": (lambda: build((h, x)), "equation h = x[t]; got a right side of shape m x 1; expected the shape n x 1 of h"),
    "twice": (
        lambda: build((h, tanh(W.h @ x)), (h, sigma(W.h @ x))),
        "cell mine, equation h = sigma(W_h@x[t]); got a second definition of h; expected each variable defined once",
    ),
    "ahead": (
        lambda: build((h, odot(a, h.prev)), (a, tanh(W.a @ x))),
        "got a[t], which is defined in this equation or a later one (looking ahead)",
    ),
    "itself": (lambda: build((h, tanh(h))), "to mend it: write h.prev, or move the equation of h up"),
    "future": (lambda: build((h, tanh(h.next))), "got h[t + 1], at time t + 1; expected symbols at time t or t-1"),
    "far past": (lambda: build((h, tanh(h.prev.prev))), "a recurrence looks back one step"),
    "undefined": (
        lambda: build((h, odot(tanh(W.h @ x), a.prev))),
        "got a[t - 1], which no equation defines",
    ),
    "output": (lambda: build((a, tanh(W.a @ x)), output=h), "got output h[t], which no equation defines; expected one of a"),
    "empty": (lambda: Cell("mine", [], h), "cell mine; got no equations; expected at least one define(variable, expression)"),
    "two kinds": (
        lambda: build((h, tanh(Parameter("x", n, m) @ x))),
        "cell mine, symbol x; got two kinds or shapes",
    ),
    "parameter and variable": (lambda: build((h, tanh(Parameter("h", n, 1)))), "got h both as a parameter and as a variable"),
    "reserved": (
        lambda: Cell("mine", [define(Timed("delta_h", n), tanh(W.h @ x))], Timed("delta_h", n)),
        "names that begin with 'delta_' belong to derived quantities",
    ),
    "reserved parameter": (lambda: build((h, tanh(Parameter("E", n, m) @ x))), "'E' belongs to the loss, to time"),
    "new": (lambda: build((h, tanh(Parameter("W_new", n, m) @ x))), "names that end in '_new' belong to updated parameters"),
    "cell name": (lambda: build((h, tanh(W.h @ x)), name="my cell"), "name 'my cell'; got not an identifier"),
    "left side": (lambda: define(h.prev, h), "got a left side that is not a variable at time t"),
    "not an expression": (lambda: define(h, 3), "equation h; got int; expected a matrix expression"),
    "shape of use": (
        lambda: build((a, tanh(W.a @ x)), (h, Timed("a", n, 2, t) @ Parameter("q", 2, 1))),
        "got a of shape n x 2; expected its declared shape n x 1",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_declaration_says_what_is_wrong(case):
    make, message = BAD[case]
    with pytest.raises(DeclarationError) as caught:
        make()
    assert message in str(caught.value)


def test_an_unknown_equation_is_named():
    with pytest.raises(DeclarationError, match="cell lstm; got no equation for 'g'; expected net_a, a,"):
        cell("lstm").equation("g")

"""Examples of any cell with made-up numbers, and cells that a layout has to stand: long names, two inputs, deep expressions."""

from fractions import Fraction

from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.cells import CELLS, cell
from lstm_sym.evaluate.systems.givens import Givens
from lstm_sym.example.example import Example
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.nodes import odot
from lstm_sym.symbols.scalars import m, n


def made_up(shape, seed):
    """Short decimals between -0.9 and 0.9 that differ from each other."""
    rows, columns = shape
    return tuple(tuple(Fraction((7 * (i * columns + j) + 5 * seed) % 19 - 9, 10) for j in range(columns)) for i in range(rows))


def example_of(declared, units=1, entries=2, last=1, decimals=5, unlabelled=()):
    sizes = {"n": units, "m": entries, "1": 1}

    def shape(symbol):
        return tuple(sizes[str(size)] for size in symbol.shape)

    return Example(
        name=f"{declared.name} made up",
        title="made up",
        cell=declared,
        loss="squared",
        givens=Givens(
            sizes={"n": units, "m": entries},
            parameters={p.name: made_up(shape(p), seed) for seed, p in enumerate(declared.parameters)},
            inputs=[{x.name: made_up(shape(x), 3 * t + k) for k, x in enumerate(declared.inputs)} for t in range(last + 1)],
            labels=[None if t in unlabelled else made_up((units, 1), t) for t in range(last + 1)],
            rate=Fraction(1, 10),
        ),
        decimals=decimals,
    )


def long_names():
    gate, kept = variables("candidate_activation_of_the_hidden_layer long_term_memory_of_the_whole_network", n)
    x = inputs("observation_from_the_left", m)
    W, U = weights("Weights", n, m), weights("U", n, n)
    return Cell(
        "long",
        output=kept,
        equations=[
            define(gate, tanh(W.candidate @ x + U.candidate @ kept.prev)),
            define(kept, odot(gate, sigma(U.x @ gate)) + kept.prev),
        ],
    )


def two_inputs():
    c, h = variables("c h", n)
    x, y = inputs("x", m), inputs("y", m)
    W, V, U, b = weights("W", n, m), weights("V", n, m), weights("U", n, n), biases("b", n)
    return Cell(
        "two",
        output=h,
        equations=[
            define(c, tanh(W.c @ x + U.c @ h.prev + b.c) - c.prev),
            define(h, sigma(V.h @ y) + odot(c, tanh(c)) ** 2),
        ],
    )


def everything():
    return [cell(name) for name in CELLS] + [long_names(), two_inputs()]

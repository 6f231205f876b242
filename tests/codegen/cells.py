"""Cells that are not in the package, random ones among them, and generated modules as dictionaries of names."""

import random
from functools import cache
from itertools import count

import numpy as np
from sympy import Symbol

from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.cells import cell
from lstm_sym.codegen.generate import generate
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.nodes import odot
from lstm_sym.symbols.scalars import m, n

p, k = (Symbol(name, integer=True, positive=True) for name in "pk")
x, y = inputs("x", m), inputs("y", k)
W, U, V, b = weights("W", n, m), weights("U", n, n), weights("V", n, n), biases("b", n)


def random_cell(seed):
    """Two to four variables, each of earlier ones, of values of the step before, of the input and of parameters."""
    draw = random.Random(seed)
    names = variables(" ".join("pqrh"[-draw.randint(2, 4) :]), n)
    equations = []
    for place, variable in enumerate(names):
        known = [*names[:place], *(each.prev for each in names if draw.random() < 0.5), names[-1].prev]

        def leaf(known=known):
            return draw.choice(known)

        def term(name=variable.name, leaf=leaf):
            return draw.choice(
                [
                    lambda: getattr(U, name) @ leaf(),
                    lambda: odot(leaf(), leaf()),
                    lambda: odot(getattr(b, name), leaf()),
                    lambda: odot(1 - leaf(), tanh(leaf())),
                    lambda: -leaf(),
                    lambda: getattr(V, name) @ odot(leaf(), leaf()),
                    lambda: leaf() ** 2,
                ]
            )()

        body = getattr(W, variable.name) @ x
        for _ in range(draw.randint(1, 3)):
            body = body + term()
        body = body + getattr(b, variable.name)
        equations.append(define(variable, draw.choice([sigma, tanh, tanh])(body)))
    return Cell("random", output=names[-1], equations=equations)


def mixed_cell(seed):
    """Two inputs, two sizes, a parameter of its own in each place, and terms that hold parameters only."""
    draw = random.Random(seed)
    names = "pqrh"[-draw.randint(2, 4) :]
    recurrent = {name: variables(name, draw.choice([n, n, p]))[0] for name in names}
    made = count(1)
    equations = []

    def bias(name):
        return getattr(biases("b", recurrent[name].shape[0]), f"w{next(made)}")

    def mapped(name, symbol):
        return getattr(weights("M", recurrent[name].shape[0], symbol.shape[0]), f"w{next(made)}") @ symbol

    for place, name in enumerate(names):
        known = [*(recurrent[each] for each in names[:place]), *(each.prev for each in recurrent.values()), x, y]

        def leaf(name=name, known=known):
            symbol = draw.choice(known)
            return symbol if symbol.shape == recurrent[name].shape and draw.random() < 0.5 else mapped(name, symbol)

        def term(name=name, leaf=leaf):
            return draw.choice(
                [
                    leaf,
                    lambda: odot(leaf(), leaf()),
                    lambda: odot(bias(name), leaf()),
                    lambda: odot(1 - leaf(), tanh(leaf())),
                    lambda: -leaf(),
                    lambda: tanh(bias(name)),
                ]
            )()

        body = term()
        for _ in range(draw.randint(0, 3)):
            body = body + term()
        if name == "h":
            body = body + mapped(name, x) + mapped(name, y)
        equations.append(define(recurrent[name], draw.choice([sigma, tanh, tanh])(body)))
    return Cell("mixed", output=recurrent["h"], equations=equations)


def loaded(text):
    """The names of a generated module."""
    names = {"__name__": "generated"}
    exec(compile(text, "generated", "exec"), names)
    return names


@cache
def module_of(name, **options):
    return loaded(generate(cell(name), **options))


def loosely_tested(text):
    """The self-test with a bound for cells that magnify rounding a million times; a wrong formula misses that one, too."""

    def agree(what, got, expected):
        assert got.shape == expected.shape, what
        assert np.abs(got - expected).max() <= 1e-6 * (1 + np.abs(expected).max()), what

    names = loaded(text)
    names["_agree"] = agree
    return names["self_test"]()

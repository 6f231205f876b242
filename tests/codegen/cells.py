"""Cells that are not in the package, random ones among them, and generated modules as dictionaries of names."""

import random
from functools import cache

from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.cells import cell
from lstm_sym.codegen.generate import generate
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.nodes import odot
from lstm_sym.symbols.scalars import m, n

x = inputs("x", m)
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


def loaded(text):
    """The names of a generated module."""
    names = {"__name__": "generated"}
    exec(compile(text, "generated", "exec"), names)
    return names


@cache
def module_of(name, **options):
    return loaded(generate(cell(name), **options))

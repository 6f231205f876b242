"""Cells declared for tests: one without an activation, whose values are rational, and one that applies an activation inside."""

from lstm_sym.calculus.derive import derive
from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.symbols.applied import tanh
from lstm_sym.symbols.scalars import m, n

h, s = variables("h s", n)
x = inputs("x", m)
W, U, b = weights("W", n, m), weights("U", n, n), biases("b", n)

linear = Cell("linear", output=h, equations=[define(h, W.h @ x + U.h @ h.prev + b.h)])
inner = Cell(
    "inner",
    output=h,
    equations=[define(s, W.s @ x + U.s @ tanh(h.prev) + b.s), define(h, tanh(s) - tanh(W.h @ x + U.h @ h.prev))],
)
V = weights("V", n, n)
coupled = Cell("coupled", output=h, equations=[define(s, U.s @ s.prev + b.s), define(h, W.h @ x + U.h @ s.prev + V.h @ h.prev)])
LINEAR, INNER, COUPLED = derive(linear), derive(inner), derive(coupled)

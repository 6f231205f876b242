"""The simple recurrent network (Elman 1990, Finding Structure in Time) with tanh units."""

from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.symbols.applied import tanh
from lstm_sym.symbols.scalars import m, n

(h,) = variables("h", n)
x = inputs("x", m)
W, U, b = weights("W", n, m), weights("U", n, n), biases("b", n)

elman = Cell(
    "elman",
    title="Simple recurrent network",
    source="Elman 1990, Finding Structure in Time, figure 2; tanh units as in Goodfellow et al. 2016, eq. 10.8 and 10.9",
    output=h,
    equations=[define(h, tanh(W.h @ x + U.h @ h.prev + b.h))],
)

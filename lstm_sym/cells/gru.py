"""Gated recurrent unit, the reset gate applied before the recurrent product (Cho et al. 2014)."""

from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.nodes import odot
from lstm_sym.symbols.scalars import m, n

r, z, g, h = variables("r z g h", n)
x = inputs("x", m)
W, U, b = weights("W", n, m), weights("U", n, n), biases("b", n)

gru = Cell(
    "gru",
    title="Gated recurrent unit, reset before the recurrent product",
    source="Cho et al. 2014, Learning Phrase Representations using RNN Encoder-Decoder, eq. 5 to 8; g is their candidate",
    output=h,
    equations=[
        define(r, sigma(W.r @ x + U.r @ h.prev + b.r)),
        define(z, sigma(W.z @ x + U.z @ h.prev + b.z)),
        define(g, tanh(W.g @ x + U.g @ odot(r, h.prev) + b.g)),
        define(h, odot(z, h.prev) + odot(1 - z, g)),
    ],
)

"""Gated recurrent unit, the reset gate applied after the recurrent product (Appleyard et al. 2016; cuDNN, Keras, PyTorch)."""

from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.nodes import odot
from lstm_sym.symbols.scalars import m, n

r, z, u, g, h = variables("r z u g h", n)
x = inputs("x", m)
W, U, b, c = weights("W", n, m), weights("U", n, n), biases("b", n), biases("c", n)

gru_reset_after = Cell(
    "gru_reset_after",
    title="Gated recurrent unit, reset after the recurrent product",
    source="Appleyard et al. 2016, Optimizing Performance of Recurrent Neural Networks on GPUs; the equations of torch.nn.GRU",
    output=h,
    equations=[
        define(r, sigma(W.r @ x + U.r @ h.prev + b.r)),
        define(z, sigma(W.z @ x + U.z @ h.prev + b.z)),
        define(u, U.g @ h.prev + c.g),
        define(g, tanh(W.g @ x + odot(r, u) + b.g)),
        define(h, odot(z, h.prev) + odot(1 - z, g)),
    ],
)

"""Long short-term memory with forget gate (Gers, Schmidhuber and Cummins 2000), named as in the worksheet."""

from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.nodes import odot
from lstm_sym.symbols.scalars import m, n

a, i, f, o, state, out = variables("a i f o state out", n)
x = inputs("x", m)
W, U, b = weights("W", n, m), weights("U", n, n), biases("b", n)

lstm = Cell(
    "lstm",
    title="Long short-term memory with forget gate",
    source="Gers, Schmidhuber and Cummins 2000, Learning to Forget, section 2 and 3; names of the worksheet",
    output=out,
    equations=[
        define(a, tanh(W.a @ x + U.a @ out.prev + b.a)),
        define(i, sigma(W.i @ x + U.i @ out.prev + b.i)),
        define(f, sigma(W.f @ x + U.f @ out.prev + b.f)),
        define(o, sigma(W.o @ x + U.o @ out.prev + b.o)),
        define(state, odot(a, i) + odot(f, state.prev)),
        define(out, odot(tanh(state), o)),
    ],
)

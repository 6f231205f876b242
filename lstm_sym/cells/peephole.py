"""LSTM with peephole connections from the state to the gates (Gers, Schraudolph and Schmidhuber 2002)."""

from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.nodes import odot
from lstm_sym.symbols.scalars import m, n

a, i, f, o, state, out = variables("a i f o state out", n)
x = inputs("x", m)
W, U, b, p = weights("W", n, m), weights("U", n, n), biases("b", n), biases("p", n)

peephole = Cell(
    "peephole",
    title="Long short-term memory with peephole connections",
    source="Gers, Schraudolph and Schmidhuber 2002, Learning Precise Timing with LSTM Recurrent Networks, section 3; "
    "Greff et al. 2017, LSTM: A Search Space Odyssey, appendix A",
    output=out,
    equations=[
        define(a, tanh(W.a @ x + U.a @ out.prev + b.a)),
        define(i, sigma(W.i @ x + U.i @ out.prev + odot(p.i, state.prev) + b.i)),
        define(f, sigma(W.f @ x + U.f @ out.prev + odot(p.f, state.prev) + b.f)),
        define(state, odot(a, i) + odot(f, state.prev)),
        define(o, sigma(W.o @ x + U.o @ out.prev + odot(p.o, state) + b.o)),
        define(out, odot(tanh(state), o)),
    ],
)

"""What deriving and proving costs, side by side with the naive derivation on an unrolled network.

Run: python benchmarks/derivation.py. The naive way writes the loss of a few steps as scalars, and differentiates it by SymPy.
Ours does not depend on n, m and T: sizes are symbols, so one derivation serves all rows.
"""

import statistics
import time

import sympy

from lstm_sym import derive, load_cell, prove
from lstm_sym.cells import CELLS
from lstm_sym.proof.composition import composition
from lstm_sym.proof.unrolled import Size

RUNS = 5
NAIVE_LIMIT = 30.0


def median_seconds(action, runs=RUNS):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def naive(steps, units, inputs):
    """All parameter gradients of the unrolled LSTM, as scalars."""
    sigma = lambda z: 1 / (1 + sympy.exp(-z))  # noqa: E731
    symbols = {}

    def matrix(name, rows, columns):
        symbols[name] = sympy.Matrix(rows, columns, sympy.symbols(f"{name}_:{rows * columns}"))
        return symbols[name]

    weights = {g: (matrix(f"W{g}", units, inputs), matrix(f"U{g}", units, units), matrix(f"b{g}", units, 1)) for g in "aifo"}
    parameters = [entry for three in weights.values() for part in three for entry in part]
    state = out = sympy.zeros(units, 1)
    loss = 0
    for step in range(steps):
        x, label = matrix(f"x{step}", inputs, 1), matrix(f"l{step}", units, 1)
        net = {g: W * x + U * out + b for g, (W, U, b) in weights.items()}
        a, (i, f, o) = net["a"].applyfunc(sympy.tanh), (net[g].applyfunc(sigma) for g in "ifo")
        state = a.multiply_elementwise(i) + f.multiply_elementwise(state)
        out = state.applyfunc(sympy.tanh).multiply_elementwise(o)
        loss += sum((entry - target) ** 2 for entry, target in zip(out, label, strict=True)) / 2
    return [sympy.diff(loss, parameter) for parameter in parameters]


def main():
    print("cell              derive   prove (3 compositions with it)   median of", RUNS)
    for name in CELLS:
        cell = load_cell(name)
        derivation = derive(cell)
        print(f"{name:16} {median_seconds(lambda c=cell: derive(c)):7.3f} {median_seconds(lambda d=derivation: prove(d)):7.3f} s")

    lstm = derive(load_cell("lstm"))
    ours = median_seconds(lambda: derive(load_cell("lstm")))
    print("\nn  m  steps   naive   ours (every n, m, T)   ratio   composition at that size")
    slow = False
    for units, inputs, steps in [(1, 2, 1), (1, 2, 2), (1, 2, 3), (2, 3, 1), (2, 3, 2), (2, 3, 4), (3, 4, 8)]:
        size = Size(units, inputs, steps)
        check = median_seconds(lambda s=size: composition(lstm, s), runs=1)
        if slow and steps > 1:
            print(f"{units}  {inputs}  {steps}     not tried (the row before took too long) {ours:10.3f} s {check:25.3f} s")
            continue
        naive_seconds = median_seconds(lambda t=steps, n=units, m=inputs: naive(t, n, m), runs=1)
        slow = naive_seconds > NAIVE_LIMIT / 10
        ratio = naive_seconds / ours
        print(f"{units}  {inputs}  {steps} {naive_seconds:10.3f} s {ours:10.3f} s {ratio:15.1f} {check:15.3f} s")


if __name__ == "__main__":
    main()

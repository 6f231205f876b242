"""A simple recurrent network with lists and the math module, entry by entry, as somebody writes it without NumPy."""

import math


def forward(W, U, b, x, h0):
    hs = [list(h0)]
    for t in range(len(x)):
        row = []
        for i in range(len(b)):
            z = b[i]
            for j in range(len(x[t])):
                z += W[i][j] * x[t][j]
            for j in range(len(b)):
                z += U[i][j] * hs[-1][j]
            row.append(math.tanh(z))
        hs.append(row)
    return hs


def loss(W, U, b, x, h0, y):
    hs = forward(W, U, b, x, h0)
    total = 0.0
    for t in range(len(x)):
        for i in range(len(b)):
            total += (hs[t + 1][i] - y[t][i]) ** 2 / 2
    return float(total)


def gradient(W, U, b, x, h0, y):
    import numpy as np

    hs = forward(W, U, b, x, h0)
    n, m = len(b), len(x[0])
    dW, dU, db = np.zeros((n, m)), np.zeros((n, n)), np.zeros(n)
    dh = [0.0] * n
    for t in range(len(x) - 1, -1, -1):
        dz = [(hs[t + 1][i] - y[t][i] + dh[i]) * (1 - hs[t + 1][i] ** 2) for i in range(n)]
        for i in range(n):
            db[i] += dz[i]
            for j in range(m):
                dW[i, j] += dz[i] * x[t][j]
            for j in range(n):
                dU[i, j] += dz[i] * hs[t][j]
        dh = [sum(U[i][j] * dz[i] for i in range(n)) for j in range(n)]
    return dW, dU, db


arguments = {"W": (3, 2), "U": (3, 3), "b": (3,), "x": (4, 2), "h0": (3,), "y": (4, 3)}

"""An LSTM with one weight matrix for each gate, columns, keyword parameters, a squared loss on every step."""

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def forward(x, h0, c0, p):
    T = len(x)
    h, c = {-1: h0}, {-1: c0}
    g, i, f, o = {}, {}, {}, {}
    for t in range(T):
        g[t] = np.tanh(p["Wg"] @ x[t] + p["Ug"] @ h[t - 1] + p["bg"])
        i[t] = sigmoid(p["Wi"] @ x[t] + p["Ui"] @ h[t - 1] + p["bi"])
        f[t] = sigmoid(p["Wf"] @ x[t] + p["Uf"] @ h[t - 1] + p["bf"])
        o[t] = sigmoid(p["Wo"] @ x[t] + p["Uo"] @ h[t - 1] + p["bo"])
        c[t] = f[t] * c[t - 1] + i[t] * g[t]
        h[t] = o[t] * np.tanh(c[t])
    return g, i, f, o, c, h


def loss(x, y, h0, c0, **p):
    h = forward(x, h0, c0, p)[-1]
    return sum(0.5 * np.sum((h[t] - y[t]) ** 2) for t in range(len(x)))


def gradient(x, y, h0, c0, **p):
    g, i, f, o, c, h = forward(x, h0, c0, p)
    grads = {name: np.zeros_like(value) for name, value in p.items()}
    dx = np.zeros_like(x)
    dh_next = np.zeros_like(h0)
    dc_next = np.zeros_like(c0)
    for t in reversed(range(len(x))):
        dh = (h[t] - y[t]) + dh_next
        do = dh * np.tanh(c[t]) * o[t] * (1 - o[t])
        dc = dh * o[t] * (1 - np.tanh(c[t]) ** 2) + dc_next
        df = dc * c[t - 1] * f[t] * (1 - f[t])
        di = dc * g[t] * i[t] * (1 - i[t])
        dg = dc * i[t] * (1 - g[t] ** 2)
        for name, d in (("g", dg), ("i", di), ("f", df), ("o", do)):
            grads["W" + name] += np.outer(d, x[t])
            grads["U" + name] += np.outer(d, h[t - 1])
            grads["b" + name] += d
        dx[t] = p["Wg"].T @ dg + p["Wi"].T @ di + p["Wf"].T @ df + p["Wo"].T @ do
        dh_next = p["Ug"].T @ dg + p["Ui"].T @ di + p["Uf"].T @ df + p["Uo"].T @ do
        dc_next = dc * f[t]
    grads.update(x=dx, h0=dh_next, c0=dc_next)
    return grads


n, m, T = 3, 2, 3
arguments = {"x": (T, m), "y": (T, n), "h0": (n,), "c0": (n,)}
for gate in "gifo":
    arguments.update({"W" + gate: (n, m), "U" + gate: (n, n), "b" + gate: (n,)})

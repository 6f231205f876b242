"""A character LSTM on [h, x] in columns: parameters as objects with value and gradient, softmax and cross-entropy, clipped gradients."""

import numpy as np

H, V = 3, 4


class Param:
    def __init__(self, name, value):
        self.name = name
        self.v = value
        self.d = np.zeros_like(value)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def dsigmoid(y):
    return y * (1 - y)


def dtanh(y):
    return 1 - y * y


NAMES = ["W_f", "b_f", "W_i", "b_i", "W_C", "b_C", "W_o", "b_o", "W_v", "b_v"]
PARAMS = {}


def setup(values):
    PARAMS.clear()
    for name in NAMES:
        PARAMS[name] = Param(name, values[name])


def step(x, h_prev, C_prev):
    p = PARAMS
    z = np.vstack((h_prev, x))
    f = sigmoid(np.dot(p["W_f"].v, z) + p["b_f"].v)
    i = sigmoid(np.dot(p["W_i"].v, z) + p["b_i"].v)
    C_bar = np.tanh(np.dot(p["W_C"].v, z) + p["b_C"].v)
    C = f * C_prev + i * C_bar
    o = sigmoid(np.dot(p["W_o"].v, z) + p["b_o"].v)
    h = o * np.tanh(C)
    v = np.dot(p["W_v"].v, h) + p["b_v"].v
    y = np.exp(v) / np.sum(np.exp(v))
    return z, f, i, C_bar, C, o, h, v, y


def step_back(target, dh_next, dC_next, C_prev, z, f, i, C_bar, C, o, h, v, y):
    p = PARAMS
    dv = np.copy(y)
    dv[target] -= 1
    p["W_v"].d += np.dot(dv, h.T)
    p["b_v"].d += dv
    dh = np.dot(p["W_v"].v.T, dv)
    dh += dh_next
    do = dsigmoid(o) * dh * np.tanh(C)
    p["W_o"].d += np.dot(do, z.T)
    p["b_o"].d += do
    dC = np.copy(dC_next)
    dC += dh * o * dtanh(np.tanh(C))
    dC_bar = dC * i
    dC_bar = dtanh(C_bar) * dC_bar
    p["W_C"].d += np.dot(dC_bar, z.T)
    p["b_C"].d += dC_bar
    di = dsigmoid(i) * dC * C_bar
    p["W_i"].d += np.dot(di, z.T)
    p["b_i"].d += di
    df = dsigmoid(f) * dC * C_prev
    p["W_f"].d += np.dot(df, z.T)
    p["b_f"].d += df
    dz = np.dot(p["W_f"].v.T, df) + np.dot(p["W_i"].v.T, di) + np.dot(p["W_C"].v.T, dC_bar) + np.dot(p["W_o"].v.T, do)
    return dz[:H, :], f * dC


def run(inputs, targets, h_prev, C_prev):
    xs, store, h, C = {}, {}, {-1: np.copy(h_prev)}, {-1: np.copy(C_prev)}
    total = 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((V, 1))
        xs[t][inputs[t]] = 1
        store[t] = step(xs[t], h[t - 1], C[t - 1])
        h[t], C[t] = store[t][6], store[t][4]
        total += -np.log(store[t][-1][targets[t], 0])
    for param in PARAMS.values():
        param.d.fill(0)
    dh_next, dC_next = np.zeros_like(h[0]), np.zeros_like(C[0])
    for t in reversed(range(len(inputs))):
        dh_next, dC_next = step_back(targets[t], dh_next, dC_next, C[t - 1], *store[t])
    for param in PARAMS.values():
        np.clip(param.d, -5, 5, out=param.d)
    return total, h[len(inputs) - 1]


def loss(inputs, targets, h_prev, C_prev, **values):
    setup(values)
    return run(inputs, targets, h_prev, C_prev)[0]


def gradient(inputs, targets, h_prev, C_prev, **values):
    setup(values)
    run(inputs, targets, h_prev, C_prev)
    return {name: PARAMS[name].d for name in NAMES}


arguments = {"inputs": [0, 3, 1, 2], "targets": [3, 1, 2, 0], "h_prev": (H, 1), "C_prev": (H, 1)}
for gate in ("f", "i", "C", "o"):
    arguments.update({"W_" + gate: (H, H + V), "b_" + gate: (H, 1)})
arguments.update({"W_v": (V, H), "b_v": (V, 1)})

"""An LSTM on batches in rows, gates stacked in one matrix and cut out by slices; a mean over the batch; step functions with caches."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def step_forward(x, prev_h, prev_c, Wx, Wh, b):
    H = prev_h.shape[1]
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), sigmoid(a[:, 2 * H : 3 * H])
    g = np.tanh(a[:, 3 * H :])
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    return next_h, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)


def step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    tanh_c = np.tanh(next_c)
    do = dnext_h * tanh_c
    dc = dnext_c + dnext_h * o * (1 - tanh_c * tanh_c)
    df, di, dg, dprev_c = dc * prev_c, dc * g, dc * i, dc * f
    da = np.hstack((di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)))
    return da.dot(Wx.T), da.dot(Wh.T), dprev_c, x.T.dot(da), prev_h.T.dot(da), np.sum(da, axis=0)


def lstm_forward(x, h0, Wx, Wh, b):
    N, T, _ = x.shape
    H = h0.shape[1]
    h = np.zeros((N, T, H))
    prev_h, prev_c = h0, np.zeros((N, H))
    caches = []
    for t in range(T):
        prev_h, prev_c, cache = step_forward(x[:, t, :], prev_h, prev_c, Wx, Wh, b)
        h[:, t, :] = prev_h
        caches.append(cache)
    return h, caches


def lstm_backward(dh, caches):
    N, T, H = dh.shape
    x0, _, _, Wx, Wh = caches[0][:5]
    dx = np.zeros((N, T, x0.shape[1]))
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(4 * H)
    dprev_h, dprev_c = np.zeros((N, H)), np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        dx[:, t, :], dprev_h, dprev_c, dwx, dwh, dbias = step_backward(dh[:, t, :] + dprev_h, dprev_c, caches[t])
        dWx += dwx
        dWh += dwh
        db += dbias
    return dx, dprev_h, dWx, dWh, db


def loss(x, h0, Wx, Wh, b, y):
    h, _ = lstm_forward(x, h0, Wx, Wh, b)
    return np.mean(np.sum((h - y) ** 2, axis=(1, 2)))


def gradient(x, h0, Wx, Wh, b, y):
    h, caches = lstm_forward(x, h0, Wx, Wh, b)
    return lstm_backward(2 * (h - y) / x.shape[0], caches)


rng = np.random.default_rng(3)
N, T, D, H = 2, 3, 4, 3
arguments = {
    "x": rng.standard_normal((N, T, D)),
    "h0": rng.standard_normal((N, H)),
    "Wx": rng.standard_normal((D, 4 * H)),
    "Wh": rng.standard_normal((H, 4 * H)),
    "b": np.zeros(4 * H),
    "y": rng.standard_normal((N, T, H)),
}

"""An LSTM on three-axis arrays (units, batch, steps) with dictionaries of parameters and caches, [a, x] concatenated, softmax output."""

import numpy as np


def softmax(x):
    e_x = np.exp(x - np.max(x, axis=0))
    return e_x / e_x.sum(axis=0)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def cell_forward(xt, a_prev, c_prev, parameters):
    Wf, bf = parameters["Wf"], parameters["bf"]
    Wi, bi = parameters["Wi"], parameters["bi"]
    Wc, bc = parameters["Wc"], parameters["bc"]
    Wo, bo = parameters["Wo"], parameters["bo"]
    Wy, by = parameters["Wy"], parameters["by"]
    n_x, m = xt.shape
    n_y, n_a = Wy.shape
    concat = np.zeros((n_a + n_x, m))
    concat[:n_a, :] = a_prev
    concat[n_a:, :] = xt
    ft = sigmoid(np.dot(Wf, concat) + bf)
    it = sigmoid(np.dot(Wi, concat) + bi)
    cct = np.tanh(np.dot(Wc, concat) + bc)
    c_next = ft * c_prev + it * cct
    ot = sigmoid(np.dot(Wo, concat) + bo)
    a_next = ot * np.tanh(c_next)
    yt = softmax(np.dot(Wy, a_next) + by)
    return a_next, c_next, yt, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def forward(x, a0, parameters):
    caches = []
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a, c, y = np.zeros((n_a, m, T_x)), np.zeros((n_a, m, T_x)), np.zeros((n_y, m, T_x))
    a_next, c_next = a0, np.zeros((n_a, m))
    for t in range(T_x):
        a_next, c_next, yt, cache = cell_forward(x[:, :, t], a_next, c_next, parameters)
        a[:, :, t], y[:, :, t], c[:, :, t] = a_next, yt, c_next
        caches.append(cache)
    return a, y, c, caches


def cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_next.shape[0]
    dot = da_next * np.tanh(c_next) * ot * (1 - ot)
    dc = dc_next + ot * (1 - np.square(np.tanh(c_next))) * da_next
    dcct = dc * it * (1 - np.square(cct))
    dit = dc * cct * it * (1 - it)
    dft = dc * c_prev * ft * (1 - ft)
    concat = np.concatenate((a_prev, xt), axis=0)
    grads = {"dWf": dft @ concat.T, "dWi": dit @ concat.T, "dWc": dcct @ concat.T, "dWo": dot @ concat.T}
    for name, d in (("dbf", dft), ("dbi", dit), ("dbc", dcct), ("dbo", dot)):
        grads[name] = np.sum(d, axis=1, keepdims=True)
    dconcat = sum(np.dot(parameters[w].T, d) for w, d in (("Wf", dft), ("Wi", dit), ("Wc", dcct), ("Wo", dot)))
    grads.update(da_prev=dconcat[:n_a, :], dxt=dconcat[n_a:, :], dc_prev=dc * ft)
    return grads


def backward(x, y_hat, labels, caches):
    n_x, m, T_x = x.shape
    parameters = caches[0][-1]
    gradients = {"d" + name: np.zeros_like(value) for name, value in parameters.items()}
    gradients["dx"] = np.zeros(x.shape)
    da_prev, dc_prev = np.zeros_like(caches[0][0]), np.zeros_like(caches[0][1])
    for t in reversed(range(T_x)):
        a_next = caches[t][0]
        dz = (y_hat[:, :, t] - labels[:, :, t]) / m
        gradients["dWy"] += np.dot(dz, a_next.T)
        gradients["dby"] += np.sum(dz, axis=1, keepdims=True)
        grads = cell_backward(np.dot(parameters["Wy"].T, dz) + da_prev, dc_prev, caches[t])
        da_prev, dc_prev = grads["da_prev"], grads["dc_prev"]
        gradients["dx"][:, :, t] = grads["dxt"]
        for name in ("dWf", "dWi", "dWc", "dWo", "dbf", "dbi", "dbc", "dbo"):
            gradients[name] += grads[name]
    gradients["da0"] = da_prev
    return gradients


def loss(x, a0, labels, parameters):
    _, y_hat, _, _ = forward(x, a0, parameters)
    return -np.sum(labels * np.log(y_hat)) / x.shape[1]


def gradient(x, a0, labels, parameters):
    _, y_hat, _, caches = forward(x, a0, parameters)
    return backward(x, y_hat, labels, caches)


np.random.seed(1)
n_a, n_x, n_y, m, T_x = 3, 2, 2, 2, 3
labels = np.zeros((n_y, m, T_x))
for t in range(T_x):
    for k in range(m):
        labels[(t + k) % n_y, k, t] = 1
arguments = {
    "x": np.random.randn(n_x, m, T_x),
    "a0": np.zeros((n_a, m)),
    "labels": labels,
    "parameters": {
        **{"W" + g: np.random.randn(n_a, n_a + n_x) for g in "fico"},
        **{"b" + g: np.random.randn(n_a, 1) for g in "fico"},
        "Wy": np.random.randn(n_y, n_a),
        "by": np.random.randn(n_y, 1),
    },
}

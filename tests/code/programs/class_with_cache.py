"""An LSTM layer as a class: parameters drawn in the constructor, caches on the object, gradients in buffers that backward resets."""

import numpy as np


class Sigmoid:
    def __call__(self, z):
        out = np.empty_like(z)
        positive = z >= 0
        out[positive] = 1.0 / (1.0 + np.exp(-z[positive]))
        e = np.exp(z[~positive])
        out[~positive] = e / (1.0 + e)
        return out


class LSTM:
    def __init__(self, inputs, units, seed=0):
        rng = np.random.default_rng(seed)
        self.units = units
        self.act = Sigmoid()
        self.params = {
            "W": rng.standard_normal((inputs + units, 4 * units)) / np.sqrt(inputs + units),
            "b": np.zeros(4 * units, dtype=np.float64),
        }
        self.grads = {k: np.zeros_like(v) for k, v in self.params.items()}
        self.cache = []

    def forward(self, x):
        batch, steps, _ = x.shape
        h = c = np.zeros((batch, self.units), dtype=x.dtype)
        self.cache.clear()
        outputs = []
        for t in range(steps):
            hx = np.concatenate([h, x[:, t]], axis=-1)
            z = hx @ self.params["W"] + self.params["b"]
            gate = self.act(z[:, : 3 * self.units])
            i, f, o = np.split(gate, 3, axis=1)
            g = np.tanh(z[:, 3 * self.units :])
            c_prev, c = c, f * c + i * g
            h = o * np.tanh(c)
            self.cache.append((hx, i, f, o, g, c_prev, c))
            outputs.append(h)
        return np.stack(outputs, axis=1)

    def backward(self, dout):
        for grad in self.grads.values():
            grad[...] = 0
        dh = np.zeros_like(dout[:, 0])
        dc = np.zeros_like(dh)
        dx = np.empty((dout.shape[0], dout.shape[1], self.cache[0][0].shape[1] - self.units))
        for t in range(dout.shape[1])[::-1]:
            hx, i, f, o, g, c_prev, c = self.cache[t]
            dh = dh + dout[:, t]
            tanh_c = np.tanh(c)
            dc = dc + dh * o * (1 - tanh_c**2)
            d = np.concatenate(
                [dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dh * tanh_c * o * (1 - o), dc * i * (1 - g**2)], axis=1
            )
            self.grads["W"] += hx.T @ d
            self.grads["b"] += d.sum(axis=0)
            dhx = d @ self.params["W"].T
            dh, dx[:, t] = dhx[:, : self.units], dhx[:, self.units :]
            dc = dc * f
        return dx


model = LSTM(2, 3)


def loss(W, b, x, y):
    model.params["W"], model.params["b"] = W, b
    out = model.forward(x)
    return ((out - y) ** 2).mean()


def gradient(W, b, x, y):
    model.params["W"], model.params["b"] = W, b
    out = model.forward(x)
    dx = model.backward(2 * (out - y) / y.size)
    return {"W": model.grads["W"], "b": model.grads["b"], "x": dx}


arguments = {"W": ("w", "g"), "b": ("g",), "x": ("B", "T", "m"), "y": ("B", "T", "n")}
arguments = {"W": (5, 12), "b": (12,), "x": (2, 3, 2), "y": (2, 3, 3)}

"""A GRU on batches in rows, written with einsum and keepdims; a loss on the last step alone."""

import numpy as np


def sigma(z):
    return np.where(z > 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


def run(x, h, W, U, b):
    saved = []
    for t in range(x.shape[1]):
        zx = np.einsum("bd,gdh->gbh", x[:, t], W) + b[:, None, :]
        r = sigma(zx[0] + h @ U[0])
        z = sigma(zx[1] + h @ U[1])
        n = np.tanh(zx[2] + (r * h) @ U[2])
        new = (1 - z) * n + z * h
        saved.append((h, r, z, n))
        h = new
    return h, saved


def loss(x, h0, W, U, b, v):
    h, _ = run(x, h0, W, U, b)
    return np.sum(h * v) / len(x)


def gradient(x, h0, W, U, b, v):
    _, saved = run(x, h0, W, U, b)
    dW, dU, db, dx = (np.zeros_like(a) for a in (W, U, b, x))
    dh = v / len(x)
    for t in range(x.shape[1] - 1, -1, -1):
        h, r, z, n = saved[t]
        dn = dh * (1 - z) * (1 - n * n)
        dz = dh * (h - n) * z * (1 - z)
        drh = dn @ U[2].T
        dr = drh * h * r * (1 - r)
        d = np.stack([dr, dz, dn])
        dW += np.einsum("bd,gbh->gdh", x[:, t], d)
        db += d.sum(axis=1)
        dU[0] += h.T @ dr
        dU[1] += h.T @ dz
        dU[2] += (r * h).T @ dn
        dx[:, t] = np.tensordot(d, W, axes=([0, 2], [0, 2]))
        dh = dh * z + drh * r + dr @ U[0].T + dz @ U[1].T
    return {"W": dW, "U": dU, "b": db, "x": dx, "h0": dh}


arguments = {"x": (2, 3, 2), "h0": (2, 3), "W": (3, 2, 3), "U": (3, 3, 3), "b": (3, 3), "v": (2, 3)}

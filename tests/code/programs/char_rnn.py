"""A character RNN with global parameters, states in dictionaries and clipping in place; the loss function also gives the gradients."""

import numpy as np

chars = list("abcd")
hidden_size, vocab_size = 3, len(chars)
char_to_ix = {ch: i for i, ch in enumerate(chars)}
Wxh = np.random.randn(hidden_size, vocab_size) * 0.01
Whh = np.random.randn(hidden_size, hidden_size) * 0.01
Why = np.random.randn(vocab_size, hidden_size) * 0.01
bh = np.zeros((hidden_size, 1))
by = np.zeros((vocab_size, 1))


def lossFun(inputs, targets, hprev):
    xs, hs, ys, ps = {}, {}, {}, {}
    hs[-1] = np.copy(hprev)
    loss = 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((vocab_size, 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t - 1]) + bh)
        ys[t] = np.dot(Why, hs[t]) + by
        ps[t] = np.exp(ys[t]) / np.sum(np.exp(ys[t]))
        loss += -np.log(ps[t][targets[t], 0])
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros_like(bh), np.zeros_like(by)
    dhnext = np.zeros_like(hs[0])
    for t in reversed(range(len(inputs))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        dWhy += np.dot(dy, hs[t].T)
        dby += dy
        dh = np.dot(Why.T, dy) + dhnext
        dhraw = (1 - hs[t] * hs[t]) * dh
        dbh += dhraw
        dWxh += np.dot(dhraw, xs[t].T)
        dWhh += np.dot(dhraw, hs[t - 1].T)
        dhnext = np.dot(Whh.T, dhraw)
    for dparam in [dWxh, dWhh, dWhy, dbh, dby]:
        np.clip(dparam, -5, 5, out=dparam)
    return loss, dWxh, dWhh, dWhy, dbh, dby, hs[len(inputs) - 1]


def _with(**values):
    globals().update(values)


def loss(hprev, **parameters):
    _with(**parameters)
    return lossFun([0, 1, 2, 3], [1, 2, 3, 0], hprev)[0]


def gradient(hprev, **parameters):
    _with(**parameters)
    return dict(zip(["Wxh", "Whh", "Why", "bh", "by"], lossFun([0, 1, 2, 3], [1, 2, 3, 0], hprev)[1:6]))


arguments = {"Wxh": Wxh, "Whh": Whh, "Why": Why, "bh": bh, "by": by, "hprev": np.zeros((hidden_size, 1))}

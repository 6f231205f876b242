"""User idioms give the same numbers on scalars as on floats."""

import math

import numpy as np
import pytest

from lstm_sym.code.running.namespace import substituted
from lstm_sym.code.scalars.array import scalars
from lstm_sym.code.scalars.graph import Graph, running

A = np.array([[0.5, -1.25, 2.0], [1.5, 0.25, -0.75]])
B = np.array([[1.0, 0.5], [-0.5, 2.0], [0.25, 1.75]])


def masked_sigmoid(a, b):
    out = np.zeros_like(a)
    mask = a >= 0
    out[mask] = 1 / (1 + np.exp(-a[mask]))
    e = np.exp(a[~mask])
    out[np.logical_not(mask)] = e / (1 + e)
    return out


def softmax_rows(a, b):
    e = np.exp(a - np.max(a, axis=1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def log_softmax(a, b):
    z = a - a.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def cross_entropy(a, b):
    p = softmax_rows(a, b)
    return -np.log(p[range(2), [2, 0]]).mean() - np.mean(np.log(p[np.arange(len(p)), np.array([1, 1])]))


def in_place(a, b):
    out = np.empty((2, 2))
    np.dot(a, b, out=out)
    out += 1
    out *= 0.5
    out[0] -= out[1]
    out[:, 1:] /= 4
    np.add(out, 1.0, out)
    np.multiply(out, out, out=out)
    return out


def clipped_by_norm(a, b):
    norm = np.sqrt(sum(np.sum(g**2) for g in (a, b)))
    return a * min(1.0, 1.0 / norm) + np.linalg.norm(b)


def lists(a, b):
    rows = [np.tanh(row) for row in a]
    return np.array(rows) + np.asarray([[0.1, 0.2, 0.3]] * 2) + np.vstack(rows) + np.stack(rows, axis=0) + np.r_[[a]][0]


def axes(a, b):
    c = a[np.newaxis, :, :] * b.T[:, None, :]
    return c.transpose(2, 0, 1).reshape(3, -1).swapaxes(0, 1) + np.expand_dims(np.squeeze(a[:1]), 0)


def layer_norm(a, b):
    return (a - a.mean(1, keepdims=True)) / np.sqrt(a.var(axis=1, keepdims=True) + 1e-5) + np.std(b) + b.std(axis=0).sum()


def relu_and_friends(a, b):
    leaky = np.where(a > 0, a, 0.01 * a)
    return np.maximum(0, a) + leaky + a * (a > 0) + np.minimum(a, 0.5) + np.clip(a, -1, 1) + np.abs(a) + np.sign(a)


def math_functions(a, b):
    return [
        math.tanh(a[0, 0]),
        math.exp(a[0, 1]),
        math.sqrt(a[0, 2]),
        float(a[1, 0]) ** 2,
        math.log(b[0, 0] + 1),
        max(a[0]),
        sum(b[0]),
        abs(a[0, 1]),
    ]


def stacked_pieces(a, b):
    f, g, h = np.split(a, 3, axis=1)
    return np.concatenate((f, g * 2, h), axis=1) + np.hstack([f, g, h]) + np.column_stack((f, g, h)) + np.array_split(a, 1)[0]


def outer_and_dots(a, b):
    return (
        np.outer(a[0], b[:, 0])
        + np.einsum("i,j->ij", a[1], b[:, 1])
        + a[0].reshape(-1, 1) @ b[:, :1].T
        + np.dot(a.T, a)
        + a.T.dot(a)
    )


def contractions(a, b):
    return (
        np.tensordot(a, b, axes=([1], [0]))
        + np.einsum("ij,jk->ik", a, b)
        + np.matmul(a, b)
        + np.inner(a, b.T)
        + np.einsum("ij,kj->ik", a, b.T)
    )


def dtypes(a, b):
    z = (
        np.zeros((2, 3), dtype=a.dtype)
        + np.ones_like(a, dtype=np.float32)
        + np.full((2, 3), 0.5)
        + np.eye(3)[:2]
        + np.float64(0.25)
    )
    return (
        z.astype(np.float64) + a.astype("float32") + np.array(a, dtype=float) + np.zeros(a.shape, float) + np.identity(3)[[0, 2]]
    )


def one_hot(a, b):
    x = np.zeros((3, 1))
    x[np.argmax(a[0])] = 1
    y = np.eye(3)[np.array([0, 2])]
    return b.T @ x + y[:, :1] + a[:, [0, 2]].sum(1, keepdims=True)


def other_functions(a, b):
    return (
        np.sinh(a)
        + np.cosh(a)
        + np.log1p(np.abs(a))
        + np.expm1(a)
        + np.square(a)
        + np.power(a, 3)
        + a**-1
        + np.reciprocal(a)
        + np.exp2(a)
        + np.sqrt(np.abs(a)) ** 3
    )


def flat_views(a, b):
    c = a.copy()
    c.flat[2] = 7.0
    c.ravel()[0] = 3.0
    c[c > 6] = 0.5
    c[1, ::-1] += 1
    return np.concatenate([c.flatten(), b.ravel(), np.append(a[0], 1.0), np.cumsum(a[1]), np.roll(a[0], 1), np.flip(a[0])])


def checks(a, b):
    assert not np.isnan(a).any()
    assert np.isfinite(a).all()
    assert a.shape == (2, 3)
    assert a.size == 6
    assert a.ndim == len(a)
    assert isinstance(a, np.ndarray)
    assert np.allclose(a, a)
    assert np.any(a > 0)
    assert f"{a[0, 0]:.2f}" == "0.50"
    return a.sum() + a.prod() + np.average(b) + a.min() + b.max(axis=0) + np.amax(b) + np.trace(a @ b) + np.mean(a, axis=0).sum()


IDIOMS = [
    masked_sigmoid, softmax_rows, log_softmax, cross_entropy, in_place, clipped_by_norm, lists, axes, layer_norm, relu_and_friends, math_functions,
    stacked_pieces, outer_and_dots, contractions, dtypes, one_hot, other_functions, flat_views, checks,
]  # fmt: skip


def floats(value):
    if isinstance(value, list | tuple | np.ndarray):
        return np.array([floats(part) for part in value], dtype=float)
    return float(value.ball.mid()) if hasattr(value, "ball") else float(value)


@pytest.mark.parametrize("idiom", IDIOMS, ids=lambda idiom: idiom.__name__)
def test_same_numbers_as_on_floats(idiom):
    expected = floats(idiom(A.copy(), B.copy()))
    graph = Graph(1, 200)
    with running(graph), substituted(idiom):
        got = idiom(scalars(A), scalars(B))
    assert not graph.trace.lost
    got = np.asarray(floats(got))
    assert got.shape == np.shape(expected)
    assert np.allclose(got, expected, rtol=1e-12, atol=1e-12)


def test_after_a_run_everything_is_as_before():
    with running(Graph(1, 200)), substituted(masked_sigmoid):
        assert type(masked_sigmoid.__globals__["np"]).__name__ == "NumpyStandIn"
        assert masked_sigmoid.__globals__["A"].dtype == object
    assert masked_sigmoid.__globals__["np"] is np
    assert masked_sigmoid.__globals__["math"] is math
    assert "float" not in masked_sigmoid.__globals__
    assert A.dtype == np.float64

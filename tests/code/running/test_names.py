"""Returned gradients find their arguments by name, prefix, nesting or place."""

import numpy as np
import pytest

from lstm_sym.code.running.names import returned_gradients
from lstm_sym.code.running.points import Arguments
from lstm_sym.code.scalars.scalar import NotRunnableError

A, B, C = np.zeros((2, 3)), np.ones(2), np.ones(3)
LEAVES = list(Arguments({"p": {"W": (2, 3), "b": (2,)}, "x": (3,)}).leaves.values())


@pytest.mark.parametrize(
    "returned",
    [
        {"p": {"W": A, "b": B}, "x": C},
        {"W": A, "b": B, "x": C},
        {"dW": A, "db": B, "dx": C},
        {"grads": {"grad_W": A, "d_b": B}, "dx": C},
        (A, B, C),
        [{"dW": A, "b": B}, C],
    ],
    ids=range(6),
)
def test_found(returned):
    found = returned_gradients(returned, LEAVES)
    assert found["p.W"] is A
    assert found["p.b"] is B
    assert found["x"] is C


def test_what_has_no_name_is_left_out():
    assert set(returned_gradients({"W": A, "other": B}, LEAVES)) == {"p.W"}


def test_another_kind_is_refused():
    with pytest.raises(NotRunnableError, match=r"expected a dictionary \{argument: array\} or a tuple of arrays"):
        returned_gradients("gradient", LEAVES)


@pytest.mark.parametrize(
    "returned", [(B, A, C), (np.zeros(()), A, B, C), (C, A)], ids=["exchanged", "loss first", "one left out"]
)
def test_a_tuple_in_another_order_is_asked_for_by_name(returned):
    with pytest.raises(NotRunnableError, match=r"in their order, p\.W 2×3, p\.b 2, x 3; to mend it: return a dictionary"):
        returned_gradients(returned, LEAVES)


def test_a_wrong_shape_that_fits_no_argument_stays_for_the_comparison():
    assert returned_gradients((A.T, B, C), LEAVES)["p.W"].shape == (3, 2)

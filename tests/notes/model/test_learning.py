"""What a document defines is learnt from its forward lines alone: variables, inputs, parameters, parts, rows or columns."""

from __future__ import annotations

import pytest

ELMAN = r"$$z_t = W x_t + U h_{t-1} + b$$ $$h_t = \tanh(z_t)$$"
ROWS = r"$$h_t = \tanh(x_t W + h_{t-1} U + b)$$ $$y_t = \operatorname{softmax}(h_t V + c)$$"


def test_what_nobody_defines_is_an_input_or_a_parameter(from_text) -> None:
    model = from_text(ELMAN + r"$$\delta z_t = \delta h_t \odot (1 - h_t^2)$$").model
    assert list(model.definitions) == ["z", "h"]
    assert (model.inputs, model.parameters, model.outputs) == (("x",), ("W", "U", "b"), ("h",))
    assert (model.recurrent, model.used_now) == ({"h"}, {"z", "x", "W", "U", "b"})
    assert (model.activated("h"), model.activated("z")) == (True, False)


def test_weights_on_the_right_tell_rows(from_text) -> None:
    assert from_text(ROWS).model.manner.row
    assert not from_text(ELMAN).model.manner.row


def test_the_argument_of_a_softmax_gets_a_name(from_text) -> None:
    model = from_text(ROWS).model
    assert list(model.definitions) == ["h", "y", "y_logit"]
    assert model.parameters == ("W", "U", "b", "V", "c")


def test_a_weight_is_taken_apart_where_its_parts_are_named(from_text) -> None:
    forward = r"$$f_t = \sigma(W_f [h_{t-1}, x_t] + b_f)$$ $$h_t = f_t \odot h_{t-1}$$"
    whole = from_text(forward).model
    assert (whole.parameters, whole.stacks) == (("W_f", "b_f"), {})
    parted = from_text(forward + r"$$\delta W_{fh} = \sum_t \delta f_t h_{t-1}^T$$").model
    assert parted.parameters == ("W_fh", "W_f.2", "b_f")
    assert [part.text for part in parted.stacks["W_f"]] == ["W_fh", "W_f.2"]


@pytest.mark.parametrize(
    ("line", "shapes"),
    [
        (r"$$h_t = \tanh(W x_t)$$", {"h": (2, 1), "x": (3, 1), "W": (2, 3)}),
        (r"$$h_t = \tanh(x_t W)$$", {"h": (1, 2), "x": (1, 3), "W": (3, 2)}),
    ],
)
def test_sizes_conform(from_text, line: str, shapes: dict) -> None:
    known = from_text(line).model.shapes.known
    letters: dict[int, int] = {}

    def size(side) -> int:
        root = side.root()
        return root.bound if root.bound is not None else letters.setdefault(id(root), len(letters) + 2)

    assert {key: tuple(size(side) for side in known[key]) for key in shapes} == shapes

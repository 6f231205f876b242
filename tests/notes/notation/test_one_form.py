"""The ways to write one thing are brought to one form over the whole document."""

from __future__ import annotations

import pytest

from lstm_sym.notes.formula.read import read_entries
from lstm_sym.notes.formula.tree import Relation
from lstm_sym.notes.notation.normal import normalised
from lstm_sym.notes.notation.timeless import with_times
from lstm_sym.notes.text.document import document


def lines(text: str) -> list[Relation]:
    formulas, _ = with_times(*normalised([entry.tree for entry in read_entries(document(text)) if entry.tree is not None]))
    return [formula for formula in formulas if isinstance(formula, Relation)]


WANTED = lines(r"$$h_t = \tanh(W x_t + U h_{t-1})$$ $$\delta h_t = \delta y_t$$")


@pytest.mark.parametrize(
    "text",
    [
        r"$$h_t = \tanh (W x_t + U h_{t-1})$$ $$\delta h_t = \delta y_t$$",
        r"$$h(t) = \tanh(W x(t) + U h(t-1))$$ $$\delta h(t) = \delta y(t)$$",
        r"$$h[t] = \tanh(W x[t] + U h[t-1])$$ $$\delta h[t] = \delta y[t]$$",
    ],
)
def test_each_writing_has_the_same_trees(text: str) -> None:
    assert lines(text) == WANTED


def test_an_index_within_an_index_is_a_time_beside_it() -> None:
    assert lines(r"$$h_t = y_t$$ $$\delta_{h_t} = \delta_{y_t}$$") == lines(r"$$h_t = y_t$$ $$\delta_{h,t} = \delta_{y,t}$$")


def test_times_that_are_left_out_are_put_on() -> None:
    assert lines(r"$$h = \tanh(W x + U h_{prev})$$")[0].parts[0] == WANTED[0].parts[0]


def test_a_letter_is_the_function_that_the_document_tells() -> None:
    told = lines(r"$$f(z) = \tanh(z)$$ $$h_t = f(W x_t)$$ $$f'(z) = 1 - \tanh^2(z)$$")
    assert told[1] == lines(r"$$h_t = \tanh(W x_t)$$")[0]

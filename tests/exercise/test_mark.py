"""Marking: one mistake costs one mark and is named, carried rounding costs none, garbage earns none and crashes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_sym.exercise.draw import Options
from lstm_sym.exercise.mark import mark
from lstm_sym.sheet import Outcome
from tests.exercise.students import answers, flipped, in_formula, key_of

CASES = [("lstm", Options(), 1), ("gru", Options(), 1), ("elman", Options(2, 3, 3), 2)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_carried_rounding_costs_no_mark(case):
    key = key_of(*case)
    marked = mark(key, answers(key))
    assert marked.points() == (len(key.asked), len(key.asked))


def lost(key, given_answers):
    return [(m.asked.label, m.cause and m.cause.name) for m in mark(key, given_answers).marks if not m.earned]


@pytest.mark.parametrize("label", ["i_0", "delta_state_1", "delta_out_1", "Delta_out_0", "delta_W_a", "delta_x_1", "b_o_new"])
def test_a_wrong_sign_costs_one_mark_and_is_named(label):
    key = key_of()
    assert lost(key, answers(key, label, flipped)) == [(label, "sign")]


@pytest.mark.parametrize(
    ("label", "kind", "number"),
    [
        ("delta_a_1", "exponent", 0),
        ("delta_state_0", "term missing", 1),
        ("delta_o_1", "factor missing", 0),
        ("delta_f_1", "time index", 1),
        ("out_1", "factor missing", 1),
    ],
)
def test_a_mistake_in_a_formula_costs_one_mark_and_is_named(label, kind, number):
    key = key_of()
    wrong = answers(key, label, in_formula(kind, number))
    assert lost(key, wrong) == [(label, kind)]


def test_a_matrix_that_is_not_transposed_is_named():
    key = key_of("elman", Options(2, 2, 2), 1)
    assert lost(key, answers(key, "Delta_h_0", in_formula("transposition"))) == [("Delta_h_0", "transposition")]


def test_a_misplaced_point_a_copied_neighbour_and_exchanged_digits_are_named():
    key = key_of()
    exact = {one.label: one.line.value for one in key.asked}
    assert lost(key, answers(key, "i_1", lambda entries, trial: ((entries[0][0].replace("0.", ".0")[:6],),))) == [
        ("i_1", "point")
    ]
    assert lost(key, answers(key, "f_1", lambda entries, trial: exact["i_1"])) == [("f_1", "copied")]

    def swapped(entries, trial):
        text = entries[0][0]
        return ((text[:-4] + text[-3] + text[-4] + text[-2:],),)

    assert lost(key, answers(key, "o_1", swapped)) == [("o_1", "digits")]


def test_an_answer_may_have_more_digits_than_are_asked_for():
    key = key_of()
    exact = {one.label: one.line.value for one in key.asked}
    marked = mark(key, {"i_0": ((exact["i_0"][0][0] + "0",),)})
    assert [m.outcome for m in marked.marks if m.asked.label == "i_0"] == [Outcome.RIGHT]


def test_what_has_no_answer_is_missing():
    key = key_of()
    assert {m.outcome for m in mark(key, {}).marks} == {Outcome.MISSING}
    assert mark(key, {}).points() == (0, len(key.asked))


@settings(max_examples=3, deadline=None)
@given(st.lists(st.integers(2000, 10**9), min_size=57, max_size=57, unique=True))
def test_garbage_earns_nothing_and_crashes_nothing(numbers):
    """Numbers far beyond anything that the formulas give for the givens."""
    key = key_of("elman", Options(), 1)
    wild = {one.label: tuple(tuple(f"{numbers[k]}.5" for _ in row) for row in one.line.value) for k, one in enumerate(key.asked)}
    earned = [m.asked.label for m in mark(key, wild).marks if m.earned]
    assert earned == []


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    "kind", ["exponent", "term missing", "factor missing", "sign", "time index", "neighbour", "activated value", "order"]
)
def test_no_mistake_costs_more_than_one_mark(kind, seed):
    """Over every fourth quantity of a sheet; a cause is named for most mistakes of each kind, not for all."""
    key = key_of("lstm", Options(), seed)
    counted = []
    for number, one in enumerate(key.asked):
        wrong = answers(key, one.label, in_formula(kind, number % 3)) if number % 4 == seed else None
        if wrong is not None:
            found = lost(key, wrong)
            assert [label for label, _ in found] in ([], [one.label])
            counted += [cause is not None for _, cause in found]
    assert sum(counted) >= 0.6 * len(counted)

"""Verdicts: their order, how they combine, and that nothing is decided by no check."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_sym.verdict import Status, Verdict, Witness, combine

VERDICTS = st.builds(lambda s, k: Verdict(s, "n=2", "exact", k), st.sampled_from(Status), st.integers(1, 9))


def test_the_order():
    assert Status.REFUTED < Status.UNKNOWN < Status.SUPPORTED < Status.PROVED
    assert [str(s) for s in Status] == ["REFUTED", "UNKNOWN", "SUPPORTED", "PROVED"]


@given(st.lists(VERDICTS, min_size=1))
def test_the_worst_part_wins_and_checks_add_up(parts):
    whole = combine(parts)
    assert whole.status == min(p.status for p in parts)
    assert whole.checks == sum(p.checks for p in parts)


def test_where_nothing_ran_it_is_unknown():
    assert combine([]) == Verdict(Status.UNKNOWN, "nothing", "none", 0, reason="nothing ran")
    with pytest.raises(ValueError, match="a verdict PROVED needs at least one check, got none"):
        Verdict(Status.PROVED, "every n", "none", 0)


def test_scopes_and_methods_are_kept_once():
    parts = [Verdict(Status.PROVED, "a", "x", 1), Verdict(Status.PROVED, "b", "x", 2, seed=3)]
    whole = combine(parts)
    assert (whole.scope, whole.method, whole.seed) == ("a; b", "x", 3)


def test_a_witness_reads_as_a_sentence():
    assert str(Witness("n=1, T=2", "3/7", "-5/21")) == "n=1, T=2: 3/7 against -5/21, exactly"

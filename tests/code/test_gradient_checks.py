"""The table of gradient checks: ours is right on every row, the usual check is not."""

from benchmarks.gradient_checks import table


def test_ours_is_right_on_every_row():
    rows = table()
    assert [ours for _, _, ours, _, _ in rows] == [right for _, right, _, _, _ in rows]
    assert len(rows) == 6


def test_the_usual_check_fails_where_it_is_known_to():
    failed = {name for name, right, _, usual, _ in table() if usual != right}
    assert failed == {
        "right, float32",
        "1 - a for 1 - a², saturated gates",
        "δf without (1 - f), zero initial state",
        "relative error 1e-6",
    }

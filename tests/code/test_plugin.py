"""The pytest fixture passes a right backward pass and fails a wrong one with the report."""

from importlib.metadata import entry_points

pytest_plugins = ["pytester"]

INSTALLED = any(point.name == "lstm_sym" for point in entry_points(group="pytest11"))
BY_HAND = () if INSTALLED else ("-p", "lstm_sym.code.plugin")
"""An installed plugin is there by itself, and would be refused a second time."""

CODE = """
    import numpy as np

    def loss(W, x): return np.sum(np.tanh(x @ W))
    def right(W, x): return {"W": x.T @ (1 - np.tanh(x @ W) ** 2)}
    def wrong(W, x): return {"W": x.T @ (1 - np.tanh(np.tanh(x @ W)) ** 2)}

    def test_right(verify_gradient):
        report = verify_gradient(loss, right, {"W": (2, 3), "x": (4, 2)})
        assert report.verdict("W").checks == 6

    def test_wrong(verify_gradient):
        verify_gradient(loss, wrong, {"W": np.ones((2, 3)), "x": np.ones((4, 2))})

    def test_nothing(verify_gradient):
        verify_gradient(loss, lambda W, x: {}, {"W": (2, 3), "x": (4, 2)})
"""


def test_the_fixture(pytester):
    pytester.makepyfile(CODE)
    done = pytester.runpytest_inprocess(*BY_HAND, "-p", "no:cacheprovider")
    done.assert_outcomes(passed=1, failed=2)
    done.stdout.fnmatch_lines(
        ["*you differentiate the activated value: 1 - tanh(y)² for 1 - y²*", "*the gradient function returns nothing for W*"]
    )

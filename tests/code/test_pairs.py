"""Two mistakes at once are named together, where no single one gives the values."""

from types import ModuleType

from lstm_sym.code import verify_gradient
from tests.code.mistakes import PROGRAMS

STATE = ("dc_next = dc * f[t]", "dc_next = 0 * dc")
INDEX = ('grads["U" + name] += np.outer(d, h[t - 1])', 'grads["U" + name] += np.outer(d, h[t])')


def report(folder, *edits):
    text = (PROGRAMS / "per_gate.py").read_text()
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "two_mistakes.py"
    path.write_text(text)
    module = ModuleType("two_mistakes")
    exec(compile(text, str(path), "exec"), module.__dict__)
    return verify_gradient(module.loss, module.gradient, module.arguments)


def test_both_are_named_where_both_are_needed(tmp_path):
    found = report(tmp_path, STATE, INDEX)
    assert "is lost" in found.verdict("Wf").cause
    assert not found.verdict("Wf").cause.startswith("two mistakes")
    cause = found.verdict("Uf").cause
    assert cause.startswith("two mistakes: the recurrence through c[t] is lost")
    assert "; and in what line 17 " in cause
    assert cause.endswith("is taken one step late")


def test_one_mistake_stays_one(tmp_path):
    assert not any((verdict.cause or "").startswith("two") for verdict in report(tmp_path, STATE).gradients)

"""Thresholds against an exhaustive search and against literal values; bounds against every number of float16; stable forms proved, wrong ones refuted."""

import json
import shutil
import subprocess
from fractions import Fraction

import flint
import pytest
from sympy import Integer
from typer.testing import CliRunner

from lstm_sym.cells import CELLS, cell
from lstm_sym.cli.app import app
from lstm_sym.derivation import Statement
from lstm_sym.errors import InputError, UnsupportedError
from lstm_sym.floating.arithmetic import Arithmetic, enclosure, ends
from lstm_sym.floating.formats import FORMATS
from lstm_sym.floating.rounding import rounded, ulp, value_of
from lstm_sym.proof.prove import prove_statement
from lstm_sym.stability.bounds import Model, bound, naive_bound, roundings
from lstm_sym.stability.stable import stable_expression, stable_form
from lstm_sym.stability.table import stability
from lstm_sym.stability.thresholds import BY_EXP, EXPRESSIONS, ROUNDED, Expression, first_zero, thresholds
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.doubling import Doubling
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.nodes import Ones, Power, odot, scale
from lstm_sym.symbols.scalars import T, n, t
from lstm_sym.symbols.scalars import t as now
from lstm_sym.verdict import Status

HALF, SMALL = FORMATS["float16"], FORMATS["bfloat16"]


def run(*arguments):
    return CliRunner().invoke(app, ["stability", *arguments])


def test_the_thresholds():
    found = {(x.expression, x.evaluation, x.format): float(x.decimal) for x in thresholds()}
    expected = {
        ("1 - sigma(z)", BY_EXP): (7.625, 5.5625, 16.64, 36.74),
        ("1 - sigma(z)", ROUNDED): (8.32, 6.25, 17.33, 37.43),
        ("1 - tanh(z)^2", ROUNDED): (4.51, 3.47, 9.01, 19.06),
        ("sigma(-z)", ROUNDED): (17.34, 93.0, 103.97, 745.13),
        ("4 sigma(2 z) sigma(-2 z)", ROUNDED): (8.67, 46.5, 51.99, 372.57),
        ("(1/cosh(z))^2", ROUNDED): (9.36, 47.25, 52.68, 373.26),
        ("1/cosh(z)^2", ROUNDED): (6.24, 45.25, 45.06, 355.59),
    }
    for (expression, evaluation), values in expected.items():
        for format, value in zip(FORMATS, values, strict=True):
            assert found[expression, evaluation, format] == pytest.approx(value, abs=0.006)
    assert len(found) == len(EXPRESSIONS) * len(FORMATS)


@pytest.mark.parametrize("expression", EXPRESSIONS[:3], ids=lambda e: f"{e.text}, {e.evaluation[:3]}")
@pytest.mark.parametrize("format", [HALF, SMALL], ids=lambda f: f.name)
def test_a_threshold_is_the_first_zero_of_all_numbers(expression, format):
    arithmetic, bits = Arithmetic(format), first_zero(expression, format)
    low, high = rounded(flint.fmpq(2), format), rounded(flint.fmpq(12), format)
    zeros = [z for z in range(low, high, 1 if format is SMALL else 3) if expression.run(arithmetic, z) == 0]
    assert low < bits < high
    assert min(zeros) - bits in (0, 1, 2)
    assert zeros == list(range(zeros[0], high, 1 if format is SMALL else 3))
    assert expression.run(arithmetic, bits - 1) != 0


def test_float64_agrees_with_numpy_around_the_threshold():
    import numpy as np

    for text, z in (("1 - tanh(z)^2", 19.061547465398498),):
        expression = next(e for e in EXPRESSIONS if e.text == text)
        value = value_of(first_zero(expression, FORMATS["float64"]), FORMATS["float64"])
        assert Fraction(int(value.p), int(value.q)) == Fraction(z)
    assert 1 - 1 / (1 + np.exp(-36.7368005696772)) == 0
    assert 1 - 1 / (1 + np.exp(-36.736800569677)) > 0


def test_an_expression_without_zero_is_told():
    with pytest.raises(UnsupportedError, match=r"threshold of 1 in float16; got no zero"):
        first_zero(Expression("1", ROUNDED, lambda a, z: a.number(1)), HALF)


def errors(function, true, saturation, step):
    """The errors in ulps of a function at numbers of float16 up to the saturation."""
    arithmetic = Arithmetic(HALF)
    top = rounded(flint.fmpq(saturation), HALF)
    for bits in (*range(rounded(flint.fmpq(1, 16), HALF), top + 1, step), top):
        z = value_of(bits, HALF)
        exact = true(z)
        yield abs(value_of(function(arithmetic, bits), HALF) - exact) / ulp(exact, HALF)


def true_complement(z):
    return ends(enclosure("sigma", -z, 200))[0]


def true_slope(z):
    y = ends(enclosure("tanh", z, 200))[0]
    return 1 - y * y


@pytest.mark.parametrize(("saturation", "step"), [(1, 5), (2, 5), (5, 7)])
def test_bounds_hold_for_numbers_of_float16(derivation, saturation, step):
    """delta_h odot (1 - h^2) with delta_h = 1, and (1 - sigma), each operation correctly rounded, so that k = 1/2."""
    model, elman = Model(Fraction(1, 2)), derivation("elman")
    right = elman["delta_net_h"].statement.right
    naive = naive_bound(right, elman.cell, HALF, Fraction(saturation), model)
    found = max(errors(lambda a, z: EXPRESSIONS[2].run(a, z), true_slope, saturation, step))
    if saturation < 5:
        assert naive / 10 < found < naive
    else:
        assert naive is None
        assert found > 500
    stable = bound(stable_expression(right, elman.cell), elman.cell, HALF, model)
    assert max(errors(lambda a, z: EXPRESSIONS[6].run(a, z), true_slope, min(saturation, 3), step)) < stable < 5
    gate = derivation("lstm")["delta_i"].statement.right
    bound_of_gate = naive_bound(gate, derivation("lstm").cell, HALF, Fraction(saturation), model)
    assert max(errors(lambda a, z: EXPRESSIONS[1].run(a, z), true_complement, saturation, step)) < bound_of_gate


def worst_and_last(text, step):
    """The largest error in ulps over numbers of float16, and the largest number there at which it is not zero."""
    expression, arithmetic = next(e for e in EXPRESSIONS if e.text == text), Arithmetic(HALF)
    low, high = rounded(flint.fmpq(1, 16), HALF), rounded(flint.fmpq(10), HALF)
    last = max(bits for bits in range(low, high) if expression.run(arithmetic, bits)) if step == 1 else 0
    return float(max(errors(expression.run, true_slope, 10, step))), last


@pytest.mark.parametrize(
    ("text", "least", "most"), [("4 sigma(2 z) sigma(-2 z)", 1.9, 2.1), ("(1/cosh(z))^2", 2.9, 3.3), ("1/cosh(z)^2", 100, 257)]
)
def test_the_stable_form_of_the_slope_of_tanh_has_the_smallest_error(text, least, most):
    """symbols/complements.py says so, and why code may take (1/cosh(z))^2."""
    assert least < worst_and_last(text, 7)[0] < most


def test_a_bound_grows_with_saturation_and_with_the_ulps_of_an_activation(derivation):
    right, lstm = derivation("lstm")["delta_a"].statement.right, derivation("lstm").cell
    single = FORMATS["float32"]
    bounds = [naive_bound(right, lstm, single, Fraction(z), Model()) for z in (1, 2, 5)]
    assert bounds == sorted(bounds)
    assert naive_bound(right, lstm, single, Fraction(10), Model()) is None
    assert bound(stable_expression(right, lstm), lstm, single, Model(Fraction(4))) > 3 * bound(
        stable_expression(right, lstm), lstm, single, Model()
    )


def test_roundings_are_counted(derivation):
    lstm = derivation("lstm")
    counts = {
        id: roundings(lstm[id].statement.right, lstm.cell, Model()) for id in ("a", "out", "delta_out", "delta_x", "delta_W_a")
    }
    assert counts == {"a": 2, "out": 5, "delta_out": 1, "delta_x": 4 * n, "delta_W_a": T + 1}


@pytest.mark.parametrize("name", CELLS)
def test_every_stable_form_is_proved_and_has_no_complement_left(derivation, name):
    table = stability(derivation(name))
    forms = [formula for formula in table.formulas if formula.stable is not None]
    assert len(forms) >= (1 if name == "elman" else 4)
    for formula in forms:
        assert formula.verdict.status is Status.PROVED
        assert formula.verdict.scope == "every n, m, T"
        assert stable_expression(formula.stable, cell(name)) == formula.stable
        assert {b.format for b in formula.bounds} == set(FORMATS)
    assert all(formula.note for formula in table.formulas if formula.stable is None)


def test_a_wrong_stable_form_is_refuted(derivation):
    lstm = derivation("lstm")
    statement = lstm["delta_a"].statement
    net, delta, i = Timed("net_a", n, 1, t), *statement.right.parts[:2]
    right = stable_form(lstm["delta_a"], lstm).statement.right
    half = odot(delta, i, scale(Integer(2), odot(sigma(scale(Integer(2), net)), sigma(scale(Integer(-2), net)))))
    single = odot(delta, i, scale(Integer(4), odot(sigma(net), sigma(scale(Integer(-1), net)))))
    assert prove_statement(Statement(statement.left, right, statement.times), lstm.cell).status is Status.PROVED
    for wrong in (half, single):
        verdict = prove_statement(Statement(statement.left, wrong, statement.times), lstm.cell)
        assert verdict.status is Status.REFUTED
        assert verdict.witness


def test_what_has_no_stable_form_stays(derivation):
    lstm = cell("lstm")
    state = Timed("state", n, 1, now)
    for node in (1 - state, 1 - Power(sigma(state), 2), 1 - tanh(state), Ones(n, 1) + tanh(state)):
        assert stable_expression(node, lstm) == node
    assert stable_form(derivation("lstm")["delta_x"], derivation("lstm")) is None


def test_a_wrong_doubling_is_refused():
    with pytest.raises(UnsupportedError, match=r"doubling of tanh; got -1 \+ 3 sigma\(2 z\), which is another function"):
        Doubling("tanh", Fraction(-1), Fraction(3))


def test_the_table_as_text():
    done = run("elman")
    assert done.exit_code == 0
    assert "δnet_{h,t} = δh_t ⊙ (4 σ(2 net_{h,t}) ⊙ σ(-2 net_{h,t}))   [PROVED, every n, m, T; " in done.stdout
    assert "1 - tanh(z)²            4.507812   3.46875  9.010913  19.06154  correctly rounded" in done.stdout
    assert "loses    1 - tanh(z)², z = net_{h,t}: no bit left from z = 4.507812 (float16)" in done.stdout
    assert "  - an activation is within 1 ulp of its true value" in done.stdout


def test_the_table_in_latex(tmp_path):
    source = run("gru", "--format", "latex").stdout
    assert r"g_t) \tag{stable}" not in source
    assert r"\tag{stable}" in source
    assert source.count(r"\begin{tabular}") == source.count(r"\end{tabular}") == 5
    engine = shutil.which("pdflatex")
    if engine is None:
        pytest.skip("no TeX engine")
    document = "\\documentclass{article}\\usepackage[margin=15mm]{geometry}\\usepackage{amsmath}\\begin{document}\n" + source
    (tmp_path / "table.tex").write_text(document + "\\end{document}\n")
    done = subprocess.run([engine, "-interaction=nonstopmode", "-halt-on-error", "table.tex"], cwd=tmp_path, capture_output=True)
    log = (tmp_path / "table.log").read_text(errors="replace")
    assert done.returncode == 0, log[-800:]
    assert "Overfull" not in log


def test_a_cell_from_a_file_of_equations(tmp_path):
    notes = tmp_path / "mgu.md"
    notes.write_text(
        r"$$f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f)$$ $$c_t = \tanh(W_c x_t + U_c (f_t \odot h_{t-1}) + b_c)$$ "
        r"$$h_t = (1 - f_t) \odot h_{t-1} + f_t \odot c_t$$"
    )
    done = run(str(notes))
    assert done.exit_code == 0, done.output
    assert "σ(-net_{f,t}) ⊙ h_{t-1} + f_t ⊙ c_t   [PROVED, every n, m, T; " in done.stdout


@pytest.mark.sweep
@pytest.mark.parametrize("place", [0, 1, 2, 5, 6])
@pytest.mark.parametrize("format", [HALF, SMALL], ids=lambda f: f.name)
def test_every_number_of_a_short_format_before_a_threshold_is_not_zero(format, place):
    expression, arithmetic = EXPRESSIONS[place], Arithmetic(format)
    bits, end = first_zero(expression, format), rounded(flint.fmpq(40), format)
    assert all(expression.run(arithmetic, z) != 0 for z in range(bits))
    assert all(expression.run(arithmetic, z) == 0 for z in range(bits, max(end, bits + 100)))


@pytest.mark.sweep
def test_the_forms_of_the_slope_of_tanh_at_every_number_of_float16():
    found = {text: worst_and_last(text, 1) for text in ("4 sigma(2 z) sigma(-2 z)", "(1/cosh(z))^2", "1/cosh(z)^2")}
    assert [round(worst, 1) for worst, _ in found.values()] == [2.0, 3.3, 256.0]
    lasts = [last for _, last in found.values()]
    assert lasts[1] > lasts[0] > lasts[2]


@pytest.mark.sweep
@pytest.mark.parametrize("saturation", [1, 2, 3])
def test_bounds_hold_for_every_number_of_float16(derivation, saturation):
    model, elman = Model(Fraction(1, 2)), derivation("elman")
    right = elman["delta_net_h"].statement.right
    naive = naive_bound(right, elman.cell, HALF, Fraction(saturation), model)
    stable = bound(stable_expression(right, elman.cell), elman.cell, HALF, model)
    assert max(errors(lambda a, z: EXPRESSIONS[2].run(a, z), true_slope, saturation, 1)) < naive
    assert max(errors(lambda a, z: EXPRESSIONS[6].run(a, z), true_slope, saturation, 1)) < stable


def test_the_table_as_json_and_of_one_format():
    done = run("gru", "--dtype", "bfloat16", "--activation-ulps", "0.5", "--format", "json")
    found = json.loads(done.stdout)
    assert set(found) == {"cell", "model", "thresholds", "formulas"}
    assert {threshold["format"] for threshold in found["thresholds"]} == {"bfloat16"}
    formulas = {formula["id"]: formula for formula in found["formulas"]}
    assert formulas["h"]["loses"] == [{"expression": "1 - sigma(z)", "z": "net_z[t]"}]
    assert formulas["delta_r"]["verdict"]["status"] == "PROVED"
    assert (
        formulas["h"]["stable"].startswith("h_{t} = z_{t} \\odot h_{t-1} + \\sigma(-net_{z,t})")
        or "sigma" in formulas["h"]["stable"]
    )
    assert "an activation is within 1/2 ulp" in found["model"][2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lsmt"], "cell 'lsmt'; got no cell of that name"),
        (["lstm", "--dtype", "float8"], "dtype 'float8'"),
        (["lstm", "--activation-ulps", "nan"], "--activation-ulps; got 'nan', which is not a finite decimal number"),
        (["lstm", "--activation-ulps", "0"], "ulps of an activation; got 0; expected a number above 0, at most 16"),
    ],
)
def test_wrong_usage(arguments, message):
    done = run(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr


def test_an_activation_too_coarse_for_a_bound(derivation):
    with pytest.raises(InputError, match="at most 16"):
        stability(derivation("elman"), model=Model(Fraction(17)))

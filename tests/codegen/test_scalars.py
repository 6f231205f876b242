"""Straight-line scalar modules: the expansion of lines into entries exactly, values beside the NumPy module, tails, proofs."""

import ast
import subprocess
import sys
from functools import cache
from math import inf, nan

import numpy as np
import pytest
from flint import arb, ctx
from sympy import Integer, Rational, Symbol, pi

from lstm_sym.calculus.derive import derive
from lstm_sym.cell import Cell, define, inputs, variables, weights
from lstm_sym.cells import CELLS, cell
from lstm_sym.code import verify_gradient
from lstm_sym.codegen.check import prove_plan, require_proved
from lstm_sym.codegen.generate import ENTRY_BY_ENTRY, generate
from lstm_sym.codegen.lower import plain_plan
from lstm_sym.codegen.names import Names
from lstm_sym.codegen.options import Options
from lstm_sym.codegen.passes import apply_passes
from lstm_sym.codegen.scalars.entries import WRITERS, Entries, number
from lstm_sym.codegen.scalars.module import scalar_module
from lstm_sym.codegen.scalars.sums import sums_broken
from lstm_sym.codegen.scalars.support import _sigmoid, _slope_of_tanh
from lstm_sym.codegen.scalars.work import COUNTS, operations
from lstm_sym.codegen.sizes import size_names
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.applied import Apply, tanh
from lstm_sym.symbols.compound import Beside, Outer, SumOverTime
from lstm_sym.symbols.leaves import Parameter
from lstm_sym.symbols.nodes import Power, Product, odot
from lstm_sym.symbols.scalars import m, n
from lstm_sym.symbols.traversal import walk
from lstm_sym.verdict import Status
from tests.calculus.test_any_cell import CELLS as OTHER_CELLS
from tests.codegen.cells import loaded, module_of, random_cell
from tests.codegen.exact import by_plan, by_text, drawn, functions_of
from tests.codegen.test_plans import edited_plans, is_refused

AGREE = "self-test: 4 cases agree"
y = inputs("y", n)
x, (h, q) = inputs("x", m), variables("h q", n)
W, U = weights("W", n, m), weights("U", n, n)
MANY = {
    **{name: cell(name) for name in CELLS},
    **{title: given for title, (given, _) in OTHER_CELLS.items() if title != "a bias alone"},
    **{f"random {seed}": random_cell(seed) for seed in (3, 12, 28)},
    "two inputs": Cell("two", output=h, equations=[define(h, tanh(W.h @ x + U.h @ odot(y, h.prev)))]),
    "without recurrence": Cell("none", output=h, equations=[define(h, tanh(W.h @ x))]),
    "thirds": Cell("thirds", output=h, equations=[define(h, Rational(2, 3) * tanh(W.h @ x) ** 3 + Rational(-5, 7) * h.prev)]),
    "the output is not carried": Cell("ahead", output=h, equations=[define(q, tanh(W.q @ x + U.q @ q.prev)), define(h, U.h @ q)]),
}

PROVED = ("an input used twice", "one weight twice in a product", "low rank", "two inputs", "thirds")


def sized(given, number=2):
    """Different sizes for the sizes of a cell."""
    return {name: number + place for place, name in enumerate(size_names(given))}


@cache
def planned(given, stable=False):
    """The plan, which depends on no size."""
    return apply_passes(plain_plan(derive(given)), [*ENTRY_BY_ENTRY, *(["stable"] if stable else [])])


def text_of(given, sizes, layout="time-first", stable=False):
    return scalar_module(planned(given, stable), Options(layout=layout, stable=stable, sizes=tuple(sizes.items())))


# the expansion, exactly


@pytest.mark.parametrize("stable", [False, True])
@pytest.mark.parametrize("title", MANY)
def test_entries_are_those_of_the_lines(title, stable):
    given = MANY[title]
    for smallest, (steps, batch) in enumerate([(1, 1), (3, 1), (2, 3)], start=1):
        sizes = sized(given, smallest)
        plan, text = planned(given, stable), text_of(given, sizes, stable=stable)
        arguments = drawn(plan, sizes, steps, batch, seed=smallest)
        assert by_text(text, plan, arguments) == by_plan(plan, sizes, arguments)


class Swaps(ast.NodeTransformer):
    """Changes one place of the code, counted from 0: a sign, a name, a whole line."""

    def __init__(self, place):
        self.place, self.seen, self.said = place, 0, ""

    def chosen(self, node):
        self.seen += 1
        if self.seen - 1 != self.place:
            return False
        self.said = ast.unparse(node)
        return True

    def visit_BinOp(self, node):
        self.generic_visit(node)
        others = {ast.Add: ast.Sub(), ast.Sub: ast.Add(), ast.Mult: ast.Add(), ast.Div: ast.Mult()}
        return ast.BinOp(node.left, others[type(node.op)], node.right) if self.chosen(node) else node

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        return node.operand if self.chosen(node) else node

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        return ast.Assign([node.target], node.value) if self.chosen(node) else node

    def visit_Call(self, node):
        self.generic_visit(node)
        is_activation = isinstance(node.func, ast.Name) and node.func.id in ("tanh", "_sigmoid", "_slope_of_tanh")
        return node.args[0] if is_activation and self.chosen(node) else node

    def visit_Name(self, node):
        first, _, last = node.id.rpartition("_")
        if isinstance(node.ctx, ast.Store) or not last.isdigit() or not self.chosen(node):
            return node
        return ast.Name(f"{first}_{int(last) ^ 1}" if "_prev" not in first else f"{first.replace('_prev', '')}_{last}", node.ctx)


def mutants(text, part):
    """What is changed, and the text then, for every place, or for one in so many."""
    every = Swaps(-1)
    every.visit(ast.Module(functions_of(text), []))
    for place in range(0, every.seen, part):
        tree, swaps = ast.Module(functions_of(text), []), Swaps(place)
        yield ast.unparse(ast.fix_missing_locations(swaps.visit(tree))), swaps.said


def differs(text, plan, arguments, expected):
    try:
        return by_text(text, plan, arguments) != expected
    except (NameError, ValueError, TypeError, AttributeError):
        return True


AS_GOOD = ("h_prev_0", "h_prev_1")
"""After the last step h_prev_0 and h_0 hold the same, so that either may be given back."""


@pytest.mark.parametrize(
    ("name", "stable", "part"), [("elman", False, 2), ("gru", True, 7), pytest.param("gru", True, 1, marks=pytest.mark.sweep)]
)
def test_every_change_of_an_entry_is_noticed(name, stable, part):
    given, sizes = cell(name), {"m": 2, "n": 2}
    plan, text = planned(given, stable), text_of(given, sizes, stable=stable)
    arguments = drawn(plan, sizes, 3, 2, 7)
    expected, found = by_plan(plan, sizes, arguments), list(mutants(text, part))
    assert len(found) > 60
    assert not differs(text, plan, arguments, expected)
    assert {said for changed, said in found if not differs(changed, plan, arguments, expected)} <= set(AS_GOOD)


def test_the_self_test_says_no():
    text = text_of(cell("elman"), {"m": 2, "n": 1})
    for right, wrong in (
        ("delta_U_h_0_0 += delta_net_h_0 * h_prev_0", "delta_U_h_0_0 += delta_net_h_0 * 0.9"),
        ("Delta_h_0 = Delta_h_prev_0", "Delta_h_0 = 0.0"),
        ("of_row.reverse()", "pass"),
        ("h_0 = tanh(net_h_0)", "h_0 = net_h_0"),
        ("w.kept,\n", "w.kept[::-1],\n"),
        (".reshape(batch, steps, 2)", ".reshape(batch, steps, 2)[::-1]"),
    ):
        assert right in text
        with pytest.raises(AssertionError, match="got an error of"):
            loaded(text.replace(right, wrong))["self_test"]()


# the pass `inner`


@pytest.mark.parametrize(
    "title", [*CELLS, *PROVED, *(pytest.param(each, marks=pytest.mark.sweep) for each in MANY if each not in CELLS)]
)
def test_plans_of_scalars_are_proved(title):
    assert prove_plan(planned(MANY[title], stable=title in CELLS)).status is Status.PROVED


def test_what_is_read_by_several_entries_is_computed_once():
    plan = planned(OTHER_CELLS["one weight twice in a product"][0])
    forward = [f"{each.targets[0]} = {each.values[0]}" for each in plan.forward]
    assert forward[:2] == ["inner_1[t] = U_h@h[t - 1]", "net_h[t] = (W_h@x[t] + U_h@inner_1[t])"]
    backward = [f"{each.targets[0]} = {each.values[0]}" for each in plan.backward]
    assert "inner_2[t] = U_h.T@delta_net_h[t]" in backward
    assert str(plan.totals[-1].values[0]) == "sum((outer(inner_2[t], h[t - 1]) + outer(delta_net_h[t], inner_1[t])), t=0..T)"


@pytest.mark.parametrize("title", MANY)
def test_factors_of_products_are_quantities_then(title):
    plan = planned(MANY[title], stable=True)
    for lines in plan.phases.values():
        for each in lines:
            for node in walk(each.values[0].body if isinstance(each.values[0], SumOverTime) else each.values[0]):
                read = {Product: node.args[1:], Outer: node.args, Power: node.args[:1]}.get(type(node), ())
                assert all(len(side.parts) <= 1 and not isinstance(side, Apply | Power) for side in read), node


def test_a_plan_with_one_edit_is_refused():
    plan = planned(OTHER_CELLS["an input used twice"][0])
    assert any(each.targets[0].name.startswith("inner_") for each in plan.backward)
    require_proved(plan)
    found = list(edited_plans(plan))
    assert len(found) > 15
    assert [title for title, edited in found if not is_refused(edited)] == []


# the whole module


@pytest.mark.parametrize("options", [{}, {"layout": "batch-first", "stable": True}], ids=str)
@pytest.mark.parametrize("title", MANY)
def test_the_self_test_agrees(title, options):
    given = MANY[title]
    assert loaded(text_of(given, sized(given), **options))["self_test"]() == AGREE


def test_a_file_runs_alone(tmp_path):
    file = tmp_path / "lstm.py"
    file.write_text(generate(cell("lstm"), sizes={"n": 1, "m": 2}), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", "-W", "error", file], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, AGREE + "\n"), done.stderr
    assert "lstm_sym" not in file.read_text(encoding="utf-8")


def test_lines_under_their_equations():
    lines = [line.strip() for line in generate(cell("lstm"), sizes={"n": 1, "m": 2}).splitlines()]
    place = lines.index("# net_i_t = W_i x_t + U_i out_{t-1} + b_i")
    assert lines[place + 1] == "net_i_0 = W_i_0_0 * x_0 + W_i_0_1 * x_1 + U_i_0_0 * out_prev_0 + b_i_0"
    place = lines.index("# delta_W_a = Σ_t delta_a_t x_tᵀ")
    assert lines[place + 1 : place + 3] == ["delta_W_a_0_0 += delta_a_0 * x_0", "delta_W_a_0_1 += delta_a_0 * x_1"]
    assert lines[0].endswith("backward pass through time in scalar code for m = 2 and n = 1, float64.")


def test_the_text_is_the_same_twice():
    assert text_of(cell("gru"), {"m": 2, "n": 2}) == text_of(cell("gru"), {"m": 2, "n": 2})


def passes(module, parameters, x, Delta, initial=None, arriving=None):
    result = module["forward"](parameters, x, initial)
    gradients = module["backward"](result.workspace, Delta, arriving)
    return {"output": result.output, **result.final}, *gradients


@pytest.mark.parametrize("layout", ["time-first", "batch-first"])
@pytest.mark.parametrize(("sizes", "batch"), [((2, 1), 1), ((1, 3), 1), ((3, 2), 3)])
@pytest.mark.parametrize("name", CELLS)
def test_numbers_are_those_of_the_numpy_module(name, sizes, batch, layout):
    columns, rows = sizes
    arrays, scalars = module_of(name, layout=layout), loaded(text_of(cell(name), {"m": columns, "n": rows}, layout=layout))
    rng = np.random.default_rng(3)
    assert scalars["parameter_shapes"]() == arrays["parameter_shapes"](size_m=columns, size_n=rows)
    parameters = {each: rng.standard_normal(shape) for each, shape in scalars["parameter_shapes"]().items()}
    axes = (4, batch) if layout == "time-first" else (batch, 4)
    x, Delta = rng.standard_normal((*axes, columns)), rng.standard_normal((*axes, rows))
    initial, arriving = ({each: rng.standard_normal((batch, rows)) for each in scalars["RECURRENT"]} for _ in range(2))
    for given in ((), (initial, arriving)):
        for got, expected in zip(
            passes(scalars, parameters, x, Delta, *given), passes(arrays, parameters, x, Delta, *given), strict=True
        ):
            assert list(got) == list(expected)
            for each in got:
                assert (got[each].shape, got[each].dtype) == (expected[each].shape, np.float64)
                np.testing.assert_allclose(got[each], expected[each], rtol=1e-12, atol=1e-14)


def test_a_program_for_the_numpy_module_runs_on_with_its_workspace():
    module = loaded(generate(cell("lstm"), sizes={"n": 1, "m": 2}))
    w = module["Workspace"](3, 2, size_n=1, size_m=2)
    parameters = {name: np.full(shape, 0.5) for name, shape in module["parameter_shapes"](size_n=1, size_m=2).items()}
    first = module["forward"](parameters, np.ones((3, 2, 2)), workspace=w)
    kept = first.output.copy()
    second = module["forward"](parameters, np.zeros((3, 2, 2)), None, w)
    assert first.workspace is second.workspace is w
    assert np.array_equal(first.output, kept)
    assert not np.array_equal(first.output, second.output)
    assert second.output.flags.writeable
    assert module["backward"](w, np.ones((3, 2, 1))).inputs["x"].shape == (3, 2, 2)


def test_lists_and_other_mappings_are_taken_as_the_numpy_module_takes_them():
    scalars, arrays = loaded(text_of(cell("elman"), {"m": 2, "n": 1})), module_of("elman")
    parameters = {"W_h": [[0.5, 0.25]], "U_h": np.full((1, 1), 0.125), "b_h": [1.0]}
    x, initial = [[[1.0, 2.0]], [[3.0, -1.0]]], {"h": [[0.5]]}
    got, expected = (passes(module, parameters, x, [[[1.0]], [[2.0]]], initial) for module in (scalars, arrays))
    np.testing.assert_allclose(got[0]["output"], expected[0]["output"], rtol=1e-15)
    np.testing.assert_allclose(got[2]["x"], expected[2]["x"], rtol=1e-14)


# tails and overflows


@pytest.mark.parametrize("z", [0.0, 1e-300, 0.3, 1.0, 17.5, 36.8, 40.0, 699.9, 700.0, 700.1, 710.0, 745.0, 1000.0, 1e5])
def test_activations_in_the_tails(z):
    ctx.prec = 200
    for each in (z, -z):
        exact = arb(each)
        sigmoid, slope = 1 / (1 + (-exact).exp()), 1 / exact.cosh() ** 2
        for got, expected in ((_sigmoid(each), sigmoid), (_slope_of_tanh(each), slope)):
            assert abs(got - float(expected.mid())) <= max(4e-16 * got, 5e-324), each


def test_activations_of_what_is_no_number():
    assert (_sigmoid(inf), _sigmoid(-inf), _slope_of_tanh(inf), _slope_of_tanh(-inf)) == (1.0, 0.0, 0.0, 0.0)
    assert np.isnan([_sigmoid(nan), _slope_of_tanh(nan)]).all()


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("sign", [1000.0, -1000.0])
def test_saturation(name, sign):
    module, arrays = loaded(text_of(cell(name), {"m": 1, "n": 1}, stable=True)), module_of(name, stable=True)
    parameters = {each: np.full(shape, sign) for each, shape in module["SHAPES"].items()}
    x, Delta = np.ones((3, 1, 1)), np.ones((3, 1, 1))
    for got, expected in zip(passes(module, parameters, x, Delta), passes(arrays, parameters, x, Delta), strict=True):
        for each in got:
            assert np.isfinite(got[each]).all()
            np.testing.assert_allclose(got[each], expected[each], rtol=1e-12, atol=1e-300)


def test_gradients_in_the_tails():
    """At b_i = 40 the slope of the gate is sigma'(40) = 4.248354255291589e-18, which 1 - i rounds to 0."""
    expected = np.tanh(1.0) / (1 + np.exp(-0.5)) / np.cosh(np.tanh(1.0)) ** 2 * 4.248354255291589e-18
    for stable, value in ((True, expected), (False, 0.0)):
        module = loaded(text_of(cell("lstm"), {"m": 1, "n": 1}, stable=stable))
        parameters = {name: np.zeros(shape) for name, shape in module["SHAPES"].items()}
        parameters["b_i"][:], parameters["b_a"][:], parameters["b_o"][:] = 40.0, 1.0, 0.5
        result = module["forward"](parameters, np.ones((1, 1, 1)))
        found = module["backward"](result.workspace, np.ones((1, 1, 1))).parameters["b_i"][0]
        assert found == pytest.approx(value, rel=1e-14)


# under the verifier of hand-written code


@pytest.mark.parametrize("name", ["lstm", "gru_reset_after"])
def test_every_gradient_is_proved(name):
    module, rng = loaded(text_of(cell(name), {"m": 2, "n": 2})), np.random.default_rng(0)
    module |= {"exp": lambda z: z.exp(), "tanh": lambda z: z.tanh()}
    label = rng.standard_normal((3, 1, 2))
    arguments = {each: rng.standard_normal(shape) for each, shape in module["SHAPES"].items()}
    arguments |= {
        "x": rng.standard_normal((3, 1, 2)),
        **{f"initial_{v}": rng.standard_normal((1, 2)) for v in module["RECURRENT"]},
    }

    def forward(given):
        before = [given[f"initial_{v}"].tolist() for v in module["RECURRENT"]]
        arrays = [given[each].tolist() for each in module["PARAMETERS"]]
        outputs, _, kept = module["_forward"](arrays, zip(zip(*given["x"].tolist(), strict=True), *before, strict=True))
        return arrays, np.array(outputs).reshape(3, 1, 2), kept

    def loss(**given):
        return ((forward(given)[1] - label) ** 2).sum()

    def gradient(**given):
        arrays, output, kept = forward(given)
        zeros = [[(0.0, 0.0)] for _ in module["RECURRENT"]]
        rows = zip(kept, zip(*(2 * (output - label)).tolist(), strict=True), *zeros, strict=True)
        of_parameters, of_inputs, of_initial = module["_backward"](arrays, rows)
        found, rest = {}, list(of_parameters)
        for each, shape in module["SHAPES"].items():
            found[each], rest = np.array(rest[: np.prod(shape)]).reshape(shape), rest[np.prod(shape) :]
        initial = np.array(of_initial).reshape(1, -1)
        first = {f"initial_{v}": initial[:, 2 * k : 2 * k + 2] for k, v in enumerate(module["RECURRENT"])}
        return {**found, "x": np.array(of_inputs).reshape(3, 1, 2), **first}

    report = verify_gradient(loss, gradient, arguments)
    assert {verdict.argument: verdict.status for verdict in report.gradients if verdict.status is not Status.PROVED} == {}
    assert len(report.gradients) == len(arguments)


# counting and writing


@pytest.mark.parametrize("stable", [False, True])
@pytest.mark.parametrize("title", MANY)
def test_operations_are_those_of_the_text(title, stable):
    given = MANY[title]
    sizes = sized(given, 3)
    counted = 0
    for function in functions_of(text_of(given, sizes, stable=stable)):
        for node in ast.walk(function):
            is_number = isinstance(node, ast.BinOp) and not any(isinstance(each, ast.Name) for each in ast.walk(node))
            is_activation = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in ("zip", "reversed")
            )
            is_sum = isinstance(node, ast.AugAssign) and node.target.id.startswith("delta_")
            counted += (isinstance(node, ast.BinOp) and not is_number) + is_activation + is_sum
    assert operations(planned(given, stable), Entries(Names(), sizes)) == counted


def test_operations_without_the_text():
    plan = planned(cell("lstm"))
    assert operations(plan, Entries(Names(), {"m": 1, "n": 1})) == 81
    assert operations(plan, Entries(Names(), {"m": 10**8, "n": 10**8})) > 10**17


def test_both_tables_have_the_same_rows():
    assert set(WRITERS) == set(COUNTS)


def test_an_unknown_node_says_where_to_add_it():
    entries, node = Entries(Names(), {"m": 1, "n": 1}), Beside("", Parameter("A", 1, 1), Parameter("B", 1, 1))
    with pytest.raises(
        UnsupportedError, match=r"scalar code of Beside; got .*; expected Timed, Parameter, .*; to mend it: add rows to WRITERS"
    ):
        entries.code(node, 0, 0)
    slope = Apply("sigma'", Parameter("A", 1, 1))
    with pytest.raises(
        UnsupportedError, match="scalar code of sigma'; expected sigma, tanh, tanh'; to mend it: add the function to FUNC"
    ):
        entries.code(slope, 0, 0)


def test_numbers_that_floats_do_not_hold_are_refused():
    assert (number(Integer(3)), number(Rational(-1, 3))) == ("3.0", "(-1.0 / 3.0)")
    for value in (Integer(2**53 + 1), Rational(1, 10**30), pi, Symbol("c")):
        with pytest.raises(UnsupportedError, match="in scalar code; expected a rational number of whole numbers up to 2\\^53"):
            number(value)


def test_names_that_look_like_entries_stay_apart():
    """A parameter W_0 of one column has the entry W_0_0, which is the name of an entry of W, too."""
    h_0, W_0, W = variables("h_0", n)[0], Parameter("W_0", n), Parameter("W", n, m)
    given = Cell("alike", output=h_0, equations=[define(h_0, tanh(W @ x + odot(W_0, h_0.prev)))])
    assert loaded(text_of(given, {"m": 2, "n": 2}))["self_test"]() == AGREE


def test_long_sums_are_broken_at_their_signs():
    text = sums_broken("    a_0 = " + " + ".join(f"W_a_0_{k} * (x_{k} - 1.0)" for k in range(12)))
    assert text.startswith("    a_0 = (\n        W_a_0_0 * (x_0 - 1.0) + W_a_0_1")
    assert text.endswith("\n    )")
    assert max(map(len, text.split("\n"))) <= 120
    assert len(text.split("\n")) == 5
    for line in ("a = b + c", "x" * 130, "return f(" + ", ".join("abcdefgh" for _ in range(20)) + ")"):
        assert sums_broken(line) == line

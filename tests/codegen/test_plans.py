"""Plans: each pass leaves each value unchanged, which is proved; a plan with one symbol wrong is not."""

import random
from dataclasses import replace

import pytest

from lstm_sym.cells import CELLS
from lstm_sym.codegen.check import prove_plan, require_proved
from lstm_sym.codegen.generate import ALL_PASSES
from lstm_sym.codegen.lower import plain_plan
from lstm_sym.codegen.passes import PASSES, apply_passes
from lstm_sym.codegen.plan import Line
from lstm_sym.errors import InputError, UnsupportedError
from lstm_sym.proof.edits import mutants
from lstm_sym.symbols.compound import SumOverTime
from lstm_sym.symbols.traversal import replace as replace_symbol
from lstm_sym.verdict import Status


def lines_of(plan):
    return [
        f"{phase}: {t} = {v}"
        for phase, lines in plan.phases.items()
        for e in lines
        for t, v in zip(e.targets, e.values, strict=True)
    ]


@pytest.mark.parametrize("name", CELLS)
def test_all_passes_together_are_proved(name, derivation):
    for chosen in (ALL_PASSES, (*ALL_PASSES, "stable")):
        verdict = prove_plan(apply_passes(plain_plan(derivation(name)), chosen))
        assert verdict.status is Status.PROVED
        assert verdict.checks > len(derivation(name).of_kind("adjoint", "parameter", "input"))


@pytest.mark.parametrize("each", PASSES)
def test_each_pass_alone_is_proved(each, derivation):
    assert prove_plan(apply_passes(plain_plan(derivation("gru")), [each])).status is Status.PROVED


def test_what_recurs_stays_in_the_loops_and_nothing_else(derivation):
    plan = apply_passes(plain_plan(derivation("lstm")), ALL_PASSES)
    found = lines_of(plan)
    assert "before: before_i[t] = (-W_i@x[t] + -b_i)" in found
    assert "forward: i[t] = sigma(-argument_i[t])" in found
    assert "local: local_a[t] = odot(i[t], (1 + -a[t]**2))" in found
    assert "backward: delta_a[t] = odot(delta_state[t], local_a[t])" in found
    assert [each.targets[0].name for each in plan.after] == ["delta_x"]
    assert [len(each.targets) for each in plan.totals] == [4, 4, 4]


def test_products_that_the_forward_pass_keeps_are_not_computed_again(derivation):
    found = lines_of(apply_passes(plain_plan(derivation("lstm")), ["shared"]))
    assert "forward: out[t] = odot(shared_1[t], o[t])" in found
    assert "backward: delta_o[t] = odot(delta_out[t], out[t], (1 + -o[t]))" in found
    assert "backward: delta_state[t] = (odot(delta_out[t], o[t], (1 + -shared_1[t]**2)) + Delta_state[t])" in found


def test_a_product_taken_for_another_is_refused(derivation):
    plan = apply_passes(plain_plan(derivation("lstm")), ["shared"])
    out, o = (next(e.targets[0] for e in plan.forward if e.targets[0].name == name) for name in ("out", "o"))
    place = next(k for k, e in enumerate(plan.backward) if e.targets[0].name == "delta_o")
    for wrong in (out.prev, o):
        value = replace_symbol(plan.backward[place].values[0], lambda node, wrong=wrong: wrong if node == out else None)
        changed = (*plan.backward[:place], Line(plan.backward[place].targets, (value,)), *plan.backward[place + 1 :])
        assert is_refused(replace(plan, backward=changed))


def test_slopes_in_the_tails(derivation):
    found = lines_of(apply_passes(plain_plan(derivation("lstm")), ["shared", "stable"]))
    assert "backward: delta_i[t] = odot(delta_state[t], a[t], i[t], sigma(-net_i[t]))" in found
    assert "backward: delta_a[t] = odot(delta_state[t], i[t], tanh'(net_a[t]))" in found


def edited_plans(plan):
    """Every plan with one place of one line changed."""
    for phase, lines in plan.phases.items():
        for place, each in enumerate(lines):
            for block, value in enumerate(each.values):
                body = value.body if isinstance(value, SumOverTime) else value
                for edit in mutants(body, plan.derivation.cell):
                    new = SumOverTime(edit.expression, value.lower, value.upper) if body is not value else edit.expression
                    values = (*each.values[:block], new, *each.values[block + 1 :])
                    changed = (*lines[:place], Line(each.targets, values), *lines[place + 1 :])
                    yield f"{phase}: {each.targets[block]} = {new}", replace(plan, **{phase: changed})


def is_refused(plan):
    try:
        require_proved(plan)
    except UnsupportedError:
        return True
    return False


def edits(name, derivation, passes):
    return list(edited_plans(apply_passes(plain_plan(derivation(name)), passes)))


@pytest.mark.parametrize("name", CELLS)
def test_a_plan_with_one_edit_is_refused(name, derivation):
    found = edits(name, derivation, (*ALL_PASSES, "stable"))
    assert len(found) > 60
    assert [title for title, plan in random.Random(3).sample(found, 8) if not is_refused(plan)] == []


@pytest.mark.sweep
@pytest.mark.parametrize("name", CELLS)
def test_every_plan_with_one_edit_is_refused(name, derivation):
    assert [title for title, plan in edits(name, derivation, ALL_PASSES) if not is_refused(plan)] == []


def test_a_refusal_quotes_the_line(derivation):
    plan = apply_passes(plain_plan(derivation("elman")), ["shared"])
    wrong = replace(plan, forward=plan.forward[:-1], backward=plan.backward)
    with pytest.raises(UnsupportedError, match=r"plan of elman, backward: delta_net_h\[t\]; got h\[t\] before it is written"):
        require_proved(wrong)


def test_an_unknown_pass_is_refused(derivation):
    with pytest.raises(InputError, match="pass 'fast'; got no pass of that name; expected one of shared, stable, inner, mirror"):
        apply_passes(plain_plan(derivation("elman")), ["fast"])

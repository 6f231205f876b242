"""Correct programs in all manners are proved; planted mistakes are refuted, with their cause."""

import pytest

from lstm_sym.code import verify_gradient
from lstm_sym.verdict import Status
from tests.code.mistakes import MISTAKES, PROGRAMS, program

NOT_RETURNED = {
    "per_gate": {"y"},
    "stacked_batch": {"y"},
    "concatenated": {"h_prev", "C_prev"},
    "char_rnn": {"hprev"},
    "parameter_dictionary": set(),
    "class_with_cache": {"y"},
    "gru_einsum": {"v"},
    "scalar_loops": {"x", "h0", "y"},
}


def test_every_program_is_listed():
    assert {path.stem for path in PROGRAMS.glob("*.py")} == set(NOT_RETURNED)


@pytest.mark.parametrize("name", NOT_RETURNED)
def test_a_correct_program_is_proved(name):
    module = program(name)
    report = verify_gradient(module.loss, module.gradient, module.arguments)
    assert {v.argument for v in report.gradients if v.status is not Status.PROVED} == NOT_RETURNED[name]
    assert all(v.cause == f"the gradient function returns nothing for {v.argument}" for v in report.gradients if v.checks == 0)
    assert all(v.scope.startswith("all values of the arguments at these shapes: ") for v in report.gradients if v.checks)
    assert sum(v.checks for v in report.gradients) >= 18


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_refuted_with_its_cause(mistake):
    module = program(mistake.program, mistake.old, mistake.new)
    report = verify_gradient(module.loss, module.gradient, module.arguments)
    verdict = report.verdict(mistake.argument)
    assert verdict.status is Status.REFUTED
    assert mistake.cause in verdict.cause


def test_all_ten_classes_have_mistakes():
    assert {mistake.number for mistake in MISTAKES} == set(range(1, 11))

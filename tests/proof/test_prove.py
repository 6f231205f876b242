"""Whole derivations are proved, step by step and as a whole; and every mutant of rules and results is refuted."""

from dataclasses import replace

import pytest

from lstm_sym.cells import CELLS, cell
from lstm_sym.derivation import Derivation
from lstm_sym.proof import prove, prove_statement
from lstm_sym.proof.composition import COMPOSITION_SIZES, composition
from lstm_sym.proof.edits import KINDS, mutants
from lstm_sym.proof.rules import prove_rule, rule_statements
from lstm_sym.proof.unrolled import Size
from lstm_sym.verdict import EVERY_SIZE, Status

MUTATED_KINDS = ("definition", "adjoint", "input", "arriving", "initial", "parameter", "stacked")


@pytest.mark.parametrize("name", CELLS)
def test_every_step_of_every_cell_is_proved(derivation, name):
    proof = prove(derivation(name))
    assert {id: v.status for id, v in proof.steps.items() if v.status is not Status.PROVED} == {}
    assert all(v.scope.startswith(EVERY_SIZE) and v.checks > 0 for v in proof.results.values())
    assert all(v.status is Status.PROVED and v.checks > 40 for v in proof.compositions.values())
    assert proof.verdict.status is Status.PROVED
    assert len(proof.results) == len(derivation(name).results)


def test_composition_sizes_show_mistakes():
    assert all(size.n != size.m and size.steps >= 4 for size in COMPOSITION_SIZES)
    assert str(COMPOSITION_SIZES[1]) == "n=2, m=3, T=3"


def refuted(name, derivation):
    """Checks that every mutant of the cell's results is refuted with a witness; the kind of each mutant."""
    found, seen = derivation(name), []
    for result in found.of_kind(*MUTATED_KINDS):
        for edit in mutants(result.statement.right, found.cell):
            verdict = prove_statement(replace(result.statement, right=edit.expression), found.cell)
            assert verdict.status is Status.REFUTED, (result.id, edit)
            assert verdict.witness is not None
            assert verdict.witness.left != verdict.witness.right
            seen.append(edit.kind)
    return seen


@pytest.mark.parametrize("name", CELLS)
def test_every_mutant_of_every_cell_is_refuted(derivation, name):
    seen = refuted(name, derivation)
    assert len(seen) > 50
    assert {"sum range", "sign", "order", "transposition", "time index", "term missing", "exponent"} <= set(seen)


def test_every_kind_of_edit_occurs(derivation):
    """No kind of mistake is in the table without being tried."""
    lstm = derivation("lstm")
    kinds = {edit.kind for result in lstm for edit in mutants(result.statement.right, lstm.cell)}
    assert kinds == {kind.name for kind in KINDS}


def test_a_lost_path_shows_in_the_composition(derivation):
    """Each step may be right in itself; that a use of the state is missing shows on the unrolled network."""
    lstm = derivation("lstm")
    size = Size(2, 3, 4)
    assert composition(lstm, size).status is Status.PROVED
    for id in ("delta_state", "delta_out", "Delta_out", "delta_W_a", "delta_state_initial"):
        verdict = composition(_with_right(lstm, id, lambda right: right - right), size)
        assert verdict.status is Status.REFUTED
        assert verdict.witness is not None
        assert verdict.witness.where.startswith(f"{id}, n=2, m=3, T=3")


def _with_right(derivation, id, change):
    results = tuple(
        replace(r, statement=replace(r.statement, right=change(r.statement.right))) if r.id == id else r for r in derivation
    )
    return Derivation(derivation.cell, derivation.loss, results)


@pytest.mark.parametrize(("name", "statement"), list(rule_statements()), ids=str)
def test_rules_are_proved_and_their_mutants_refuted(name, statement):
    assert prove_rule(statement).status is Status.PROVED
    for edit in mutants(statement.right, cell("elman")):
        verdict = prove_rule(replace(statement, right=edit.expression))
        assert verdict.status is Status.REFUTED, edit
        assert verdict.witness is not None


def test_wrong_slopes_and_signs_of_rules_are_refuted():
    for name, statement in rule_statements():
        verdict = prove_rule(replace(statement, right=statement.right + statement.right))
        assert verdict.status is Status.REFUTED, name

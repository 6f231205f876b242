"""`lstm-sym derive`: each format, the JSON contract, and the exit code that says whether all is proved."""

import json
from importlib import import_module

import pytest
from typer.testing import CliRunner

from lstm_sym.cells import CELLS
from lstm_sym.cli.app import app
from lstm_sym.verdict import EVERY_SIZE, Status, Verdict


def run(*arguments):
    return CliRunner().invoke(app, ["derive", *arguments])


@pytest.mark.parametrize("cell", CELLS)
def test_json_is_the_contract_and_everything_is_proved(cell):
    done = run(cell, "--format", "json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["cell"] == cell
    assert len(answer["equations"]) >= 15
    for equation in answer["equations"]:
        assert set(equation) == {"id", "latex", "verdict"}
        assert equation["verdict"]["status"] == "PROVED", equation
        assert equation["verdict"]["scope"].startswith("every n, m, T")
        assert equation["verdict"]["checks"] >= 1
    assert len({equation["id"] for equation in answer["equations"]}) == len(answer["equations"])
    assert [verdict["status"] for verdict in answer["composition"]] == ["PROVED"] * 3


def test_the_worksheets_list_is_there_in_its_order():
    answer = json.loads(run("--format", "json").stdout)
    ids = [equation["id"] for equation in answer["equations"]]
    wanted = [
        "delta_out",
        "delta_state",
        "delta_a",
        "delta_i",
        "delta_f",
        "delta_o",
        "delta_x",
        "Delta_out",
        "delta_W_a",
        "W_a_new",
    ]
    assert [id for id in ids if id in wanted] == wanted


def test_latex_of_an_equation_is_the_worksheets():
    equations = json.loads(run("--format", "json").stdout)["equations"]
    latex = {equation["id"]: equation["latex"] for equation in equations}
    assert latex["delta_a"] == r"\delta a_t = \delta \mathit{state}_t \odot i_t \odot (1 - a_t^2)"


@pytest.mark.parametrize(
    ("format", "mark"),
    [("text", "δstate_t ⊙ i_t ⊙ (1 - a_t²)"), ("latex", r"\begin{flalign*}"), ("markdown", "## Forward pass")],
)
def test_other_formats(format, mark):
    done = run("--format", format)
    assert done.exit_code == 0
    assert mark in done.stdout
    assert done.stdout.endswith("\n")


def test_an_equation_that_is_not_proved_makes_exit_code_1(monkeypatch):
    module = import_module("lstm_sym.proof.prove")
    whole = module.prove

    def doubt(derivation):
        proof = whole(derivation)
        proof.results["delta_x"] = Verdict(Status.UNKNOWN, EVERY_SIZE, "none", 0, reason="nobody looked")
        return proof

    monkeypatch.setattr(module, "prove", doubt)
    done = run("elman")
    assert done.exit_code == 1
    assert "UNKNOWN" in done.stdout
    assert "nobody looked" in done.stdout


def test_html_is_a_page_with_the_verdict_of_each_line():
    page = run("elman", "--format", "html").stdout
    assert page.startswith("<!DOCTYPE html>")
    assert '<section id="derivation"' in page
    assert '<section id="worked"' not in page
    assert page.count("PROVED</span>") > 40

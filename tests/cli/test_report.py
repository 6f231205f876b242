"""`lstm-sym report`: the files, what it says of the proof, and the line about the PDF."""

import re

import pytest
from typer.testing import CliRunner

from lstm_sym.cli.app import app
from lstm_sym.render.output.engine import find_engine

FILES = {"derivation.tex", "lstmsym.sty", "report.tex", "solution.tex"}


def run(*arguments):
    return CliRunner().invoke(app, ["report", *(str(argument) for argument in arguments)])


@pytest.fixture
def no_engine(monkeypatch):
    monkeypatch.setattr("lstm_sym.render.output.engine.find_engine", lambda: None)


def test_it_says_what_is_proved_over_which_scope_and_ends_with_counts(tmp_path, no_engine):
    done = run("--out", tmp_path / "new" / "folder")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == "lstm: Long short-term memory with forget gate"
    assert re.match(r"  PROVED  \d+ statements, every n, m, T; indexed polynomial identity, \d+ checks$", lines[1])
    assert "  PROVED  1 statement, n=2, m=3, T=3, at random rational points" in done.stdout
    assert "worked example worksheet: 57 values, 5 decimals" in done.stdout
    assert re.match(r"(\d+) statements: \1 PROVED; \d+ checks$", lines[-1])
    assert {path.name for path in (tmp_path / "new" / "folder").iterdir()} >= FILES


def test_the_pictures_lie_in_a_folder_of_their_own(tmp_path, no_engine):
    done = run("--out", tmp_path)
    names = {f"{kind}.{ending}" for kind in ("graph", "unrolled", "flow", "rounding") for ending in ("svg", "tex")}
    assert {path.name for path in (tmp_path / "figures").iterdir()} == names
    assert str(tmp_path / "figures" / "graph.svg") in done.stdout
    report = (tmp_path / "report.tex").read_text(encoding="utf-8")
    assert report.count(r"\lstmpicture{") == 4
    assert (tmp_path / "figures" / "flow.tex").read_text(encoding="utf-8") in report


def test_without_an_engine_one_line_says_how_to_get_one(tmp_path, no_engine):
    lines = [line for line in run("--out", tmp_path).stdout.splitlines() if "no PDF" in line]
    assert lines == [
        "no PDF: no TeX engine found; install TeX Live (Debian and Ubuntu: apt install texlive-latex-recommended) or Tectonic"
    ]


@pytest.mark.skipif(find_engine() is None, reason="no TeX engine is installed")
def test_with_an_engine_there_is_a_pdf(tmp_path):
    done = run("--out", tmp_path)
    assert done.exit_code == 0
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    assert str(tmp_path / "report.pdf") in done.stdout


def test_a_second_run_replaces_the_files(tmp_path, no_engine):
    run("--out", tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    (tmp_path / "report.tex").write_text("of yesterday")
    assert run("--out", tmp_path).exit_code == 0
    assert (tmp_path / "report.tex").read_text(encoding="utf-8").startswith(r"\documentclass")
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_pdf_of_an_earlier_run_is_called_so(tmp_path, no_engine):
    (tmp_path / "report.pdf").write_bytes(b"%PDF of yesterday")
    done = run("--out", tmp_path)
    assert f"; {tmp_path / 'report.pdf'} is of an earlier run\n" in done.stdout


def test_there_is_a_page_with_the_decimals_of_the_example(tmp_path, no_engine):
    done = run("--out", tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert str(tmp_path / "report.html") in done.stdout
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert re.search(r'<option value="4" selected>5</option>', page)
    assert page.count('<span class="badge PROVED">') > 200
    assert "composition, n=2, m=3, T=3" in page

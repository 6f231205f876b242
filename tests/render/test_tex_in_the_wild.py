"""Fragments in documents of other people: three classes, three engines, beside common packages loaded before and after ours."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from lstm_sym.calculus.derive import derive
from lstm_sym.calculus.rules import REASONS
from lstm_sym.cells import cell
from lstm_sym.example.solve import solve
from lstm_sym.notes.example_file import load_example
from lstm_sym.proof.prove import prove
from lstm_sym.render.report.document import report_files

FRAGMENTS = ("equations", "derivation", "solution")
COMPANY = r"\usepackage{physics}\usepackage{bm}\usepackage{siunitx}\usepackage{hyperref}\usepackage{cleveref}"
OURS = r"\usepackage{lstmsym}"
OPTIONS = ("-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error")


@pytest.fixture(scope="module")
def fragments() -> dict[str, str]:
    proof = prove(derive(cell("lstm")))
    return dict(report_files(proof.derivation, solve(load_example()), proof.results, REASONS))


def document(document_class: str, packages: str) -> str:
    body = [rf"\input{{{name}}}" for name in FRAGMENTS]
    if document_class == "beamer":
        body = [rf"\begin{{frame}}[allowframebreaks]{text}\end{{frame}}" for text in body]
    return "\n".join([rf"\documentclass{{{document_class}}}", packages, r"\begin{document}", *body, r"\end{document}", ""])


def log_of(folder: Path, files: dict[str, str], engine: str) -> str:
    if shutil.which(engine) is None or shutil.which("kpsewhich") is None:
        pytest.skip(f"{engine} is not installed")
    for package in ("physics.sty", "siunitx.sty", "cleveref.sty", "memoir.cls", "beamer.cls"):
        if not subprocess.run(["kpsewhich", package], capture_output=True, text=True).stdout.strip():
            pytest.skip(f"{package} is not installed")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    done = subprocess.run([engine, *OPTIONS, "notes.tex"], cwd=folder, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    return done.stdout


@pytest.mark.parametrize(
    ("engine", "document_class", "packages"),
    [
        pytest.param(engine, name, packages, marks=() if (engine, name) == ("pdflatex", "beamer") else pytest.mark.sweep)
        for engine in ("pdflatex", "xelatex", "lualatex")
        for name in ("article", "beamer", "memoir")
        for packages in (COMPANY + OURS, OURS + COMPANY)
    ],
)
def test_fragments_fit_the_column_and_lose_no_character(
    engine: str, document_class: str, packages: str, fragments: dict[str, str], tmp_path: Path
) -> None:
    log = log_of(tmp_path, fragments | {"notes.tex": document(document_class, packages)}, engine)
    assert (tmp_path / "notes.pdf").stat().st_size > 10_000
    for complaint in ("Overfull \\hbox", "Missing character", "undefined"):
        assert complaint not in log


def test_a_fragment_that_is_set_too_large_is_noticed(fragments: dict[str, str], tmp_path: Path) -> None:
    large = {name: text.replace(r"\lstmfit", r"\normalsize") for name, text in fragments.items()}
    large["lstmsym.sty"] = fragments["lstmsym.sty"]
    assert "Overfull \\hbox" in log_of(tmp_path, large | {"notes.tex": document("beamer", OURS)}, "pdflatex")

"""The whole report: its sections and files, a real compilation without overfull boxes; writing; the answer without an engine."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import stat
from pathlib import Path

import pytest
from sympy import Rational

from lstm_sym.calculus.derive import derive
from lstm_sym.calculus.rules import RULES
from lstm_sym.cell import Cell, define, inputs, variables, weights
from lstm_sym.cells import CELLS, cell
from lstm_sym.derivation import Derivation
from lstm_sym.errors import InputError
from lstm_sym.render.derivation.verdicts import counts, verdicts_latex, verdicts_markdown, verdicts_text
from lstm_sym.render.output import engine as engines
from lstm_sym.render.output.engine import NO_ENGINE, Compiled, compile_pdf, find_engine
from lstm_sym.render.output.files import write_report
from lstm_sym.render.report.document import report_document, report_files, stylesheet
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.nodes import odot
from lstm_sym.symbols.scalars import m, n
from lstm_sym.verdict import EVERY_SIZE, Status, Verdict, Witness
from tests.render.worksheet import SOLUTION

REASONS = {rule.name: rule.reason for rule in RULES.values()}
PROVED = Verdict(Status.PROVED, EVERY_SIZE, "polynomial identity over gate values", 3)
WITNESS = Witness("n=1, T=2", "3/7", "-5/21")
REFUTED = Verdict(Status.REFUTED, "n=1, T=2", "exact rationals", 1, "state is one step late", WITNESS, seed=7, precision=64)
PROBLEM = re.compile(r"^(Overfull|!|LaTeX Warning: (Reference|Citation|Label)|.*undefined)", re.MULTILINE)
needs_engine = pytest.mark.skipif(find_engine() is None, reason="no TeX engine is installed")


def everything(name: str) -> tuple[Derivation, dict[str, Verdict]]:
    derivation = derive(cell(name))
    verdicts = {result.id: PROVED for result in derivation}
    return derivation, verdicts | {"composition_of_all_steps": REFUTED}


def compiled(folder: Path, files: dict[str, str], main: str = "report.tex", engine: str | None = None) -> Compiled:
    write_report(files, folder)
    done = compile_pdf(folder / main, engine=engine)
    assert done.reason is None
    assert done.pdf is not None
    assert done.pdf.read_bytes().startswith(b"%PDF")
    assert PROBLEM.findall(done.log) == []
    assert "Output written on" in done.log
    return done


def test_a_report_has_all_its_sections() -> None:
    derivation, verdicts = everything("lstm")
    printed = report_document(derivation, SOLUTION, verdicts, REASONS)
    titles = re.findall(r"\\section\{(.*)\}", printed)
    assert titles == [
        "Notation",
        "The equations at a glance",
        "Derivation",
        "Worked example: worksheet",
        "Values",
        "What was proved",
    ]
    assert re.findall(r"\\section\{(.*)\}", report_document(derivation)) == titles[:3]
    assert r"$x_t$ & input, $m \times 1$ \\" in printed
    assert r"(15)\enspace $\delta a_t$ & \lstmverdict{PROVED} & every n, m, T & polynomial identity over gate" in printed


def test_the_files_of_a_report() -> None:
    derivation, verdicts = everything("elman")
    assert set(report_files(derivation, None, verdicts)) == {"report.tex", "equations.tex", "derivation.tex", "lstmsym.sty"}
    assert "solution.tex" in report_files(derivation, SOLUTION)


def test_every_macro_of_the_stylesheet_has_its_prefix() -> None:
    named = re.findall(r"\\(?:new|provide)(?:command|length|environment)\{\\?(\w+)\}", stylesheet())
    assert len(named) > 8
    assert all(name.startswith("lstm") for name in named)


@needs_engine
@pytest.mark.parametrize("name", CELLS)
def test_a_report_compiles_without_overfull_boxes(name: str, tmp_path: Path) -> None:
    derivation, verdicts = everything(name)
    files = dict(report_files(derivation, SOLUTION if name == "lstm" else None, verdicts, REASONS))
    done = compiled(tmp_path, files)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*files, "report.pdf"])
    assert "page" in done.log


@needs_engine
def test_a_cell_with_long_equations_compiles_without_overfull_boxes(tmp_path: Path) -> None:
    (h,) = variables("h", n)
    x, W, U = inputs("x", m), weights("W", n, m), weights("U", n, n)
    body = tanh(W.h @ x + U.h @ (h.prev**3) + odot(h.prev, h.prev)) - (W.k @ x) ** 2 + Rational(1, 10) * sigma(U.k @ h.prev)
    derivation = derive(Cell("long", output=h, equations=[define(h, body)]))
    files = dict(report_files(derivation, None, {result.id: PROVED for result in derivation}, REASONS))
    assert r"\lstmwide{" in files["derivation.tex"]
    compiled(tmp_path, files)


@needs_engine
def test_fragments_compile_in_the_notes_of_someone_else(tmp_path: Path) -> None:
    derivation, verdicts = everything("lstm")
    files = dict(report_files(derivation, SOLUTION, verdicts, REASONS))
    notes = (
        "\\documentclass[11pt]{article}\n\\usepackage{amsmath,lstmsym}\n\\usepackage[a4paper,margin=20mm]{geometry}\n"
        "\\begin{document}\nNotes.\n\\input{equations}\n\\input{derivation}\n\\input{solution}\n\\end{document}\n"
    )
    compiled(tmp_path, files | {"notes.tex": notes}, "notes.tex")


@needs_engine
@pytest.mark.sweep
@pytest.mark.parametrize("engine", [name for name, _ in engines.ENGINES])
def test_every_installed_engine_compiles_the_report(engine: str, tmp_path: Path) -> None:
    if shutil.which(engine) is None:
        pytest.skip(f"{engine} is not installed")
    derivation, verdicts = everything("elman")
    compiled(tmp_path, dict(report_files(derivation, None, verdicts, REASONS)), engine=engine)


@needs_engine
def test_hostile_texts_are_printed_and_not_run(tmp_path: Path) -> None:
    hostile = r"\immediate\write18{touch owned}\input{/etc/passwd} $ } { % # & ~ ^ _ \end{document} ``ligature'' 中文"
    derivation, _ = everything("elman")
    odd = dataclasses.replace(derivation, cell=dataclasses.replace(derivation.cell, title=hostile, source=hostile))
    parts = tuple(dataclasses.replace(part, title=hostile) for part in SOLUTION.parts[:1])
    solution = dataclasses.replace(SOLUTION, name=hostile, rounding=hostile, parts=parts)
    verdict = dataclasses.replace(PROVED, scope=hostile, method=hostile, reason=hostile)
    printed = report_document(odd, solution, {hostile: verdict}, {"definition": hostile})
    write_report({"report.tex": printed, "lstmsym.sty": stylesheet()}, tmp_path)
    done = compile_pdf(tmp_path / "report.tex")
    assert done.reason is None
    assert "!" not in [line[:1] for line in done.log.splitlines()]
    assert not (tmp_path / "owned").exists()


def test_without_an_engine_one_line_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.tex").write_text("x")
    monkeypatch.setattr(engines.shutil, "which", lambda name: None)
    assert compile_pdf(tmp_path / "a.tex") == Compiled(None, NO_ENGINE)
    assert "\n" not in NO_ENGINE
    assert "install" in NO_ENGINE


def test_a_missing_document_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing\.tex; got no such file"):
        compile_pdf(tmp_path / "nothing.tex")


@needs_engine
def test_a_failed_run_gives_one_line_and_no_pdf(tmp_path: Path) -> None:
    (tmp_path / "bad.tex").write_text("\\documentclass{article}\\begin{document}\\nosuchcommand\\end{document}")
    done = compile_pdf(tmp_path / "bad.tex")
    assert done.pdf is None
    assert done.reason is not None
    assert "\n" not in done.reason
    assert "stopped with code 1: Undefined control sequence" in done.reason
    assert [path.name for path in tmp_path.iterdir()] == ["bad.tex"]


@needs_engine
def test_a_run_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    (tmp_path / "loop.tex").write_text("\\def\\x{\\x}\\x")
    done = compile_pdf(tmp_path / "loop.tex", seconds=1)
    assert done.pdf is None
    assert "took longer than 1 s" in (done.reason or "")


def test_files_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    assert [path.name for path in write_report({"a.tex": "ä\n", "b.tex": "b"}, tmp_path / "new" / "folder")] == ["a.tex", "b.tex"]
    assert (tmp_path / "new" / "folder" / "a.tex").read_bytes() == "ä\n".encode()
    (tmp_path / "file").write_text("kept")
    with pytest.raises(InputError, match=r"expected a folder that can be written to; to mend it: choose another --out"):
        write_report({"a.tex": "x"}, tmp_path / "file")
    (tmp_path / "blocked" / "b.tex").mkdir(parents=True)
    with pytest.raises(InputError, match="a folder that can be written to"):
        write_report({"a.tex": "x", "b.tex": "x"}, tmp_path / "blocked")
    assert [path.name for path in (tmp_path / "blocked").iterdir()] == ["b.tex"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(InputError, match="Permission denied"):
            write_report({"a.tex": "x"}, tmp_path)
        assert list(tmp_path.iterdir()) == []
    finally:
        tmp_path.chmod(stat.S_IRWXU)


@pytest.mark.parametrize("name", ["../a.tex", "a/b.tex", "", ".hidden"])
def test_names_that_leave_the_folder_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a plain file name"):
        write_report({name: "x"}, tmp_path)


def test_verdicts_as_tables() -> None:
    verdicts = {"delta_a": PROVED, "delta_f": REFUTED}
    assert counts(verdicts) == "2 statements: 1 PROVED, 1 REFUTED; 4 checks"
    assert counts({}) == "no statements"
    printed = verdicts_text(verdicts)
    assert "delta_a    PROVED   every n, m, T  polynomial identity over gate values  3" in printed
    assert "| delta\\_f | REFUTED | n=1, T=2 | exact rationals | 1 |" in verdicts_markdown(verdicts)
    assert (
        r"\texttt{delta\_f} & \lstmverdict{REFUTED} & n=1, T=2 & exact rationals\newline "
        r"state is one step late; n=1, T=2: 3/7 against -5/21, exactly; seed 7; 64 bits & 1 \\" in verdicts_latex(verdicts)
    )

"""Pictures in the report: a narrow one stands upright, a wide one on its side; without tikz a note stands there."""

import shutil
import subprocess

import pytest

from lstm_sym.render.output.engine import compile_pdf
from lstm_sym.render.output.files import write_report
from lstm_sym.render.report.document import report_document, report_files
from lstm_sym.render.report.pictures import WITHOUT, TypesetPicture, pictures_latex

NARROW = TypesetPicture("A narrow one, 100% & more", ("\\begin{tikzpicture}\\draw (0,0) -- (3,1);\\end{tikzpicture}%\n",))
WIDE = TypesetPicture("Wide", ("\\begin{tikzpicture}\\draw (0,0) -- (40,5);\\end{tikzpicture}%\n",) * 2)


def has_tikz():
    program = shutil.which("kpsewhich")
    return bool(program and shutil.which("pdflatex")) and bool(subprocess.run([program, "tikz.sty"], capture_output=True).stdout)


def test_captions_are_escaped_and_rows_numbered():
    body = pictures_latex([NARROW, WIDE])
    assert r"\lstmpicture{A narrow one, 100\% \& more}{%" in body
    assert [rf"\lstmpicture{{Wide ({place} of 2)}}" in body for place in (1, 2)] == [True, True]
    assert body.startswith("\\ifdefined\\tikz\n")


def test_a_report_without_pictures_loads_no_tikz(derivation):
    assert "tikz" not in report_document(derivation("elman"))
    assert r"\section{Pictures}" in report_document(derivation("elman"), pictures=[NARROW])


@pytest.mark.skipif(not has_tikz(), reason="pdflatex or the package tikz is not installed")
def test_pictures_compile_upright_and_on_their_side(derivation, tmp_path):
    write_report(report_files(derivation("elman"), pictures=[NARROW, WIDE]), tmp_path)
    done = compile_pdf(tmp_path / "report.tex")
    assert done.reason is None
    assert "Overfull" not in done.log


@pytest.mark.skipif(not has_tikz(), reason="pdflatex or the package tikz is not installed")
def test_without_tikz_a_note_stands_there(derivation, tmp_path):
    files = dict(report_files(derivation("elman"), pictures=[NARROW]))
    files["report.tex"] = files["report.tex"].replace(r"\IfFileExists{tikz.sty}{\usepackage{tikz}}{}", "")
    write_report(files, tmp_path)
    done = compile_pdf(tmp_path / "report.tex")
    assert done.reason is None
    assert WITHOUT.split(",")[0] in files["report.tex"]

"""The report: one LaTeX document from a cell, its derivation, a worked solution and verdicts; and the files that go with it.

Law: everything printed comes from the data rows; what is not given has no section.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files

from lstm_sym.derivation import Derivation
from lstm_sym.render.derivation.glance import glance_latex
from lstm_sym.render.derivation.latex import derivation_latex
from lstm_sym.render.derivation.outline import Reasons, Verdicts
from lstm_sym.render.derivation.preface import notation_latex
from lstm_sym.render.derivation.verdicts import verdicts_latex
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.report.pictures import LOADED, TypesetPicture, pictures_latex
from lstm_sym.render.typeset.escape import escape
from lstm_sym.render.typeset.ink import LATEX
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.render.worked.latex import solution_latex, tables_latex
from lstm_sym.worked import Solution

STYLESHEET = "lstmsym.sty"

PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\fi
\usepackage[margin=20mm]{geometry}
\usepackage{lstmsym}
\setlength{\parindent}{0pt}
"""


def report_document(
    derivation: Derivation,
    solution: Solution | None = None,
    verdicts: Verdicts | None = None,
    reasons: Reasons | None = None,
    *,
    pictures: Sequence[TypesetPicture] = (),
    notation: Notation = WORKSHEET,
) -> str:
    """The LaTeX source of the whole report; it needs lstmsym.sty beside it."""
    cell = derivation.cell
    head = rf"\title{{Backpropagation through time\\[.5ex]\large {escape(cell.title or cell.name)}}}"
    source = rf"\author{{\parbox{{.8\textwidth}}{{\centering\normalsize {escape(cell.source)}}}}}"
    sections = _sections(derivation, solution, verdicts, reasons, pictures, notation)
    preamble = PREAMBLE + (LOADED if pictures else "")
    body = "\n".join(f"\\lstmneed{{16\\baselineskip}}\n\\section{{{title}}}\n{text}" for title, text in sections)
    return f"{preamble}{head}\n{source}\n\\date{{}}\n\\begin{{document}}\n\\maketitle\n{body}\n\\end{{document}}\n"


def _sections(
    derivation: Derivation,
    solution: Solution | None,
    verdicts: Verdicts | None,
    reasons: Reasons | None,
    pictures: Sequence[TypesetPicture],
    notation: Notation,
) -> Iterator[tuple[str, str]]:
    yield "Notation", notation_latex(derivation.cell, notation)
    yield "The equations at a glance", glance_latex(derivation, notation)
    yield "Derivation", derivation_latex(derivation, reasons, verdicts, notation=notation, short=True)
    if solution is not None:
        yield f"Worked example: {escape(solution.name)}", solution_latex(solution, notation=notation)
        yield "Values", tables_latex(solution, notation=notation)
    if pictures:
        yield "Pictures", pictures_latex(pictures)
    if verdicts:
        yield "What was proved", verdicts_latex(verdicts, statement_names(derivation, notation))


def statement_names(derivation: Derivation, notation: Notation = WORKSHEET) -> Mapping[str, str]:
    """Number and left side of every result, by its id."""
    printer = Printer(LATEX, notation)
    return {
        result.id: f"({number})\\enspace ${printer.box(result.statement.left).source}$"
        for number, result in enumerate(derivation, start=1)
    }


def report_files(
    derivation: Derivation,
    solution: Solution | None = None,
    verdicts: Verdicts | None = None,
    reasons: Reasons | None = None,
    *,
    pictures: Sequence[TypesetPicture] = (),
    notation: Notation = WORKSHEET,
) -> Mapping[str, str]:
    """The report, its stylesheet, and equations, derivation and solution as fragments for \\input, by file name."""
    found = {
        "report.tex": report_document(derivation, solution, verdicts, reasons, pictures=pictures, notation=notation),
        "equations.tex": _fragment(glance_latex(derivation, notation)),
        "derivation.tex": _fragment(derivation_latex(derivation, reasons, verdicts, notation=notation)),
        STYLESHEET: stylesheet(),
    }
    if solution is not None:
        found["solution.tex"] = _fragment(solution_latex(solution, notation=notation))
    return found


def _fragment(body: str) -> str:
    """What \\input takes: in a size at which it fits the column that it comes into."""
    return f"{{\\lstmfit\n{body}\\par}}\n"


def stylesheet() -> str:
    """The text of lstmsym.sty."""
    return files("lstm_sym.render.report").joinpath(STYLESHEET).read_text(encoding="utf-8")

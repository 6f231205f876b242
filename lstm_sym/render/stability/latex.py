"""The stability of a cell's formulas in LaTeX: the formulas with their stable forms, then tables of thresholds and of bounds.

Law: it needs amsmath alone, so that it can be put into any document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lstm_sym.derivation import Statement
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.expression.statement import equation
from lstm_sym.render.stability.text import by_expression, formats
from lstm_sym.render.typeset.escape import escape
from lstm_sym.render.typeset.ink import LATEX
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.ulps import Formula, Stability


def stability_latex(table: Stability, notation: Notation = WORKSHEET) -> str:
    """Blocks of displays and tables."""
    blocks = [_model(table), _thresholds(table)]
    blocks += [_formula(formula, table, notation) for formula in table.formulas if formula.stable is not None]
    return "\n\n".join(blocks) + "\n"


def _model(table: Stability) -> str:
    items = "\n".join(rf"  \item {escape(line)}" for line in table.model)
    return f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}"


def _thresholds(table: Stability) -> str:
    rows = (
        [f"${_formula_source(expression)}$", *found, _evaluation(evaluation)]
        for (expression, evaluation), found in by_expression(table).items()
    )
    return _tabular(["exactly 0 from $z =$", *formats(table), r"$\sigma$ evaluated"], rows, "l" + "r" * len(formats(table)) + "l")


def _formula(formula: Formula, table: Stability, notation: Notation) -> str:
    assert formula.stable is not None
    naive, stable = (equation(Statement(formula.left, side), LATEX, notation) for side in (formula.right, formula.stable))
    losses = ", ".join(
        f"${_formula_source(loss.expression)}$ at $z = {Printer(LATEX, notation).box(loss.argument).source}$"
        for loss in formula.loses
    )
    saturations = list(dict.fromkeys(bound.saturation for bound in formula.bounds))
    head = ["ulp at most", *(rf"$|z| \le {saturation}$" for saturation in saturations), "stable"]
    rows = []
    for name in formats(table):
        bounds = [bound for bound in formula.bounds if bound.format == name]
        rows.append([name, *(bound.naive or "--" for bound in bounds), bounds[0].stable or "--"])
    displays = f"\\begin{{align*}}\n{_aligned(naive)} \\\\\n{_aligned(stable)} \\tag{{stable}}\n\\end{{align*}}"
    return f"{displays}\nLoses bits: {losses}.\\par\\smallskip\n{_tabular(head, rows, 'l' + 'r' * (len(saturations) + 1))}"


def _aligned(source: str) -> str:
    return source.replace(" = ", " &= ", 1)


def _tabular(head: Sequence[str], rows: Iterator[list[str]] | list[list[str]], columns: str) -> str:
    lines = "\n".join("  " + " & ".join(row) + r" \\" for row in rows)
    return f"\\begin{{tabular}}{{{columns}}}\n  {' & '.join(head)} \\\\ \\hline\n{lines}\n\\end{{tabular}}"


def _formula_source(text: str) -> str:
    return (
        text.replace("sigma", r"\sigma")
        .replace("tanh", r"\tanh")
        .replace("cosh", r"\cosh")
        .replace("exp", r"\exp")
        .replace("h(z)^2", "h^2(z)")
    )


def _evaluation(words: str) -> str:
    return f"${_formula_source(words)}$" if "(" in words else escape(words)

"""Cells, statements, results, derivations, solutions and reports on notes that show themselves typeset in Jupyter.

`register()` gives the data classes their `_repr_latex_` and `_repr_markdown_`; the data rows know nothing of it. Jupyter calls
them; a plain Python prompt is unchanged. A statement shows as a formula, everything longer as Markdown with formulas.
"""

from __future__ import annotations

from collections.abc import Callable

from lstm_sym.cell import Cell
from lstm_sym.claim import Report
from lstm_sym.derivation import Derivation, Result, Statement
from lstm_sym.render.audit.text import audit_markdown
from lstm_sym.render.derivation.text import derivation_markdown, result_markdown
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.expression.statement import latex
from lstm_sym.render.typeset.escape import escape_markdown
from lstm_sym.render.typeset.ink import LATEX
from lstm_sym.render.worked.text import solution_markdown
from lstm_sym.worked import Solution


def cell_markdown(cell: Cell) -> str:
    """Title, source and the equations of a cell as they are declared."""
    printer = Printer(LATEX)
    equations = " \\\\\n".join(
        f"{printer.box(equation.variable).source} &= {printer.box(equation.body).source}" for equation in cell.equations
    )
    head = f"**{escape_markdown(cell.title or cell.name)}**"
    source = f"\n\n{escape_markdown(cell.source)}" if cell.source else ""
    return f"{head}{source}\n\n$$\n\\begin{{aligned}}\n{equations}\n\\end{{aligned}}\n$$"


def _displayed(statement: Statement) -> str:
    return rf"$\displaystyle {latex(statement)}$"


SHOWN: tuple[tuple[type, str, Callable[..., str]], ...] = (
    (Statement, "_repr_latex_", _displayed),
    (Cell, "_repr_markdown_", cell_markdown),
    (Result, "_repr_markdown_", result_markdown),
    (Derivation, "_repr_markdown_", derivation_markdown),
    (Solution, "_repr_markdown_", solution_markdown),
    (Report, "_repr_markdown_", audit_markdown),
)
"""Class, the method that Jupyter calls, and what it shows."""


def register() -> None:
    """Gives each class in SHOWN its method; calling it again changes nothing."""
    for shown, method, show in SHOWN:
        setattr(shown, method, lambda self, show=show: show(self))

"""One statement as an equation, with the times and the conditions under which it holds."""

from __future__ import annotations

from lstm_sym.derivation import Statement
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.typeset.ink import LATEX, TEXT, Ink, LatexInk
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.render.typeset.scalar import index


def equation(statement: Statement, ink: Ink = LATEX, notation: Notation = WORKSHEET) -> str:
    """left = right on one line."""
    printer = Printer(ink, notation)
    return f"{printer.box(statement.left).source} = {printer.box(statement.right).source}"


def conditions(statement: Statement, ink: Ink = LATEX, notation: Notation = WORKSHEET) -> str:
    """For which t the statement holds, and under which premises; empty where it holds once and without any."""
    parts = []
    if statement.times is not None:
        first, last = (index(time) for time in statement.times)
        parts.append(rf"$t = {first}, \dots, {last}$" if isinstance(ink, LatexInk) else f"t = {first}, ..., {last}")
    for premise in statement.assuming:
        formula = equation(premise, ink, notation)
        parts.append(f"if ${formula}$" if isinstance(ink, LatexInk) else f"if {formula}")
    return ", ".join(parts)


def latex(statement: Statement, notation: Notation = WORKSHEET) -> str:
    """The statement as a display: equation, times and conditions."""
    when = conditions(statement, LATEX, notation)
    return equation(statement, LATEX, notation) + (rf" \qquad \text{{{when}}}" if when else "")


def text(statement: Statement, notation: Notation = WORKSHEET) -> str:
    """The statement on one line of plain text."""
    when = conditions(statement, TEXT, notation)
    return equation(statement, TEXT, notation) + (f"   ({when})" if when else "")

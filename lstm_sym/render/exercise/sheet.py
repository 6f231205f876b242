"""A sheet of exercises and its solution, in LaTeX and in Markdown.

Law: the sheet shows what is given and what is asked; of values that are asked it shows none.
"""

from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.derivation import Statement
from lstm_sym.render.derivation.glance import display
from lstm_sym.render.derivation.preface import names
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.report.document import PREAMBLE
from lstm_sym.render.typeset.box import Box
from lstm_sym.render.typeset.escape import escape, escape_markdown
from lstm_sym.render.typeset.ink import LATEX
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.render.worked.latex import solution_latex, value_box, values_latex
from lstm_sym.render.worked.text import solution_markdown
from lstm_sym.sheet import Sheet
from lstm_sym.symbols.nodes import Expression
from lstm_sym.worked import Solution, Value

TASKS = {
    "a": "Forward pass: work out every variable at each step, and the loss.",
    "b": "Backward pass: work out the derivatives at each step, from the last step to the first.",
    "c": "Gradients: work out the gradient of every parameter.",
    "d": "Update: make one step of gradient descent and give the new parameters.",
}
"""What each part asks for."""


def sheet_latex(sheet: Sheet, notation: Notation = WORKSHEET) -> str:
    """The problem sheet as a document."""
    body = [r"\lstmheading{The cell}", _equations(sheet, notation), r"\lstmheading{Given}", *values_latex(shown(sheet), notation)]
    body += [rf"\lstmnote{{{escape(rules(sheet))}}}"]
    if set(sheet.asked) - {"a"}:
        body += [rf"\lstmnote{{{'; '.join(f'{name}: {meaning}' for name, meaning in names(sheet.derivation.cell, notation))}.}}"]
    for letter in sheet.asked:
        body += [rf"\lstmheading{{({letter})}}{escape(TASKS[letter])}", _blanks(sheet, letter, notation)]
    return _document(f"Backpropagation through time: {sheet.solution.name}", escape(sheet.derivation.cell.title), body)


def solution_document(sheet: Sheet, notation: Notation = WORKSHEET) -> str:
    """The solution as a document."""
    body = [solution_latex(asked_only(sheet), notation=notation)]
    return _document(f"Solution: {sheet.solution.name}", escape(sheet.derivation.cell.title), body)


def sheet_markdown(sheet: Sheet, notation: Notation = WORKSHEET) -> str:
    """The problem sheet in Markdown."""
    printer = Printer(LATEX, notation)
    blocks = [f"# Backpropagation through time: {escape_markdown(sheet.solution.name)}", "## The cell"]
    blocks += [f"$${printer.box(e.variable).source} = {printer.box(e.body).source}$$" for e in sheet.derivation.forward]
    blocks += [
        f"$${_loss(sheet, printer)}$$",
        "## Given",
        *(f"$${value_box(value, notation).source}$$" for value in shown(sheet)),
    ]
    blocks.append(escape_markdown(rules(sheet)))
    if set(sheet.asked) - {"a"}:
        blocks.append("\n".join(f"- {name}: {meaning}" for name, meaning in names(sheet.derivation.cell, notation)))
    for letter in sheet.asked:
        blocks.append(f"## ({letter}) {escape_markdown(TASKS[letter])}")
        for title, lefts in _asked(sheet, letter):
            blocks += [f"{escape_markdown(title)}: " + ", ".join(f"${printer.box(left).source}$" for left in lefts)]
    return "\n\n".join(blocks) + "\n"


def solution_sheet_markdown(sheet: Sheet, notation: Notation = WORKSHEET) -> str:
    """The solution in Markdown."""
    return f"# Solution: {escape_markdown(sheet.solution.name)}\n\n" + solution_markdown(asked_only(sheet), notation=notation)


def asked_only(sheet: Sheet) -> Solution:
    """The solution of what is asked."""
    whole = sheet.solution
    parts = tuple(part for part in whole.parts if part.key in sheet.asked)
    return Solution(whole.name, whole.cell, shown(sheet), parts, whole.values, whole.rounding)


def shown(sheet: Sheet) -> tuple[Value, ...]:
    """The givens, and the values of the parts before the first that is asked."""
    first = min(sheet.asked)
    before = {
        (line.left.name, line.value)
        for part in sheet.solution.parts
        if part.key < first
        for line in part.lines
        if hasattr(line.left, "name")
    }
    earlier = tuple(value for value in sheet.solution.values if (value.quantity, value.entries) in before)
    return (*sheet.solution.givens, *earlier)


def rules(sheet: Sheet) -> str:
    """How numbers are to be given."""
    return (
        f"Give every number to {sheet.decimals} decimals. You may go on with rounded numbers: "
        "what follows from them counts as right, and a mistake loses one mark, not those of what follows from it."
    )


def _equations(sheet: Sheet, notation: Notation) -> str:
    statements = [result.statement for result in sheet.derivation.of_kind("loss")][:1]
    return display([*(Statement(e.variable, e.body) for e in sheet.derivation.forward), *statements], notation)


def _loss(sheet: Sheet, printer: Printer) -> str:
    statement = sheet.derivation.of_kind("loss")[0].statement
    return f"{printer.box(statement.left).source} = {printer.box(statement.right).source}"


def _asked(sheet: Sheet, letter: str) -> Iterator[tuple[str, list[Expression]]]:
    """The left sides under each heading, stacked forms and what is zero without calculation left out."""
    for part in sheet.solution.parts:
        if part.key == letter:
            yield part.title, [line.left for line in part.lines if line.numbers and not hasattr(line.left, "blocks")]


def _blanks(sheet: Sheet, letter: str, notation: Notation) -> str:
    printer = Printer(LATEX, notation)
    return "\n".join(_blank(title, [printer.box(left) for left in lefts]) for title, lefts in _asked(sheet, letter))


COLUMNS = 3


def _blank(title: str, names: list[Box]) -> str:
    """A table with room for every answer, three in a row."""
    cells = [rf"${name.source} =$ & \lstmblank" for name in names]
    cells += [" & "] * (-len(cells) % COLUMNS)
    rows = [" & ".join(cells[start : start + COLUMNS]) + r" \\" for start in range(0, len(cells), COLUMNS)]
    return f"\\begin{{lstmblanks}}{{{escape(title)}}}\n" + "\n".join(rows) + "\n\\end{lstmblanks}"


def _document(title: str, subtitle: str, body: list[str]) -> str:
    head = rf"{{\Large {escape(title)}}}\hfill Name: \underline{{\hspace{{.25\textwidth}}}}\par\smallskip {subtitle}\par"
    return f"{PREAMBLE}\\begin{{document}}\n{head}\n" + "\n".join(body) + "\n\\end{document}\n"

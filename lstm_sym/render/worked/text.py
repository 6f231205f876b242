"""A worked solution in plain text and in Markdown: givens, parts with each line symbols = numbers = value, values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lstm_sym.render.typeset.escape import escape_markdown
from lstm_sym.render.typeset.ink import LATEX, TEXT
from lstm_sym.render.typeset.layout import aligned
from lstm_sym.render.typeset.matrix import checked, number_box
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.render.worked.latex import heading, part_latex, value_box
from lstm_sym.render.worked.lines import chain_of, notes
from lstm_sym.render.worked.tables import Table, any_elided, constants, timed_tables
from lstm_sym.worked import Part, Solution, Value

TEXT_WIDTH = 110.0


def solution_text(solution: Solution, *, notation: Notation = WORKSHEET) -> str:
    """The whole solution for a terminal."""
    lines = [*_titled("Given"), *values_text(solution.givens, notation)]
    for part in solution.parts:
        lines += ["", *_titled(heading(part)), *part_text(part, notation)]
    lines += ["", *_titled("Values"), *_tables_text(solution, notation), *values_text(constants(solution.values), notation)]
    return "\n".join([*lines, "", *notes(solution, any_elided(solution))]) + "\n"


def _titled(title: str) -> list[str]:
    return [title, "=" * len(title), ""]


def part_text(part: Part, notation: Notation = WORKSHEET) -> Iterator[str]:
    """The lines of a part, aligned at the equals sign."""
    rows = [row for chain in aligned([chain_of(line, TEXT, notation) for line in part.lines], TEXT, TEXT_WIDTH) for row in chain]
    margin = max((len(row.left) for row in rows), default=0)
    for row in rows:
        yield f"{row.left:>{margin}} {row.right}".rstrip()


def values_text(values: Sequence[Value], notation: Notation = WORKSHEET) -> Iterator[str]:
    for value in values:
        name = TEXT.symbol(value.quantity, None if value.time is None else str(value.time), notation)
        yield f"{name.source} = {number_box(checked(value.entries, value.quantity), TEXT).source}"


def _tables_text(solution: Solution, notation: Notation) -> Iterator[str]:
    for table in timed_tables(solution.values, TEXT, notation):
        rows = [("", *("…" if step is None else f"t={step}" for step in table.steps)), *_cells(table)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for name, *cells in rows:
            yield "  ".join([name.ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells, widths[1:], strict=True))]).rstrip()
        yield ""


def _cells(table: Table) -> Iterator[tuple[str, ...]]:
    for name, cells in table.rows:
        yield (name.source, *("" if cell is None else cell.source for cell in cells))


def solution_markdown(solution: Solution, *, notation: Notation = WORKSHEET) -> str:
    """The whole solution with $$...$$ around its formulas."""
    blocks = ["## Given", *(f"$${value_box(value, notation).source}$$" for value in solution.givens)]
    for part in solution.parts:
        blocks += [f"## {escape_markdown(heading(part))}", _aligned_markdown(part, notation)]
    blocks.append("## Values")
    for table in timed_tables(solution.values, LATEX, notation):
        head = ["quantity", *("…" if step is None else f"t = {step}" for step in table.steps)]
        rows = [[f"${cell}$" if cell else "" for cell in row] for row in _cells(table)]
        blocks.append("\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)))
    blocks += [f"$${value_box(value, notation).source}$$" for value in constants(solution.values)]
    blocks += [escape_markdown(note) for note in notes(solution, any_elided(solution))]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _aligned_markdown(part: Part, notation: Notation) -> str:
    body = part_latex(part, notation).replace("{align*}", "{aligned}")
    return f"$$\n{body}\n$$" if body else ""

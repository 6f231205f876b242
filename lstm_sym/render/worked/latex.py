"""A worked solution in LaTeX: givens, the parts with every line symbols = numbers = value, tables of values, rounding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lstm_sym.render.typeset.box import Box, atom
from lstm_sym.render.typeset.escape import escape
from lstm_sym.render.typeset.ink import LATEX
from lstm_sym.render.typeset.layout import PAGE, Chain, aligned
from lstm_sym.render.typeset.matrix import checked, number_box
from lstm_sym.render.typeset.notation import WORKSHEET, Notation, name_parts
from lstm_sym.render.worked.lines import chain_of, notes
from lstm_sym.render.worked.tables import Table, any_elided, constants, split_by_width, timed_tables
from lstm_sym.worked import Part, Solution, Value

GAP = 4.0
"""The width of the comma and space between two values."""


def solution_latex(solution: Solution, *, notation: Notation = WORKSHEET) -> str:
    """Givens, parts and note, as a fragment for \\input."""
    blocks = [r"\lstmheading{Given}", *values_latex(solution.givens, notation)]
    for part in solution.parts:
        blocks += [rf"\lstmheading{{{escape(heading(part))}}}", part_latex(part, notation)]
    blocks += [rf"\lstmnote{{{escape(note)}}}" for note in notes(solution, any_elided(solution))]
    return "\n".join(block for block in blocks if block) + "\n"


def heading(part: Part) -> str:
    return f"({part.key}) {part.title}" if part.key else part.title


def part_latex(part: Part, notation: Notation = WORKSHEET) -> str:
    """The lines of a part, aligned at the equals sign."""
    if not part.lines:
        return ""
    return _display([chain_of(line, LATEX, notation) for line in part.lines])


def _display(chains: Sequence[Chain]) -> str:
    rows = [row for chain in aligned(chains, LATEX, PAGE) for row in chain]
    body = " \\\\\n".join(f"  {row.left} &{row.right}".rstrip() for row in rows)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def values_latex(values: Sequence[Value], notation: Notation = WORKSHEET) -> Iterator[str]:
    """Values one after the other, as many in a row as fit, one of each family in a row: W_a = [...], U_a = [...], b_a = [...]."""
    rows: list[list[str]] = []
    used, families = PAGE, set[str]()
    for value in values:
        box = value_box(value, notation)
        family = name_parts(value.quantity, notation).base if value.time is None else ""
        if used + box.width + GAP > PAGE or family in families:
            rows.append([])
            used, families = 0.0, set()
        rows[-1].append(box.source)
        used += box.width + GAP
        families |= {family} - {""}
    if rows:
        body = " \\\\\n".join("  " + r", \quad ".join(row) for row in rows)
        yield f"\\begin{{gather*}}\n{body}\n\\end{{gather*}}"


def value_box(value: Value, notation: Notation) -> Box:
    """quantity = matrix; one entry stands as a bare number."""
    name, number = name_box(value, notation), entries_box(value)
    return atom(f"{name.source} = {number.source}", name.width + LATEX.sign("equals").width + number.width)


def name_box(value: Value, notation: Notation) -> Box:
    return LATEX.symbol(value.quantity, None if value.time is None else str(value.time), notation)


def entries_box(value: Value) -> Box:
    return number_box(checked(value.entries, value.quantity), LATEX)


def tables_latex(solution: Solution, *, notation: Notation = WORKSHEET) -> str:
    """All values: those with a time as tables, the others one after the other; long numbers on rows of their own."""
    short, long = split_by_width(solution.values)
    blocks = [_table(table) for table in timed_tables(short, LATEX, notation)]
    blocks += [*values_latex(constants(short), notation)]
    if long:
        blocks.append(_display([Chain(name_box(value, notation), (entries_box(value),)) for value in long]))
    return "\n".join(blocks) + "\n"


def _table(table: Table) -> str:
    head = " & ".join(["", *(r"$\cdots$" if step is None else f"$t = {step}$" for step in table.steps)])
    rows = [
        " & ".join([f"${name.source}$", *("" if cell is None else f"${cell.source}$" for cell in cells)]) + r" \\"
        for name, cells in table.rows
    ]
    body = "\n".join([head.strip() + r" \\ \hline \endhead", *rows])
    return f"\\begin{{lstmvalues}}{{{len(table.steps)}}}\n{body}\n\\end{{lstmvalues}}"

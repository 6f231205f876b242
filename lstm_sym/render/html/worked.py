"""A worked solution on a page: givens, the parts with each line symbols = numbers = value, tables of values, notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape

from lstm_sym.render.html.digits import Texts, shown
from lstm_sym.render.html.flow import group, row, table
from lstm_sym.render.html.ink import MarkedInk
from lstm_sym.render.html.mathml import math
from lstm_sym.render.html.steps import link
from lstm_sym.render.typeset.ink import TEXT, Ink
from lstm_sym.render.typeset.layout import Chain
from lstm_sym.render.typeset.matrix import checked, number_box
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.render.worked.latex import heading
from lstm_sym.render.worked.lines import chain_of, notes
from lstm_sym.render.worked.tables import Table, any_elided, constants, timed_tables
from lstm_sym.worked import Line, Part, Solution, Value

Number = Callable[[str], str | None]
"""The printed number of the equation with an id, or None."""


class WorkedHtml:
    """Prints a solution; `roundings` says how entries are rounded at each number of decimals on offer."""

    def __init__(
        self, solution: Solution, ink: MarkedInk, number: Number, roundings: Texts, notation: Notation = WORKSHEET
    ) -> None:
        self.solution, self.ink, self.number, self.roundings, self.notation = solution, ink, number, roundings, notation

    def lines(self) -> str:
        """Givens and parts."""
        blocks = ['<h3 id="given">Given</h3>', self._values(self.solution.givens, "Given")]
        for place, part in enumerate(self.solution.parts):
            blocks += [f'<h3 id="{part_anchor(place)}">{escape(heading(part))}</h3>', self._part(part)]
        return "\n".join([*blocks, *self._notes()])

    def entries(self) -> list[tuple[str, str]]:
        parts = [(part_anchor(place), escape(heading(part))) for place, part in enumerate(self.solution.parts)]
        return [("given", "Given"), *parts]

    def tables(self) -> str:
        """All values: those with a time in tables, the others one below the other."""
        tables = [self._table(table) for table in timed_tables(self.solution.values, self.ink, self.notation)]
        return "\n".join([*tables, self._values(constants(self.solution.values), "Values without a time")])

    def _notes(self) -> Iterator[str]:
        for note in notes(self.solution, any_elided(self.solution)):
            yield f'<p class="note">{self._with_rounding(note)}</p>'

    def _with_rounding(self, note: str) -> str:
        rounding = self.solution.rounding
        words = shown(rounding, self.roundings) if self.roundings else rounding
        row = f' data-n="{self.ink.numbers.row(self.roundings)}"' if words is not rounding else ""
        before, found, after = note.partition(rounding)
        return f"{escape(before)}<span{row}>{escape(rounding)}</span>{escape(after)}" if found else escape(note)

    def _part(self, part: Part) -> str:
        return table(heading(part), [self._line(line) for line in part.lines]) if part.lines else ""

    def _line(self, line: Line) -> str:
        number = self.number(line.id)
        chains = (chain_of(line, ink, self.notation) for ink in (self.ink, TEXT))
        return row(*_alike(*chains), link(number) if number else "")

    def _values(self, values: Sequence[Value], name: str) -> str:
        rows = [row(self._given(value, self.ink), self._given(value, TEXT)) for value in values]
        return table(name, rows) if rows else ""

    def _given(self, value: Value, ink: Ink) -> Chain:
        name = ink.symbol(value.quantity, None if value.time is None else str(value.time), self.notation)
        return Chain(name, (number_box(checked(value.entries, value.quantity), ink),))

    def _table(self, table: Table) -> str:
        steps = "".join(f'<th scope="col">{"…" if step is None else math(f"t = {step}")}</th>' for step in table.steps)
        rows = "\n".join(
            f'<tr><th scope="row">{math(name.source)}</th>'
            + "".join(f"<td>{math(cell.source) if cell else ''}</td>" for cell in cells)
            + "</tr>"
            for name, cells in table.rows
        )
        head = f"<thead><tr><td></td>{steps}</tr></thead>"
        return group(f'<table class="values">{head}<tbody>\n{rows}\n</tbody></table>', "Values by step")


def _alike(chain: Chain, words: Chain) -> tuple[Chain, Chain]:
    """The two chains with as many sides: plain text may leave one out that only looks the same there."""
    same = len(chain.rights) == len(words.rights)
    return chain, words if same else Chain(words.left, (words.rights[-1],) * len(chain.rights))


def part_anchor(place: int) -> str:
    return f"worked-{place + 1}"

"""A derivation on a page: each result with its number, conditions and verdict, and its lines with rule, reason and premises.

Laws: anchors are eq- and the printed number, so that a link keeps its meaning; each line names the anchors of all its premises, the
line above included, which the page lights up; a badge says by sign and word what its colour says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from lstm_sym.derivation import Derivation, Statement, Step
from lstm_sym.render.box import Box
from lstm_sym.render.glance import glance_parts
from lstm_sym.render.html.badge import badge, basis
from lstm_sym.render.html.ink import MarkedInk
from lstm_sym.render.html.mathml import math, text_with_math
from lstm_sym.render.ink import TEXT
from lstm_sym.render.layout import Chain, aligned
from lstm_sym.render.notation import WORKSHEET, Notation
from lstm_sym.render.outline import OutlineLine, OutlineResult, Reasons, Verdicts, labels, outline
from lstm_sym.render.printer import Printer
from lstm_sym.render.sections import by_section
from lstm_sym.render.statement import conditions, equation

WIDTH = 62.0
"""The room for an equation, in digits of the text font."""


class DerivationHtml:
    """Prints a derivation; `verdicts` has those of results and of steps by their ids."""

    def __init__(
        self, derivation: Derivation, ink: MarkedInk, reasons: Reasons, verdicts: Verdicts, notation: Notation = WORKSHEET
    ) -> None:
        self.derivation, self.ink, self.verdicts, self.notation = derivation, ink, verdicts, notation
        self.printer = Printer(ink, notation)
        self.labels = dict(labels(derivation))
        self.outline = outline(derivation, reasons, verdicts)
        short = outline(derivation, reasons, verdicts, short=True)
        self.alike = {result.number: result.alike for result in short if result.alike}

    def body(self) -> str:
        """Every result under its heading."""
        blocks = []
        for title, results in by_section(self.outline):
            blocks.append(f'<h3 id="{anchor_of(title)}">{escape(title)}</h3>')
            blocks += [self._result(result) for result in results]
        return "\n".join(blocks)

    def entries(self) -> list[tuple[str, str]]:
        """The headings, for the contents."""
        return [(anchor_of(title), escape(title)) for title, _ in by_section(self.outline)]

    def glance(self) -> str:
        """The equations without steps, each with a link to where it is derived."""
        numbers = {result.result.statement: result.number for result in self.outline}
        blocks = []
        for title, statements in glance_parts(self.derivation):
            if statements:
                rows = "\n".join(self._glance_row(statement, numbers.get(statement)) for statement in statements)
                blocks.append(f"<h3>{text_with_math(title)}</h3>\n{equation_table(title, rows)}")
        return "\n".join(blocks)

    def names(self) -> Mapping[str, str]:
        """Number, with a link, and left side of every result by its id."""
        return {
            outlined.result.id: f"{link(str(outlined.number))} {self._left(outlined.result.statement)}" for outlined in self.outline
        }

    def number_of(self, id: str) -> str | None:
        """The printed number of a result, or None."""
        return self.labels.get(id)

    def _left(self, statement: Statement) -> str:
        return math(self.printer.box(statement.left).source)

    def _glance_row(self, statement: Statement, number: int | None) -> str:
        chain = Chain(self.printer.box(statement.left), (self.printer.box(statement.right),))
        return equation_row(chain, self.ink, WIDTH, equation(statement, TEXT, self.notation), link(str(number)) if number else "")

    def _result(self, outlined: OutlineResult) -> str:
        statement, number = outlined.result.statement, outlined.number
        when = conditions(statement, self.ink, self.notation)
        times = f' <span class="when">for {text_with_math(when)}</span>' if when else ""
        verdict = f" {badge(outlined.verdict.status)}" if outlined.verdict else ""
        heading = f"<h4>{_self_link(str(number))} {self._left(statement)}{times}{verdict}</h4>"
        steps = list(zip(outlined.lines, outlined.result.steps, strict=True))
        lines = "\n".join(self._line(line, step) for line, step in steps)
        listed = f'<ol class="steps">\n{lines}\n</ol>'
        if number in self.alike:
            same = f"The lines are those of ({self.alike[number]}) for another parameter: show them"
            listed = f"{self._whole(statement)}\n<details><summary>{same}</summary>\n{listed}\n</details>"
        rests = f'<p class="basis">{basis(outlined.verdict)}</p>' if outlined.verdict else ""
        return f'<article class="result" id="eq-{number}" data-p="{self._premises_of_result(outlined)}">\n{heading}\n{listed}\n{rests}</article>'

    def _whole(self, statement: Statement) -> str:
        return self._equation(statement, self.printer.box(statement.left), show_left=True)

    def _line(self, line: OutlineLine, step: Step) -> str:
        verdict = self.verdicts.get(step.id)
        shown = self._equation(line.statement, self.printer.box(line.statement.left), show_left=not line.left_repeats)
        why = [f'<span class="rule">{escape(line.rule)}</span>']
        if line.reason:
            why.append(f'<span class="reason">{escape(line.reason)}</span>')
        if line.premises:
            why.append(f'<span class="from">from {", ".join(link(premise) for premise in line.premises)}</span>')
        mark = f" {badge(verdict.status)}" if verdict else ""
        premises = " ".join(f"eq-{self.labels[used]}" for used in step.uses if used in self.labels)
        return (
            f'<li class="step" id="eq-{line.label}" data-p="{premises}"><span class="label">{_self_link(line.label)}</span>{shown}'
            f'<p class="why">{"; ".join(why)}{mark}</p></li>'
        )

    def _equation(self, statement: Statement, left: Box, *, show_left: bool) -> str:
        (rows,) = aligned([Chain(left, (self.printer.box(statement.right),))], self.ink, WIDTH)
        sides = [(row.left, row.right, row.is_left_alone) for row in rows]
        if not show_left:
            sides = [(rf"\phantom{{{one}}}" if one else one, right, alone) for one, right, alone in sides if not alone]
        alt = equation(statement, TEXT, self.notation)
        return scrolled(math(_rows(sides), alt, display=True), alt)

    def _premises_of_result(self, outlined: OutlineResult) -> str:
        own = {step.id for step in outlined.result.steps}
        used = dict.fromkeys(id for step in outlined.result.steps for id in step.uses if id not in own)
        return " ".join(f"eq-{self.labels[id]}" for id in used if id in self.labels)


def anchor_of(title: str) -> str:
    """The anchor of a heading: its letters and digits, in small letters, joined by hyphens."""
    return "part-" + "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in title.lower()).split())


def link(label: str) -> str:
    """A reference to an equation."""
    return f'<a class="ref" href="#eq-{escape(label)}">({escape(label)})</a>' if label[:1].isdigit() else escape(label)


def _self_link(label: str) -> str:
    return f'<a class="number" href="#eq-{label}" title="Link to this equation">({label})</a>'


def scrolled(body: str, name: str) -> str:
    """A formula in a place of its own that scrolls where it is too wide, and whose symbols the arrow keys reach."""
    return f'<div class="eq" tabindex="0" role="group" aria-label="{escape(name)}">{body}</div>'


def equation_table(name: str, rows: str) -> str:
    """Equations below one another, aligned at the equals sign."""
    return f'<div class="eq" tabindex="0" role="group" aria-label="{escape(name)}"><table class="chain" role="presentation">\n{rows}\n</table></div>'


def equation_row(chain: Chain, ink: MarkedInk, width: float, alt: str, number: str = "", anchor: str = "") -> str:
    """One equation as a row of such a table: left side, right sides, number."""
    (rows,) = aligned([chain], ink, width)
    left = next((row.left for row in rows if row.left), "")
    right = _rows([("", row.right, False) for row in rows])
    named = f' id="{anchor}"' if anchor else ""
    return (
        f'<tr{named}><td class="l">{math(left, display=True) if left else ""}</td>'
        f'<td class="r">{math(right, alt, display=True)}</td><td class="n">{number}</td></tr>'
    )


def _rows(sides: Sequence[tuple[str, str, bool]]) -> str:
    """Rows of (left, right, whether the left side stands alone above) as one formula."""
    if len(sides) == 1:
        left, right, _ = sides[0]
        return f"{left} {right}"
    return r"\begin{aligned} " + r" \\ ".join(f"{left} & {right}" for left, right, _ in sides) + r" \end{aligned}"


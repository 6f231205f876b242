"""A derivation on a page: each result with its number, conditions and verdict, and its lines with rule, reason and premises.

Laws: anchors are eq- and the printed number, so that a link keeps its meaning; each line names the anchors of all its premises,
the line above included, which the page lights up; a badge says by sign and word what its colour says.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from lstm_sym.derivation import Derivation, Statement, Step
from lstm_sym.render.derivation.glance import glance_parts
from lstm_sym.render.derivation.outline import OutlineLine, OutlineResult, Reasons, Verdicts, labels, outline
from lstm_sym.render.derivation.sections import by_section
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.expression.statement import conditions, equation
from lstm_sym.render.html import flow
from lstm_sym.render.html.badge import badge, basis
from lstm_sym.render.html.flow import group, row, table
from lstm_sym.render.html.ink import MarkedInk
from lstm_sym.render.html.mathml import math, text_with_math
from lstm_sym.render.typeset.ink import TEXT
from lstm_sym.render.typeset.layout import Chain
from lstm_sym.render.typeset.notation import WORKSHEET, Notation


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
                rows = [self._glance_row(statement, numbers.get(statement)) for statement in statements]
                blocks.append(f"<h3>{text_with_math(title)}</h3>\n{table(title.replace('$', ''), rows)}")
        return "\n".join(blocks)

    def names(self) -> Mapping[str, str]:
        """Number, with a link, and left side of every result by its id."""
        return {
            outlined.result.id: f"{link(str(outlined.number))} {self._left(outlined.result.statement)}"
            for outlined in self.outline
        }

    def number_of(self, id: str) -> str | None:
        """The printed number of a result, or None."""
        return self.labels.get(id)

    def _left(self, statement: Statement) -> str:
        return math(self.printer.box(statement.left).source)

    def _glance_row(self, statement: Statement, number: int | None) -> str:
        return row(*self._chain(statement), link(str(number)) if number else "")

    def _result(self, outlined: OutlineResult) -> str:
        statement, number = outlined.result.statement, outlined.number
        when = conditions(statement, self.ink, self.notation)
        times = f' <span class="when">for {text_with_math(when)}</span>' if when else ""
        verdict = f" {badge(outlined.verdict.status)}" if outlined.verdict else ""
        heading = f"<h4>{_self_link(str(number))} {self._left(statement)}{times}{verdict}</h4>"
        alone = len(outlined.lines) == 1
        lines = "\n".join(
            self._line(line, step, alone=alone) for line, step in zip(outlined.lines, outlined.result.steps, strict=True)
        )
        listed = f'<ol class="steps">\n{lines}\n</ol>'
        if number in self.alike:
            same = f"The lines are those of ({self.alike[number]}) for another parameter: show them"
            listed = f"{self._equation(statement)}\n<details><summary>{same}</summary>\n{listed}\n</details>"
        rests = f'<p class="basis">{basis(outlined.verdict)}</p>' if outlined.verdict else ""
        used = self._premises_of_result(outlined)
        return f'<article class="result" id="eq-{number}" data-p="{used}">\n{heading}\n{listed}\n{rests}</article>'

    def _line(self, line: OutlineLine, step: Step, *, alone: bool) -> str:
        """A line of a result; one that is alone has its number and verdict in the heading."""
        verdict = None if alone else self.verdicts.get(step.id)
        shown = self._equation(line.statement, show_left=not line.left_repeats)
        why = [f'<span class="rule">{escape(line.rule)}</span>']
        if line.reason:
            why.append(f'<span class="reason">{escape(line.reason)}</span>')
        if line.premises:
            why.append(f'<span class="from">from {", ".join(link(premise) for premise in line.premises)}</span>')
        mark = f" {badge(verdict.status)}" if verdict else ""
        premises = " ".join(f"eq-{self.labels[used]}" for used in step.uses if used in self.labels)
        label = "" if alone else _self_link(line.label)
        anchor = f"eq-{line.label}" if line.label[-1:].isalpha() else f"eq-{line.label}-end"
        return (
            f'<li class="step" id="{anchor}" data-p="{premises}"><span class="label">{label}</span>{shown}'
            f'<p class="why">{"; ".join(why)}{mark}</p></li>'
        )

    def _chain(self, statement: Statement, *, show_left: bool = True) -> tuple[Chain, Chain]:
        """The equation as it is set, and in plain text."""
        words = Printer(TEXT, self.notation)
        left, text = (printer.box(statement.left) if show_left else None for printer in (self.printer, words))
        return Chain(left, (self.printer.box(statement.right),)), Chain(text, (words.box(statement.right),))

    def _equation(self, statement: Statement, *, show_left: bool = True) -> str:
        left = None if show_left else self.printer.box(statement.left)
        chain, words = self._chain(statement, show_left=show_left)
        return group(flow.equation(chain, words, unseen_left=left), equation(statement, TEXT, self.notation))

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

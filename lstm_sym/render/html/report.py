"""The report as one page: notation, equations, derivation, worked example, values, pictures, verdicts; and pages of a part of it.

Law: everything on the page comes from the data rows; what is not given has no section.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from lstm_sym.derivation import Derivation
from lstm_sym.render.derivation.outline import Reasons, Verdicts
from lstm_sym.render.derivation.preface import notation_rows
from lstm_sym.render.html.badge import verdict_table
from lstm_sym.render.html.data import page_data
from lstm_sym.render.html.digits import first_decimals, with_all_digits
from lstm_sym.render.html.frame import Page, Section, page_html
from lstm_sym.render.html.ink import MarkedInk
from lstm_sym.render.html.legend import legend
from lstm_sym.render.html.mathml import text_with_math
from lstm_sym.render.html.steps import DerivationHtml
from lstm_sym.render.html.worked import WorkedHtml
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.worked import Solution

HINT = (
    "Point at a symbol, or tap it, to see what it is, its shape and its value. With the keyboard: Tab goes to an equation,"
    " the arrow keys to its symbols, Escape closes. A line that has the focus marks the lines it follows from."
)

Figures = Sequence[tuple[str, str]]
"""Pictures as (title, SVG text)."""


def report_page(
    derivation: Derivation,
    solution: Solution | None = None,
    verdicts: Verdicts | None = None,
    reasons: Reasons | None = None,
    *,
    steps: Verdicts | None = None,
    precisions: Mapping[int, Solution] | None = None,
    figures: Figures = (),
    derived: bool = True,
    notation: Notation = WORKSHEET,
) -> str:
    """The page. `verdicts` has those of results and compositions, `steps` those of single lines; `precisions` has the solution at
    each number of decimals that the reader can choose; without `derived` the derivation itself is left out.
    """
    cell = derivation.cell
    choices = dict(precisions or {}) if solution is not None else {}
    first = first_decimals(solution, choices) if solution is not None else None
    shown = with_all_digits(solution, choices) if solution is not None else None
    ink = MarkedInk()
    printer = DerivationHtml(derivation, ink, reasons or {}, {**(steps or {}), **(verdicts or {})}, notation)
    sections = [Section("notation", "Notation", _notation(derivation, notation))]
    if derived:
        sections.append(Section("equations", "The equations at a glance", printer.glance()))
        sections.append(Section("derivation", "Derivation", printer.body(), printer.entries()))
    if shown is not None:
        roundings = tuple(choice.rounding for choice in choices.values()) if first is not None else ()
        worked = WorkedHtml(shown, ink, printer.number_of if derived else _no_number, roundings, notation)
        sections.append(Section("worked", f"Worked example: {shown.name}", worked.lines(), worked.entries()))
        sections.append(Section("values", "Values", worked.tables()))
    sections += _pictures(figures)
    if verdicts and derived:
        sections.append(Section("proved", "What was proved", verdict_table(verdicts, printer.names())))
    page = Page(
        title=f"Backpropagation through time: {cell.title or cell.name}",
        subtitle=cell.source,
        sections=sections,
        data=page_data(legend(derivation, notation, shown), shown, ink.numbers),
        decimals=tuple(choices) if first is not None else (),
        first=first,
        hint=HINT,
    )
    return page_html(page)


def _no_number(id: str) -> None:
    return None


def _notation(derivation: Derivation, notation: Notation) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{text_with_math(sign)}</th><td>{text_with_math(meaning)}</td></tr>'
        for sign, meaning in notation_rows(derivation.cell, notation)
    )
    return f'<table class="notation"><tbody>\n{rows}\n</tbody></table>'


def _pictures(figures: Figures) -> Iterator[Section]:
    """The pictures as images inside the page: in an image nothing runs and nothing is loaded."""
    if figures:
        yield Section("pictures", "Pictures", "\n".join(_picture(title, svg) for title, svg in figures))


def _picture(title: str, svg: str) -> str:
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode('ascii')}"
    image = f'<img alt="{escape(title)}" src="{source}">'
    scrolling = f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(title)}">{image}</div>'
    return f"<figure>{scrolling}<figcaption>{escape(title)}</figcaption></figure>"

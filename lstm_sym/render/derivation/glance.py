"""The whole of a cell on one page: its equations as declared, the backward pass, the gradients and the update, without steps.

Law: every line is a statement of the derivation; parameters stand in the stacked form where there is one, else one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lstm_sym.derivation import Derivation, Statement
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.typeset.ink import LATEX
from lstm_sym.render.typeset.layout import PAGE, Chain, aligned
from lstm_sym.render.typeset.notation import WORKSHEET, Notation
from lstm_sym.symbols.compound import Stack

BACKWARD = ("adjoint", "input", "arriving")


def glance_latex(derivation: Derivation, notation: Notation = WORKSHEET) -> str:
    """The parts under their headings, each as one aligned display."""
    blocks = []
    for title, statements in glance_parts(derivation):
        if statements:
            blocks.append(rf"\lstmheading{{{title}}}")
            blocks.append(display(statements, notation))
    return "\n".join(blocks) + "\n"


def glance_parts(derivation: Derivation) -> Iterator[tuple[str, Sequence[Statement]]]:
    """Each heading, as LaTeX, with its statements; there may be none."""
    yield "Forward", [Statement(equation.variable, equation.body) for equation in derivation.forward]
    yield r"Backward, for $t = T, \dots, 0$", _of_kind(derivation, *BACKWARD)
    yield "After the last step", _of_kind(derivation, "boundary")
    stacked = [s for s in _of_kind(derivation, "stacked") if not s.assuming]
    names = [s for s in stacked if isinstance(s.left, Stack) and s.right == Stack("", *s.left.blocks)]
    yield "Stacked", names
    total = {block for s in stacked if isinstance(s.left, Stack) for block in s.left.blocks if s not in names}
    for title, kind in (("Gradients", "parameter"), ("Update", "update")):
        single = [s for s in _of_kind(derivation, kind) if s.left not in total]
        together = [s for s in stacked if s not in names and _is_of_kind(derivation, s, kind)]
        yield title, together + single


def _of_kind(derivation: Derivation, *kinds: str) -> list[Statement]:
    return [result.statement for result in derivation.of_kind(*kinds)]


def _is_of_kind(derivation: Derivation, stacked: Statement, kind: str) -> bool:
    """Whether the blocks of a stacked left side are left sides of results of that kind."""
    lefts = {statement.left for statement in _of_kind(derivation, kind)}
    return isinstance(stacked.left, Stack) and set(stacked.left.blocks) <= lefts


def display(statements: Sequence[Statement], notation: Notation) -> str:
    """The statements as one display, aligned at the equals sign."""
    printer = Printer(LATEX, notation)
    chains = [Chain(printer.box(s.left), (printer.box(s.right),)) for s in statements]
    rows = [row for chain in aligned(chains, LATEX, PAGE) for row in chain]
    body = " \\\\\n".join(f"  {row.left} &{row.right}".rstrip() for row in rows)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"

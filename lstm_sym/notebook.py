"""Typeset display in Jupyter: what each kind of object shows there. Registered when `lstm_sym` is imported in a running notebook.

Law: a table of types by name, so that nothing is imported before an object of that type is shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstm_sym.cell import Cell
    from lstm_sym.derivation import Derivation
    from lstm_sym.proof.prove import Proof
    from lstm_sym.symbols.nodes import Expression
    from lstm_sym.worked import Solution


def _expression(expression: Expression) -> str:
    from lstm_sym.render.ink import LATEX
    from lstm_sym.render.printer import Printer

    return f"$$\n{Printer(LATEX).box(expression).source}\n$$"


def _cell(cell: Cell) -> str:
    from lstm_sym.derivation import Statement
    from lstm_sym.render.ink import LATEX
    from lstm_sym.render.notation import WORKSHEET
    from lstm_sym.render.statement import equation

    lines = [equation(Statement(each.variable, each.body), LATEX, WORKSHEET).replace("=", "&=", 1) for each in cell.equations]
    body = " \\\\\n".join(lines)
    return f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$"


def _derivation(derivation: Derivation) -> str:
    from lstm_sym.calculus.rules import REASONS
    from lstm_sym.render.derivation_text import derivation_markdown

    return derivation_markdown(derivation, REASONS)


def _proof(proof: Proof) -> str:
    from lstm_sym.calculus.rules import REASONS
    from lstm_sym.render.derivation_text import derivation_markdown

    return derivation_markdown(proof.derivation, REASONS, proof.results)


def _solution(solution: Solution) -> str:
    from lstm_sym.render.worked_text import solution_markdown

    return solution_markdown(solution)


SHOWN: dict[tuple[str, str], Callable[[Any], str]] = {
    ("lstm_sym.symbols.nodes", "Expression"): _expression,
    ("lstm_sym.cell", "Cell"): _cell,
    ("lstm_sym.derivation", "Derivation"): _derivation,
    ("lstm_sym.proof.prove", "Proof"): _proof,
    ("lstm_sym.worked", "Solution"): _solution,
}
"""Module and name of a type, and its Markdown."""


def register(formatter: Any) -> None:
    """Teaches IPython's formatter of text/markdown the types of SHOWN."""
    for (module, name), show in SHOWN.items():
        formatter.for_type_by_name(module, name, show)


def register_if_running() -> None:
    """As `register`, where this Python is a notebook or an IPython session."""
    shell = sys.modules["IPython"].get_ipython()
    if shell is not None:
        register(shell.display_formatter.formatters["text/markdown"])

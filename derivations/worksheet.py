"""An LSTM of one unit and two steps, worked out: its equations, every number of both passes, the errata of the printed sheet.

Law: the formulas are those of the derivation and the numbers those of the solution; nothing is typed twice. The audit reads the
page back, and it is written only where every claim on it is PROVED. What the printed sheet has wrong stands in `ERRATA` as data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from export import write
from sympy import Integer

from lstm_sym import derive, load_cell, load_example, solve
from lstm_sym.derivation import Statement
from lstm_sym.notes.audit import audit
from lstm_sym.render.expression.statement import equation
from lstm_sym.render.typeset.ink import LATEX
from lstm_sym.render.typeset.matrix import number_box
from lstm_sym.render.typeset.notation import WORKSHEET
from lstm_sym.render.worked.latex import solution_latex
from lstm_sym.symbols.traversal import at_time
from lstm_sym.verdict import Status, Verdict, combine


@dataclass(frozen=True)
class Formula:
    """A formula that is printed wrongly: the result that it should be, at that step where it is printed for one."""

    id: str
    printed: str
    why: str
    step: int | None = None


@dataclass(frozen=True)
class Number:
    """A number that is printed wrongly: entry (row, column) of a quantity at a time."""

    quantity: str
    time: int | None
    printed: str
    why: str
    entry: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Remark:
    """What is left out, or printed in a form that does not fit."""

    what: str
    why: str


ERRATA: tuple[Formula | Number | Remark, ...] = (
    Formula(
        "delta_b",
        r"\delta b = \sum_{t=0}^T \delta \mathit{gates}_{t+1}",
        "the bias acts at every step on the gates of that same step; only the recurrent weights look one step ahead",
    ),
    Formula(
        "Delta_out",
        r"\Delta \mathit{out}_{-1} = U^T \cdot \delta \mathit{gates}_1",
        "what goes back comes from the gates of the step itself; the numbers on the sheet use step 0, as they must",
        step=0,
    ),
    Number(
        "delta_i",
        1,
        "-0.00132",
        "a misprint in the gradient of U; elsewhere on the sheet the digits are right",
    ),
    Number("delta_o", 1, "-0.00538", "a digit lost in the gradient of b: ten times too small"),
    Number("delta_b_o", None, "-0.005362", "a zero too many, ten times too small; the updated bias on the sheet is right"),
    Number("W_f_new", None, "0.70031", "neither the exact value nor the printed gradient rounds to it"),
    Remark("the gradient of b prints three of the four gates at t=0", "the zero of the forget gate is left out"),
    Remark("there is no line for the input gate in the backward pass at t=0", "its value is used without having been found"),
    Remark("each weight matrix of one unit is printed as a column", "it multiplies the inputs as a row"),
    Remark("the learning rate is never stated", "the updated parameters imply 0.1"),
)

BACKWARD = ("loss", "adjoint", "input", "arriving")
lstm = derive(load_cell("lstm"))
solution = solve(load_example())


def display(*statements: Statement) -> str:
    """Statements one under the other."""
    rows = " \\\\\n".join("  " + equation(statement) for statement in statements)
    return f"\\begin{{gather*}}\n{rows}\n\\end{{gather*}}"


def right(erratum: Formula | Number) -> str:
    """The claim as it should be printed."""
    if isinstance(erratum, Formula):
        statement = lstm[erratum.id].statement
        return equation(statement if erratum.step is None else _at(statement, erratum.step))
    value = next(v for v in solution.values if (v.quantity, v.time) == (erratum.quantity, erratum.time))
    step = None if value.time is None else str(value.time)
    return f"{LATEX.symbol(value.quantity, step, WORKSHEET).source} = {number_box(value.entries, LATEX).source}"


def _at(statement: Statement, step: int) -> Statement:
    return Statement(at_time(statement.left, Integer(step)), at_time(statement.right, Integer(step)))


def printed(erratum: Formula | Number) -> str:
    """The claim as the sheet prints it."""
    if isinstance(erratum, Formula):
        return erratum.printed
    row, column = erratum.entry
    value = next(v for v in solution.values if (v.quantity, v.time) == (erratum.quantity, erratum.time))
    return right(erratum).replace(value.entries[row][column], erratum.printed)


def items() -> Iterator[str]:
    for erratum in ERRATA:
        if isinstance(erratum, Remark):
            yield f"  \\item {erratum.what}: {erratum.why}."
        else:
            shown = printed(erratum) if isinstance(erratum, Formula) else erratum.printed
            yield f"  \\item \\verb|{shown}| for ${right(erratum)}$: {erratum.why}."


def page() -> str:
    """The whole page."""
    forward = [Statement(cell_equation.variable, cell_equation.body) for cell_equation in lstm.cell.equations]
    stacks = [lstm[id].statement for id in ("gates", "delta_gates", "W", "U", "b")]
    backward = [result.statement for kind in BACKWARD for result in lstm.of_kind(kind) if result.id != "E"]
    gradients = [lstm[id].statement for id in ("delta_W", "delta_U", "delta_U_from_zero", "delta_b")]
    return "\n".join(
        [
            r"\lstmheading{The cell}",
            display(*forward, *stacks),
            r"\lstmheading{The backward pass}",
            display(*backward),
            r"\lstmheading{Gradients}",
            display(*gradients),
            solution_latex(solution) + r"\lstmheading{Errata of the printed sheet}",
            r"\begin{itemize}",
            *items(),
            r"\end{itemize}",
            "",
        ]
    )


def verdict(text: str) -> Verdict:
    """The verdict on all claims of the page together."""
    findings = audit(text).findings
    for finding in findings:
        if finding.status is not Status.PROVED:
            print(f"{finding.claim.place}: {finding.status}, {finding.claim.text}: {finding.reason}")
    return combine(Verdict(finding.status, f"{len(findings)} claims", "audit", 1) for finding in findings)


if __name__ == "__main__":
    text = page()
    write(__file__, text, {"worksheet": verdict(text)})

"""Notations: the package's own print every cell without two symbols alike and are read back; a table's mistakes are told by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from lstm_sym.calculus.derive import derive
from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.cells import CELLS, cell
from lstm_sym.errors import InputError
from lstm_sym.notes.audit import audit
from lstm_sym.render.ink import LATEX, TEXT
from lstm_sym.render.notation import WORKSHEET
from lstm_sym.render.notation_file import notation
from lstm_sym.render.notation_names import NOTATIONS
from lstm_sym.render.preface import notation_latex
from lstm_sym.render.printer import Printer
from lstm_sym.render.statement import equation
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.nodes import Expression, odot
from lstm_sym.symbols.scalars import m, n
from lstm_sym.verdict import Status

KINDS = ("stacked", "adjoint", "arriving", "input", "parameter")
READ_BACK = ("worksheet", "hc", "greff", "colah", "fractions")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hc", r"\delta g^{(t)} = \delta c^{(t)} \odot i^{(t)} \odot (1 - (g^{(t)})^2)"),
        ("colah", r"\delta \tilde{C}_t = \delta C_t * i_t * (1 - \tilde{C}_t^2)"),
        ("greff", r"\delta z^t = \delta c^t \odot i^t \odot (1 - (z^t)^2)"),
        (
            "fractions",
            r"\frac{\partial L}{\partial \mathit{net}_{g,t}} = \frac{\partial L}{\partial c_t} \odot i_t \odot (1 - g_t^2)",
        ),
    ],
)
def test_the_same_equation_in_each_notation(name: str, expected: str) -> None:
    derivation = derive(cell("lstm"))
    assert equation(derivation["delta_a"].statement, LATEX, notation(name).for_cell(derivation.cell)) == expected


@pytest.mark.parametrize("name", NOTATIONS)
@pytest.mark.parametrize("of", CELLS)
def test_no_two_symbols_look_alike(of: str, name: str) -> None:
    found = cell(of)
    for ink in (LATEX, TEXT):
        printer = Printer(ink, notation(name).for_cell(found))
        symbols = (*found.variables, *found.inputs, *found.parameters)
        assert len({printer.box(symbol).source for symbol in symbols}) == len(symbols)


def test_names_that_would_collide_stay_as_they_are_declared() -> None:
    a, g, out = variables("a g out", n)
    x, W = inputs("x", m), weights("W", n, m)
    found = Cell(
        "both",
        output=out,
        equations=[define(a, tanh(W.a @ x + biases("b", n).a)), define(g, sigma(W.g @ x)), define(out, odot(a, g) + out.prev)],
    )
    printer = Printer(LATEX, notation("hc").for_cell(found))
    assert [printer.box(v).source for v in found.variables] == ["a^{(t)}", "g^{(t)}", "h^{(t)}"]


@pytest.mark.parametrize("name", READ_BACK)
@pytest.mark.parametrize("of", ["lstm", *(pytest.param(c, marks=pytest.mark.sweep) for c in CELLS if c != "lstm")])
def test_what_is_printed_is_proved_when_read_back(of: str, name: str) -> None:
    found = cell(of)
    printer = Printer(LATEX, notation(name).for_cell(found))

    def line(left: Expression, right: Expression) -> str:
        return f"$${printer.box(left).source} = {printer.box(right).source}$$"

    results = sorted((r for r in derive(found).results if r.kind in KINDS), key=lambda r: KINDS.index(r.kind))
    equations = found.split if name == "fractions" else found.equations
    lines = [*(line(e.variable, e.body) for e in equations), *(line(r.statement.left, r.statement.right) for r in results)]
    report = audit("\n".join(lines))
    assert [(f.claim.text, f.reason) for f in report if f.status is not Status.PROVED] == []
    assert len(report.findings) == len(lines)


def test_the_preface_tells_the_signs_and_the_loss_of_the_notation() -> None:
    found = cell("lstm")
    printed = notation_latex(found, notation("colah").for_cell(found))
    assert "$u * v$, $u^2$ & Hadamard product" in printed
    assert r"$\partial L / \partial h_t$, the adjoint of the value" in printed
    assert r"$u \odot v$" in notation_latex(found, WORKSHEET)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("[names", "mine.toml; got "),
        ("[nams]", "mine.toml:1: `nams`; got no field of that name; expected one of title, time,"),
        ("time_above = 3", "mine.toml:1: `time_above`; got int; expected bool"),
        ("[names]\nout = 3", "mine.toml:2: `out`; got 3; expected a text, or { latex ="),
        ("[names]\nout = '\\write18{x}'", r"mine.toml:2: `out`; got '\\write'; expected letters, digits, indices"),
        ("[names]\nout = '\\tilde{C}'", "mine.toml:2: `out`; got '"),
        ("[names]\nout = { latex = '\\tilde{C', text = 'C' }", "expected braces in pairs"),
        ("[names]\nout = 'h%'", "mine.toml:2: `out`; got '%'; expected letters"),
        ("[derived]\ndelta = 'd'", "mine.toml:2: `delta`; got 'd'; expected a pattern with one #"),
        ("[derived]\nepsilon = 'd#'", "mine.toml:2: `epsilon`; got no key of [derived]; expected one of delta, Delta, partial"),
        ("[signs]\nplus = '+'", "got no key of [signs]; expected one of hadamard, product, outer"),
        ("[names]\nout = '" + "h" * 300 + "'", "expected at most 200 characters"),
    ],
)
def test_mistakes_in_a_table_are_told_by_line(table: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(table, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        notation("mine.toml")
    assert message in str(refused.value)


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        "time = '\\langle # \\rangle'\ntime_above = true\n[names]\nout = 'h'\n[derived]\ndelta = 'd#'\n", encoding="utf-8"
    )
    with pytest.raises(InputError, match="`text` as well"):
        notation(str(path))
    path.write_text(path.read_text().replace("time = '\\langle # \\rangle'", "time = '<#>'"), encoding="utf-8")
    derivation = derive(cell("elman"))
    own = notation(str(path)).for_cell(derivation.cell)
    assert equation(derivation["delta_h"].statement, TEXT, own) == "dh^{<t>} = Δ^{<t>} + Δh^{<t>}"


def test_an_unknown_notation_gets_the_list() -> None:
    with pytest.raises(InputError, match=r"expected one of worksheet, hc, colah, greff, fractions, or a file NAME\.toml"):
        notation("olah")

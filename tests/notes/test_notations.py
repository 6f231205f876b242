"""Round trip in every notation: what is derived and printed in it is read back and proved."""

from __future__ import annotations

import pytest

from lstm_sym.calculus.derive import derive
from lstm_sym.calculus.restated import restated
from lstm_sym.cell import Cell, biases, define, inputs, variables, weights
from lstm_sym.cells import CELLS, cell
from lstm_sym.notes.audit import audit
from lstm_sym.render.expression.printer import Printer
from lstm_sym.render.typeset.notation import Notation
from lstm_sym.render.typeset.notations import NOTATIONS, notation
from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.nodes import Expression, odot
from lstm_sym.symbols.scalars import m, n
from lstm_sym.verdict import Status

KINDS = ("stacked", "adjoint", "arriving", "input", "parameter")


def table(name: str, declared: Cell) -> Notation:
    return notation(name).for_cell(declared.name, [v.name for v in declared.variables if declared.is_gate(v.name)])


def document(declared: Cell, names: Notation) -> list[str]:
    """Forward lines (with pre-activations where adjoints name them), then every derived line."""
    printer = Printer(notation=names)

    def line(left: Expression, right: Expression) -> str:
        return f"$${printer.box(left).source} = {printer.box(right).source}$$"

    derivation = restated(derive(declared), joined=names.concatenated, nets=names.adjoint_of_net)
    forward = declared.split if names.adjoint_of_net else derivation.forward
    results = [r.statement for kind in KINDS for r in derivation.of_kind(kind)]
    return [line(e.variable, e.body) for e in forward] + [line(s.left, s.right) for s in results]


def unproved(declared: Cell, name: str) -> list[tuple[str, str, str | None]]:
    lines = document(declared, table(name, declared))
    report = audit("\n".join(lines))
    assert len(report.findings) >= len(lines)
    return [(str(f.status), f.claim.text, f.reason) for f in report if f.status is not Status.PROVED]


@pytest.mark.parametrize("name", NOTATIONS)
@pytest.mark.parametrize("of", CELLS)
def test_what_is_derived_is_proved_when_read_back(of: str, name: str) -> None:
    assert unproved(cell(of), name) == []


def random_cell(seed: int) -> Cell:
    """A cell of three gates, each of them used, and a state, wired by the bits of the seed."""
    a, i, f, state, out = variables("a i f state out", n)
    x = inputs("x", m)
    W, U, b = weights("W", n, m), weights("U", n, n), biases("b", n)
    gates = [(a, tanh if seed & 1 else sigma), (i, sigma), (f, sigma)]
    equations = [
        define(v, act(W.__getattr__(v.name) @ x + U.__getattr__(v.name) @ out.prev + b.__getattr__(v.name))) for v, act in gates
    ]
    kept = odot(f, state.prev) if seed & 2 else odot(1 - i, state.prev)
    equations.append(define(state, odot(a, i) + kept if seed & 6 else kept + a))
    equations.append(define(out, odot(f, tanh(state)) if seed & 8 or not seed & 2 else tanh(state)))
    return Cell(f"drawn{seed}", equations=equations, output=out)


@pytest.mark.sweep
@pytest.mark.parametrize("name", NOTATIONS)
@pytest.mark.parametrize("seed", range(16))
def test_random_cells_are_proved_when_read_back(seed: int, name: str) -> None:
    assert unproved(random_cell(seed), name) == []

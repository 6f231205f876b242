"""`lstm-sym accuracy`: how many ulps implementations are off, against certified values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lstm_sym.cli.options import TableFormat, TableFormatOption
from lstm_sym.cli.terminal import show, working
from lstm_sym.cli.vectors import CELL_HELP, size_from
from lstm_sym.errors import InputError

if TYPE_CHECKING:
    from lstm_sym.ulps import Accuracy

ImplementationOption = Annotated[
    list[str] | None,
    typer.Option(
        "--implementation",
        metavar="NAME|FILE.py",
        help="numpy, numpy-stable, torch, onnxruntime, or a file with forward and backward. Default: all installed.",
    ),
]
PlotOption = Annotated[Path | None, typer.Option("--plot", metavar="FILE.svg", help="Draw the errors, too.")]


def accuracy(
    cell: Annotated[list[str] | None, typer.Option("--cell", metavar="CELL|FILE", help=CELL_HELP + " Default: lstm.")] = None,
    implementation: ImplementationOption = None,
    dtype: Annotated[list[str] | None, typer.Option("--dtype", help="A format; repeat for more. Default: float32.")] = None,
    size: Annotated[str, typer.Option("--size", metavar="MxN", help="m inputs, n units.")] = "3x4",
    steps: Annotated[int, typer.Option("--steps", help="Number of steps T + 1.")] = 6,
    saturation: Annotated[list[int] | None, typer.Option("--saturation", help="Repeat for more. Default: 1, 10, 40.")] = None,
    seed: Annotated[list[int] | None, typer.Option("--seed", help="Repeat for more. Default: 1, 2.")] = None,
    plot: PlotOption = None,
    format: TableFormatOption = TableFormat.TEXT,
) -> None:
    """Measure how far implementations are from certified values, in units of the last place, per quantity and saturation.

    A file is run. That is no sandbox: run no file that you would not run yourself. docs/guide/vectors.md says what it must
    define.
    """
    from lstm_sym.accuracy.measure import measure
    from lstm_sym.accuracy.table import implementation as named
    from lstm_sym.accuracy.table import installed
    from lstm_sym.floating.formats import floating_format
    from lstm_sym.vectors.case import Grid
    from lstm_sym.vectors.declaration import cells_given

    if plot is not None and plot.suffix != ".svg":
        raise InputError(f"--plot {plot}", got=f"ending {plot.suffix!r}", expected="a name that ends in .svg")
    cells, declared = cells_given(cell or ("lstm",))
    grid = Grid(cells, (size_from(size),), (steps,), tuple(saturation or (1, 10, 40)), tuple(seed or (1, 2)))
    formats = [floating_format(name) for name in dict.fromkeys(dtype or ("float32",))]
    own = [each.cell for each in declared]
    cases, measured = grid.cases(), [named(name, own) for name in dict.fromkeys(implementation or ())] or installed()
    with working("measuring"):
        found = measure(measured, cases, formats)
    if plot is not None:
        _draw(found, plot)
    show(_answer(found, format))


def _draw(found: list[Accuracy], plot: Path) -> None:
    from lstm_sym.render.accuracy.svg import accuracy_svg
    from lstm_sym.render.output.files import write_report

    write_report({plot.name: accuracy_svg(found)}, plot.parent)


def _answer(found: list[Accuracy], format: TableFormat) -> str:
    from lstm_sym.cli.records import json_text
    from lstm_sym.render.accuracy.text import accuracy_text

    return json_text(accuracy_record(found)) if format is TableFormat.JSON else accuracy_text(found)


def accuracy_record(found: list[Accuracy]) -> dict[str, Any]:
    """The tables as JSON."""
    from dataclasses import asdict

    return {"tables": [asdict(each) for each in found]}

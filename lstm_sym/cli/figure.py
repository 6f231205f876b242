"""`lstm-sym figure`: a picture of a cell or a worked example, as SVG or TikZ, to a file or to standard output."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lstm_sym.cli.options import NotationOption, cell_given, cell_names, notation_given
from lstm_sym.cli.terminal import show, tell, working
from lstm_sym.errors import InputError

if TYPE_CHECKING:
    from lstm_sym.cell import Cell
    from lstm_sym.example.example import Example


class Kind(StrEnum):
    """What a picture shows."""

    UNROLLED = "unrolled"
    GRAPH = "graph"
    FLOW = "flow"
    ROUNDING = "rounding"


class PictureFormat(StrEnum):
    """How a picture is written."""

    SVG = "svg"
    TIKZ = "tikz"


SubjectArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="CELL|EXAMPLE",
        help="A cell, an example, or a file with one; default: the worksheet's example.",
        autocompletion=cell_names,
    ),
]
KindOption = Annotated[Kind | None, typer.Option("--kind", help="What is shown; default: graph for a cell, else unrolled.")]
PictureFormatOption = Annotated[PictureFormat, typer.Option("--format", help="How it is written.")]
FileOption = Annotated[str | None, typer.Option("--out", "-o", metavar="FILE", help="Where to; default: standard output.")]


def figure(
    subject: SubjectArgument = None,
    kind: KindOption = None,
    format: PictureFormatOption = PictureFormat.SVG,
    out: FileOption = None,
    notation: NotationOption = "worksheet",
) -> None:
    """Draw the unrolled cell with its numbers, a computation graph, gradient flow, or rounding carried along."""
    from lstm_sym.cell import Cell
    from lstm_sym.drawing import picture
    from lstm_sym.render.output.files import write_report

    with working("drawing"):
        shown = _subject(subject)
        names = notation_given(notation, shown if isinstance(shown, Cell) else shown.cell)
        drawn = picture(shown, None if kind is None else kind.value, notation=names)
        text = drawn.svg if format is PictureFormat.SVG else drawn.tikz
    if out is None:
        show(text)
        return
    place = Path(out)
    (written,) = write_report({place.name: text}, place.parent)
    tell(f"wrote {written}\n")


def _subject(text: str | None) -> Cell | Example:
    """An example by its file or its name in the package, else a cell."""
    from lstm_sym.cells import CELLS
    from lstm_sym.example.reader import EXAMPLES, builtin_example
    from lstm_sym.notes.example_file import load_example

    if text is None or text in EXAMPLES:
        return builtin_example(text or EXAMPLES[0])
    if text not in CELLS and Path(text).suffix == ".toml" and not _declares_a_cell(text):
        return load_example(text)
    if text not in CELLS and not Path(text).suffix:
        names = ", ".join((*CELLS, *EXAMPLES))
        raise InputError(f"figure of {text[:60]!r}", got="no cell or example of that name", expected=f"one of {names}, or a file")
    return cell_given(text)


def _declares_a_cell(path: str) -> bool:
    """Whether a TOML file has forward equations; what cannot be read is left to the reader of examples, which says why."""
    import tomllib

    try:
        return "forward" in tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False

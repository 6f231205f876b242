"""`lstm-sym vectors`: reference packs for writers of kernels, and their check."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lstm_sym.cli.failures import NOT_PROVED
from lstm_sym.cli.terminal import show, tell, working
from lstm_sym.errors import InputError

if TYPE_CHECKING:
    from lstm_sym.vectors.case import Grid

CELL_HELP = "A cell of the package, or a file that declares one (.toml, .md, .tex, .ipynb); repeat for more."
CellsOption = Annotated[list[str] | None, typer.Option("--cell", metavar="CELL|FILE", help=CELL_HELP + " Default: all.")]
GridOption = Annotated[str, typer.Option("--grid", metavar="small|full", help="The ranges where nothing else is said.")]
SizesOption = Annotated[list[str] | None, typer.Option("--size", metavar="MxN", help="m inputs, n units; repeat for more.")]
StepsOption = Annotated[list[int] | None, typer.Option("--steps", help="Number of steps T + 1; repeat for more.")]
SaturationOption = Annotated[
    list[int] | None, typer.Option("--saturation", help="Order of the pre-activations; repeat for more.")
]
SeedOption = Annotated[list[int] | None, typer.Option("--seed", help="Repeat for more.")]
DtypeOption = Annotated[
    list[str] | None, typer.Option("--dtype", help="float16, bfloat16, float32 or float64; repeat for more. Default: all.")
]
LossOption = Annotated[str, typer.Option("--loss", help="linear: derivatives by the outputs are givens; squared: labels are.")]
OutOption = Annotated[str | None, typer.Option("--out", metavar="DIR", help="The folder to write to; made if it is not there.")]
CheckOption = Annotated[
    Path | None, typer.Option("--check", metavar="DIR", help="Check the pack in this folder, writing nothing.")
]


def vectors(
    cell: CellsOption = None,
    grid: GridOption = "small",
    size: SizesOption = None,
    steps: StepsOption = None,
    saturation: SaturationOption = None,
    seed: SeedOption = None,
    dtype: DtypeOption = None,
    loss: LossOption = "linear",
    out: OutOption = None,
    check: CheckOption = None,
) -> int:
    """Write certified values of forward and backward for tests of kernels, or check what was written.

    Every value is correctly rounded to each format: to nearest, ties to even, decided by balls. docs/guide/vectors.md says how
    to use them.

    Exit code 1: --check found a file that is not as it must be.
    """
    if (out is None) == (check is None):
        raise InputError("lstm-sym vectors", got="neither or both of --out and --check", expected="one of them")
    if check is not None:
        return _checked(check)
    from lstm_sym.floating.formats import FORMATS, floating_format
    from lstm_sym.render.output.files import write_report
    from lstm_sym.vectors.case import GRIDS
    from lstm_sym.vectors.declaration import cells_given
    from lstm_sym.vectors.pack import pack

    if out is None or not out.strip():
        raise InputError("--out", got="an empty name", expected="the name of a folder")
    if grid not in GRIDS:
        raise InputError(f"--grid {grid[:40]}", got="no grid of that name", expected=f"one of {', '.join(GRIDS)}")
    cells, declared = cells_given(cell or ())
    ranges: dict[str, object] = {"cells": cells, "steps": steps, "saturations": saturation, "seeds": seed, "loss": loss}
    ranges["sizes"] = [size_from(text) for text in size or ()]
    cases = _with(GRIDS[grid], ranges).cases()
    formats = [floating_format(name) for name in dict.fromkeys(dtype or FORMATS)]
    with working(f"computing {len(cases)} cases"):
        contents = pack(cases, formats, declared)
    _refuse_others(Path(out), contents)
    write_report(dict(contents), out)
    size_mb = sum(map(len, contents.values())) / 1e6
    tell(f"{len(cases)} cases in {', '.join(f.name for f in formats)}: {len(contents)} files, {size_mb:.1f} MB in {out}\n")
    return 0


def _refuse_others(folder: Path, contents: dict[str, bytes]) -> None:
    """A pack is a folder of its own: what else lies there would be found by --check."""
    others = sorted(path.name for path in folder.iterdir() if path.name not in contents) if folder.is_dir() else []
    if others:
        raise InputError(f"--out {folder}", got=f"a folder with {others[0]}", expected="a new folder, or this pack's own")


def size_from(text: str) -> tuple[int, int]:
    """m and n of text such as 2x3; raises InputError."""
    found = re.fullmatch(r"([0-9]{1,4})x([0-9]{1,4})", text)
    if not found:
        raise InputError(f"--size {text[:40]}", got=repr(text[:40]), expected="m and n such as 2x3: 2 inputs, 3 units")
    return int(found[1]), int(found[2])


def _with(grid: Grid, ranges: dict[str, object]) -> Grid:
    from dataclasses import replace
    from typing import Any

    given: dict[str, Any] = {name: value for name, value in ranges.items() if value}
    return replace(grid, **given)


def _checked(folder: Path) -> int:
    from lstm_sym.vectors.check import check

    with working("computing the pack again"):
        found = check(folder)
    if found.problems:
        show("\n".join(f"REFUTED   {problem}" for problem in found.problems) + "\n")
        return NOT_PROVED
    show(f"{found.files} files agree with their checksums; {found.cases} cases computed again are equal to the byte\n")
    return 0

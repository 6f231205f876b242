"""`lstm-sym codegen`: a module that runs a cell's forward and backward pass, without lstm_sym."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lstm_sym.cli.options import CellArgument, cell_given
from lstm_sym.cli.terminal import MANNER, printable, show, tell, working

BackendOption = Annotated[
    str, typer.Option("--backend", help="What the module computes with: numpy, numba, torch, jax, or scalars, which need --size.")
]
DtypeOption = Annotated[
    str, typer.Option("--dtype", help="float64, float32, float16, or with torch and jax bfloat16: the type of every array.")
]
LayoutOption = Annotated[str, typer.Option("--layout", help="time-first or batch-first: the first axes of inputs and outputs.")]
StableOption = Annotated[bool, typer.Option("--stable", help="Slopes that keep their tails: σ(z)σ(-z) and sech²(z).")]
SizeOption = Annotated[
    list[str] | None,
    typer.Option("--size", metavar="NAME=NUMBER", help="A size, as in --size n=1: with every size the plan fits them."),
]
FileOption = Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="Where to write; default: standard output.")]


def codegen_command(
    cell: CellArgument = "lstm",
    backend: BackendOption = "numpy",
    dtype: DtypeOption = "float64",
    layout: LayoutOption = "time-first",
    stable: StableOption = False,
    size: SizeOption = None,
    out: FileOption = None,
) -> int:
    """Write one module with forward and backward pass of a cell, and a self-test: `python FILE` runs it."""
    from lstm_sym.codegen.generate import choice, generate
    from lstm_sym.codegen.options import Options
    from lstm_sym.codegen.sizes import sizes_given
    from lstm_sym.render.output.files import write_report

    sizes = sizes_given(size or ())
    with working("deriving, proving and writing"):
        declared = cell_given(cell)
        taken = choice(declared, backend, Options(dtype, layout, stable, tuple(sizes.items())))
        text = generate(declared, backend, dtype=dtype, layout=layout, stable=stable, sizes=sizes)
    if taken.reason and not MANNER.get().quiet:
        typer.echo(f"lstm-sym: {printable(taken.reason)}", err=True)
    if out is None:
        show(text)
    else:
        write_report({out.name: text}, out.parent)
        tell(f"wrote {out}, {len(text.splitlines())} lines; its self-test: python {out}\n")
    return 0

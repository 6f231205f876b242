"""`lstm-sym report`: the derivation and a worked example as one document, and what was proved in a few lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lstm_sym.cli.failures import NOT_PROVED
from lstm_sym.cli.options import ExampleArgument
from lstm_sym.cli.terminal import show, working
from lstm_sym.cli.verdicts import all_verdicts, by_scope

OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write to; made if it is not there.")]


def report(out: OutOption, example: ExampleArgument = None) -> int:
    """Write the derivation and a worked example as LaTeX, and as PDF where a TeX engine is installed; say what was proved."""
    from lstm_sym.calculus.derive import derive
    from lstm_sym.calculus.rules import REASONS
    from lstm_sym.example.reader import load_example
    from lstm_sym.example.solve import solve
    from lstm_sym.proof.prove import prove
    from lstm_sym.render.document import report_files
    from lstm_sym.render.engine import compile_pdf
    from lstm_sym.render.files import write_report
    from lstm_sym.render.verdicts import counts
    from lstm_sym.verdict import Status

    given = load_example(example)
    with working("deriving, proving and working the example out"):
        proof = prove(derive(given.cell))
        solution = solve(given)
    verdicts = all_verdicts(proof)
    written = write_report(report_files(proof.derivation, solution, verdicts, REASONS), out)
    with working("typesetting"):
        compiled = compile_pdf(out / "report.tex")
    paths = [*written, *([compiled.pdf] if compiled.pdf else [])]
    lines = [
        f"{given.cell.name}: {given.cell.title}",
        *(f"  {line}" for line in by_scope(verdicts)),
        f"worked example {given.name}: {len(solution.values)} values, {solution.rounding}",
        f"wrote {', '.join(str(path) for path in paths)}",
        *([compiled.reason] if compiled.reason else []),
        counts(verdicts),
    ]
    show("\n".join(lines) + "\n")
    return 0 if proof.verdict.status is Status.PROVED else NOT_PROVED

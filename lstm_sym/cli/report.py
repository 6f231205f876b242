"""`lstm-sym report`: the derivation and a worked example as one document, and what was proved in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lstm_sym.cli.failures import NOT_PROVED
from lstm_sym.cli.options import ExampleArgument
from lstm_sym.cli.terminal import show, working

if TYPE_CHECKING:
    from lstm_sym.verdict import Verdict

OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write to; made if it is not there.")]


def report(out: OutOption, example: ExampleArgument = None) -> int:
    """Write the derivation and a worked example as LaTeX, and as PDF where a TeX engine is installed; say what was proved."""
    from lstm_sym.calculus.derive import derive
    from lstm_sym.calculus.rules import REASONS
    from lstm_sym.example import load_example, solve
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
    verdicts = {**proof.results, **proof.compositions}
    written = write_report(report_files(proof.derivation, solution, verdicts, REASONS), out)
    with working("typesetting"):
        compiled = compile_pdf(out / "report.tex")
    paths = [*written, *([compiled.pdf] if compiled.pdf else [])]
    lines = [
        f"{given.cell.name}: {given.cell.title}",
        *(f"  {line}" for line in _by_scope(verdicts)),
        f"worked example {given.name}: {len(solution.values)} values, {solution.rounding}",
        f"wrote {', '.join(str(path) for path in paths)}",
        *([compiled.reason] if compiled.reason else []),
        counts(verdicts),
    ]
    show("\n".join(lines) + "\n")
    return 0 if proof.verdict.status is Status.PROVED else NOT_PROVED


def _by_scope(verdicts: Mapping[str, Verdict]) -> Iterator[str]:
    """How many statements have which status over which scope, and each one that is not proved by itself."""
    from lstm_sym.render.verdicts import verdict_text
    from lstm_sym.verdict import Status

    groups: dict[tuple[str, str], list[Verdict]] = {}
    for id, verdict in verdicts.items():
        if verdict.status is Status.PROVED:
            groups.setdefault((verdict.scope, verdict.method), []).append(verdict)
        else:
            yield f"{id}: {verdict_text(verdict)}"
    for (scope, method), group in groups.items():
        number = f"{len(group)} statement{'' if len(group) == 1 else 's'}"
        yield f"{Status.PROVED}  {number}, {scope}; {method}, {sum(verdict.checks for verdict in group)} checks"

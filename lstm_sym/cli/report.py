"""`lstm-sym report`: the derivation and a worked example as one document, and what was proved in a few lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lstm_sym.cli.failures import NOT_PROVED
from lstm_sym.cli.options import ExampleArgument, NotationOption, notation_given
from lstm_sym.cli.terminal import tell, working
from lstm_sym.cli.verdicts import all_verdicts, by_scope
from lstm_sym.errors import InputError

if TYPE_CHECKING:
    from lstm_sym.figures.scene.picture import Picture
    from lstm_sym.proof.prove import Proof
    from lstm_sym.render.typeset.notation import Notation
    from lstm_sym.worked import Solution

OutOption = Annotated[str, typer.Option("--out", metavar="DIR", help="The folder to write to; made if it is not there.")]


def report(out: OutOption, example: ExampleArgument = None, notation: NotationOption = "worksheet") -> int:
    """Write the derivation and a worked example as LaTeX, as one web page, and as PDF where a TeX engine is installed."""
    from lstm_sym.calculus.concatenated import concatenated_solution
    from lstm_sym.calculus.derive import derive
    from lstm_sym.calculus.restated import restated
    from lstm_sym.drawing import example_pictures
    from lstm_sym.example.solve import precisions, solve
    from lstm_sym.figures.scene.picture import picture_files
    from lstm_sym.notes.example_file import load_example
    from lstm_sym.proof.prove import prove
    from lstm_sym.render.derivation.verdicts import counts
    from lstm_sym.render.output.engine import compile_pdf
    from lstm_sym.render.output.files import write_report
    from lstm_sym.verdict import Status

    folder = _folder(out)
    given = load_example(example)
    names = notation_given(notation, given.cell)
    with working("deriving, proving and working the example out"):
        proof = prove(restated(derive(given.cell), joined=names.concatenated, nets=names.adjoint_of_net))
        solution = concatenated_solution(solve(given)) if names.concatenated else solve(given)
        choices = precisions(given)
    with working("drawing"):
        pictures = example_pictures(given, names)
        files = _files(proof, solution, choices, pictures, names)
    verdicts = all_verdicts(proof)
    written = [*write_report(files, folder), *write_report(picture_files(pictures), folder / "figures")]
    with working("typesetting"):
        compiled = compile_pdf(folder / "report.tex")
    paths = [*written, *([compiled.pdf] if compiled.pdf else [])]
    lines = [
        f"{given.cell.name}: {given.cell.title}",
        *(f"  {line}" for line in by_scope(verdicts)),
        f"worked example {given.name}: {len(solution.values)} values, {solution.rounding}",
        f"wrote {', '.join(str(path) for path in paths)}",
        *_without_pdf(compiled.reason, folder / "report.pdf"),
        counts(verdicts),
    ]
    tell("\n".join(lines) + "\n")
    return 0 if proof.verdict.status is Status.PROVED else NOT_PROVED


def _files(
    proof: Proof, solution: Solution, precisions: Mapping[int, Solution], pictures: Sequence[Picture], notation: Notation
) -> Mapping[str, str]:
    """The LaTeX files and the page."""
    from lstm_sym.calculus.rules import REASONS
    from lstm_sym.drawing import CAPTIONS
    from lstm_sym.render.html.report import report_page
    from lstm_sym.render.report.document import report_files
    from lstm_sym.render.report.pictures import TypesetPicture

    derivation, verdicts = proof.derivation, all_verdicts(proof)
    typeset = [TypesetPicture(CAPTIONS[picture.name], picture.tikz_rows) for picture in pictures]
    figures = [(CAPTIONS[picture.name], picture.svg) for picture in pictures]
    files = report_files(derivation, solution, verdicts, REASONS, pictures=typeset, notation=notation)
    page = report_page(
        derivation, solution, verdicts, REASONS, steps=proof.steps, precisions=precisions, figures=figures, notation=notation
    )
    return {**files, "report.html": page}


def _folder(out: str) -> Path:
    if not out.strip():
        raise InputError("--out", got="an empty name", expected="the name of a folder")
    return Path(out)


def _without_pdf(reason: str | None, place: Path) -> list[str]:
    """Why there is no PDF, and a warning where one of an earlier run lies at its place."""
    if reason is None:
        return []
    return [f"{reason}; {place} is of an earlier run" if place.exists() else reason]

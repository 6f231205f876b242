"""`lstm-sym worksheet`: fresh exercises with solutions, keys and forms for the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lstm_sym.cli.options import NotationOption, cell_given, cell_names, notation_given
from lstm_sym.cli.terminal import each, tell
from lstm_sym.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from lstm_sym.render.typeset.notation import Notation
    from lstm_sym.sheet import Sheet

MOST_VARIANTS = 500


def worksheet(
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="The folder to write to; made if it is not there.")],
    cell: Annotated[str, typer.Option("--cell", help="A cell of the package, or a file.", autocompletion=cell_names)] = "lstm",
    units: Annotated[int, typer.Option("--units", help="Number of units, 1 to 6.")] = 1,
    inputs: Annotated[int, typer.Option("--inputs", help="Number of inputs, 1 to 6.")] = 2,
    steps: Annotated[int, typer.Option("--steps", help="Number of steps, 1 to 8.")] = 2,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the first variant.")] = 1,
    digits: Annotated[int, typer.Option("--digits", help="Decimals that are asked for, 3 to 12.")] = 4,
    parts: Annotated[str, typer.Option("--parts", help="What is asked, with commas.")] = "forward,backward,gradients,update",
    variants: Annotated[int, typer.Option("--variants", help="How many sheets, one for each seed from --seed on.")] = 1,
    notation: NotationOption = "worksheet",
) -> None:
    """Draw exercises from seeds: problem sheet, solution, key, form for the answers, and the example itself."""
    if not 1 <= variants <= MOST_VARIANTS:
        raise InputError(f"--variants {variants}", got=str(variants), expected=f"a whole number from 1 to {MOST_VARIANTS}")
    if not out.strip():
        raise InputError("--out", got="an empty name", expected="the name of a folder")
    from pathlib import Path

    from lstm_sym.exercise.draw import Options
    from lstm_sym.exercise.key import sheet
    from lstm_sym.render.output.files import write_report

    declared, options = cell_given(cell), Options(units, inputs, steps, digits)
    files = _declaring(cell)
    file = next(iter(files), "")
    names = notation_given(notation, declared)
    wanted = [part.strip() for part in parts.split(",") if part.strip()]
    for number in each(range(seed, seed + variants), "drawing exercises"):
        files |= _files(sheet(declared, options, number, wanted, file), names)
    written = write_report(files, Path(out))
    pdfs, reason = _pdfs([path for path in written if path.suffix == ".tex"])
    lines = [f"wrote {path}" for path in [*written, *pdfs]]
    tell("\n".join([*lines, *([reason] if reason else [])]) + "\n")


def _declaring(text: str) -> dict[str, str]:
    """The file that declares the cell, by its new name; none for a cell of the package."""
    from pathlib import Path

    from lstm_sym.cells import CELLS, FILES
    from lstm_sym.notes.declaration import declaration

    if text in CELLS or Path(text).suffix not in FILES:
        return {}
    found = declaration(Path(text))
    return {found.file: found.content.decode("utf-8-sig")}


def _files(sheet: Sheet, notation: Notation) -> dict[str, str]:
    """The files of one variant by name."""
    from dataclasses import replace

    from lstm_sym.calculus.concatenated import concatenated, concatenated_solution
    from lstm_sym.exercise.key import key_text, template_text
    from lstm_sym.render.exercise.sheet import sheet_latex, sheet_markdown, solution_document, solution_sheet_markdown
    from lstm_sym.render.report.document import STYLESHEET, stylesheet

    shown = sheet
    if notation.concatenated:
        shown = replace(sheet, derivation=concatenated(sheet.derivation), solution=concatenated_solution(sheet.solution))
    return {
        f"sheet-{sheet.seed}.tex": sheet_latex(shown, notation),
        f"sheet-{sheet.seed}.md": sheet_markdown(shown, notation),
        f"solution-{sheet.seed}.tex": solution_document(shown, notation),
        f"solution-{sheet.seed}.md": solution_sheet_markdown(shown, notation),
        f"key-{sheet.seed}.json": key_text(sheet),
        f"answers-{sheet.seed}.toml": template_text(sheet),
        f"example-{sheet.seed}.toml": sheet.source,
        STYLESHEET: stylesheet(),
    }


def _pdfs(sources: list[Path]) -> tuple[list[Path], str | None]:
    """The PDFs that could be made, and why not all of them."""
    from lstm_sym.render.output.engine import compile_pdf

    made: list[Path] = []
    for source in each(sources, "typesetting"):
        compiled = compile_pdf(source)
        if compiled.pdf is None:
            return made, compiled.reason
        made.append(compiled.pdf)
    return made, None

"""`lstm-sym mark`: the answers of a student against the key of a sheet, with follow-through."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lstm_sym.cli.options import NotationOption, TableFormat, TableFormatOption, notation_given
from lstm_sym.cli.terminal import show, working


def mark_command(
    key: Annotated[Path, typer.Argument(metavar="KEY.json", help="The key that `worksheet` wrote.")],
    answers: Annotated[Path, typer.Argument(metavar="ANSWERS", help="A .toml, .json or .csv file of answers by quantity.")],
    format: TableFormatOption = TableFormat.TEXT,
    notation: NotationOption = "worksheet",
) -> None:
    """Mark answers: a mistake loses one mark, not those of what follows from it; carried rounding loses none."""
    from lstm_sym.exercise.answers import read_answers
    from lstm_sym.exercise.key import read_key
    from lstm_sym.exercise.mark import mark
    from lstm_sym.notes.cell_file import cell_from
    from lstm_sym.render.exercise.marks import marks_json, marks_text

    with working("marking"):
        given = read_key(key, cell_from)
        marked = mark(given, read_answers(answers, given.asked))
    names = notation_given(notation, given.example.cell)
    show(marks_json(marked, names) if format is TableFormat.JSON else marks_text(marked, names))

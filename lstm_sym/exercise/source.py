"""An example as the text of a TOML file that `solve` and `report` read, exactly.

Law: reading the text gives the same example back.
"""

from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.evaluate.systems.givens import Matrix
from lstm_sym.example.decimals import exact_text
from lstm_sym.example.example import Example


def example_text(example: Example, file: str = "") -> str:
    """The example as TOML; `file` declares its cell where that is none of the package."""
    return "\n".join(_lines(example, file or example.cell.name)) + "\n"


def _lines(example: Example, cell: str) -> Iterator[str]:
    givens = example.givens
    yield from (f'name = "{example.name}"', f'title = "{example.title}"', f'cell = "{cell}"')
    yield from (f'loss = "{example.loss}"', f"learning_rate = {exact_text(givens.rate)}", f"decimals = {example.decimals}")
    yield from ("", "[weights]", *(f"{p.name} = {_matrix(givens.parameters[p.name])}" for p in example.cell.parameters))
    for inputs, label in zip(givens.inputs, givens.labels, strict=True):
        yield from ("", "[[steps]]", *(f"{name} = {_matrix(matrix)}" for name, matrix in inputs.items()))
        if label is not None:
            yield f"label = {_matrix(label)}"


def _matrix(matrix: Matrix) -> str:
    rows = [[exact_text(entry) for entry in row] for row in matrix]
    if len(rows[0]) == 1:
        return f"[{', '.join(row[0] for row in rows)}]"
    return f"[{', '.join('[' + ', '.join(row) + ']' for row in rows)}]"

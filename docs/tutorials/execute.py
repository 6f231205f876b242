"""Runs the tutorials and stores their outputs in them: python docs/tutorials/execute.py [NAME...]

Law: what a notebook shows is what it gives; a test runs `executed` on each and compares.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent
LANGUAGE = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}


def executed(path: Path, folder: Path) -> nbformat.NotebookNode:
    """The notebook with the outputs of a fresh run in that folder; an error in a cell is raised."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.pop("outputs", None)
        if cell.cell_type == "code":
            cell.outputs = []
    os.environ["PYTHONPATH"] = str(HERE.parents[1])
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"cell-{number}", {}
        if cell.cell_type == "code":
            cell.execution_count = None
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = None
                if len(output.get("data", ())) > 1:
                    output.data.pop("text/plain", None)
    notebook.metadata = LANGUAGE
    return notebook


def main(names: list[str]) -> None:
    import tempfile

    for path in sorted(HERE.glob("*.ipynb")):
        if not names or path.stem in names:
            with tempfile.TemporaryDirectory() as folder:
                nbformat.write(executed(path, Path(folder)), path)
            print(path.name)


if __name__ == "__main__":
    main(sys.argv[1:])

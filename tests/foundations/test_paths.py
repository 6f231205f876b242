"""What messages and ARCHITECTURE.md tell a reader to touch is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "lstm_sym"


def named() -> dict[str, str]:
    """Paths of Python files, each with the file that names it."""
    found = {
        path: str(source.relative_to(ROOT))
        for source in HOUSE.rglob("*.py")
        for path in re.findall(r"\blstm_sym/[\w/]+\.py\b", source.read_text(encoding="utf-8"))
    }
    rows = re.findall(r"`((?:[\w*]+/)+[\w*]*(?:\.py)?)`", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    return found | dict.fromkeys(rows, "ARCHITECTURE.md")


def test_paths_are_found():
    assert {"lstm_sym/render/expression/node_table.py", "notes/diagnosis/edit_*.py"} <= set(named())


@pytest.mark.parametrize("path", sorted(named()))
def test_a_path_that_is_named_exists(path):
    assert any(list(folder.glob(path.rstrip("/"))) for folder in (ROOT, HOUSE)), named()[path]

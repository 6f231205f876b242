"""`lstm-sym audit`: one file that cannot be read does not lose the reports of the others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lstm_sym.cli.app import app
from lstm_sym.notes import audit as module

RIGHT = r"$$h_t = \tanh(W x_t + U h_{t-1} + b)$$"


def test_a_missing_file_is_said_and_the_others_are_reported(tmp_path: Path) -> None:
    notes = tmp_path / "n.md"
    notes.write_text(RIGHT, encoding="utf-8")
    done = CliRunner().invoke(app, ["audit", str(tmp_path / "none.md"), str(notes), "--format", "json"])
    assert done.exit_code == 2
    assert [document["file"] for document in json.loads(done.stdout)["documents"]] == [str(notes)]
    assert "none.md" in done.stderr
    assert "No such file" in done.stderr


def test_an_error_of_the_program_loses_one_file_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(RIGHT, encoding="utf-8")
    audit = module.audit

    def planted(source: Path, cell: str | None, names: Path | None) -> object:
        if source.name == "a.md":
            raise TypeError("planted")
        return audit(source, cell, names)

    monkeypatch.setattr(module, "audit", planted)
    done = CliRunner().invoke(app, ["audit", str(tmp_path / "a.md"), str(tmp_path / "b.md")])
    assert done.exit_code == 2
    assert "1 claims: 1 PROVED" in done.stdout
    assert "a.md: an error of lstm-sym, not of its input: TypeError: planted" in done.stderr

"""start.py without a network: what it refuses, which environment it trusts, and what it says when it cannot go on."""

import ast
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "start.py"


@pytest.fixture
def start(monkeypatch):
    monkeypatch.delenv("LSTM_SYM_VENV", raising=False)
    spec = importlib.util.spec_from_file_location("start", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def replies(start, monkeypatch):
    """Replaces the commands that start.py runs: a list of (words that the command holds, exit code, output), first match."""
    table, asked = [], []

    def run(command, cwd=None):
        line = " ".join(str(part) for part in command)
        asked.append(line)
        return next(((code, said) for words, code, said in table if words in line), (0, ""))

    monkeypatch.setattr(start, "run", run)
    return table, asked


def fake_environment(start, folder, exit_code=0):
    """A folder that start.py takes for its own complete environment; its Python echoes its arguments."""
    python = start.interpreter(folder)
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nif [ "$2" = -c ]; then echo fits; exit 0; fi\necho "$@"\nexit {exit_code}\n')
    python.chmod(0o755)
    start.write_stamp(folder, {"digest": start.digest(), "probe": "fits", "extras": [], "installer": ["pip", "install"]})
    return folder


def test_it_parses_under_the_grammar_of_python_3_6():
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 6))
    assert any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)


def test_it_imports_the_standard_library_only():
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert "subprocess" in names
    assert names <= sys.stdlib_module_names


def test_an_old_python_is_told_which_one_to_use(start):
    assert start.too_old((3, 6, 15), which=lambda name: name == "python3.12") == (
        "Python 3.6 is too old; lstm_sym needs 3.11 or newer: run it with python3.12: python3.12 start.py ..."
    )
    assert start.too_old((3, 10), which=lambda name: None).endswith("install one, and run it as python3.11 start.py ...")
    assert start.too_old((3, 11, 0)) is None
    assert start.too_old((3, 14, 1)) is None


def test_an_old_python_ends_with_exit_code_2(start, monkeypatch, capsys):
    monkeypatch.setattr(start.sys, "version_info", (3, 9, 1))
    assert start.main(["cells"]) == 2
    assert "Python 3.9 is too old" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for Python is a shell script")
def test_arguments_and_exit_code_pass_through_with_spaces_in_the_path(start, tmp_path):
    folder = fake_environment(start, tmp_path / "a folder" / "environment", exit_code=7)
    done = subprocess.run(
        [sys.executable, SOURCE, "report", "--out", "a b"],
        env={**os.environ, "LSTM_SYM_VENV": str(folder), "VIRTUAL_ENV": str(tmp_path / "mine")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, "-I -m lstm_sym report --out a b\n", "")
    assert not (tmp_path / "mine").exists()


def test_a_complete_environment_is_trusted(start, tmp_path):
    folder = fake_environment(start, tmp_path / "environment")
    assert start.up_to_date(folder)["extras"] == []


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param({"digest": "of another pyproject.toml"}, id="stale"),
        pytest.param({"probe": "of another Python"}, id="Python replaced"),
        pytest.param(None, id="set-up interrupted"),
    ],
)
def test_a_stale_or_unfinished_environment_is_not_trusted(start, tmp_path, spoil):
    folder = fake_environment(start, tmp_path / "environment")
    start.write_stamp(folder, {} if spoil is None else {**start.read_stamp(folder), **spoil})
    assert start.up_to_date(folder) is None


def test_a_broken_stamp_or_python_is_not_trusted(start, tmp_path):
    folder = fake_environment(start, tmp_path / "environment")
    start.interpreter(folder).unlink()
    assert start.up_to_date(folder) is None
    (folder / start.STAMP).write_text('{"digest"')
    assert start.read_stamp(folder) == {}


def test_the_digest_depends_on_dependencies_and_place(start, tmp_path):
    (tmp_path / "pyproject.toml").write_text("a")
    first = start.digest(tmp_path)
    (tmp_path / "pyproject.toml").write_text("b")
    assert start.digest(tmp_path) != first
    assert start.digest() == start.digest(ROOT)


def test_an_unfinished_environment_is_made_anew(start, replies, tmp_path):
    folder = tmp_path / "environment"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "rest").write_text("of the interrupted run")
    start.write_stamp(folder, {})
    replies[0].append(("-I -c", 0, "fits"))
    assert start.prepare(folder, ["test"]) == start.interpreter(folder)
    assert not (folder / "bin" / "rest").exists()
    stamp = json.loads((folder / start.STAMP).read_text())
    assert (stamp["extras"], stamp["probe"]) == (["test"], "fits")


def test_a_missing_extra_is_added_and_the_others_stay(start, replies, tmp_path):
    folder = tmp_path / "environment"
    folder.mkdir()
    start.write_stamp(folder, {"digest": start.digest(), "probe": "fits", "extras": ["check"], "installer": ["pip", "install"]})
    replies[0].append(("-I -c", 0, "fits"))
    start.prepare(folder, ["test"])
    assert "pip install --editable .[check,test]" in replies[1]
    assert start.read_stamp(folder)["extras"] == ["check", "test"]


def test_without_ensurepip_the_pip_of_this_python_installs(start, replies, tmp_path):
    folder = tmp_path / "environment"
    replies[0].append((f"-m venv {folder}", 1, "ensurepip is not available"))
    installer = start.make_environment(folder)
    assert installer == [sys.executable, "-m", "pip", "--python", start.interpreter(folder), "install"]


def test_without_any_pip_uv_serves(start, replies, tmp_path):
    folder = tmp_path / "environment"
    replies[0].extend([("-m venv", 1, ""), ("-m pip", 1, ""), ("virtualenv", 127, "")])
    assert start.make_environment(folder) == ["uv", "pip", "install", "--python", start.interpreter(folder)]


def test_where_nothing_makes_an_environment_the_package_is_named(start, replies, tmp_path):
    replies[0].append(("", 1, "no"))
    with pytest.raises(
        start.SetupError, match=r"can make no virtual environment; install its venv package .*apt-get install python3\.\d+-venv"
    ):
        start.make_environment(tmp_path / "environment")


NO_ROUTE = "WARNING: Retrying ... NewConnectionError('Network is unreachable')\nERROR: No matching distribution found for setuptools>=68\n"


def test_without_a_network_the_message_says_so(start, replies, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LSTM_SYM_VENV", str(tmp_path / "environment"))
    replies[0].extend([("--editable", 1, NO_ROUTE)])
    assert start.main(["cells"]) == 2
    message = capsys.readouterr().err
    assert "could not reach the package index" in message
    assert "Traceback" not in message
    assert start.read_stamp(tmp_path / "environment") == {}


def test_another_failure_of_pip_is_quoted(start, replies, tmp_path):
    replies[0].append(("--editable", 1, "Collecting sympy\nERROR: No space left on device\n"))
    with pytest.raises(start.SetupError, match="could not install the dependencies: ERROR: No space left on device"):
        start.install(tmp_path, ["pip", "install"], [])


def test_an_environment_that_someone_else_made_stays(start, replies, tmp_path):
    folder = tmp_path / ".venv"
    folder.mkdir()
    (folder / "pyvenv.cfg").write_text("home = /somewhere")
    with pytest.raises(start.SetupError, match=r"was not made by start\.py and stays as it is"):
        start.prepare(folder, [])
    assert (folder / "pyvenv.cfg").read_text() == "home = /somewhere"


def test_a_named_folder_with_other_things_in_it_stays(start, replies, tmp_path, monkeypatch):
    (tmp_path / "thesis.tex").write_text("precious")
    monkeypatch.setenv("LSTM_SYM_VENV", str(tmp_path))
    with pytest.raises(start.SetupError, match="stays as it is; name another folder in LSTM_SYM_VENV"):
        start.prepare(tmp_path, [])
    assert (tmp_path / "thesis.tex").read_text() == "precious"


def test_a_file_in_the_place_of_the_environment_stays(start, tmp_path):
    (tmp_path / ".venv").write_text("a file")
    with pytest.raises(start.SetupError, match="is not a folder"):
        start.refuse_foreign(tmp_path / ".venv")


def test_the_users_own_settings_of_pip_cannot_lead_astray(start, monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX"):
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_INDEX_URL", "kept")
    variables = start.clean_variables()
    assert not {"PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX"} & set(variables)
    assert (variables["PIP_USER"], variables["PIP_INDEX_URL"]) == ("0", "kept")

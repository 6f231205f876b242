"""The import contract in pyproject.toml covers every module and package of the house, and nothing that is not there by accident."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def contract() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    return [name for layer in layers for name in layer.split(" | ")]


def test_each_package_and_module_has_its_layer():
    house = ROOT / "lstm_sym"
    folders = {path.parent.name for path in house.glob("*/__init__.py")}
    modules = {path.stem for path in house.glob("*.py")} - {"__init__"}
    assert {"cli", "calculus", "symbols"} <= folders
    assert folders | modules <= {name.strip("()") for name in contract()}


def test_no_layer_is_named_twice():
    names = [name.strip("()") for name in contract()]
    assert len(names) == len(set(names))

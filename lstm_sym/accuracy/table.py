"""The implementations by name. To add one, write its adapter and its row."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from lstm_sym.accuracy.frameworks import ONNXRUNTIME, TORCH
from lstm_sym.accuracy.module import from_file
from lstm_sym.accuracy.numpy_lines import PRINTED, STABLE
from lstm_sym.accuracy.task import Implementation
from lstm_sym.cell import Cell

IMPLEMENTATIONS: dict[str, Implementation] = {each.name: each for each in (PRINTED, STABLE, TORCH, ONNXRUNTIME)}
NEEDS = {"torch": ("torch",), "onnxruntime": ("onnxruntime", "onnx")}
"""The packages beyond this one's own that an implementation needs."""


def installed() -> list[Implementation]:
    """Every implementation whose packages are there."""
    return [each for each in IMPLEMENTATIONS.values() if all(find_spec(package) for package in NEEDS.get(each.name, ()))]


def implementation(name: str, cells: Iterable[Cell] = ()) -> Implementation:
    """The implementation of that name, or that in the file of that name; `cells` are those beyond the package."""
    return IMPLEMENTATIONS[name] if name in IMPLEMENTATIONS else from_file(Path(name), cells)
